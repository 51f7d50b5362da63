/** Acts 7 to 9: from staging to production, by a look, a refusal and a person's word. */

import { refused } from "./acts-after.ts";
import { lostFeatures } from "./demo-case.ts";
import type { Stage } from "./stage.ts";
import { fileDigest, treeDigest } from "./world.ts";

/** `belay verify staging` fetches the page as visitors do, and records what it saw. */
export async function theVerification({ narrator, demoCase, world, ...stage }: Stage): Promise<void> {
  await narrator.act("A look at staging, as visitors get it");
  const digest = await fileDigest(`${world.served("staging")}/${demoCase.page}`);
  const answer = await stage.show("laptop", ["verify", "staging", demoCase.page]);
  narrator.claim(
    "belay fetched the page from its address, and found the bytes that the deploy sent: exit 0.",
    answer.code === 0 && answer.text.includes(digest.slice(0, 8)),
  );
}

/** An agent asks for production, in vain; a person looks and agrees; production gets what staging has. */
export async function thePromotion(stage: Stage): Promise<void> {
  const { narrator, demoCase, world } = stage;
  const asked = await ask(stage);
  if (world.hasApprovals) await sign(stage, asked.plan);
  else await sayYes(stage, asked.merge);
  narrator.gap();
  narrator.say("What visitors of production get now:");
  const page = await stage.visit("production");
  narrator.claim(
    `All ${demoCase.features.length} features and the edit: byte for byte what was verified on staging.`,
    lostFeatures(page, demoCase.features).length === 0 && page.includes(demoCase.edit.replace) && page === (await stage.served("staging")),
  );
}

/** What a refused promotion leaves to a person. */
interface Asked {
  /** The plan to approve; empty where nobody can sign. */
  readonly plan: string;
  /** The unwatched merge to look at, where no approval covers it. */
  readonly merge: string | undefined;
}

async function ask({ narrator, world, ...stage }: Stage): Promise<Asked> {
  await narrator.act("An agent asks for production");
  narrator.say("On the laptop a coding agent is at work now. belay knows it by the variables that agents set.");
  const before = await treeDigest(world.served("production"));
  const isUntouched = async (): Promise<boolean> => (await treeDigest(world.served("production"))) === before;
  const asked = await stage.show("laptop", ["promote", "production"], "agent");
  const plan = /belay approve ([0-9a-f]{8,64})/u.exec(asked.text)?.[1] ?? "";
  if (world.hasApprovals) {
    narrator.claim(`Production wants a person's approval: exit ${asked.code}.`, refused.includes(asked.code));
    narrator.claim("It names the plan that a person may approve.", plan !== "");
    narrator.gap();
    narrator.say("The agent tries to approve it itself.");
    const own = await stage.show("laptop", ["approve", plan], "agent");
    narrator.claim(`No approval from an agent: exit ${own.code}.`, refused.includes(own.code));
  } else narrator.claim(`It waits for a person: exit ${asked.code}.`, asked.code !== 0);
  narrator.claim("Production is still as it was.", await isUntouched());
  return { plan, merge: /belay warn resolve (m\d+)/u.exec(asked.text)?.[1] };
}

/** A person signs that plan, and then anybody may apply it, once. */
async function sign({ narrator, world, ...stage }: Stage, plan: string): Promise<void> {
  await narrator.act("A person looks, and signs");
  narrator.say(
    "At the studio sits a person. The demo plays them: it types y at belay's question, and signs with a key that it made for itself.",
  );
  narrator.say("belay.yaml allows such keys here (keys: any). Otherwise it has to be a security key, and no program can give its touch.");
  const before = await treeDigest(world.served("production"));
  const signed = await stage.show("studio", ["approve", plan], "person");
  narrator.claim("Signed: exit 0.", signed.code === 0);
  narrator.check("A signature alone writes nothing to production.", (await treeDigest(world.served("production"))) === before);
  narrator.gap();
  narrator.say("Now the agent may carry out that plan: exactly that one, once.");
  await stage.brief("laptop", ["apply", plan], "agent");
}

/** Where nobody can sign, production's owner answers for it at the terminal. */
async function sayYes({ narrator, ...stage }: Stage, merge: string | undefined): Promise<void> {
  await narrator.act("Production's owner looks, and says yes");
  narrator.say("There is no ssh-keygen here to sign with, so belay.yaml asks for no approval: production has one owner, at the studio.");
  narrator.say("The demo plays them, and types y at belay's question.");
  if (merge !== undefined) await stage.brief("studio", ["warn", "resolve", merge, "--why", "looked at it"], "person");
  const promoted = await stage.show("studio", ["promote", "production"], "person");
  narrator.claim("The owner's yes at the terminal is enough: exit 0.", promoted.code === 0);
}
