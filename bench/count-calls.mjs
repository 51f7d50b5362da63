/** Preloaded into a process (`--import`): counts its calls of the file system and writes them to COUNT_FILE at the end. */

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const counts = {};
const write = fs.writeFileSync;

function counted(owner, name, as) {
  const original = owner[name];
  owner[name] = (...args) => {
    counts[as] = (counts[as] ?? 0) + 1;
    return original.apply(owner, args);
  };
}

for (const name of [
  "openSync",
  "readSync",
  "lstatSync",
  "statSync",
  "fstatSync",
  "readdirSync",
  "fsyncSync",
  "linkSync",
  "renameSync",
  "unlinkSync",
  "readFileSync",
  "writeFileSync",
])
  counted(fs, name, name.replace(/Sync$/u, ""));
for (const name of ["open", "copyFile"]) counted(fs.promises, name, name);
syncBuiltinESMExports();
process.on("exit", () => write(process.env.COUNT_FILE, JSON.stringify(counts)));
