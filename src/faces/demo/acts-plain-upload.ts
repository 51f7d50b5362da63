/** The act on S3 and CloudFront without belay: what today's tools do with a stale copy. */

import { bucketOf, distributionOf, writePage } from "./cloud.ts";
import type { CloudStage } from "./cloud-stage.ts";
import { edited, lostFeatures } from "./demo-case.ts";

/** A plain upload takes the features off in the bucket; visitors lose them when somebody invalidates, all at once. */
export async function thePlainUpload(stage: CloudStage): Promise<void> {
  const { narrator, demoCase, cloud } = stage;
  const { page, features } = demoCase;
  const [first, , live] = demoCase.versions;
  await narrator.act("The same page on S3 and CloudFront, with upload tools");
  narrator.say(
    "A pretend S3 and CloudFront on this machine: two buckets, and before each a distribution whose edge keeps copies. s3.mjs stands for the aws command: signed requests without any condition.",
  );
  await writePage(cloud, "studio", live);
  await writePage(cloud, "laptop", edited(first, demoCase.edit));
  await stage.plain("studio", ["cp", "public", `s3://${bucketOf.staging}`, `s3://${bucketOf.production}`]);
  narrator.gap();
  narrator.say("A visitor of production:");
  const before = await stage.visit("production");
  narrator.check("Visitors get version 3 at first.", before.page === live);
  narrator.gap();
  narrator.say("The laptop uploads its old copy with the small edit.");
  await stage.plain("laptop", ["cp", `public/${page}`, `s3://${bucketOf.production}/${page}`]);
  narrator.gap();
  narrator.say("The next visitor. Nothing looks wrong: the edge still has its copy of version 3.");
  const after = await stage.visit("production");
  narrator.check("The edge goes on with version 3.", after.isKept && after.page === live);
  const isGone = lostFeatures(cloud.stored("production"), features).length === features.length;
  narrator.loss(`In the bucket all ${features.length} features are gone already, and nothing has said so.`, isGone);
  narrator.gap();
  narrator.say("Then somebody invalidates, both distributions in one go, as in the incident.");
  await stage.plain("laptop", ["invalidate", "/*", distributionOf.production, distributionOf.staging]);
  narrator.gap();
  narrator.say("The visitor after that:");
  const late = await stage.visit("production");
  const isLost = lostFeatures(late.page, features).length === features.length;
  narrator.loss("The loss shows late, to everybody, and with staging never looked at.", isLost && !late.isKept);
}
