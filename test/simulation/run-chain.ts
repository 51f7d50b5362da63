/**
 * One seeded schedule with a staging and a production: people deploy, promote, approve, verify, warn and roll back at once,
 * from copies that share the state, while strangers write to both sites, processes die and replies get lost.
 */

import { asStoreName } from "../../src/core/brand.ts";
import type { Target } from "../../src/core/site.ts";
import { ChainCommands, type Asked, type Asking, type Hand } from "./chain-commands.ts";
import { GuardedWorld, paths, target as staging, type Chain, type Copy, type OpenStage } from "./guarded-world.ts";
import { People, type Key } from "./people.ts";
import { editOnce, meddle, type Verdict } from "./run-schedule.ts";
import { noFaults, type Faults } from "./shared-place.ts";

/** How a schedule's world differs from the usual one. */
export interface ChainSetting {
  readonly open?: OpenStage;
  readonly profiles: readonly Faults[];
  readonly headersOnly: number;
  /** Waited for at the end, so that whatever is still on its way lands and is judged. */
  readonly lingerMs: number;
  /** As the stage names it. */
  readonly store: string;
}

/** Chances per call to a port. A way to production is long, and has to come to its end often enough. */
const profiles: readonly Faults[] = [
  noFaults,
  noFaults,
  { ...noFaults, crash: 0.004 },
  { ...noFaults, lost: 0.08 },
  { ...noFaults, error: 0.006, conflict: 0.02 },
  { ...noFaults, lost: 0.02, pause: 0.01 },
  { ...noFaults, pause: 0.03 },
  { ...noFaults, crash: 0.003, lost: 0.02, error: 0.003, conflict: 0.01, pause: 0.003 },
];

const usual: ChainSetting = { profiles, headersOnly: 0.05, lingerMs: 0, store: "production" };

/** Who may sign: those who edit may, too. */
const signers: readonly string[] = ["copy0", "copy1", "carol", "dora"];
const keyOf = (owner: string): Key => ({ owner, kind: "security-key" });

/** Every pair of ways to ask for approvals, by seed. */
const chainOf = (seed: number, store: string): Chain => ({
  target: {
    name: "production",
    store: asStoreName(store),
    after: staging.name,
    approvals: 1,
    keys: seed % 3 === 0 ? "any" : "security-key",
    approvers: seed % 4 < 2 ? "others" : "anyone",
    guard: true,
  },
  people: new People(signers),
});

interface Play {
  readonly world: GuardedWorld;
  readonly commands: ChainCommands;
  readonly production: Target;
  readonly line: (who: string) => string;
  /** Plans that wait for an approval, the newest last. */
  readonly waiting: string[];
}

export async function runChain(seed: number, setting: ChainSetting = usual): Promise<Verdict> {
  const chain = chainOf(seed, setting.store);
  const world = new GuardedWorld(seed, 3, { chain, ...(setting.open && { open: setting.open }) });
  const { scheduler } = world;
  let unique = 0;
  const line = (who: string): string => `${who} ${(unique += 1)}`;
  const play: Play = { world, commands: new ChainCommands(world), production: chain.target, line, waiting: [] };
  const during = async (work: Promise<void>): Promise<void> => {
    let isOver = false;
    const whole = work.then(() => void (isOver = true));
    await scheduler.run(() => isOver);
    await whole;
  };
  await during(begin(play));
  world.setFaults(scheduler.pick(setting.profiles));
  const strangers = { headersOnly: setting.headersOnly, strangers: { writesMax: scheduler.pick([0, 1, 2]), turnsMax: 90 } };
  const [first, second, third] = world.copies;
  await during(
    Promise.all([
      ...[first, second].map(async (copy) => await edit(play, copy)),
      release(play, third),
      meddle(world, line, strangers),
      meddle(world, line, { ...strangers, where: chain.target.name }),
    ]).then(() => undefined),
  );
  await during(world.finish(setting.lingerMs));
  return { violations: world.promises.violations, tally: world.tally };
}

