/** Pathspecs of git: words that name files of the working copy. Source: "pathspec" in git's glossary. */

import { hole, isKnown, mayBe, type Word } from "../word.ts";

/** Files of the working copy's top folder that hold the guard up, and that a pattern may mean. */
const guardNames: readonly string[] = [
  "belay.yaml",
  "belay.yml",
  ".mcp.json",
  ".claude/settings.json",
  ".codex/config.toml",
  ".codex/hooks.json",
  ".cursor/hooks.json",
  ".gemini/settings.json",
  "opencode.json",
];

export interface Pathspecs {
  /** Paths, seen from the folder where git runs; those from the top begin with the top's own path. */
  readonly paths: readonly Word[];
  /** What is left out, as it is written. */
  readonly excluded: readonly Word[];
}

/** `:(top)x` and `:/x` begin at the top, `:!x` leaves out, and a pattern stands for those of the guard's files that it matches. */
export function readPathspecs(specs: readonly Word[], top: Word): Pathspecs {
  const paths: Word[] = [];
  const excluded: Word[] = [];
  for (const spec of specs) {
    const found = /^:(?:\((?<long>[a-z,]*)\)|(?<short>[/!^]*)(?::|(?=[^(/!^])|$))(?<path>.*)$/su.exec(spec)?.groups;
    const magic = found?.["long"]?.split(",") ?? [];
    const short = found?.["short"] ?? "";
    const path = found?.["path"] ?? spec;
    if (magic.includes("exclude") || /[!^]/u.test(short)) excluded.push(path);
    else paths.push(...matched(path).map((one) => (magic.includes("top") || short.includes("/") ? `${top}/${one}` : one)));
  }
  return { paths, excluded };
}

/** Everything (`*`) is judged as a branch is; a pattern with letters in it means what it matches. */
function matched(path: Word): Word[] {
  if (!/[*?[]/u.test(path)) return [path];
  const open = path.replaceAll(/\*+|\?|\[[^\]]*\]/gu, hole);
  const letters = open.replaceAll(hole, "").replaceAll(/[./]/gu, "");
  return letters === "" || !isKnown(path)
    ? []
    : guardNames.filter((name) => mayBe(open, name) || mayBe(open, name.slice(name.lastIndexOf("/") + 1)));
}
