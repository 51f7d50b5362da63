// Writes schema/belay.schema.json from the schema that the parser checks. `--check` only compares.

import { readFile, writeFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { rolldown } from "rolldown";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const place = join(root, "schema", "belay.schema.json");

/** The text that the source stands for now. The source is TypeScript, which Node 20 cannot import, so it is bundled in memory first. */
async function schemaText() {
  const bundle = await rolldown({ input: join(root, "src", "config", "json-schema.ts"), platform: "node", logLevel: "warn" });
  try {
    const { output } = await bundle.generate({ format: "esm" });
    const module = await import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString("base64")}`);
    return module.belayJsonSchemaText();
  } finally {
    await bundle.close();
  }
}

/** Writes the file where it differs; tells whether it did. */
export async function writeSchema() {
  const [text, old] = await Promise.all([schemaText(), readFile(place, "utf8").catch(() => "")]);
  if (text === old) return false;
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, text);
  return true;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes("--check")) {
    const isCurrent = (await schemaText()) === (await readFile(place, "utf8").catch(() => ""));
    if (!isCurrent) {
      console.error("schema/belay.schema.json is not what src/config/schema.ts makes: run `node scripts/schema.mjs`.");
      process.exitCode = 1;
    }
  } else {
    console.error((await writeSchema()) ? "wrote schema/belay.schema.json" : "schema/belay.schema.json is current");
  }
}
