/** Shell text by `unbash`, made into our own tree. */

import { parse } from "unbash";
import type { Script } from "../../core/guard/shell/script.ts";
import { Conversion } from "./conversion.ts";
import { isTooDeep } from "./nesting.ts";

const textMax = 1 << 20;
const nothingRead: Script = { statements: [], isComplete: false };

/**
 * Reads bash. Never throws. What is longer than 1 MiB, deeper than 64 levels or has more than 20,000 words is not read, or read in part, and
 * the script says that it is incomplete. A here-document that ends with the text counts as closed, as it does for bash.
 */
export function parseScript(text: string): Script {
  if (text.length > textMax || isTooDeep(text)) return nothingRead;
  try {
    return new Conversion().script(parse(text), 0);
  } catch (failure) {
    // Nesting that the scan does not see ends in a stack overflow; anything else is a mistake of the parser, and as little was read.
    if (failure instanceof Error) return nothingRead;
    throw failure;
  }
}
