/** How readers of commands meet: each looks at one invocation and says what it does, and what runs inside it. */

import type { Effect } from "./effect.ts";
import type { Invocation, Nested } from "./invocation.ts";

export interface Reading {
  readonly effects: readonly Effect[];
  readonly nested: readonly Nested[];
}

/** What may be looked at while a command is read. Never the network. */
export interface ReaderFacts {
  /** `undefined` where there is no such file; `unreadable` where it is too large (256 KiB), no text, or may not be read. */
  readonly readFile: (path: string) => FileText | undefined;
  /** Names in a folder; empty where there is none. */
  readonly listFolder: (path: string) => readonly string[];
  readonly homeFolder: string;
}

export type FileText = { readonly kind: "text"; readonly text: string } | { readonly kind: "unreadable"; readonly why: string };

/** `undefined`: not a command that this reader knows. */
export type Reader = (invocation: Invocation, facts: ReaderFacts) => Reading | undefined;

export const nothing: Reading = { effects: [], nested: [] };
