import type { Body } from "../core/body.ts";
import type { CallOptions } from "./store.ts";

/** One committed version of one file. */
export interface SourceVersion {
  /** Full commit hash that brought this version. */
  readonly commit: string;
  /** The version control system's own name of the content; compare with `contentId`. */
  readonly contentId: string;
  /** ISO 8601 with offset, as the commit says. */
  readonly at: string;
  readonly author: string;
  readonly subject: string;
}

/** The version control system that holds the site's sources, if there is one. Never written to. */
export interface SourceHistory {
  /** `undefined` outside a repository, or before its first commit. */
  head(options: CallOptions): Promise<{ readonly commit: string; readonly subject: string; readonly shallow: boolean } | undefined>;
  /** Whether every tracked file is as HEAD has it and nothing untracked lies in the published folder. False outside a repository. */
  isClean(options: CallOptions): Promise<boolean>;
  /**
   * Versions of each site path reachable from HEAD, newest first, at most `limit` a path. All paths are looked up together,
   * so ask once for as many as are needed. A path that was never committed is left out.
   */
  versionsOf(paths: readonly string[], limit: number, options: CallOptions): Promise<ReadonlyMap<string, readonly SourceVersion[]>>;
  /** The content id that these bytes would have. */
  contentId(bytes: Uint8Array): string;
  /** The bytes of a version. */
  read(version: SourceVersion, options: CallOptions): Promise<Body>;
  /** Whether `commit` is HEAD or an ancestor of it. False when the commit is not known here. */
  isAncestor(commit: string, options: CallOptions): Promise<boolean>;
  /** Site paths that differ between a commit and HEAD, and the commits between, newest first. */
  changedSince(
    commit: string,
    options: CallOptions,
  ): Promise<{ readonly paths: readonly string[]; readonly commits: readonly { readonly commit: string; readonly subject: string }[] }>;
}
