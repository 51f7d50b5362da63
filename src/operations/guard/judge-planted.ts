/** Scripts that are written now and run later, by whomever: one that surely writes to a guarded place is refused when it is written. */

import type { FileChange } from "../../core/guard/agent-call.ts";
import { commandsThatRun, foldersThatRun } from "../../core/guard/edits/commands-that-run.ts";
import { folderOf, nameOf } from "../../core/guard/edits/key-under.ts";
import { whichLanguage } from "../../core/guard/code/which-language.ts";
import { judgeEffects } from "../../core/guard/judge-effects.ts";
import { plainLine } from "../../core/guard/plain-line.ts";
import type { ReaderFacts } from "../../core/guard/reading.ts";
import { allowed, type ObjectionCode, type Verdict } from "../../core/guard/verdict.ts";
import type { FilesBench } from "./files-bench.ts";

/** What cannot be told before it runs is judged when it runs; CI has no such guard, and is left to the walls. */
const sure: ReadonlySet<ObjectionCode> = new Set(["guarded-write", "guard-touched", "state-touched"]);

type Denial = Exclude<Verdict, { readonly kind: "allow" }>;

export async function judgePlanted({ path, verb, after }: FileChange, bench: FilesBench): Promise<Verdict> {
  if (verb === "delete" || after === undefined) return allowed;
  const denials = await denialsIn(path, after, bench);
  if (denials.length === 0) return allowed;
  const present = bench.facts.readFile(path);
  // A script that wrote there before may be edited elsewhere: what it gains is what counts.
  const known = new Set(present?.kind === "text" ? (await denialsIn(path, present.text, bench)).map(({ intent }) => intent) : []);
  const planted = denials.find(({ intent }) => !known.has(intent));
  if (!planted) return allowed;
  return {
    ...planted,
    kind: "deny",
    code: "planted-script",
    what: `${plainLine(nameOf(path))} would do it when it is run: ${planted.what}`,
  };
}

/** One for each effect that is refused beyond doubt. */
async function denialsIn(path: string, text: string, bench: FilesBench): Promise<readonly Denial[]> {
  const commands = commandsThatRun(path, text, whichLanguage(path, text));
  const facts = withFile(bench.facts, path, text);
  const runs = foldersThatRun(path, text).flatMap((folder) => commands.map((command) => ({ folder, command })));
  const effects = (await Promise.all(runs.map(async ({ folder, command }) => await bench.effectsOf(command, folder, facts)))).flat();
  return effects.flatMap((effect): readonly Denial[] => {
    const verdict = judgeEffects([effect], bench.scope);
    return verdict.kind === "deny" && sure.has(verdict.code) ? [verdict] : [];
  });
}

/** The disk as it would be after the edit. */
const withFile = (facts: ReaderFacts, path: string, text: string): ReaderFacts => ({
  ...facts,
  readFile: (asked) => (asked === path ? { kind: "text", text } : facts.readFile(asked)),
  listFolder: (folder) => {
    const names = facts.listFolder(folder);
    return folder !== folderOf(path) || names.includes(nameOf(path)) ? names : [...names, nameOf(path)];
  },
});
