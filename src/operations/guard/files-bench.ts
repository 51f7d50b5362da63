import type { Effect } from "../../core/guard/effect.ts";
import type { ReaderFacts } from "../../core/guard/reading.ts";
import type { GuardedSite, GuardScope } from "../../core/guard/scope.ts";
import type { KnownRecord } from "../../core/records/known-record.ts";
import type { KnowingBench } from "./known-of-live.ts";

/** What judging files works with; the guard's bench has all of it. Nothing here uses the network. */
export interface FilesBench extends KnowingBench {
  readonly facts: ReaderFacts;
  /** The path with symbolic links followed, as far as it exists; as it is where it does not. */
  readonly realPath: (path: string) => string;
  /** Whether anything stands at the path. */
  readonly isThere: (path: string) => boolean;
  /** Whether belay publishes this key of the site (`ignore:`, `include:`, dotfiles). */
  readonly isPublished: (site: GuardedSite, key: string) => boolean;
  /** What a belay.yaml of this text, in this folder, would put under guard; `undefined` where it cannot be read. */
  readonly scopeOfText: (text: string, folder: string) => Promise<GuardScope | undefined>;
  /** What a shell text would do, read with these facts instead of the bench's own. */
  readonly effectsOf: (text: string, cwd: string, facts: ReaderFacts) => Promise<readonly Effect[]>;
  /** The record that a page to be shows already, as far as this machine remembers (R9); absent where there is nothing to ask. */
  readonly recordOfPage?: (site: GuardedSite, key: string, text: string) => Promise<KnownRecord | undefined>;
}
