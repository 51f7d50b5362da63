/** The race of sixteen processes, with the page in a bucket of the sandbox. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../sandbox/start-sandbox.ts";
import { openBucketRace, racedPage, type BucketRace } from "../servers/support/race-on-bucket.ts";
import { sha256 } from "./support/ground.ts";

const rounds = process.env["BELAY_SOAK"] === "1" ? 10 : 1;
const [site, stateBucket] = ["harbor-site", "harbor-state"];

let sandbox: Sandbox;
let race: BucketRace | undefined;

beforeEach(async () => {
  sandbox = await startSandbox({
    buckets: [
      { name: site, versioning: false },
      { name: stateBucket, versioning: false },
    ],
  });
});

afterEach(async () => {
  await race?.close();
  race = undefined;
  await sandbox.close();
});

const textOf = (bucket: string, key: string): string => Buffer.from(sandbox.s3.get(bucket, key)?.bytes ?? []).toString();

async function open(state?: string): Promise<BucketRace> {
  race = await openBucketRace({
    env: sandbox.env,
    target: site,
    ...(state !== undefined && { state }),
    look: async () => await Promise.resolve(textOf(site, racedPage)),
    putFirst: async (text) => await Promise.resolve(sandbox.s3.put(site, racedPage, Buffer.from(text))).then(() => undefined),
    ...(state !== undefined && {
      isKept: async (digest: string) =>
        await Promise.resolve(sha256(textOf(stateBucket, `belay/vault/${digest.slice(0, 2)}/${digest}`)) === digest),
    }),
  });
  return race;
}

describe("sixteen processes deploy different bytes of one page in a bucket at once", () => {
  test("with their state in a bucket: one wins each round, the others are told that somebody is at it or was", async () => {
    const { round, chainOf } = await open(`s3://${stateBucket}/belay`);
    const allowed = /^(?:7 held|4 conflict|8 needs-person|applied)$/u;
    for (let number = 1; number <= rounds; number += 1) {
      expect((await round(number)).filter((answer) => !allowed.test(answer))).toEqual([]);
    }
    expect(await chainOf(0)).toBe("intact");
  });

  test("with no lease and no ledger between them: the condition of the write leaves one winner", async () => {
    const { round, chainOf } = await open();
    const allowed = /^(?:4 conflict|8 needs-person|3 refused|applied)$/u;
    for (let number = 1; number <= rounds; number += 1) {
      const answers = await round(number);
      expect(answers.filter((answer) => !allowed.test(answer))).toEqual([]);
      expect(await chainOf(answers.indexOf("applied"))).toBe("intact");
    }
  });
});
