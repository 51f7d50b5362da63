/** All readers together: what starts others, what runs code, what writes; then a guess about what nobody knows. */

import { codeReader } from "./code/code-reader.ts";
import { preloaded } from "./code/preloaded.ts";
import type { Reader, Reading } from "./reading.ts";
import { unknownTool } from "./tools/output-tools.ts";
import { toolReader } from "./tools/tool-reader.ts";
import { programName } from "./shell/paths.ts";
import { harmlessPrograms } from "./wrappers/known-harmless.ts";
import { joinReadings } from "./wrappers/options.ts";
import { programFile } from "./wrappers/program-file.ts";
import { unknownProxy } from "./wrappers/unknown-proxy.ts";
import { wrapperReader } from "./wrappers/wrapper-reader.ts";

/** One program may be known in several ways: git runs hooks and writes files. */
const known: Reader = (invocation, facts) => {
  const readings = [wrapperReader, codeReader, toolReader].flatMap((read) => read(invocation, facts) ?? []);
  return readings.length === 0 ? undefined : joinReadings(readings);
};

/** What nobody knows may start a command among its words, and may write what they name. */
const guessed: Reader = (invocation, facts) => {
  if (harmlessPrograms.has(programName(invocation.argv[0] ?? ""))) return undefined;
  const readings = [unknownProxy(known), unknownTool].flatMap((read) => read(invocation, facts) ?? []);
  return readings.length === 0 ? undefined : joinReadings(readings);
};

/** Reads one invocation. `undefined`: nothing is known of it, and nothing in it looks like a command. */
export const readInvocation: Reader = (invocation, facts) =>
  withPreloaded(known(invocation, facts) ?? programFile(invocation, facts) ?? guessed(invocation, facts), preloaded(invocation, facts));

const withPreloaded = (reading: Reading | undefined, first: Reading | undefined): Reading | undefined =>
  first === undefined ? reading : joinReadings([first, ...(reading === undefined ? [] : [reading])]);
