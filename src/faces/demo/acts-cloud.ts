/** The acts on S3 and CloudFront with belay: refused, brought up to date, deployed to staging alone, and two mishaps. */

import { setTimeout as pause } from "node:timers/promises";
import { visitorPathsOf } from "../../core/paths/key.ts";
import { refused } from "./acts-after.ts";
import type { Cloud } from "./cloud.ts";
import { bucketOf, distributionOf, writePage } from "./cloud.ts";
import type { CloudStage } from "./cloud-stage.ts";
import { edited, lostFeatures } from "./demo-case.ts";
import { claimMerged } from "./merge-claims.ts";

/** The same stale copy over the same page in a bucket: refused, on the evidence of the bucket's own versions. */
export async function theCloudRefusal(stage: CloudStage): Promise<void> {
  const { narrator, demoCase, cloud } = stage;
  const { page } = demoCase;
  const [first, second, third] = demoCase.versions;
  await narrator.act("The same buckets again, and the laptop uses belay");
  narrator.say("A fresh cloud. The studio uploads three versions; the laptop takes its copy after the first, and makes the small edit.");
  await cloud.promise([]);
  await writePage(cloud, "studio", first);
  await stage.plain("studio", ["cp", "public", `s3://${bucketOf.staging}`, `s3://${bucketOf.production}`]);
  await stage.brief("laptop", ["pull", "production"]);
  for (const text of [second, third]) {
    await writePage(cloud, "studio", text);
    await stage.plain("studio", ["cp", "public", `s3://${bucketOf.staging}`, `s3://${bucketOf.production}`]);
  }
  await cloud.promise(demoCase.features);
  await writePage(cloud, "laptop", edited(await stage.page("laptop"), demoCase.edit));
  const before = cloud.digest("production");
  const answer = await stage.show("laptop", ["deploy", "production", page]);
  const words = answer.text.replaceAll(/\s+/gu, " ");
  narrator.claim(`belay refused (D8): exit ${answer.code}.`, refused.includes(answer.code) && words.includes("D8"));
  narrator.claim("It found production 2 versions ahead, among the versions that the bucket keeps.", words.includes(" 2 versions "));
  narrator.claim("Nothing was written to production's bucket, and nothing purged.", isUntouched(cloud, before));
}

/** What the refusal says to do, and the deploy: one bucket, one distribution, this page's paths. */
export async function theCloudDeploy(stage: CloudStage): Promise<void> {
  const { narrator, demoCase, cloud } = stage;
  const { page, features } = demoCase;
  await narrator.act("Brought up to date, to staging, and to nowhere else");
  const pulled = await stage.show("laptop", ["pull", "production", page]);
  await claimMerged(stage, pulled, cloud.pagePath("laptop"));
  narrator.gap();
  narrator.say("A visitor of staging before the deploy, whose copy the edge keeps:");
  await stage.visit("staging");
  const before = cloud.digest("production");
  cloud.sandbox.log.reset();
  const answer = await stage.show("laptop", ["deploy", "staging", page, "--yes"]);
  const endedAtMs = Date.now();
  narrator.check("The deploy ends with exit 0.", answer.code === 0);
  const [purge, ...others] = cloud.sandbox.cloudfront.invalidations(distributionOf.staging);
  const isExact = purge !== undefined && others.length === 0 && isSame(purge.paths, visitorPathsOf(page));
  narrator.claim(`One invalidation, on ${distributionOf.staging}, of ${visitorPathsOf(page).join(" and ")}.`, isExact);
  const looks = cloud.sandbox.log.snapshot().operations["GetInvalidation"] ?? 0;
  narrator.claim("belay waited until CloudFront called it completed.", looks > 0 && (purge?.completedAtMs ?? Infinity) <= endedAtMs);
  narrator.gap();
  narrator.say("The visitor of staging after it (belay's own look has had the edge fetch the page anew):");
  const seen = await stage.visit("staging");
  const isWhole = lostFeatures(seen.page, features).length === 0 && seen.page.includes(demoCase.edit.replace);
  narrator.claim(
    `All ${features.length} features and the edit, byte for byte as on the laptop.`,
    isWhole && seen.page === (await stage.page("laptop")),
  );
  narrator.gap();
  const after = cloud.digest("production");
  narrator.say(`Production's bucket: digest ${before.slice(0, 8)} before, ${after.slice(0, 8)} after. Invalidations by now:`);
  narrator.line(purgesOf(cloud));
  narrator.claim("Production is as it was: no object written, no path purged.", isUntouched(cloud, before));
}

