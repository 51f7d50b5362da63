/** What the guard says to one call. */

import type { Effect } from "./effect.ts";

export type Verdict = { readonly kind: "allow" } | ({ readonly kind: "deny" | "ask" } & Objection);

export interface Objection {
  /** The rule of belay that it stands on. */
  readonly rule: "D1" | "D2" | "D4" | "D5" | "D8" | "R9" | "guard";
  readonly code: ObjectionCode;
  /** What is in the way, as one clause: `aws s3 cp writes to queenofsandiego-prod, which is production`. */
  readonly what: string;
  /** Names the intent whatever its words: `write bucket queenofsandiego-prod`. Repeated intents meet a firmer answer. */
  readonly intent: string;
  /** A command that does what was wanted the safe way and works when pasted. */
  readonly instead?: string;
  /** What a person can do, without a code or a flag that an agent could use. */
  readonly person?: string;
  readonly effect?: Effect;
  /** What this machine knows of live there, as one clause, where whoever objects knows it: `live at the last look, 20 min ago, was newer`. */
  readonly known?: string;
}

export type ObjectionCode =
  | "guarded-write"
  | "unresolved-destination"
  | "opaque-code"
  | "guard-touched"
  | "state-touched"
  | "credentials-touched"
  | "persons-command"
  | "infrastructure"
  | "delegated"
  | "forged-time"
  | "not-seen-live"
  | "record-exists"
  | "planted-script"
  | "unreadable-input"
  | "too-large";

export const allowed: Verdict = { kind: "allow" };
