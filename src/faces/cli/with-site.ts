/** Where belay.yaml has several sites, a command that is to be pasted says which one it means. */

import { shellWord } from "./plain-text.ts";

/** Verbs that work on one site; those on records find the sites of their kind by themselves. */
const verbsOfSite: ReadonlySet<string> = new Set([
  ..."apply approve blame deploy diff doctor harden log notify plan policy promote pull restore".split(" "),
  ..."resume rollback snapshots status sweep tokens undo verify warn".split(" "),
]);

/** `belay pull production --site club`: each line's command, unless it names a site; the remark behind it stays behind. */
export function withSite(remedy: string, site: string | undefined): string {
  if (site === undefined) return remedy;
  return remedy
    .split("\n")
    .map((line) => {
      const { lead, command, verb, remark } =
        /^(?<lead>(?:.*?:\s)?)(?<command>belay (?<verb>[a-z]+)(?:\s\S+)*?)(?<remark>(?:\s{2,}\(.*)?)$/u.exec(line)?.groups ?? {};
      if (command === undefined || !verbsOfSite.has(verb ?? "") || /\s--site\b/u.test(command)) return line;
      return `${lead ?? ""}${command} --site ${shellWord(site)}${remark ?? ""}`;
    })
    .join("\n");
}
