/** What operations on records work with: one kind, its systems, and the state that all belay's work shares. */

import type { RecordCodec } from "../../core/records/document.ts";
import type { RecordKind, RecordSystem } from "../../core/records/kind.ts";
import type { Target } from "../../core/site.ts";
import type { SightingBook } from "../../ports/sighting-book.ts";
import type { Workbench } from "../workbench.ts";

/** Where a system's objects are written: whose rules, approvals, CDN and record apply. */
export interface RecordPlace {
  /** Of pages their site's; of any other system one whose only targets are the kind's systems. */
  readonly bench: Workbench;
  readonly target: Target;
}

export interface RecordsBench {
  readonly kind: RecordKind;
  /** Ledger, vault, actor and time. */
  readonly home: Workbench;
  readonly placeOf: (system: RecordSystem) => Promise<RecordPlace>;
  /** Whether a key of the system may hold a record, and whether it is a template. */
  readonly isMatch: (system: RecordSystem, key: string) => boolean;
  readonly isTemplate: (system: RecordSystem, key: string) => boolean;
  /** What a document of the system is read with. */
  readonly codecOf: (system: RecordSystem) => RecordCodec;
  readonly book: SightingBook;
  /** Systems of which a person has said that an empty or shrunken listing is the truth. */
  readonly acceptsEmpty: ReadonlySet<string>;
  /** Whether a look may ask a system what has changed instead of listing it. Watchers do; whoever is about to write lists all. */
  readonly followsFeeds?: true;
}
