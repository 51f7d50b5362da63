/** What is looked for at a target. */

import type { Revision } from "../../core/brand.ts";
import type { Content, TokenState } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";

export interface Wanted {
  readonly path: string;
  /** `undefined` where nothing should be there. */
  readonly content: Content | undefined;
  /** What its write was acknowledged with, where that is on record: it spares reading the bytes. */
  readonly revision?: Revision;
}

export interface LookRequest {
  readonly target: Target;
  readonly files: readonly Wanted[];
  /** How long to look again at what may yet come right, in milliseconds. */
  readonly withinMs: number;
  /** Assets that should be there; those that the pages refer to must answer. The assets of `files` unless given. */
  readonly assets?: ReadonlySet<string>;
}

export interface FoundToken {
  readonly name: string;
  readonly path: string;
  readonly state: TokenState;
}

/** How long a look goes on, in milliseconds, unless told otherwise: an edge forgets a page within seconds of its purge. */
export const lookWithinMs: number = 30_000;