/** Both sites hold the same, or nearly so, and belay has looked at them. */
async function begin({ world, commands, production, line }: Play): Promise<void> {
  const { scheduler } = world;
  for (const key of paths.slice(0, 2)) {
    const lines = [`${key} 1`, "common", `${key} 2`];
    await world.stranger(key, lines);
    if (scheduler.chance(0.9)) await world.stranger(key, scheduler.chance(0.9) ? lines : [...lines, line("older")], {}, production.name);
  }
  const [copy] = world.copies;
  if (!copy) return;
  if (scheduler.chance(0.7)) await commands.adopt(copy, staging);
  await commands.adopt(copy, production);
}

/** Somebody who edits the site, and takes it further. */
async function edit(play: Play, copy: Copy | undefined): Promise<void> {
  if (!copy) return;
  const { world, commands, production, line } = play;
  const { scheduler } = world;
  await commands.pull(copy, staging);
  const steps = 2 + Math.floor(scheduler.random() * 3);
  for (let step = 0; step < steps; step += 1) {
    if (scheduler.chance(0.8)) await editOnce(world, copy, line);
    const what = scheduler.random();
    if (what < 0.55) {
      const word = await deployed(play, copy);
      if (word === "applied" && scheduler.chance(0.7)) await promoted(play, copy);
    } else if (what < 0.67) await promoted(play, copy);
    else if (what < 0.76) await commands.pull(copy, staging);
    else if (what < 0.88) await pulledFromProduction(play, copy);
    else if (what < 0.9) await commands.deploy(copy, production, { person: "carol", key: keyOf("carol") });
    else if (what < 0.95) await rolledBack(play, copy, scheduler.chance(0.5) ? staging : production);
    else await commands.warn(copy, scheduler.pick(paths));
    await resumedAtTimes(play, copy);
  }
}

/** Somebody who takes things to production and back, from a machine that has none of the files. */
async function release(play: Play, copy: Copy | undefined): Promise<void> {
  if (!copy) return;
  const { world, commands, production } = play;
  const { scheduler } = world;
  const steps = 2 + Math.floor(scheduler.random() * 4);
  for (let step = 0; step < steps; step += 1) {
    await commands.world.scheduler.sleep(idle("releaser"), Math.floor(scheduler.random() * 20_000));
    await turns(play, 60);
    await untilSomethingIsStaged(play);
    const what = scheduler.random();
    if (what < 0.45) await promoted(play, copy);
    else if (what < 0.64) await rolledBack(play, copy, scheduler.chance(0.25) ? staging : production);
    else if (what < 0.7) await commands.settle(copy, "carol");
    else if (what < 0.75) await commands.verify(copy, staging);
    else if (what < 0.82) await pulledFromProduction(play, copy);
    else if (what < 0.88) await usedAgain(play, copy);
    else if (what < 0.94) await promoted(play, copy, { targets: [staging, lowered(production)] });
    else if (hasReleases(play, production)) await commands.restore(copy, production, { person: "carol", key: keyOf("carol") });
    await resumedAtTimes(play, copy);
  }
}

const idle = (name: string): Parameters<GuardedWorld["scheduler"]["sleep"]>[0] => ({
  name,
  isDead: false,
  pausedUntilMs: 0,
  onDeath: () => undefined,
});

/** Nobody comes to look at a promotion before there is one. */
async function untilSomethingIsStaged(play: Play): Promise<void> {
  for (let look = 0; look < 6 && !play.world.tally.has("deploy staging: applied"); look += 1) await turns(play, 60);
}

async function turns({ world: { scheduler } }: Play, turnsMax: number): Promise<void> {
  const count = Math.floor(scheduler.random() * turnsMax);
  for (let turn = 0; turn < count; turn += 1) await scheduler.turn(idle("person"));
}

/** Somebody has changed belay.yaml so that nobody need approve. */
const lowered = (target: Target): Target => ({ ...target, approvals: 0 });

async function deployed(play: Play, copy: Copy): Promise<string> {
  const { world, commands } = play;
  const word = await commands.deploy(copy, staging);
  if ((word === "unsettled" || word === "killed") && world.scheduler.chance(0.5)) await resumedAtTimes(play, copy, 1);
  return word;
}

