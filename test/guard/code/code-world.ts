/** Verdicts on programs in commands, in the site of `guarded-site.ts`. */

import { parseScript } from "../../../src/codecs/shell-script/parse-script.ts";
import { effectsOfPowershell } from "../../../src/core/guard/code/powershell.ts";
import { judgeEffects } from "../../../src/core/guard/judge-effects.ts";
import { factsOf, folder, judged, scope, type Files } from "../guarded-site.ts";

/** What an agent's shell call is told. */
export const verdictOf = (command: string, files: Files = {}): "allow" | "ask" | "deny" => judged(command, files).kind;

/** What a program on the standard input of `program` is told. */
export const programVerdict = (program: string, text: string, files: Files = {}): "allow" | "ask" | "deny" =>
  verdictOf(`${program} <<'END_OF_PROGRAM'\n${text}\nEND_OF_PROGRAM`, files);

export const powershellVerdict = (text: string): "allow" | "ask" | "deny" =>
  judgeEffects(effectsOfPowershell(text, { cwd: folder }, { parse: parseScript, facts: factsOf() }), scope).kind;
