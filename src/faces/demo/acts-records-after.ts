/** Incident 2 from the decision on: corrected everywhere, seen everywhere, and what only a person can change. */

import { urlPathOf } from "../../core/paths/key.ts";
import { fetchPage } from "./fetch-page.ts";
import { corrected, lookalikes, richCorrections } from "./records-case.ts";
import type { RecordsStage } from "./records-stage.ts";

/** A person says what holds and which page stays; belay shows the whole plan, asks, and carries it out. */
export async function theDecision(stage: RecordsStage): Promise<void> {
  const { narrator, story, cloud } = stage;
  await narrator.act("A person decides, and belay corrects every system");
  narrator.say("The person at the studio took the call: it is 3:30. The demo plays them, and types y at belay's question.");
  const event = cloud.event();
  const listed = cloud.listed();
  const words = ["--set", "start=15:30", "--keep", story.rich, "--why", "the guest asked on the phone"];
  const done = await stage.show("studio", ["reconcile", "booking", story.code, ...words], "person");
  narrator.claim("Shown, confirmed and carried out: exit 0.", done.code === 0);
  narrator.claim(
    `The longer page: ${richCorrections.length} texts changed, each in its own form, and every other byte is as it was.`,
    cloud.stored(story.rich) === corrected(story.richPages[1], richCorrections),
  );
  narrator.claim(
    "What only looks like the time stays: low water at 4:30 AM, a price, a telephone number.",
    lookalikes.every((text) => cloud.stored(story.rich).includes(text)),
  );
  narrator.claim("The calendar's event moved, with its end, and kept all its other properties.", isMoved(event, cloud.event()));
  narrator.claim("The table names the longer page now, and nothing else in it changed.", isRepointed(stage));
  narrator.claim("The second page leads to the first, for whoever holds its address.", leadsTo(cloud.stored(story.poor), story.rich));
  narrator.claim("A template with the same hours was left alone.", cloud.stored("g/_template.html") === story.template);
  narrator.check("The marketplace has no interface for programs: it stays as it was.", cloud.listed() === listed);
}

const owned = /^(?:DTSTART|DTEND|DTSTAMP|LAST-MODIFIED|SEQUENCE)\b/u;

/** Servers and clients sort properties as they like, so lines are compared in the order of their letters. */
const foreign = (ics: string): string =>
  ics
    .split("\r\n")
    .filter((line) => !owned.test(line))
    .toSorted()
    .join("\n");

function isMoved(before: string, after: string): boolean {
  const moved = ["DTSTART;TZID=America/Los_Angeles:20260530T153000", "DTEND;TZID=America/Los_Angeles:20260530T183000", "SEQUENCE:1"];
  return foreign(before) === foreign(after) && moved.every((line) => after.split("\r\n").includes(line));
}

function isRepointed({ cloud, story }: RecordsStage): boolean {
  const now: unknown = JSON.parse(cloud.item());
  const wanted = { ...story.item, page_slug: { S: nameOf(story.rich) } };
  return sorted(now) === sorted(wanted);
}

const sorted = (item: unknown): string => JSON.stringify(Object.entries(item ?? {}).toSorted(([one], [other]) => (one < other ? -1 : 1)));
const nameOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1).replace(/\.html$/u, "");
const leadsTo = (page: string, key: string): boolean => page.includes(`url=${urlPathOf(key)}`) && !page.includes("4:30");

/** Every address of the booking, as visitors get it at the edge. */
export async function theVisitors(stage: RecordsStage): Promise<void> {
  const { narrator, story, cloud } = stage;
  await narrator.act("What guests get now, by every address");
  const wanted = cloud.stored(story.rich);
  const own = [urlPathOf(story.rich), `/g/${nameOf(story.rich)}`, `/g/${story.code}`];
  const pages: string[] = [];
  for (const path of own) pages.push(await stage.visit(path));
  narrator.claim(
    "3:30 to 6:30 PM at all three: the copy at the short link is fresh as well.",
    pages.every((page) => page === wanted && page.includes("<b>3:30</b>&ndash;<i>6:30</i> PM")),
  );
  const second = (await fetchPage(cloud.url(urlPathOf(story.poor)))).toString("utf8");
  narrator.claim("The address of the second page leads there, too.", second === cloud.stored(story.poor) && leadsTo(second, story.rich));
  const purged = new Set(cloud.purged());
  const others = [urlPathOf(story.poor), `/g/${nameOf(story.poor)}`];
  narrator.claim(
    `The CDN was asked to forget ${own.length + others.length} paths, and no others.`,
    purged.size === own.length + others.length && [...own, ...others].every((path) => purged.has(path)),
  );
}

/** What belay cannot write is asked of a person, with all that they need. */
export async function theTask(stage: RecordsStage): Promise<void> {
  const { narrator, story, cloud } = stage;
  await narrator.act("The marketplace is a person's");
  const listed = await stage.show("studio", ["tasks"]);
  const words = listed.text.replaceAll(/\s+/gu, " ");
  const link = cloud.formUrl;
  narrator.claim(
    "One task: what to change, to what, where, and by when.",
    listed.code === 0 && words.includes("15:30") && words.includes("18:30") && words.includes(link),
  );
  narrator.gap();
  narrator.say("Somebody signs in there, types 15:30 and 18:30 into the form, and tells belay nothing.");
  const status = await cloud.fillForm({ start: "15:30", end: "18:30" });
  narrator.check(`The marketplace took the form for ${story.code}.`, status === 303 && cloud.listed() === "15:30–18:30");
}

/** Once more: nothing is left to do, and the task closes by what belay sees. */
export async function theSecondRun(stage: RecordsStage): Promise<void> {
  const { narrator, story, cloud } = stage;
  await narrator.act("Once more, with nothing left to do");
  const before = cloud.everything();
  const again = await stage.show("studio", ["reconcile", "booking", story.code], "agent");
  narrator.claim("Nothing to correct: exit 0.", again.code === 0 && again.text.includes("nothing to correct"));
  narrator.claim("Not one write, and not one purge.", cloud.everything() === before);
  const tasks = await stage.show("studio", ["tasks", "--all"]);
  narrator.claim(
    "The task is done, by what belay saw and not by anybody's word.",
    tasks.code === 0 && /\bdone\b.*as belay saw/u.test(tasks.text),
  );
  const audit = await stage.brief("studio", ["audit", "booking", story.code, "--check"]);
  narrator.claim("All systems agree, and who decided and why is on record.", isAgreed(audit.text));
}

function isAgreed(text: string): boolean {
  const words = text.replaceAll(/\s+/gu, " ");
  return words.includes("all agree") && words.includes("the guest asked on the phone");
}
