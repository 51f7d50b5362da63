/** What every agent's hook has in common: an input becomes events, an answer becomes bytes and an exit status. */

import type { AgentName, GuardEvent } from "../../core/guard/agent-call.ts";
import type { Answer } from "../../operations/guard/answer.ts";

export interface HookReply {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** What a face may look at, besides the input. */
export interface Around {
  /** The folder that the hook runs in; `undefined` where it is gone. */
  readonly cwd: string | undefined;
  readonly homeFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A file's text; `undefined` where there is none, or none of a size and kind that can be read. */
  readonly readText: (path: string) => string | undefined;
}

export interface ReadHook {
  /** Nearly always one. All are judged, and the severest verdict answers. */
  readonly events: readonly GuardEvent[];
  /** Folders that the agent works in, besides the one where the call runs: a belay.yaml above any of them binds. */
  readonly folders: readonly string[];
  readonly canAsk: boolean;
  readonly reply: (answer: Answer) => HookReply;
}

export interface AgentFace {
  readonly name: AgentName;
  /** Throws `MalformedHook` where a field that decides is missing or of another kind. */
  readonly read: (input: HookInput, around: Around) => ReadHook;
  /** The refusal where not even the event can be told. */
  readonly closed: (text: string) => HookReply;
}

export type HookInput = Readonly<Record<string, unknown>>;

/** An input that is not what this agent sends. The call is refused: who could garble it could otherwise do anything. */
export class MalformedHook extends Error {
  override readonly name = "MalformedHook";
}

export const silent: HookReply = { stdout: "", stderr: "", exit: 0 };
export const json = (value: unknown): HookReply => ({ stdout: `${JSON.stringify(value)}\n`, stderr: "", exit: 0 });
/** Claude Code, Codex, Gemini CLI and Cursor all take exit 2 for a refusal, and stderr for its reason. */
export const blocked = (text: string): HookReply => ({ stdout: "", stderr: `${text}\n`, exit: 2 });
