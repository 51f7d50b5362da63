/** What is said to a file tool (Edit, Write, apply_patch): pages, the guard's own files, belay's state, guarded folders, scripts. */

import type { AgentSession, FileChange } from "../../core/guard/agent-call.ts";
import type { Verdict } from "../../core/guard/verdict.ts";
import type { FilesBench } from "./files-bench.ts";
import { judgeGuardFiles } from "./judge-guard-files.ts";
import { judgePages } from "./judge-pages.ts";
import { judgePlanted } from "./judge-planted.ts";

export type { FilesBench } from "./files-bench.ts";

/** The first objection of one call that touches several files: it is refused as a whole. Files that hold the guard up come first. */
export async function judgeFiles(changes: readonly FileChange[], session: AgentSession, bench: FilesBench): Promise<Verdict> {
  for (const change of changes) {
    const verdict = await judgeGuardFiles(change, bench);
    if (verdict.kind !== "allow") return verdict;
  }
  for (const change of changes) {
    const verdict = await judgePlanted(change, bench);
    if (verdict.kind !== "allow") return verdict;
  }
  return await judgePages(changes, session, bench);
}
