/**
 * The hook: `node dist/guard.cjs AGENT`, or `belay guard AGENT`; scripts/guard-start.cjs starts it. A program of its own, so that an agent waits for nothing that a hook does
 * not need (decision 0033). Nothing in the environment switches it off.
 */

import { realpathSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { runGuard } from "./compose/run-guard.ts";
import { faceOf } from "./faces/guard/faces.ts";

/** Set by scripts/build.mjs. */
declare const __BELAY_VERSION__: string | undefined;

/** For the program that starts this one: what V8 has read by now is worth keeping. */
export let isWarm = false;

// As a verb of the CLI it may stand among options: the agent is the first word that is one. `whole`: standard input has been read by guard.sh, and surely ends.
const words = process.argv.slice(2);
void runGuard({
  agent: words.find((word) => faceOf(word) !== undefined) ?? words.find((word) => word !== "guard" && !word.startsWith("-")) ?? "",
  env: process.env,
  version: typeof __BELAY_VERSION__ === "string" ? __BELAY_VERSION__ : "unbuilt",
  programFolder: typeof __BELAY_VERSION__ === "string" ? folderOfProgram() : undefined,
  now: () => Date.now(),
  isWhole: words.at(-1) === "whole",
}).then(({ reply, hasRead }) => {
  isWarm = hasRead;
  put(1, reply.stdout);
  put(2, reply.stderr);
  // Without waiting for a standard input that does not end.
  process.exit(reply.exit);
});

/** Of the file that Node was started with. */
function folderOfProgram(): string | undefined {
  try {
    return dirname(realpathSync(process.argv[1] ?? ""));
  } catch {
    return undefined;
  }
}

/** Answers are small: a pipe takes them at once. */
function put(descriptor: number, text: string): void {
  if (text !== "") writeSync(descriptor, text);
}
