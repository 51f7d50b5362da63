/** Which files of a site's folder are published at all (decision 26). */

const neverNames = new Set(["belay.yaml", "CLAUDE.md", "AGENTS.md", "node_modules"]);

/** Whether belay leaves a key out unless belay.yaml's `include` names it: dotfiles, belay's own, instructions to agents. */
export function isPrivate(key: string): boolean {
  return key.split("/").some((segment) => segment.startsWith(".") || neverNames.has(segment));
}

/** Decides for one key; the matchers come from the configuration's globs. */
export function isPublished(key: string, isIgnored: (key: string) => boolean, isIncluded: (key: string) => boolean): boolean {
  if (isIncluded(key)) return true;
  return !isPrivate(key) && !isIgnored(key);
}
