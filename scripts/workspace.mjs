/**
 * What every house script knows about this checkout: where it is, what its sources look like, and whose turn it is.
 * Uses Node alone, so that it runs before anything is installed.
 */

import { createHash } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The checkout's folder, without a trailing slash. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/u, "");
const cache = join(root, ".cache");
const buildStamp = join(cache, "build.json");

/** Everything whose change makes `dist` stale; folders are walked, what does not exist is skipped. */
const buildInputs = [
  "src",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "scripts/build.mjs",
  "scripts/guard-start.cjs",
  "scripts/third-party.mjs",
  "scripts/schema.mjs",
  "scripts/schema.ts",
];

/** SHA-256 of a text or of bytes, in hexadecimal. */
export const digestOf = (content) => createHash("sha256").update(content).digest("hex");

/** A file's text, or `undefined` where there is no such file. */
export function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Replaces a small file at one stroke: a reader sees the old text or the new one, never a part. */
export function putText(path, text) {
  const fresh = `${path}.${process.pid}.tmp`;
  writeFileSync(fresh, text);
  renameSync(fresh, path);
}

/** Paths, sizes and times of the build's inputs, in a fixed order: `[path, sizeBytes, mtimeMs]`. */
export function sourceFiles() {
  const found = [];
  for (const input of buildInputs) visit(input, found);
  return found;
}

function visit(path, found) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    for (const name of readdirSync(join(root, path)).toSorted()) visit(`${path}/${name}`, found);
  } else if (stat && !path.endsWith(".test.ts")) {
    found.push([path, stat.size, stat.mtimeMs]);
  }
}

const hashOf = (path) => digestOf(readFileSync(join(root, path)));

/** Says that `outputs` (paths under the checkout) were built from `sources` as they were when the build began. */
export function recordBuild(sources, outputs) {
  mkdirSync(cache, { recursive: true });
  putText(buildStamp, JSON.stringify({ sources, outputs }));
}

/** The sources with their hashes, to be taken before a build begins. */
export const hashedSources = () => sourceFiles().map(([path, size, mtimeMs]) => [path, size, mtimeMs, hashOf(path)]);

/** What the last build wrote, or nothing. */
export const lastOutputs = () => readStamp()?.outputs ?? [];

/** Whether `dist` is what these sources give. Bytes are read only for files whose time changed. */
export function isBuilt() {
  const stamp = readStamp();
  if (!stamp || !stamp.outputs.every((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile())) return false;
  const now = sourceFiles();
  if (now.length !== stamp.sources.length) return false;
  let hasMoved = false;
  for (const [at, [path, size, mtimeMs]] of now.entries()) {
    const was = stamp.sources[at];
    if (path !== was[0] || size !== was[1]) return false;
    if (mtimeMs === was[2]) continue;
    if (hashOf(path) !== was[3]) return false;
    was[2] = mtimeMs;
    hasMoved = true;
  }
  if (hasMoved) recordBuild(stamp.sources, stamp.outputs);
  return true;
}

function readStamp() {
  try {
    const stamp = JSON.parse(textOf(buildStamp) ?? "null");
    return Array.isArray(stamp?.sources) && Array.isArray(stamp?.outputs) ? stamp : undefined;
  } catch {
    return undefined; // A damaged stamp only costs a build.
  }
}

const waitMs = 100;
const waitsMax = 6000;

/** Runs `work` while no other house script of this checkout does the same. A dead owner's lock is taken over. */
export async function withLock(name, work) {
  mkdirSync(cache, { recursive: true });
  const lock = join(cache, `${name}.lock`);
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  for (let waits = 0; !take(lock, mine); waits += 1) {
    if (waits === 0) console.error(`belay: another process is at it (${name}); waiting`);
    if (waits === waitsMax) throw new Error(`${lock} has been held for ten minutes. Remove it if nothing is running.`);
    await sleep(waitMs);
  }
  try {
    return await work();
  } finally {
    if (textOf(lock) === mine) unlinkSync(lock);
  }
}

/** Creates the lock with its content in one step (a link), so that nobody ever reads an empty one. */
function take(lock, mine) {
  const fresh = `${lock}.${process.pid}.tmp`;
  writeFileSync(fresh, mine);
  try {
    linkSync(fresh, lock);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    breakIfDead(lock);
    return false;
  } finally {
    unlinkSync(fresh);
  }
}

function breakIfDead(lock) {
  const held = textOf(lock);
  if (held === undefined || !isDead(held)) return;
  const aside = `${lock}.${process.pid}.dead`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  // Somebody may have broken it and taken it since we looked: then it is theirs, and goes back.
  if (readFileSync(aside, "utf8") !== held) linkSync(aside, lock);
  unlinkSync(aside);
}

function isDead(held) {
  const { pid, host } = JSON.parse(held);
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
