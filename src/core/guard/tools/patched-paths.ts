import { hole, type Word } from "../word.ts";

const pathsMax = 200;

/** Files that a unified diff changes, creates or removes, as its headers name them, without the first part that git puts before them. */
export function patchedPaths(text: Word): Word[] {
  const found = [...text.matchAll(/^(?:\+\+\+|---) (?<path>[^\t\n]+)/gmu), ...text.matchAll(/^rename (?:from|to) (?<path>.+)$/gmu)];
  const names = found.map((one) => (one.groups?.["path"] ?? "").replace(/^[ab]\//u, "").trim());
  return [...new Set(names)].filter((name) => name !== "/dev/null" && name !== hole).slice(0, pathsMax);
}
