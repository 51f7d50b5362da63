/** One seeded schedule: copies edit, pull and deploy at once, strangers write, processes die, replies get lost. */

import { deploy } from "../../src/operations/deploy.ts";
import { pull } from "../../src/operations/pull.ts";
import { restore } from "../../src/operations/way-back/restore.ts";
import { resume } from "../../src/operations/apply/resume.ts";
import { deployed, GuardedWorld, paths, resumed, target, type Copy, type OpenStage } from "./guarded-world.ts";
import { isMarker } from "./promises.ts";
import type { Process } from "./scheduler.ts";
import { noFaults, type Faults } from "./shared-place.ts";

export interface Verdict {
  readonly violations: readonly string[];
  readonly tally: ReadonlyMap<string, number>;
}

const profiles: readonly Faults[] = [
  noFaults,
  { ...noFaults, crash: 0.01 },
  { ...noFaults, lost: 0.2 },
  { ...noFaults, error: 0.03, conflict: 0.03 },
  { ...noFaults, lost: 0.02, pause: 0.01 },
  { ...noFaults, pause: 0.04 },
  { ...noFaults, crash: 0.006, lost: 0.02, error: 0.01, conflict: 0.01, pause: 0.004 },
];

/** How a schedule's world differs from the usual one. */
export interface Setting {
  readonly open?: OpenStage;
  readonly profiles: readonly Faults[];
  /** The chance that a stranger's write changes headers alone. */
  readonly headersOnly: number;
  /** How often strangers write at most, and how many turns they let pass before each write. */
  readonly strangers: { readonly writesMax: number; readonly turnsMax: number };
  /** The chance that whoever sees a deploy killed goes on with `resume` or `undo` at once. */
  readonly goesOn: number;
  /** Waited for at the end, so that whatever is still on its way lands and is judged. */
  readonly lingerMs: number;
}

const usual: Setting = { profiles, headersOnly: 0, strangers: { writesMax: 3, turnsMax: 40 }, goesOn: 0, lingerMs: 0 };

export async function runSchedule(seed: number, setting: Setting = usual): Promise<Verdict> {
  const world = new GuardedWorld(seed, 2, setting.open && { open: setting.open });
  const { scheduler } = world;
  for (const key of paths.slice(0, 2)) await world.stranger(key, [`${key} 1`, "common", `${key} 2`]);
  let unique = 0;
  const line = (who: string): string => `${who} ${(unique += 1)}`;
  let running = 0;
  const track = async (work: Promise<void>): Promise<void> => {
    running += 1;
    await work;
    running -= 1;
  };
  const drivers = [...world.copies.map((copy) => track(drive(world, copy, line, setting))), track(meddle(world, line, setting))];
  world.setFaults(scheduler.pick(setting.profiles));
  await scheduler.run(() => running === 0);
  await Promise.all(drivers);
  let hasFinished = false;
  const finishing = (async (): Promise<void> => {
    await world.finish(setting.lingerMs);
    hasFinished = true;
  })();
  await scheduler.run(() => hasFinished);
  await finishing;
  return { violations: world.promises.violations, tally: world.tally };
}

/** One person at one working copy. The first has the site from the start; the second may hold a stale or foreign copy of it. */
async function drive(world: GuardedWorld, copy: Copy, line: (who: string) => string, setting: Setting): Promise<void> {
  const { scheduler } = world;
  const isStale = scheduler.chance(0.3);
  if (isStale) for (const key of paths.slice(0, 2)) world.edit(copy, key, [`${key} 1`, line("stale")]);
  else await pullOnce(world, copy);
  const steps = 1 + Math.floor(scheduler.random() * 3);
  for (let step = 0; step < steps; step += 1) {
    if (scheduler.chance(0.8)) await editOnce(world, copy, line);
    const what = scheduler.random();
    if (what < 0.6) await whileEditing(world, copy, line, deployOnce(world, copy, setting));
    else if (what < 0.85) await whileEditing(world, copy, line, pullOnce(world, copy));
    else if (what < 0.9) await reviveOnce(world, copy, setting);
    else if (what < 0.95) await resumeOnce(world, copy, scheduler.chance(0.5) ? "finish" : "put-back");
    else await restoreOnce(world, copy);
    if (scheduler.chance(0.3)) await resumeOnce(world, copy, scheduler.chance(0.6) ? "finish" : "put-back");
  }
}

