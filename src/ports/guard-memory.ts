import type { AgentSession } from "../core/guard/agent-call.ts";
import type { DeniedIntent } from "../core/guard/intents.ts";

/** What the guard remembers of one session of an agent. */
export interface SessionMemory {
  /** When the guard first heard of it, in milliseconds since the epoch: looks from before do not count. */
  readonly startedAtMs: number;
  /** What it was refused, each intent once. */
  readonly denied: readonly DeniedIntent[];
  /** Absolute paths of pages that it made: there was nothing live to be seen. */
  readonly created: readonly string[];
  /** When it was asked for a hand-off note, in milliseconds since the epoch. */
  readonly askedForNoteAtMs?: number;
}

/**
 * Small files of this machine, one a session. Several hooks of one session run at once. Nothing here throws, and nothing that is
 * missing, torn or unwritable opens anything: such a session began this moment, and has seen nothing.
 */
export interface GuardMemory {
  /** What is known of the session; at first contact it begins now. */
  session(session: AgentSession): SessionMemory;
  /** The agent says that it begins, or goes on after a pause: one that has no id of its own begins anew. */
  begin(session: AgentSession): void;
  noteDenied(session: AgentSession, intent: string): void;
  noteCreated(session: AgentSession, path: string): void;
  noteAskedForNote(session: AgentSession): void;
}
