/** A seeded schedule whose live site and shared state are buckets: what can go wrong, goes wrong with single requests. */

import { sha256 } from "../../src/adapters/shared/sha256.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import { paths, type OpenStage } from "./guarded-world.ts";
import type { Promises } from "./promises.ts";
import { runSchedule, type Verdict } from "./run-schedule.ts";
import { SimBucket, type Moment } from "./s3-bucket.ts";
import type { Listeners } from "./s3-calls.ts";
import { randomFrom, Scheduler, type Process } from "./scheduler.ts";
import { noFaults, type Faults } from "./shared-place.ts";

/** Chances per request; a call is made of up to a dozen of them. */
const profiles: readonly Faults[] = [
  { ...noFaults },
  { ...noFaults, crash: 0.008 },
  { ...noFaults, lost: 0.1 },
  { ...noFaults, error: 0.08, conflict: 0.25 },
  { ...noFaults, lost: 0.02, pause: 0.01, cut: 0.02 },
  { ...noFaults, pause: 0.03 },
  { ...noFaults, late: 0.05 },
  { ...noFaults, crash: 0.003, lastWrite: 0.1, late: 0.05 },
  { crash: 0.004, lost: 0.02, error: 0.01, conflict: 0.05, pause: 0.004, late: 0.01, lastWrite: 0.01, cut: 0.01 },
];

/** The most that one turn takes: many turns, some, or about one within a second of LastModified. */
const ticksMs = [20, 150, 900] as const;

type Names = "live" | "state";
/** What a copy finds out when it tries a bucket out, by the bucket's name and versioning. */
type Findings = ReadonlyMap<string, unknown>;

const openBuckets =
  (findings: Findings): OpenStage =>
  (seed, { promises, count }) => {
    const scheduler = new Scheduler(seed, ticksMs[seed % ticksMs.length]);
    const isVersioned = isVersionedIn(seed);
    // In every fifth world the copies have still to try out what the buckets keep.
    const isKnown = seed % 5 !== 0;
    const dateAheadMs = scheduler.chance(0.3) ? 700 : 0;
    const bucket = (name: Names, listeners: Pick<Listeners, "onLanded" | "onHeaders">): SimBucket =>
      new SimBucket({
        onMoment: (moment, key) => comeBetween(moment, name === "live" ? key : scheduler.pick(paths)),
        name,
        prefix: prefixOf(name),
        isVersioned,
        watchesHeaders: name === "live",
        scheduler,
        dateAheadMs,
        ...(isKnown && { finding: findings.get(`${name} ${isVersioned}`) }),
        listeners: { ...listeners, onEvent: count, onLie: (process, what) => void promises.violations.push(`${process.name} ${what}`) },
      });
    const live = bucket("live", {
      onLanded: (landed) => promises.landedLive(landed),
      onHeaders: (landed) => promises.judgeHeaders(landed),
    });
    const comeBetween = seed % 3 > 0 ? intruder(scheduler, live, promises) : () => undefined;
    return {
      scheduler,
      live,
      state: bucket("state", { onLanded: (landed) => promises.landedState(landed), onHeaders: () => undefined }),
    };
  };

/** The chance of a stranger's write at each moment; higher at those that come seldom. */
const intrusions: Readonly<Record<Moment, number>> = { read: 0.02, look: 0.06, write: 0.06, repair: 0.4, collision: 0.7 };
const intrusionsMax = 8;

/** A stranger who writes when it hurts most: right after a look at a page, or right after something was recorded. */
function intruder(scheduler: Scheduler, live: SimBucket, promises: Promises): (moment: Moment, key: string) => void {
  let writes = 0;
  return (moment, key) => {
    if (live.faults === noFaults || writes >= intrusionsMax || !scheduler.chance(intrusions[moment])) return;
    const now = live.standing(key);
    if (!now) return;
    writes += 1;
    const bytes = scheduler.chance(0.6) ? now.bytes : Buffer.concat([now.bytes, Buffer.from(`intruder ${writes}\n`)]);
    const headers = { "cache-control": `max-age=${100_000 + writes}` };
    void live.force({ key, bytes, headers, landed: () => promises.stranger(key, { digest: sha256(bytes), bytes, headers }) });
  };
}

/** Every other pair of seeds, so that both kinds of bucket meet worlds with leases and without. */
const isVersionedIn = (seed: number): boolean => Math.floor(seed / 2) % 2 === 1;

let known: Promise<Findings> | undefined;

/** Runs one schedule. Nothing but the seed decides what happens in it. */
export async function runS3Schedule(seed: number): Promise<Verdict> {
  const findings = await (known ??= findOut());
  const machines = Math.random;
  // The pauses between attempts of one request are spread out by it.
  Math.random = randomFrom(seed);
  try {
    return await runSchedule(seed, {
      open: openBuckets(findings),
      profiles,
      headersOnly: 0.4,
      strangers: { writesMax: 5, turnsMax: 100 },
      goesOn: 0.6,
      lingerMs: 120_000,
    });
  } finally {
    Math.random = machines;
  }
}

/** Tries each kind of bucket out once, without any fault, as a copy's first deploy does. */
async function findOut(): Promise<Findings> {
  const findings = new Map<string, unknown>();
  for (const name of ["live", "state"] as const)
    for (const isVersioned of [true, false]) findings.set(`${name} ${isVersioned}`, await findingOf(name, isVersioned));
  return findings;
}

async function findingOf(name: Names, isVersioned: boolean): Promise<unknown> {
  const scheduler = new Scheduler(1);
  const bucket = new SimBucket({
    name,
    prefix: prefixOf(name),
    isVersioned,
    watchesHeaders: false,
    scheduler,
    dateAheadMs: 0,
    listeners: { onLanded: () => undefined, onHeaders: () => undefined, onLie: () => undefined, onEvent: () => undefined },
    onMoment: () => undefined,
  });
  const process: Process = { name: "first", isDead: false, pausedUntilMs: 0, onDeath: () => undefined };
  const runtime: Runtime = { now: () => scheduler.nowMs, sleep: (ms) => scheduler.sleep(process, ms), nonce: () => "0".repeat(16), sha256 };
  let isDone = false;
  const ask = async (): Promise<string> => {
    const { create, replace, delete: remove } = await bucket.open(process, { copy: "first", runtime }).guarantees({ signal });
    isDone = true;
    return [create, replace, remove].join(" ");
  };
  const asked = ask();
  await scheduler.run(() => isDone);
  if ((await asked) !== "atomic atomic atomic") throw new Error("the sandbox keeps all conditions");
  return bucket.findingOf("first");
}

const { signal } = new AbortController();
const prefixOf = (name: Names): string => (name === "state" ? "belay" : "");
