import type { Look } from "../core/guard/edits/look.ts";

/**
 * This machine's record of looks at live, for the guard of coding agents: an edit needs a look in the same session. May forget: what
 * is forgotten is looked at again. Never says that something was seen which was not noted.
 */
export interface LookBook {
  /** Never fails: a look that cannot be kept costs another one. */
  note(look: Look): void;
  /** Oldest first, as they were noted. */
  all(): readonly Look[];
}