async function pulledFromProduction({ commands, production }: Play, copy: Copy): Promise<void> {
  await commands.pull(copy, production);
}

async function resumedAtTimes({ world, commands, production }: Play, copy: Copy, chance = 0.2): Promise<void> {
  const { scheduler } = world;
  for (const target of [staging, production]) {
    // Somebody sees that a plan has not ended; seldom, somebody only thinks so.
    if (scheduler.chance(world.hasOpen(target.name) ? Math.max(chance, 0.4) : 0.01))
      await commands.resume(copy, target, scheduler.chance(0.6) ? "finish" : "put-back");
  }
}

/** Asks for it, and for an approval where one is missing; then asks again. */
async function promoted(play: Play, copy: Copy, cast: Asking = {}): Promise<void> {
  const { world, commands } = play;
  const { scheduler } = world;
  const change = scheduler.chance(0.25) ? await commands.aChange(copy) : undefined;
  const asking: Asking = {
    ...cast,
    ...(change !== undefined && { change }),
    ...(scheduler.chance(0.06) && { emergency: "the ferry is off" }),
  };
  // One who may sign sits at the terminal, and signs on the spot.
  const person = scheduler.pick(signers);
  const attended: Asking = scheduler.chance(0.2) ? { ...asking, person, key: keyOf(person) } : asking;
  const asked = await commands.promote(copy, attended);
  await followUp(play, copy, asked, async () => await commands.promote(copy, asking));
}

/** Few look for a way back where nothing has been released. */
const hasReleases = ({ world: { tally, scheduler } }: Play, { name }: Target): boolean =>
  ["deploy", "promote", "apply"].some((verb) => tally.has(`${verb} ${name}: applied`)) || scheduler.chance(0.05);

/** Production goes back under an approval, or by a person's hand alone; staging goes back like that. */
async function rolledBack(play: Play, copy: Copy, target: Target): Promise<void> {
  const { world, commands } = play;
  const { scheduler } = world;
  if (!hasReleases(play, target)) return;
  const person = scheduler.pick(signers);
  const asked = await commands.rollback(copy, target, scheduler.chance(0.5) ? { person, key: keyOf(person) } : {});
  await followUp(play, copy, asked, async () => await commands.rollback(copy, target));
}

async function followUp(play: Play, copy: Copy, { waiting }: Asked, again: () => Promise<Asked>): Promise<void> {
  const { world, commands } = play;
  const { scheduler } = world;
  if (waiting === undefined) return;
  play.waiting.push(waiting);
  if (scheduler.chance(0.2)) return;
  await turns(play, 40);
  const hand = handOf(play);
  await commands.approve(scheduler.pick(world.copies), waiting, hand);
  // Some come back when it has run out.
  if (scheduler.chance(hand.validMs < 60_000 ? 0.6 : 0.1)) await scheduler.sleep(idle("person"), 90_000);
  await turns(play, 60);
  if (scheduler.chance(0.5)) await again();
  else await commands.apply(scheduler.chance(0.7) ? copy : scheduler.pick(world.copies), waiting);
}

function handOf({ world: { scheduler } }: Play): Hand {
  const owner = scheduler.pick(scheduler.chance(0.6) ? ["carol", "dora"] : signers);
  const what = scheduler.random();
  const validMs = scheduler.chance(0.12) ? 30_000 : 86_400_000;
  if (what < 0.06) return { kind: "forged", key: keyOf(owner), validMs };
  if (what < 0.14) return { kind: "another", key: keyOf(owner), validMs };
  if (what < 0.2) return { kind: "person", key: { owner, kind: "loaded" }, validMs };
  if (what < 0.22) return { kind: "person", key: keyOf("mallory"), validMs };
  return { kind: "person", key: keyOf(owner), validMs };
}

/** A plan that was approved, or that still waits, is started once more. */
async function usedAgain({ world, commands, waiting }: Play, copy: Copy): Promise<void> {
  const id = waiting.length > 0 ? world.scheduler.pick(waiting) : undefined;
  if (id !== undefined) await commands.apply(copy, id);
}
