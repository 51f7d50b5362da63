/** Incident 2 up to the decision: one booking in five places, what each of them says, and what belay will not decide by itself. */

import { refused } from "./acts-after.ts";
import type { RecordsStage } from "./records-stage.ts";

/** One booking, in as many versions as there are systems. */
export async function theBooking(stage: RecordsStage): Promise<void> {
  const { narrator, story, cloud } = stage;
  await narrator.act("One booking, many truths");
  narrator.say(
    "A pretend S3 with its CDN, a DynamoDB table, a CalDAV calendar, and a marketplace that has no interface for programs. The guest is made up.",
  );
  narrator.gap();
  narrator.say(
    `On May 9 the office makes a page for a charter from 4:30 to 7:30 PM: ${linesOf(story.richPages[1])} lines, with everything that guests use.`,
  );
  narrator.say(
    `On May 20 the guest moves to 3:30 PM. Whoever notes that in the table does not find the page, makes a second one of ${linesOf(story.poorPage)} lines with the old time, and has the table name that one.`,
  );
  narrator.gap();
  narrator.say(`What the guest sees by the short link in the message, /g/${story.code}, and on the second page:`);
  const short = await stage.visit(`/g/${story.code}`);
  narrator.check("The edge has a copy that is older than the page.", short === story.richPages[0]);
  const second = await stage.visit(`/${story.poor}`);
  narrator.loss(
    "Both pages, the calendar and the marketplace say 4:30. The crew's table says 3:30.",
    saysOld(short) &&
      saysOld(second) &&
      cloud.event().includes("T163000") &&
      cloud.listed() === "16:30–19:30" &&
      cloud.item().includes('"15:30"'),
  );
  const configured = cloud.config.trimEnd().split("\n");
  narrator.gap();
  narrator.say(`belay.yaml says where bookings are kept, in ${configured.length} lines:`);
  for (const line of configured) narrator.line(line);
  narrator.check("The configuration of the incident has less than 40 lines.", configured.length < 40);
}

const linesOf = (page: string): number => page.split("\n").length - 1;
const saysOld = (page: string): boolean => page.includes("4:30") && !page.includes("3:30");

/** The conflict matrix, what is wrong besides, and who changed what when. */
export async function theAudit(stage: RecordsStage): Promise<void> {
  const { narrator, story, cloud } = stage;
  await narrator.act("What every system says, side by side");
  const before = cloud.everything();
  const audit = await stage.show("studio", ["audit", "booking", story.code]);
  const words = audit.text.replaceAll(/\s+/gu, " ");
  narrator.claim(
    "One booking in five places, found by its code, its guest and its day.",
    audit.code === 0 && /\b5 places in 4 systems\b/u.test(words),
  );
  narrator.claim(
    "Two pages of it, and what the longer one has alone: photos, checked links, a trap for spam, pictures.",
    words.includes(story.poor) && ownFeatures.every((feature) => words.includes(feature)),
  );
  narrator.claim(`The copy that the edge shows at /g/${story.code} is not the page in the bucket.`, isStale(words, `/g/${story.code}`));
  narrator.claim(
    "Who changed what, and when: the table by the crew desk, and for the pages nobody is named.",
    words.includes("crew desk") && words.includes("unknown"),
  );
  narrator.claim("Nothing was written by looking.", cloud.everything() === before);
}

/** As the inventory of a page calls them: by what its forms and scripts do. */
const ownFeatures = ["POST /api/guest-photos", "POST /api/guest-token/validate", "honeypot field", "instagram"];

const isStale = (words: string, path: string): boolean => new RegExp(`${path}: serves other bytes`, "u").test(words);

/** No rule says who is right, and belay guesses nothing. */
export async function theQuestion(stage: RecordsStage): Promise<void> {
  const { narrator, story, cloud } = stage;
  await narrator.act("belay asks, and guesses nothing");
  const before = cloud.everything();
  const asked = await stage.show("studio", ["reconcile", "booking", story.code], "agent");
  const words = asked.text.replaceAll(/\s+/gu, " ");
  narrator.claim(`A person has to decide: exit ${asked.code}.`, refused.includes(asked.code) && asked.code === needsPerson);
  narrator.claim(
    "It names both times and both pages.",
    ["15:30", "16:30", story.rich, story.poor].every((text) => words.includes(text)),
  );
  narrator.claim("Nothing was written while it asks.", cloud.everything() === before);
}

/** The exit that waits for a person. */
const needsPerson = 8;
