/** Distributions that are another bucket's, are missing, may not be looked at, or take their time. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectTold, flawsOf } from "./support/bucket-denial.ts";
import { openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";
import { fastTime } from "./support/fast-time.ts";
import { answerOf, expectExit } from "./support/run-belay.ts";

let ground: BucketGround;
let count = 0;
const deploy = ["deploy", "staging", "--yes"];
const hourMs = 3_600_000;
/** By the sandbox's clock, so that a test decides when an invalidation completes. */
const settleMs = hourMs;

beforeAll(async () => {
  ground = await openBucketGround({ settleMs });
});
afterAll(async () => {
  await ground.close();
});
afterEach(() => {
  ground.calm();
});

interface EdgeCase {
  readonly one: BucketCase;
  readonly id: string;
}

/** A bare case with a distribution in front of its bucket, or of another one. */
async function open(bucket?: string): Promise<EdgeCase> {
  count += 1;
  const id = `EPIER${count}`;
  const one = await ground.open({ isBare: true, target: [`cdn: cloudfront:${id}`] });
  one.put("index.html", "<p>one</p>\n");
  if (bucket !== "") ground.sandbox.cloudfront.createDistribution({ id, bucket: bucket ?? one.site });
  return { one, id };
}

const invalidations = ({ id }: EdgeCase): number => ground.sandbox.cloudfront.invalidations(id).length;

describe("a distribution", () => {
  test("that serves another bucket is refused, with both names", async () => {
    const { one, id } = await open("pier-elsewhere");
    expect(
      await flawsOf(one, deploy, {
        exit: 2,
        code: "edge-mismatch",
        says: new RegExp(`Distribution ${id} serves pier-elsewhere\\.\\S+, not the target's bucket ${one.site}`, "u"),
        next: /In belay\.yaml, let the target's `cdn:` name the distribution that serves/u,
      }),
    ).toEqual([]);
    expect(await one.live()).toEqual({});
  });

  test("that is not there is refused, with the command that lists those that are", async () => {
    const { one, id } = await open("");
    expect(
      await flawsOf(one, deploy, {
        exit: 2,
        code: "edge-mismatch",
        says: new RegExp(`there is no CloudFront distribution ${id}`, "u"),
        next: /aws cloudfront list-distributions/u,
      }),
    ).toEqual([]);
    expect(await one.live()).toEqual({});
    ground.sandbox.cloudfront.createDistribution({ id, bucket: one.site });
  });

  test("that may not be looked at, or not be purged, is told with the permission", async () => {
    const edge = await open();
    ground.account.denies = (operation) => operation === "GetDistribution";
    expect(
      await flawsOf(edge.one, deploy, {
        exit: 2,
        code: "store-denied",
        says: /cloudfront:GetDistribution of \S+ at \S+ is not allowed/u,
        next: /Allow cloudfront:GetDistribution there/u,
      }),
    ).toEqual([]);
    expect(await edge.one.live()).toEqual({});
  });

  test("that may not be purged leaves what was written, says which permission it takes, and resume purges with it", async () => {
    const edge = await open();
    const { one } = edge;
    ground.clock.aheadMs = 0;
    await settled(edge, deploy);
    one.put("index.html", "<p>two</p>\n");
    ground.account.denies = (operation) => operation === "CreateInvalidation";
    const ran = await one.run(deploy);
    expectExit(ran, 5);
    expectTold(ran);
    expect(ran.stderr.replaceAll(/\s+/gu, " ")).toMatch(/cloudfront:CreateInvalidation.*is not allowed.*next: belay resume/u);
    expect(await one.live()).toEqual({ "index.html": "<p>two</p>\n" });
    ground.calm();
    const before = invalidations(edge);
    await settled(edge, ["resume"]);
    expect(invalidations(edge)).toBe(before + 1);
  });
});

/** Runs a command whose invalidation completes as soon as it is there. */
async function settled(edge: EdgeCase, words: readonly string[]): Promise<void> {
  ground.faultOn(({ operation }) => {
    if (operation === "GetInvalidation") ground.clock.aheadMs = settleMs + hourMs;
    return undefined;
  });
  const ran = await edge.one.run(words);
  ground.calm();
  expectExit(ran, 0);
}

/** A deploy that has written its page and waits. */
async function openWaiting(): Promise<EdgeCase> {
  const edge = await open();
  await settled(edge, deploy);
  edge.one.put("index.html", "<p>two</p>\n");
  return edge;
}

/** What visitors were given is forgotten once, however often the same purge is asked for. */
async function expectResumed(edge: EdgeCase, made: number): Promise<void> {
  const { one } = edge;
  expect(await one.live()).toEqual({ "index.html": "<p>two</p>\n" });
  await settled(edge, ["resume"]);
  expect(invalidations(edge)).toBe(made);
  const again = await one.run([...deploy, "--json"]);
  expectExit(again, 0);
  expect(answerOf(again, "outcome")).toBe("nothing-to-do");
}

describe("an invalidation that does not complete", () => {
  test("is waited for up to a limit, then told as unsettled with its id, and resume goes on waiting for the same one", async () => {
    const edge = await openWaiting();
    const made = invalidations(edge);
    const ran = await edge.one.start(deploy, { env: fastTime(ground.folder, 150) }).ended;
    expectExit(ran, 5);
    expectTold(ran);
    const [newest] = ground.sandbox.cloudfront.invalidations(edge.id);
    expect(ran.stderr.replaceAll(/\s+/gu, " ")).toMatch(
      new RegExp(
        `Invalidation ${newest?.id ?? ""} of distribution ${edge.id} is not known to be complete within 10 minutes.*next: belay resume`,
        "u",
      ),
    );
    await expectResumed(edge, made + 1);
  });

  test("is let go of by Ctrl-C: nothing is put back, and resume goes on", async () => {
    const edge = await openWaiting();
    const made = invalidations(edge);
    let interrupt: (() => void) | undefined;
    ground.faultOn(({ operation }) => {
      if (operation === "GetInvalidation") interrupt?.();
      return undefined;
    });
    const ran = await edge.one.run(deploy, { onStart: (listener) => (interrupt = once(listener)) });
    ground.calm();
    expectExit(ran, 5);
    expectTold(ran);
    expect(ran.stderr).toMatch(/belay resume/u);
    await expectResumed(edge, made + 1);
  });
});

/** A second Ctrl-C would end the process, which is this one. */
function once(listener: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) listener();
    isDone = true;
  };
}
