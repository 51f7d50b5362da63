/**
 * The report of what the library exports, docs/api/belay.api.md, from the declarations in dist/types.
 *
 *   node scripts/api.mjs           fails where the report is not what the declarations say
 *   node scripts/api.mjs --write   writes it anew: read its diff as a user of the library would
 */

import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const isWriting = process.argv.includes("--write");
const silent = { logLevel: ExtractorLogLevel.None };

mkdirSync(join(root, ".cache", "api"), { recursive: true });
const config = ExtractorConfig.prepare({
  packageJsonFullPath: join(root, "package.json"),
  configObjectFullPath: join(root, "scripts", "api.mjs"),
  configObject: {
    projectFolder: root,
    mainEntryPointFilePath: join(root, "dist", "types", "index.d.ts"),
    // The declarations are compiled already, with imports that end in `.ts`.
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          target: "es2023",
          lib: ["es2023"],
          module: "nodenext",
          moduleResolution: "nodenext",
          allowImportingTsExtensions: true,
          noEmit: true,
          strict: true,
          skipLibCheck: true,
          types: ["node"],
        },
        files: [join(root, "dist", "types", "index.d.ts")],
      },
    },
    apiReport: {
      enabled: true,
      reportFileName: "belay.api.md",
      reportFolder: join(root, "docs", "api"),
      reportTempFolder: join(root, ".cache", "api"),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      // Types that an exported one is made of need no name of their own outside.
      extractorMessageReporting: { default: silent },
      tsdocMessageReporting: { default: silent },
    },
  },
});

const seen = [];
const result = Extractor.invoke(config, {
  localBuild: isWriting,
  messageCallback: (message) => {
    message.handled = true;
    if (message.logLevel === ExtractorLogLevel.Error || message.messageId?.startsWith("console-api-report")) seen.push(message.text);
  },
});
if (isWriting) {
  if (result.errorCount > 0) throw new Error(seen.join("\n"));
} else if (result.apiReportChanged || result.errorCount > 0) {
  console.error(`✖ docs/api/belay.api.md is not what the library exports today: npm run build -- --types && node scripts/api.mjs --write`);
  console.error(seen.join("\n"));
  process.exit(1);
}
