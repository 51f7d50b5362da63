/** What of the guard a pattern names: `rm -rf .b*`, `find . -name '*.yaml' -delete`. */

import type { GuardScope } from "../scope.ts";
import { patternNames } from "../tools/match-pattern.ts";

/** Folders of agents, where one has settings here. A pattern that begins with a star is not meant for them. */
const settings = [".claude", ".claude/settings.json", ".claude/settings.local.json", ".codex", ".cursor", ".gemini", ".opencode"];

/** What the hook is started by. */
const programFiles = ["guard.sh", "guard.cjs", "chunks"];

/** The first path of those that hold the guard up that `pattern` matches; with `isTree` folders above it count, too. */
export function patternTarget(pattern: string, scope: GuardScope, isTree: boolean): string | undefined {
  const last = pattern.slice(pattern.lastIndexOf("/") + 1);
  const own = [`${scope.folder}/belay.yaml`, ...scope.stateFolders, ...scope.folders.map(({ name }) => name)];
  const named = /^[^*?[]/.test(last) ? settings.map((name) => `${scope.folder}/${name}`) : [];
  const above = isTree ? foldersAbove(scope.folder) : [];
  const { programFolder } = scope;
  if (programFolder !== undefined) {
    const inside = programFiles.map((name) => `${programFolder}/${name}`);
    own.push(...inside, programFolder);
    if (isTree) own.push(...foldersAbove(programFolder));
  }
  return [...own, ...named, ...above].find((path) => patternNames(pattern, path));
}

function foldersAbove(folder: string): readonly string[] {
  const parts = folder.split("/").filter((part) => part !== "");
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`).toReversed();
}
