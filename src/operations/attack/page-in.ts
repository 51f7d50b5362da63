/** A page of the site for attacks by file tools: one that is there, and a line of it. */

import type { KnownPage } from "../../core/attack/attack-places.ts";
import type { GuardScope } from "../../core/guard/scope.ts";
import type { AttackBench } from "./attack-bench.ts";

/** Where a site's first page nearly always is. */
const usual = ["index.html", "index.htm", "404.html", "about.html", "about/index.html", "robots.txt"];

/** `undefined` where no site that is live somewhere has one of the usual files: then those attacks are left out. */
export async function pageIn({ files }: Pick<AttackBench, "files">, { sites }: GuardScope): Promise<KnownPage | undefined> {
  for (const { root, liveTargets } of sites) {
    if (liveTargets.length === 0) continue;
    for (const name of usual) {
      const path = `${root}/${name}`;
      const text = await files.read(path).catch(() => undefined);
      const line = text?.split(/\r?\n/u).find((one) => one.trim() !== "");
      if (line !== undefined) return { path, line };
    }
  }
  return undefined;
}
