/** The race of sixteen processes on the server in hand. */

import { afterEach, describe, expect, test } from "vitest";
import { bytesOf } from "../../src/core/body.ts";
import type { Store } from "../../src/ports/store.ts";
import { sha256 } from "../scenarios/support/ground.ts";
import { asStranger, live, makeBucket, openBucketStore } from "./support/buckets.ts";
import { openBucketRace, racedPage, type BucketRace } from "./support/race-on-bucket.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

let race: BucketRace | undefined;

afterEach(async () => {
  await race?.close();
  race = undefined;
});

async function textIn(store: Store, key: string): Promise<string> {
  const reading = await store.read(key, live);
  return reading ? Buffer.from(await bytesOf(reading.body)).toString() : "";
}

async function open(hasState: boolean): Promise<BucketRace> {
  const [site, stateBucket] = [await makeBucket(), await makeBucket()];
  const [pages, state] = [site, stateBucket].map((bucket) => openBucketStore(bucket, { watchesHeaders: false }));
  if (!pages || !state) throw new Error("there are two buckets");
  race = await openBucketRace({
    env: server.env,
    target: site,
    look: async () => await textIn(pages, racedPage),
    putFirst: async (text) => await asStranger(site, racedPage, text),
    ...(hasState && {
      state: `s3://${stateBucket}/belay`,
      isKept: async (digest: string) => sha256(await textIn(state, `belay/vault/${digest.slice(0, 2)}/${digest}`)) === digest,
    }),
  });
  return race;
}

describe(`sixteen processes deploy different bytes of one page on ${server.title} at once`, () => {
  test("with their state in a bucket: one wins each round, the others are told that somebody is at it or was", async () => {
    const { round, chainOf } = await open(true);
    const allowed = /^(?:7 held|4 conflict|8 needs-person|applied)$/u;
    for (let number = 1; number <= 2; number += 1) {
      expect((await round(number)).filter((answer) => !allowed.test(answer))).toEqual([]);
    }
    expect(await chainOf(0)).toBe("intact");
  });

  test("with no lease and no ledger between them: the condition of the write leaves one winner", async () => {
    const { round, chainOf } = await open(false);
    const allowed = /^(?:4 conflict|8 needs-person|3 refused|applied)$/u;
    const answers = await round(1);
    expect(answers.filter((answer) => !allowed.test(answer))).toEqual([]);
    expect(await chainOf(answers.indexOf("applied"))).toBe("intact");
  });
});
