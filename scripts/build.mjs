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
import { dirname, join, relative } from "node:path";
import { installIfStale, requireNode } from "./install.mjs";
import { digestOf, hashedSources, isBuilt, lastOutputs, recordBuild, root, textOf, withLock } from "./workspace.mjs";

/** `guard-later` is what the hook loads of belay when it has to; it shares the chunks of the rest. */
const entries = { main: "src/main.ts", index: "src/index.ts", "guard-later": "src/compose/guard-later.ts" };
/** The hook is one file of its own: shared chunks would make it load what it does not need, or in many small files. */
const hook = "src/guard.ts";
/** Starts the hook. */
const hookStart = "scripts/guard-start.cjs";
const hookCharsMax = 700_000;
/** Imports of these modules lead to the file beside. */
const beside = { [hook]: "./guard.cjs", [entries["guard-later"]]: "./guard-later.js" };
/** Copied as they are. */
const copied = { "guard.sh": "src/faces/guard/guard.sh" };

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
  const needed = [...Object.values(entries), hook, hookStart, ...Object.values(copied)];
  const missing = needed.filter((path) => !existsSync(join(root, path)));
  if (missing.length > 0) throw new Error(`${missing.join(" and ")} is missing`);
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

/** Writes the bundles into the staging folder and gives the paths of their files, entries last. */
async function bundle(staging) {
  const { thirdPartyLicences } = await import("./third-party.mjs");
  const output = await chunksOf(entries, { format: "esm", minify: "dce-only" });
  const files = output.toSorted(
    (left, right) => Number(left.type === "chunk" && left.isEntry) - Number(right.type === "chunk" && right.isEntry),
  );
  const ofHook = await hookFiles();
  const moduleIds = [...output, ...ofHook].flatMap((chunk) => chunk.moduleIds ?? []);
  const licences = { fileName: "THIRD-PARTY-LICENSES.txt", code: thirdPartyLicences(moduleIds) };
  const copies = Object.entries(copied).map(([fileName, path]) => ({ fileName, code: textOf(join(root, path)) }));
  const all = [licences, ...ofHook, ...copies, ...files];
  for (const { fileName, code, source } of all) {
    const path = join(staging, fileName);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code ?? source);
  }
  for (const name of ["main.js", ...Object.keys(copied)]) chmodSync(join(staging, name), 0o755);
  return all.map((file) => file.fileName);
}

/**
 * The hook as one script that V8 reads once: small, and in ASCII, so that it is read as bytes. What starts it names it by its digest,
 * so that the two always fit.
 */
async function hookFiles() {
  const [chunk] = await chunksOf({ hook }, { format: "cjs", minify: true, codeSplitting: false });
  const code = inAscii(chunk.code).replaceAll(/\bimport\((["'`]\.\/guard-later\.js["'`])\)/gu, "require($1)");
  if (/\bimport\(/u.test(code)) throw new Error("the hook imports what its start does not know");
  if (code.length > hookCharsMax) throw new Error(`the hook has ${code.length} characters: what it rarely needs belongs into guard-later`);
  const name = `guard-hook-${digestOf(code).slice(0, 16)}.cjs`;
  const start = textOf(join(root, hookStart)).replace("GUARD_HOOK_FILE", name);
  return [
    { fileName: `chunks/${name}`, code, moduleIds: chunk.moduleIds },
    { fileName: "guard.cjs", code: start },
  ];
}

/** Beyond ASCII there are only texts and patterns, where an escape means the same. */
function inAscii(code) {
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

async function chunksOf(input, options) {
  const { rolldown } = await import("rolldown");
  const { version } = JSON.parse(textOf(join(root, "package.json")));
  const bundler = await rolldown({
    cwd: root,
    input,
    plugins: [
      {
        name: "beside",
        // By the module that is meant: others have a guard.ts of their own.
        resolveId: (id, importer) => {
          const found = importer !== undefined && id.startsWith("./") ? beside[relative(root, join(dirname(importer), id))] : undefined;
          return found === undefined ? null : { id: found, external: true };
        },
      },
    ],
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
    ...options,
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    minifyInternalExports: false,
    comments: { legal: false, annotation: false, jsdoc: false },
    sourcemap: false,
    banner: (chunk) => (chunk.isEntry && chunk.name === "main" ? "#!/usr/bin/env node" : ""),
  });
  await bundler.close();
  return output;
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