/** S3 takes the page and its answer never arrives. belay looks. */
export async function theLostReply(stage: CloudStage): Promise<void> {
  const { narrator, demoCase, cloud } = stage;
  const { page } = demoCase;
  await narrator.act("S3 takes the page, and its answer is lost on the way");
  narrator.say("The laptop adds a line to the page. The upload arrives; the answer to it does not.");
  const wanted = `${await stage.page("laptop")}<!-- proof-read -->\n`;
  await writePage(cloud, "laptop", wanted);
  const puts = { operation: "PutObject", key: page, times: 1 } as const;
  cloud.sandbox.faults.add({ ...puts, action: { kind: "lose-reply" } });
  // What is left of this rule afterwards tells whether the page was sent a second time.
  cloud.sandbox.faults.add({ ...puts, action: { kind: "delay", ms: 0 } });
  const answer = await stage.show("laptop", ["deploy", "staging", page, "--yes"]);
  const left = cloud.sandbox.faults.rules().map(({ action }) => action.kind);
  cloud.sandbox.faults.clear();
  narrator.check("The reply to the upload was lost.", !left.includes("lose-reply"));
  narrator.claim("belay looked, found its own bytes, and did not send them again: exit 0.", answer.code === 0 && left.includes("delay"));
  narrator.gap();
  narrator.say("A visitor of staging:");
  const seen = await stage.visit("staging");
  const isThere = cloud.stored("staging") === wanted && seen.page === wanted;
  narrator.claim("The page as it is on the laptop, in the bucket and at the edge.", isThere);
}

/** How long S3 takes its time over the upload, at most: the stranger's write comes in that time. */
const delayMs = 500;
const lookEveryMs = 10;

/** Somebody else writes between belay's look and its write. S3 refuses belay's, because it names the version it expects. */
export async function theStranger(stage: CloudStage): Promise<void> {
  const { narrator, demoCase, cloud } = stage;
  const { page } = demoCase;
  await narrator.act("Somebody else writes in between");
  narrator.say("While belay's upload is on its way, the studio puts a page of its own into staging's bucket.");
  const { faults, s3 } = cloud.sandbox;
  const mine = `${await stage.page("laptop")}<!-- the laptop's -->\n`;
  const theirs = `${cloud.stored("staging")}<!-- the studio's -->\n`;
  await writePage(cloud, "laptop", mine);
  faults.add({ operation: "PutObject", key: page, times: 1, action: { kind: "delay", ms: delayMs } });
  const over = new AbortController();
  const stranger = async (): Promise<void> => {
    while (!over.signal.aborted && faults.rules().length > 0) await pause(lookEveryMs);
    if (!over.signal.aborted) s3.put(bucketOf.staging, page, Buffer.from(theirs), { "content-type": "text/html" });
  };
  const writing = stranger();
  const answer = await stage.show("laptop", ["deploy", "staging", page, "--yes"]).finally(() => over.abort());
  await writing;
  faults.clear();
  narrator.claim(`A conflict: exit ${answer.code}.`, answer.code === conflict);
  narrator.claim("The studio's page stands in the bucket, byte for byte.", cloud.stored("staging") === theirs);
  narrator.claim("The laptop's is still on the laptop: nothing is lost.", (await stage.page("laptop")) === mine);
}

/** The exit of a deploy that found somebody else's write. */
const conflict = 4;

const isUntouched = (cloud: Cloud, before: string): boolean =>
  cloud.digest("production") === before && cloud.sandbox.cloudfront.invalidations(distributionOf.production).length === 0;

function purgesOf({ sandbox }: Cloud): string {
  const counts = Object.values(distributionOf).map((id) => `${id} ${sandbox.cloudfront.invalidations(id).length}`);
  return counts.join(", ");
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
