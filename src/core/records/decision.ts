/** What holds, who said so, and what is left to ask (R6). */

import type { Value } from "./value.ts";

export interface Decision {
  readonly field: string;
  readonly value: Value;
  readonly how: "agreed" | "authority" | "newest" | "person" | "derived";
  /** For people: `authority: record`, `start + 3h`, the person's own words. */
  readonly because: string;
}

/** Which duplicate stays, by system. */
export interface Survivor {
  readonly system: string;
  /** Keys. */
  readonly keep: string;
  readonly replace: readonly string[];
  /** `redirect` (guests hold the link) unless deletion was asked for. */
  readonly how: "redirect" | "delete";
  /** Features that only what is replaced has: what would be lost. */
  readonly loses: readonly string[];
  readonly because: string;
}

export interface Question {
  readonly about: "field" | "survivor";
  /** The field or the system. */
  readonly name: string;
  readonly choices: readonly { readonly answer: string; readonly says: readonly string[] }[];
  /** For example `--set start=15:30` or `--keep g/a.html`. */
  readonly ask: string;
}
