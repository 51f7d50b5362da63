/** What installing works with. Made by compose/, or by a test. */

import type { AgentName } from "../../core/guard/agent-call.ts";
import type { ThisMachine } from "../../core/agents/launcher.ts";
import type { Level } from "../../core/agents/agent-setup.ts";
import type { Receipt } from "../../core/agents/receipt.ts";
import type { AgentPrograms, SettingsFiles } from "../../ports/settings-files.ts";
import type { FileState } from "./plan-file.ts";

export interface InstallBench {
  readonly files: SettingsFiles;
  readonly programs: AgentPrograms;
  /** Lower-case hexadecimal digits, of the text in UTF-8. */
  readonly sha256: (text: string) => string;
  /** Absolute. */
  readonly home: string;
  /** Absolute folder of belay.yaml; `undefined` where there is none. */
  readonly folder: string | undefined;
  readonly machine: ThisMachine;
}

export interface PlannedFile {
  /** Whose it is; several share CLAUDE.md, AGENTS.md and the pointer. */
  readonly agents: readonly AgentName[];
  /** Which folder `path` counts from. */
  readonly level: Level;
  readonly path: string;
  readonly what: string;
  readonly state: FileState;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly receipt: Omit<Receipt, "path" | "made"> | undefined;
}

export interface AgentPlan {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
}

export const isChanged = ({ before, after }: PlannedFile): boolean => before !== after;