/** Strangers write to a target, by hands that ask nobody. */
export async function meddle(
  world: GuardedWorld,
  line: (who: string) => string,
  { headersOnly, strangers, where = target.name }: Pick<Setting, "headersOnly" | "strangers"> & { readonly where?: string },
): Promise<void> {
  const { scheduler } = world;
  const stranger: Process = { name: "stranger", isDead: false, pausedUntilMs: 0, onDeath: () => undefined };
  const writes = Math.floor(scheduler.random() * (strangers.writesMax + 1));
  for (let write = 0; write < writes; write += 1) {
    const turns = Math.floor(scheduler.random() * strangers.turnsMax);
    for (let turn = 0; turn < turns; turn += 1) await scheduler.turn(stranger);
    const key = scheduler.pick(paths);
    if (headersOnly > 0 && scheduler.chance(headersOnly)) {
      await world.rewriteHeaders(key, { "cache-control": `max-age=${1 + Math.floor(scheduler.random() * 100_000)}` }, where);
      continue;
    }
    const now = await world.liveLines(key, where);
    await world.stranger(key, scheduler.chance(0.15) ? undefined : [...(now ?? []), line("stranger")], {}, where);
  }
}

/** The owner does not always wait for a command to end before editing on. */
async function whileEditing(world: GuardedWorld, copy: Copy, line: (who: string) => string, work: Promise<void>): Promise<void> {
  const { scheduler } = world;
  const owner: Process = { name: "owner", isDead: false, pausedUntilMs: 0, onDeath: () => undefined };
  if (scheduler.chance(0.15)) {
    const turns = Math.floor(scheduler.random() * 30);
    for (let turn = 0; turn < turns; turn += 1) await scheduler.turn(owner);
    await editOnce(world, copy, line);
  }
  await work;
}

/** Changes one file of a copy, deletes it, or puts an old version of it back. */
export async function editOnce(world: GuardedWorld, copy: Copy, line: (who: string) => string): Promise<void> {
  const { scheduler } = world;
  const key = scheduler.pick(paths);
  if (scheduler.chance(0.08)) return world.edit(copy, key, undefined);
  // An old copy of the file is found somewhere and put in its place, as it was.
  const older = copy.versions.get(key) ?? [];
  if (older.length > 1 && scheduler.chance(0.15)) return world.edit(copy, key, scheduler.pick(older));
  const now = await world.localLines(copy, key);
  // Whoever resolves a conflict keeps both sides' lines.
  const settled = (now ?? []).filter((one) => !isMarker(one));
  const at = Math.floor(scheduler.random() * (settled.length + 1));
  return world.edit(copy, key, [...settled.slice(0, at), line(copy.name), ...settled.slice(at)]);
}

/** Live is looked at, and then a file goes out as this copy had it first: a stale copy with a fresh base. */
async function reviveOnce(world: GuardedWorld, copy: Copy, setting: Setting): Promise<void> {
  await pullOnce(world, copy);
  const [key, versions] = world.scheduler.pick([...copy.versions, ["", []] as const]);
  const [oldest] = versions;
  if (oldest && versions.length > 2) world.edit(copy, key, oldest);
  await deployOnce(world, copy, setting);
}

/** Told that an earlier apply has not ended, the owner may do as the message says. */
async function deployOnce(world: GuardedWorld, copy: Copy, { goesOn }: Setting): Promise<void> {
  const { scheduler } = world;
  const word = await deployHere(world, copy);
  const isLeft = (word === "unsettled" && scheduler.chance(0.5)) || (word === "killed" && goesOn > 0 && scheduler.chance(goesOn));
  if (isLeft) await resumeOnce(world, copy, scheduler.chance(0.5) ? "finish" : "put-back");
}

async function deployHere(world: GuardedWorld, copy: Copy): Promise<string> {
  return await world.command(copy, "deploy", async (bench, context) => {
    const request = { target, selection: undefined, title: undefined, waitMs: 0 };
    const result = await deploy(bench, request, () => Promise.resolve("go"), context);
    return deployed(result);
  });
}

async function pullOnce(world: GuardedWorld, copy: Copy): Promise<void> {
  await world.command(copy, "pull", async (bench, context) => {
    const { pulled } = await pull(bench, { target, selection: undefined, take: undefined }, context);
    return { word: [...new Set(pulled.map(({ outcome }) => outcome))].toSorted().join("+") || "nothing" };
  });
}

async function resumeOnce(world: GuardedWorld, copy: Copy, way: "finish" | "put-back"): Promise<void> {
  await world.command(copy, way, async (bench, context) => {
    return resumed(await resume(bench, { target, way, waitMs: 0 }, context));
  });
}

async function restoreOnce(world: GuardedWorld, copy: Copy): Promise<void> {
  await world.command(copy, "restore", async (bench, context) => {
    const request = { target, selection: undefined, from: undefined, waitMs: 0 };
    return deployed(await restore(bench, request, () => Promise.resolve("go"), context));
  });
}
