/** PowerShell as an agent's tool gets it. */

import type { Effect } from "../effect.ts";
import { effectsOfCommand } from "../effects-of-command.ts";
import type { CommandReading, CommandStart } from "../effects-of-command.ts";

/**
 * Every effect that running `text` in PowerShell may have. The text goes the way that `pwsh -Command TEXT` goes in a shell, so that every
 * program it names meets the same readers. Never throws.
 */
export const effectsOfPowershell = (text: string, start: CommandStart, reading: CommandReading): readonly Effect[] =>
  effectsOfCommand(`pwsh -NoProfile -Command '${text.replaceAll("'", String.raw`'\''`)}'`, start, reading);
