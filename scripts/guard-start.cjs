/**
 * Starts the hook: `node dist/guard.cjs AGENT [whole]`. Copied into dist by scripts/build.mjs, which puts the hook's file name in.
 *
 * Reading half a megabyte of program costs as much as all the rest of a hook, so V8's own reading of it is kept beside it: in dist, where
 * whoever can write could write the program itself, and nowhere else (decision 0033). Without it, or where V8 does not know it any more,
 * the program is read as usual. The file's name holds the program's digest, and Node's version: no other program is ever taken for it.
 */

"use strict";

const { closeSync, fsyncSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } = require("node:fs");
const path = require("node:path");
const { Script } = require("node:vm");

const file = path.join(__dirname, "chunks", "GUARD_HOOK_FILE");
const cache = `${file}.${process.version}-${process.arch}.cache`;
/** Stands at its end: a file that was cut off is none. */
const mark = Buffer.from("belay: whole\n");

// The program is plain ASCII (scripts/build.mjs sees to it).
const source = readFileSync(file, "latin1");
const cachedData = readCache();
const script = new Script(`(function (require, module, exports) {${source}\n})`, {
  filename: file,
  ...(cachedData === undefined ? {} : { cachedData }),
});
// Once it has run, V8 has read what a hook needs.
if (cachedData === undefined || script.cachedDataRejected) process.on("exit", writeCache);

/** Of belay's own files only the one that is rarely needed is asked for; it is a module. */
const requireOwn = (id) => (id === "./guard-later.js" ? import("./guard-later.js") : require(id));
const program = { exports: {} };
script.runInThisContext()(requireOwn, program, program.exports);

function readCache() {
  try {
    const bytes = readFileSync(cache);
    const end = bytes.length - mark.length;
    return end > 0 && bytes.subarray(end).equals(mark) ? bytes.subarray(0, end) : undefined;
  } catch {
    return undefined;
  }
}

function writeCache() {
  if (program.exports.isWarm !== true) return;
  const fresh = `${cache}.${process.pid}`;
  let descriptor;
  try {
    // Where dist is not ours to write, this fails before anything is computed.
    descriptor = openSync(fresh, "wx", 0o644);
    writeSync(descriptor, Buffer.concat([script.createCachedData(), mark]));
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(fresh, cache);
  } catch {
    if (descriptor !== undefined) closeSync(descriptor);
    try {
      unlinkSync(fresh);
    } catch {
      // It was never made.
    }
  }
}
