/** All readers together: what starts others, what runs code, what writes; then a guess about what nobody knows. */

import { codeReader } from "./code/code-reader.ts";
import type { Reader } from "./reading.ts";
import { toolReader } from "./tools/tool-reader.ts";
import { joinReadings } from "./wrappers/options.ts";
import { programFile } from "./wrappers/program-file.ts";
import { unknownProxy } from "./wrappers/unknown-proxy.ts";
import { wrapperReader } from "./wrappers/wrapper-reader.ts";

/** One program may be known in several ways: git runs hooks and writes files. */
const known: Reader = (invocation, facts) => {
  const readings = [wrapperReader, codeReader, toolReader].flatMap((read) => read(invocation, facts) ?? []);
  return readings.length === 0 ? undefined : joinReadings(readings);
};

/** Reads one invocation. `undefined`: nothing is known of it, and nothing in it looks like a command. */
export const readInvocation: Reader = (invocation, facts) =>
  known(invocation, facts) ?? programFile(invocation, facts) ?? unknownProxy(known)(invocation, facts);
