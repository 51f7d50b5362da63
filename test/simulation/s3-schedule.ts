/** A seeded schedule whose live site and shared state are buckets: what can go wrong, goes wrong with single requests. */

import { sha256 } from "../../src/adapters/shared/sha256.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import { openS3 } from "../../sandbox/s3/open-s3.ts";
import { paths, type Beyond, type OpenStage } from "./guarded-world.ts";
import type { Promises } from "./promises.ts";
import { runChain } from "./run-chain.ts";
import { runSchedule, type Verdict } from "./run-schedule.ts";
import { SimBucket, type BucketOptions, type Moment } from "./s3-bucket.ts";
import type { Listeners } from "./s3-calls.ts";
import { randomFrom } from "../support/random-from.ts";
import { Scheduler, type Process } from "./scheduler.ts";
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

/** A way to production is long, and has to come to its end often enough. */
const chainProfiles: readonly Faults[] = [
  noFaults,
  { ...noFaults, crash: 0.002 },
  { ...noFaults, lost: 0.03 },
  { ...noFaults, error: 0.02, conflict: 0.05 },
  { ...noFaults, pause: 0.008, cut: 0.01 },
  { ...noFaults, late: 0.02 },
  { ...noFaults, crash: 0.001, lastWrite: 0.05 },
];

/** The most that one turn takes: many turns, some, or about one within a second of LastModified. */
const ticksMs = [20, 150, 900] as const;

type Names = "live" | "production" | "state";
/** What a copy finds out when it tries a bucket out, by the bucket's name and versioning. */
type Findings = ReadonlyMap<string, unknown>;

const openBuckets =
  (findings: Findings): OpenStage =>
  (seed, { promises, onState, count, production: beyond }) => {
    const scheduler = new Scheduler(seed, ticksMs[seed % ticksMs.length]);
    const isVersionedHere = isVersionedIn(seed);
    // One service for both sites, so that production can copy from staging.
    const service = beyond && openS3({ clock: { now: () => scheduler.nowMs }, random: scheduler.random });
    // In every fifth world the copies have still to try out what the buckets keep.
    const isKnown = seed % 5 !== 0;
    const dateAheadMs = scheduler.chance(0.3) ? 700 : 0;
    const bucket = (name: Names, listeners: Pick<Listeners, "onLanded" | "onHeaders">, more: Partial<BucketOptions> = {}): SimBucket => {
      const isSite = name !== "state";
      // A production that forgets what it overwrites is refused (D5).
      const isVersioned = isVersionedHere || name === "production";
      return new SimBucket({
        onMoment: (moment, key) => comeBetween(moment, name === "live" ? key : scheduler.pick(paths)),
        name,
        prefix: prefixOf(name),
        isVersioned,
        watchesHeaders: isSite,
        ...(service && isSite && { service }),
        scheduler,
        dateAheadMs,
        ...(isKnown && { finding: findings.get(`${name} ${isVersioned}`) }),
        listeners: { ...listeners, onEvent: count, onLie: (process, what) => void promises.violations.push(`${process.name} ${what}`) },
        ...more,
      });
    };
    const live = bucket("live", {
      onLanded: (landed) => promises.landedLive(landed),
      onHeaders: (landed) => promises.judgeHeaders(landed),
    });
    const productionBy = ({ promises: own, promotions }: Beyond): SimBucket => {
      const production: SimBucket = bucket(
        "production",
        {
          onLanded: (landed) => {
            promotions.landedLive(landed);
            own.landedLive(landed);
          },
          onHeaders: (landed) => own.judgeHeaders(landed),
        },
        { copiesFrom: { store: "live", bucket: live }, onMoment: (moment, key) => comeBeyond(moment, key) },
      );
      const comeBeyond = seed % 3 > 0 ? intruder(scheduler, production, own) : () => undefined;
      return production;
    };
    const comeBetween = seed % 3 > 0 ? intruder(scheduler, live, promises) : () => undefined;
    return {
      scheduler,
      live,
      state: bucket("state", { onLanded: onState, onHeaders: () => undefined }),
      ...(beyond && { production: productionBy(beyond) }),
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

/** The same with a production. */
export async function runS3Chain(seed: number): Promise<Verdict> {
  const findings = await (known ??= findOut());
  const machines = Math.random;
  Math.random = randomFrom(seed);
  try {
    return await runChain(seed, {
      open: openBuckets(findings),
      profiles: chainProfiles,
      headersOnly: 0.3,
      lingerMs: 120_000,
      store: "production",
    });
  } finally {
    Math.random = machines;
  }
}

/** Tries each kind of bucket out once, without any fault, as a copy's first deploy does. */
async function findOut(): Promise<Findings> {
  const findings = new Map<string, unknown>();
  for (const name of ["live", "production", "state"] as const)
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
