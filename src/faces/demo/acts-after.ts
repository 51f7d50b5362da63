/** Acts 4 to 6: the same copy, the same edit, through belay. */

import { readFile } from "node:fs/promises";
import { lostFeatures } from "./demo-case.ts";
import { claimMerged } from "./merge-claims.ts";
import type { Stage } from "./stage.ts";
import { fileDigest, treeDigest } from "./world.ts";

/** The exits of a refusal: by a rule, or because a person is needed. */
export const refused: readonly number[] = [3, 8];

/** `belay deploy` refuses, says why, and production stays as it was. */
export async function theRefusal({ narrator, demoCase, world, ...stage }: Stage): Promise<void> {
  await narrator.act("The same edit, through belay");
  const before = await treeDigest(world.served("production"));
  const answer = await stage.show("laptop", ["deploy", "production", demoCase.page]);
  narrator.claim(`belay refused: exit ${answer.code}.`, refused.includes(answer.code));
  narrator.claim(
    "It found production 2 versions ahead, among the releases of staging.",
    / 2 versions /u.test(answer.text.replaceAll(/\s+/gu, " ")),
  );
  narrator.check("It names the next command: belay pull production.", answer.text.includes("belay pull production"));
  narrator.claim("Not one byte of production changed.", (await treeDigest(world.served("production"))) === before);
}

/** `belay pull` brings what the laptop never saw and keeps the edit. */
export async function theMerge({ narrator, demoCase, world, ...stage }: Stage): Promise<void> {
  await narrator.act("What the refusal says to do");
  const pulled = await stage.show("laptop", ["pull", "production", demoCase.page]);
  await claimMerged({ narrator, demoCase }, pulled, world.pagePath("laptop"));
  const diff = await stage.show("laptop", ["diff", "staging", demoCase.page]);
  narrator.claim("The small edit is all that would change.", diff.code === 0 && isSmall(diff.text, demoCase.edit.replace));
}

/** A diff that holds the new words and as many changed lines as the edit has, on each side. */
function isSmall(diff: string, replacement: string): boolean {
  // Colours, if any, are of no interest here.
  // oxlint-disable-next-line no-control-regex -- terminal sequences begin with a control character
  const lines = diff.replaceAll(/\u001b\[[0-9;]*m/gu, "").split("\n");
  const changed = (sign: "+" | "-"): number => lines.filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3))).length;
  const linesMax = replacement.split("\n").length;
  return lines.some((line) => line.includes(replacement.split("\n", 1)[0] ?? "")) && changed("+") <= linesMax && changed("-") <= linesMax;
}

/** The merged page goes to staging, with proof. */
export async function theDeploy({ narrator, demoCase, world, ...stage }: Stage): Promise<void> {
  await narrator.act("Staging first, with proof");
  const production = await treeDigest(world.served("production"));
  const [local, live] = [await fileDigest(world.pagePath("laptop")), await fileDigest(`${world.served("staging")}/${demoCase.page}`)];
  const answer = await stage.show("laptop", ["deploy", "staging", demoCase.page, "--yes"]);
  narrator.check("The deploy ends with exit 0.", answer.code === 0);
  const names = (digest: string): boolean => answer.text.includes(digest.slice(0, 8));
  narrator.check("The proof names the hash of the new page and of the page it replaced.", names(local) && names(live));
  narrator.gap();
  narrator.say("What visitors of staging get now:");
  const page = await stage.visit("staging");
  narrator.seen(
    `${"the edit".padEnd(17)} ${page.includes(demoCase.edit.replace) ? "is there" : "is gone"}`,
    page.includes(demoCase.edit.replace),
  );
  const kept = demoCase.features.length - lostFeatures(page, demoCase.features).length;
  narrator.claim(
    `All ${demoCase.features.length} features and the edit: served byte for byte as on the laptop.`,
    kept === demoCase.features.length && page === (await readFile(world.pagePath("laptop"), "utf8")),
  );
  narrator.claim("Production is as it was, byte for byte.", (await treeDigest(world.served("production"))) === production);
}
