/** What belay.yaml puts under guard. Plain data, so that it can be kept beside its digest and read back within a millisecond. */

/** Beside belay.yaml: what it guarded when it was last read, which goes on binding where it is gone or broken. */
export const scopeCachePath = ".belay/cache/guard-scope.json";

export interface GuardScope {
  /** Absolute folder of belay.yaml. */
  readonly folder: string;
  readonly buckets: readonly GuardedBucket[];
  readonly distributions: readonly GuardedName[];
  readonly tables: readonly GuardedName[];
  /** Calendars and other addresses that are written to over HTTP: everything below is guarded. No trailing slash. */
  readonly urls: readonly GuardedName[];
  /** Absolute folders: `dir:` targets and mounts. */
  readonly folders: readonly GuardedName[];
  readonly sites: readonly GuardedSite[];
  /** Absolute folder of local state (`.belay`), and of shared state where that is a folder. */
  readonly stateFolders: readonly string[];
  /** Whether it has `records:`, so that a page made for a known record can be refused (R9). */
  readonly hasRecords: boolean;
  /** Absolute folder of belay's own program as the hook runs it; absent where nobody knows it, and in belay's own repository. */
  readonly programFolder?: string;
}

export interface GuardedName {
  /** As it would stand in a command: an id, a name, a path, an address. */
  readonly name: string;
  /** For messages: `production`, `main/production` where there are several sites, `booking table`, `state`. */
  readonly label: string;
  /** The target it belongs to, for the command that goes the safe way. */
  readonly target?: string;
}

/** One name under which a guarded bucket is reached: its own, or an alias or access point of it. */
export interface GuardedBucket extends GuardedName {
  /** Keys that begin so are guarded; "" for all. */
  readonly prefix: string;
  /** Prefixes inside that are a target's with `guard: false`. */
  readonly except: readonly string[];
}

export interface GuardedSite {
  readonly name: string;
  /** Absolute folder of the working copy. */
  readonly root: string;
  /** Guarded targets that no other target comes after: what visitors see. A page is edited only once it was seen there. */
  readonly liveTargets: readonly string[];
  /** Every target, in the order of belay.yaml. */
  readonly targets: readonly string[];
  readonly guardedTargets: readonly string[];
  /** By target the stage whose bytes it takes (`after:`). */
  readonly after?: Readonly<Record<string, string>>;
  /** Globs over keys that are never published (`ignore:`), and over those that are although belay would leave them out (`include:`). */
  readonly ignore?: readonly string[];
  readonly include?: readonly string[];
}
