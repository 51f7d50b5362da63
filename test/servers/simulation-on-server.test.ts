/** The simulation's schedules on the server in hand: real sockets and real time, the same promises. Not repeatable: a seed tells only what was tried. */

import { beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { paths, type OpenStage } from "../simulation/guarded-world.ts";
import { runSchedule, type Verdict } from "../simulation/run-schedule.ts";
import type { Listeners } from "../simulation/s3-calls.ts";
import { ServedPlace } from "../simulation/s3-served-place.ts";
import { WallClock } from "../simulation/s3-wall-clock.ts";
import { noFaults, type Faults } from "../simulation/shared-place.ts";
import type { Wire } from "../../src/adapters/shared/aws/wire.ts";
import type { CanaryCache } from "../../src/adapters/s3/s3-store.ts";
import { connectS3 } from "../../src/adapters/shared/aws/connect.ts";
import { makeBucket } from "./support/buckets.ts";
import { server, skipDepartures, type BucketKind } from "./support/server.ts";

skipDepartures();

const schedulesAtOnce = 6;
const budgetMs = 7_000;
const schedulesMin = 6;
/** In one schedule: a stranger who writes while a write of belay is on its way. */
const intrusionsMax = 2;
const profiles: readonly Faults[] = [{ ...noFaults }, { ...noFaults, lost: 0.04 }, { ...noFaults, crash: 0.006, lost: 0.01 }];

const connect = async (bucket: string): Promise<Wire> => await connectS3(bucket, { env: server.env, now: () => Date.now() });

/** One finding for each bucket, as one machine keeps it. */
const findings = new Map<string, unknown>();
const canaryOf = (bucket: string): CanaryCache => ({
  load: () => Promise.resolve(findings.get(bucket)),
  save: (value) => Promise.resolve(void findings.set(bucket, value)),
});

const usable = (kind: BucketKind): boolean =>
  ["create", "replace", "delete"].every((operation) => server.refused[kind][operation] === undefined);

describe.each(server.kinds.filter(usable))(`the site in a %s bucket of ${server.title}, the state in another`, (kind) => {
  let site: string;
  let state: string;
  let wires: Readonly<Record<"site" | "state", Wire>>;
  const places: ServedPlace[] = [];

  beforeAll(async () => {
    [site, state] = await Promise.all([makeBucket(kind), makeBucket()]);
    const [siteWire, stateWire] = await Promise.all([connect(site), connect(state)]);
    wires = { site: siteWire, state: stateWire };
  });

  const open: OpenStage = (seed, { promises, count }) => {
    const clock = new WallClock(seed);
    const onLie: Listeners["onLie"] = (process, what) => void promises.violations.push(`${process.name} ${what}`);
    const common = { clock, prefix: `schedule-${seed}` };
    let intrusions = 0;
    const intrude = async (key: string): Promise<void> => {
      if (intrusions >= intrusionsMax || !clock.chance(0.3)) return;
      intrusions += 1;
      const bytes = Buffer.from(`intruder ${intrusions}\n`);
      const landed = (): void => promises.stranger(key, { digest: sha256(bytes), bytes, headers: {} });
      await live.force({ key, bytes, headers: {}, landed });
    };
    const live: ServedPlace = new ServedPlace({
      ...common,
      beforeWrite: intrude,
      bucket: site,
      isVersioned: kind === "versioned",
      watchesHeaders: true,
      wire: wires.site,
      canary: canaryOf(site),
      listeners: {
        onLanded: (landed) => promises.landedLive(landed),
        onHeaders: (landed) => promises.judgeHeaders(landed),
        onLie,
        onEvent: count,
      },
    });
    places.push(live);
    return {
      scheduler: clock,
      live,
      state: new ServedPlace({
        ...common,
        beforeWrite: async () => await Promise.resolve(),
        bucket: state,
        isVersioned: false,
        watchesHeaders: false,
        wire: wires.state,
        canary: canaryOf(state),
        listeners: { onLanded: (landed) => promises.landedState(landed), onHeaders: () => undefined, onLie, onEvent: count },
      }),
    };
  };

  const run = async (seed: number): Promise<Verdict> =>
    await runSchedule(seed, {
      open,
      profiles,
      headersOnly: 0.3,
      strangers: { writesMax: 4, turnsMax: 150 },
      goesOn: 0.6,
      lingerMs: 0,
    });

  test("no update is lost, no byte is gone and no state is stuck, and the server holds what it said", async () => {
    const endMs = Date.now() + budgetMs;
    const tally = new Map<string, number>();
    const broken: string[] = [];
    let seed = 0;
    const lane = async (): Promise<void> => {
      while (Date.now() < endMs || seed < schedulesMin) {
        seed += 1;
        const own = seed;
        const verdict = await run(own);
        broken.push(...verdict.violations.map((violation) => `schedule ${own}: ${violation}`));
        for (const [what, times] of verdict.tally) tally.set(what, (tally.get(what) ?? 0) + times);
      }
    };
    await Promise.all(Array.from({ length: schedulesAtOnce }, lane));
    process.stderr.write(
      `${seed} schedules: ${JSON.stringify(Object.fromEntries([...tally].toSorted(([one], [other]) => (one < other ? -1 : 1))))}\n`,
    );
    expect(broken).toEqual([]);
    expect((await Promise.all(places.map(async (place) => await place.surprises(paths)))).flat()).toEqual([]);
    // Which of the two meets whom is chance; that neither ever happens is not.
    expect((tally.get("deploy: applied") ?? 0) + (tally.get("deploy: conflict") ?? 0)).toBeGreaterThan(0);
  });
});
