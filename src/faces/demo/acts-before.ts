/** Acts 1 to 3: how two working copies came apart, and what a plain copy would do about it. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { edited, lostFeatures } from "./demo-case.ts";
import type { Stage } from "./stage.ts";

/** The studio publishes three versions, to production by hand; the laptop takes its copy after the first. */
export async function theSetting(stage: Stage): Promise<void> {
  const { narrator, demoCase, world } = stage;
  await narrator.act("One page, two working copies");
  narrator.say("The studio publishes version 1: to staging with belay, to production by hand.");
  await publish(stage, 0);
  narrator.gap();
  narrator.say("The laptop takes its copy of both.");
  await stage.brief("laptop", ["pull", "staging"]);
  await stage.brief("laptop", ["pull", "production"]);
  narrator.claim("The laptop holds version 1.", (await stage.page("laptop")) === demoCase.versions[0]);
  narrator.gap();
  narrator.say(`Then the studio goes on. Version 2: ${demoCase.history[0]}.`);
  await publish(stage, 1);
  narrator.gap();
  narrator.say(
    `Version 3: ${demoCase.history[1]}. From here on belay.yaml, the same in both copies, names the ${demoCase.features.length} features.`,
  );
  await world.promise(demoCase.features);
  await publish(stage, 2);
  await narrator.pause();
  narrator.gap();
  narrator.say("What visitors of production get, fetched just now:");
  const live = await stage.visit("production");
  narrator.claim(
    `Version 3, byte for byte, with all ${demoCase.features.length} features.`,
    live === demoCase.versions[2] && lostFeatures(live, demoCase.features).length === 0,
  );
}

/** Puts one version into the studio's folder, onto staging, and by a plain copy onto production, as in the incident. */
async function publish(stage: Stage, version: 0 | 1 | 2): Promise<void> {
  const { demoCase, world } = stage;
  const path = world.pagePath("studio");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, demoCase.versions[version]);
  await stage.brief("studio", ["deploy", "staging", "--yes"]);
  const [from, to] = version === 0 ? ["public/.", "../srv/production"] : [`public/${demoCase.page}`, `../srv/production/${demoCase.page}`];
  await stage.shell("studio", ["cp", ...(version === 0 ? ["-R"] : []), from, to]);
}

/** The laptop's owner edits the first version, which is two versions old. */
export async function theEdit({ narrator, demoCase, world, ...stage }: Stage): Promise<void> {
  await narrator.act("A small, honest edit on an old copy");
  narrator.say(`On the laptop, ${demoCase.edit.what}. Its page is two versions old:`);
  narrator.line(`- ${demoCase.edit.find.trim()}`);
  narrator.line(`+ ${demoCase.edit.replace.trim()}`);
  const before = await stage.page("laptop");
  const after = edited(before, demoCase.edit);
  narrator.check("The edit changes the laptop's page.", after !== before);
  await writeFile(world.pagePath("laptop"), after);
}

/** On a copy of production: the plain copy of incident 1. */
export async function thePlainCopy(stage: Stage): Promise<void> {
  const { narrator, demoCase } = stage;
  await narrator.act("What a plain copy would do");
  narrator.say("On a scratch copy of production, with no belay in the way:");
  await stage.shell("laptop", ["cp", "-R", "../srv/production/.", "../srv/scratch"]);
  await stage.shell("laptop", ["cp", `public/${demoCase.page}`, `../srv/scratch/${demoCase.page}`]);
  narrator.gap();
  narrator.say("cp says nothing and ends with 0. What visitors would get:");
  const page = await stage.visit("scratch");
  const lost = lostFeatures(page, demoCase.features);
  const all = demoCase.features.length;
  narrator.loss(`All ${all} features lost, for one corrected line.`, lost.length === all);
}
