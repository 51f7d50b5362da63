/**
 * Bundles src/main.ts and src/index.ts into dist/, npm packages included: belay has no dependency at run time.
 *
 *   node scripts/build.mjs             the bundle, the licences, the schema
 *   node scripts/build.mjs --types     also dist/types, and nothing of earlier builds is left: what gets packed
 *   node scripts/build.mjs --if-stale  nothing where dist already is what the sources give
 *
 * Only what can never run is removed: names and lines stay, so a stack trace reads without a source map and none is made.
 */

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { installIfStale, requireNode } from "./install.mjs";
import { hashedSources, isBuilt, lastOutputs, recordBuild, root, textOf, withLock } from "./workspace.mjs";

const entries = ["main", "index"];

requireNode();
const flags = new Set(process.argv.slice(2));
try {
  await installIfStale();
  await withLock("build", () => (flags.has("--if-stale") && isBuilt() ? undefined : build(flags.has("--types"))));
} catch (error) {
  console.error(`✖ build: ${error.message}`);
  process.exit(1);
}

async function build(withTypes) {
  const startMs = performance.now();
  const sources = hashedSources();
  const missing = entries.filter((name) => !existsSync(join(root, "src", `${name}.ts`)));
  if (missing.length > 0) throw new Error(`${missing.map((name) => `src/${name}.ts`).join(" and ")} is missing`);
  const staging = join(root, ".cache", `build-${process.pid}`);
  try {
    const outputs = await bundle(staging);
    publish(staging, outputs, withTypes);
    runNode("scripts/schema.mjs", []);
    if (withTypes) declare();
    recordBuild(
      sources,
      outputs.map((path) => `dist/${path}`),
    );
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  console.error(`belay: built dist in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}

/** Writes the bundle into the staging folder and gives the paths of its files, entries last. */
async function bundle(staging) {
  const { rolldown } = await import("rolldown");
  const { thirdPartyLicences } = await import("./third-party.mjs");
  const { version } = JSON.parse(textOf(join(root, "package.json")));
  const bundler = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
    platform: "node",
    // The package's ES modules; its CommonJS entry for Node takes some ten milliseconds more to load.
    // Modules before CommonJS: only what is used of them ends up in the bundle.
    resolve: {
      mainFields: ["module", "main"],
      alias: {
        yaml: join(root, "node_modules", "yaml", "browser", "dist", "index.js"),
        // Google's client would bring a second fetch along, and is always given the platform's own, with a cap on what it reads.
        "node-fetch": join(root, "src", "adapters", "google-calendar", "capped-fetch.ts"),
      },
    },
    transform: { target: "node20", define: { __BELAY_VERSION__: JSON.stringify(version) } },
    onLog: (level, log) => {
      if (level === "warn") throw new Error(log.message);
    },
  });
  const { output } = await bundler.generate({
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    minify: "dce-only",
    minifyInternalExports: false,
    comments: { legal: false, annotation: false, jsdoc: false },
    sourcemap: false,
    banner: (chunk) => (chunk.isEntry && chunk.name === "main" ? "#!/usr/bin/env node" : ""),
  });
  await bundler.close();
  const files = output.toSorted(
    (left, right) => Number(left.type === "chunk" && left.isEntry) - Number(right.type === "chunk" && right.isEntry),
  );
  const licences = { fileName: "THIRD-PARTY-LICENSES.txt", code: thirdPartyLicences(output.flatMap((chunk) => chunk.moduleIds ?? [])) };
  for (const { fileName, code, source } of [licences, ...files]) {
    const path = join(staging, fileName);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code ?? source);
  }
  chmodSync(join(staging, "main.js"), 0o755);
  return [licences, ...files].map((file) => file.fileName);
}

/**
 * Moves the files into dist one by one, entries last, so that there is always a whole belay to start.
 * Chunks of the build before stay one build longer: a process that began with them may still load one.
 */
function publish(staging, outputs, isClean) {
  const dist = join(root, "dist");
  for (const path of outputs) {
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    renameSync(join(staging, path), join(dist, path));
  }
  const kept = new Set([...outputs, ...(isClean ? [] : lastOutputs().map((path) => path.slice("dist/".length)))]);
  for (const found of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(found.parentPath, found.name);
    const isOurs = kept.has(path.slice(dist.length + 1)) || path.startsWith(join(dist, "types"));
    if (found.isFile() && !isOurs) rmSync(path);
  }
}

/** The declarations of index.ts and of what it names. */
function declare() {
  rmSync(join(root, "dist", "types"), { recursive: true, force: true });
  runNode("node_modules/typescript/bin/tsc", ["-p", "tsconfig.build.json"]);
}

function runNode(script, args) {
  if (!existsSync(join(root, script))) return;
  const ran = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (ran.status !== 0) throw new Error(`${script} failed\n${ran.stdout}${ran.stderr}`.trimEnd());
}
