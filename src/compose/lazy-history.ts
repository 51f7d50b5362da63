import { openGitHistory } from "../adapters/git/git-history.ts";
import type { SourceHistory } from "../ports/source-history.ts";

/** Git is asked only when some path needs its history. */
export function lazyHistory(folder: string): SourceHistory {
  let opening: Promise<SourceHistory> | undefined;
  let opened: SourceHistory | undefined;
  const open = async (signal: AbortSignal): Promise<SourceHistory> => {
    opening ??= openGitHistory({ folder }, { signal });
    opened = await opening;
    return opened;
  };
  const ancestries = new Map<string, Promise<boolean>>();
  // Many paths were published from one commit, and each of them asks.
  const isAncestor: SourceHistory["isAncestor"] = async (commit, options) => {
    const known = ancestries.get(commit) ?? open(options.signal).then(async (history) => await history.isAncestor(commit, options));
    ancestries.set(commit, known);
    // A question that was interrupted has no answer to remember.
    known.catch(() => ancestries.delete(commit));
    return await known;
  };
  return {
    head: async (options) => await (await open(options.signal)).head(options),
    isClean: async (options) => await (await open(options.signal)).isClean(options),
    versionsOf: async (paths, limit, options) => await (await open(options.signal)).versionsOf(paths, limit, options),
    // Content ids are compared with those of versions, so the history is open by then.
    contentId: (bytes) => opened?.contentId(bytes) ?? "",
    read: async (version, options) => await (await open(options.signal)).read(version, options),
    isAncestor,
    changedSince: async (commit, options) => await (await open(options.signal)).changedSince(commit, options),
  };
}
