/** What one call of an agent is judged with: one belay.yaml, what it guards, and what lies on this disk. Nothing of it uses the network. */

import type { Effect } from "../../core/guard/effect.ts";
import type { ReaderFacts } from "../../core/guard/reading.ts";
import type { FilesBench } from "./judge-files.ts";

export interface GuardBench extends FilesBench {
  /** Why its belay.yaml cannot be read; the scope is then what it guarded when it was last read, or says nothing but its folder, and whatever would write is refused. */
  readonly unreadable?: string;
  /** There is no belay.yaml any more, and the scope is what it guarded when it was last read. */
  readonly isGone?: true;
  /** Like `effectsOf`, for PowerShell. */
  readonly effectsOfPowershell: (text: string, cwd: string, facts: ReaderFacts) => Promise<readonly Effect[]>;
  /** Like `effectsOf`, for code that a tool runs. */
  readonly effectsOfCode: (language: "python" | "javascript", text: string, cwd: string, facts: ReaderFacts) => Promise<readonly Effect[]>;
}
