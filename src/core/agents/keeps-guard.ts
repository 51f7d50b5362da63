/** Whether an edit of an agent's settings leaves belay's guard in force there. */

import { settingsFileAt, type SettingsFile } from "./settings-file.ts";
import { offSwitchesIn } from "./off-switches.ts";
import { ownPiecesIn } from "./own-pieces.ts";

/**
 * Reads JSON with comments; `undefined` where it is no JSON. `parseJsonc` of codecs/jsonc is one:
 *
 *     keepsGuard(path, before, after, parseJsonc)
 */
export type ParseJson = (text: string) => { readonly value: unknown } | undefined;

/** Whether a path is a file that says how an agent runs, and so what guards it. Any folder: settings of other projects count too. */
export const isAgentSettings = (path: string): boolean => settingsFileAt(path) !== undefined;

/**
 * An edit of an agent's settings is fine where every piece of belay's that stood in it before stands in it afterwards, and where no
 * off-switch of that agent is new. `undefined` is a file that is not there. A path that is no agent's settings is always fine.
 * What cannot be read afterwards is not fine: an agent ignores broken settings, and with them the guard.
 */
export function keepsGuard(path: string, before: string | undefined, after: string | undefined, parse: ParseJson): boolean {
  const file = settingsFileAt(path);
  if (file === undefined || before === after) return true;
  // It is written by `belay install` alone: who makes a launcher where none is says which program guards.
  if (file.form === "own") return false;
  const old = documentOf(file, before, parse);
  const now = documentOf(file, after, parse);
  const kept = old === "broken" ? [] : ownPiecesIn(file, old);
  if (now === "broken") return false;
  const stands = new Set(ownPiecesIn(file, now));
  if (!kept.every((piece) => stands.has(piece))) return false;
  // A server of that name is believed, so that only a person, or `belay install`, puts one there.
  if ([...stands].some((piece) => piece.startsWith("server ") && !kept.includes(piece))) return false;
  const known = new Set(old === "broken" ? [] : offSwitchesIn(file, old));
  return offSwitchesIn(file, now).every((name) => known.has(name));
}

/** `undefined` where the file is not there, or holds nothing. */
function documentOf(file: SettingsFile, text: string | undefined, parse: ParseJson): unknown {
  if (text === undefined || text.trim() === "") return undefined;
  if (file.form === "toml") return text;
  const parsed = parse(text);
  return parsed === undefined ? "broken" : parsed.value;
}
