/** Files that the guard rests on, and folders under guard: agents' settings, belay.yaml, belay's state, `dir:` targets, mounts. */

import { isAgentSettings, keepsGuard } from "../../core/agents/keeps-guard.ts";
import type { FileChange } from "../../core/guard/agent-call.ts";
import { folderOf, keyUnder, nameOf } from "../../core/guard/edits/key-under.ts";
import { lostGuard } from "../../core/guard/edits/scope-includes.ts";
import { judgeEffects } from "../../core/guard/judge-effects.ts";
import { plainLine } from "../../core/guard/plain-line.ts";
import { allowed, type Verdict } from "../../core/guard/verdict.ts";
import type { FilesBench } from "./files-bench.ts";

/** Under its own name, and under the one that links lead to. */
export async function judgeGuardFiles(change: FileChange, bench: FilesBench): Promise<Verdict> {
  const names = [...new Set([change.path, bench.realPath(change.path)])];
  for (const path of names) {
    const verdict = await judgeOne({ ...change, path }, bench);
    if (verdict.kind !== "allow") return verdict;
  }
  return allowed;
}

async function judgeOne(change: FileChange, bench: FilesBench): Promise<Verdict> {
  const { path, verb } = change;
  const effect = { tool: "the edit", verb, destination: { kind: "file", path }, through: [] } as const;
  const verdict = judgeEffects([effect], bench.scope);
  if (verdict.kind === "allow" || verdict.code !== "guard-touched") return verdict;
  if (isConfig(path)) return await judgeConfig(change, verdict, bench);
  if (isAgentSettings(path) && (await keepsOwnPieces(change, bench))) return allowed;
  return verdict;
}

const isConfig = (path: string): boolean => /^belay\.ya?ml$/iu.test(nameOf(path));

function textAt(path: string, bench: FilesBench): string | undefined {
  const found = bench.facts.readFile(path);
  return found?.kind === "text" ? found.text : undefined;
}

/** An edit whose result cannot be told, and a file that cannot be read now, are no edits that keep anything. */
async function keepsOwnPieces({ path, verb, after }: FileChange, bench: FilesBench): Promise<boolean> {
  const found = bench.facts.readFile(path);
  if (found?.kind === "unreadable" || (verb === "write" && after === undefined)) return false;
  const { parseJsonc } = await import("../../codecs/jsonc/tree.ts");
  return keepsGuard(path, found?.text, verb === "delete" ? undefined : after, parseJsonc);
}

/** A belay.yaml may gain, and may change in what it does not guard. A new one in a folder inside takes the place of the one above. */
async function judgeConfig({ path, verb, after }: FileChange, denied: Verdict, bench: FilesBench): Promise<Verdict> {
  if (verb === "delete" || after === undefined || denied.kind === "allow") return denied;
  const folder = folderOf(path);
  const next = await bench.scopeOfText(after, folder);
  if (!next) return { ...denied, what: "the edit leaves a belay.yaml that cannot be read, and nothing would be guarded by it" };
  const present = textAt(path, bench);
  const before = [
    ...(keyUnder(bench.scope.folder, path) === undefined ? [] : [bench.scope]),
    ...(present === undefined ? [] : [await bench.scopeOfText(present, folder)]),
  ];
  for (const scope of before) {
    const lost = scope && lostGuard(scope, next);
    if (lost !== undefined) return { ...denied, what: `the edit of belay.yaml takes ${plainLine(lost)} out of what is guarded` };
  }
  return allowed;
}
