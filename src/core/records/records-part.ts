/** What makes a plan a reconcile: decisions, edits with their proofs, and what is left to people. All of it is under the plan's id. */

import type { Digest, StoreName } from "../brand.ts";
import type { Decision, Survivor } from "./decision.ts";
import type { Span } from "./span.ts";
import type { ManualTask } from "./task.ts";

/** An object of a plan that has several stores. */
export interface RecordAddress {
  readonly store: StoreName;
  readonly key: string;
}

/** One text that changes, in its own written form. */
export interface RecordEdit {
  readonly at: RecordAddress;
  readonly system: string;
  readonly field: string;
  /** For people: `<p> in <main>, line 41`. */
  readonly where: string;
  readonly before: string;
  readonly after: string;
}

/** One object whose bytes change: what changes, and the proof that nothing else does. */
export interface RecordRewrite {
  readonly at: RecordAddress;
  readonly system: string;
  /** In the old body, content encoding undone, ascending; `old` and `new` in base64. */
  readonly replaced: readonly { readonly span: Span; readonly old: string; readonly new: string }[];
  /** SHA-256 of every byte outside the spans: the same before and after. */
  readonly outside: Digest;
}

/** A mention of a value that changes which no field explains. */
export interface LeftMention {
  readonly at: RecordAddress;
  readonly raw: string;
  readonly where: string;
  readonly verdict: "justified" | "blocking";
  readonly why: string;
}

/** How an object is written and where it is seen. */
export interface RecordReach {
  readonly at: RecordAddress;
  readonly system: string;
  /** Whose rules, approvals and CDN apply. */
  readonly site: string;
  readonly target: string;
  /** Paths under which visitors get it, each beginning with `/`: all are purged and looked at. */
  readonly paths: readonly string[];
}

/** Addresses that lead to a page by way of a pointer: once it is turned they are purged and looked at. */
export interface TurnedPaths {
  /** The page that they lead to then. */
  readonly at: RecordAddress;
  readonly digest: Digest;
  readonly system: string;
  readonly site: string;
  readonly target: string;
  /** Each beginning with `/`. */
  readonly paths: readonly string[];
}

export interface RecordsPart {
  readonly kind: string;
  readonly record: string;
  readonly decisions: readonly Decision[];
  readonly survivors: readonly Survivor[];
  readonly edits: readonly RecordEdit[];
  readonly rewrites: readonly RecordRewrite[];
  readonly mentions: readonly LeftMention[];
  readonly tasks: readonly ManualTask[];
  readonly reach: readonly RecordReach[];
  /** Absent where no pointer turns, or none that visitors follow. */
  readonly turned?: readonly TurnedPaths[];
}
