/** Deploys of some hundred files to a bucket that are stopped or killed, and two machines that share the record in one. */

import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectTold, flawsOf } from "./support/bucket-denial.ts";
import { openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";
import { fastTime } from "./support/fast-time.ts";
import { edition } from "./support/crash-site.ts";
import { putAll } from "./support/ground.ts";
import { answerOf, expectExit, type Ran } from "./support/run-belay.ts";

let ground: BucketGround;
const deploy = ["deploy", "staging", "--yes"];

beforeAll(async () => {
  ground = await openBucketGround();
});
afterAll(async () => {
  await ground.close();
});
afterEach(() => {
  ground.calm();
});

const objectOf = (files: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries([...files].toSorted(([left], [right]) => (left < right ? -1 : 1)));

/** Starts a deploy and signals it once so many objects have been written, deleted included. */
async function signalled(one: BucketCase, signal: "SIGINT" | "SIGKILL", afterWrites: number): Promise<Ran> {
  let writes = 0;
  const { child, ended } = one.start(deploy);
  ground.account.denies = (operation, _, bucket) => {
    const isWrite = bucket === one.site && (operation === "PutObject" || operation === "DeleteObject");
    if (isWrite) writes += 1;
    if (writes === afterWrites) child.kill(signal);
    return false;
  };
  const ran = await ended;
  ground.calm();
  expect(writes).toBeGreaterThanOrEqual(afterWrites);
  return ran;
}

/** Whatever stands there is whole, and of one of the two editions. */
async function expectWhole(one: BucketCase): Promise<void> {
  const [before, after, live] = [edition(0), edition(1), await one.live()];
  const torn = Object.entries(live).filter(([key, text]) => before.get(key) !== text && after.get(key) !== text);
  expect(torn).toEqual([]);
  const missing = [...before.keys()].filter((key) => after.has(key) && live[key] === undefined);
  expect(missing).toEqual([]);
}

async function expectIntact(one: BucketCase, copy: string): Promise<void> {
  const log = await one.run(["log", "--json"], { copy });
  expectExit(log, 0);
  expect(answerOf(log, "chain")).toBe("intact");
}

/** Assets that were created may stay, since a visitor's page may name them; all else is as before. */
async function expectBack(one: BucketCase): Promise<void> {
  const live = await one.live();
  const before = edition(0);
  const kept = Object.fromEntries(Object.entries(live).filter(([key]) => before.has(key)));
  expect(kept).toEqual(objectOf(before));
  expect(Object.keys(live).filter((key) => !before.has(key) && key.endsWith(".html"))).toEqual([]);
}

describe("a deploy of some hundred files", () => {
  let one: BucketCase;
  const next = objectOf(edition(1));

  /** An edition is live, the next one lies in the first copy, and a second copy knows no more than the address of the record. */
  beforeAll(async () => {
    one = await ground.open({ isBare: true });
    putAll(one.siteFolder(), edition(0));
    await one.deploy();
    one.addCopy("laptop");
    putAll(one.siteFolder(), edition(1));
  });

  test("that is killed is left open by resume from a working copy that does not hold its files, and undo takes it back", async () => {
    expect((await signalled(one, "SIGKILL", 5)).exit).toBeNull();
    const ran = await one.start(["resume", "--json"], { copy: "laptop", env: fastTime(ground.folder, 60) }).ended;
    expectExit(ran, 5);
    expect(answerOf(ran, "error", "code")).toBe("unsettled");
    expectExit(await one.start(["undo"], { copy: "laptop", env: fastTime(ground.folder, 60) }).ended, 0);
    await expectBack(one);
    await expectIntact(one, "laptop");
  });

  test("that is stopped by Ctrl-C puts back what it had written, and nothing is left to resume", async () => {
    const ran = await signalled(one, "SIGINT", 40);
    expectExit(ran, 130);
    expect(ran.stderr).toMatch(/stopping: writes under way are finished/u);
    await expectBack(one);
    const resumed = await one.run(["resume", "--json"], { copy: "laptop" });
    expectExit(resumed, 0);
    expect(answerOf(resumed, "outcome")).toBe("nothing-to-do");
  });

  test("that is killed is taken back by undo from another working copy", async () => {
    expect((await signalled(one, "SIGKILL", 60)).exit).toBeNull();
    await expectWhole(one);
    expectExit(await one.start(["undo"], { copy: "laptop", env: fastTime(ground.folder, 60) }).ended, 0);
    await expectBack(one);
    await expectIntact(one, "laptop");
  });

  test("that is killed is finished by resume from another working copy that holds the same files", async () => {
    expect((await signalled(one, "SIGKILL", 5)).exit).toBeNull();
    await expectWhole(one);
    putAll(one.siteFolder("laptop"), edition(1));
    expectExit(await one.start(["resume"], { copy: "laptop", env: fastTime(ground.folder, 60) }).ended, 0);
    expect(await one.live()).toEqual(next);
    await expectIntact(one, "studio");
    const again = await one.run([...deploy, "--json"]);
    expectExit(again, 0);
    expect(answerOf(again, "outcome")).toBe("nothing-to-do");
  });
});

describe("a killed deploy that somebody tries to go over", () => {
  test("refuses the next deploy from anywhere with the way on, and resume then waits until nothing of it can arrive any more", async () => {
    const one = await ground.open();
    one.addCopy("laptop");
    one.put("index.html", "<p>two</p>\n");
    const { child, ended } = one.start(deploy);
    ground.faultOn(({ operation, key, bucket }) => {
      if (operation !== "PutObject" || key !== "index.html" || bucket !== one.site) return undefined;
      child.kill("SIGKILL");
      return { kind: "lose-request", isSent: true };
    });
    expect((await ended).exit).toBeNull();
    ground.calm();
    expect(
      await flawsOf(one, deploy, {
        exit: 5,
        code: "unsettled",
        says: /has not ended/u,
        next: /belay resume/u,
        copy: "laptop",
      }),
    ).toEqual([]);
    expectExit(await one.start(["resume"], { env: fastTime(ground.folder, 60) }).ended, 0);
    expect(await one.live()).toEqual({ "index.html": "<p>two</p>\n" });
  });
});

describe("two machines with one record", () => {
  test("see each other's releases and warnings", async () => {
    const one = await ground.open();
    one.addCopy("laptop");
    const log = await one.run(["log", "--json"], { copy: "laptop" });
    expectExit(log, 0);
    expect(log.stdout).toMatch(/"release": "r\d+"/u);
    expectExit(await one.run(["warn", "add", "index.html", "--note", "The price is about to change."]), 0);
    const list = await one.run(["warn", "list"], { copy: "laptop" });
    expect(list.stdout).toMatch(/The price is about to change/u);
    one.put("index.html", "<p>older</p>\n", "laptop");
    const refused = await one.run([...deploy, "--json"], { copy: "laptop" });
    expect([3, 8]).toContain(refused.exit);
    expect(await one.live()).toEqual({ "index.html": "<p>one</p>\n" });
  });

  test("do not deploy at the same time: the second is told who is at it and can wait for its turn", async () => {
    const one = await ground.open();
    one.addCopy("laptop");
    expectExit(await one.run(["pull", "staging"], { copy: "laptop" }), 0);
    one.put("index.html", "<p>slow</p>\n");
    one.put("pier.html", "<p>pier</p>\n", "laptop");
    const writing = { isReached: false };
    ground.faultOn(({ operation, key, bucket }) => {
      if (operation !== "PutObject" || key !== "index.html" || bucket !== one.site) return undefined;
      writing.isReached = true;
      return { kind: "delay", ms: 1500 };
    });
    const { ended } = one.start(deploy);
    while (!writing.isReached) await pause(5);
    const held = await one.run([...deploy, "--json"], { copy: "laptop" });
    expectExit(held, 7);
    expect(answerOf(held, "error", "code")).toBe("lease-held");
    expect(answerOf(held, "error", "remedy")).toMatch(/--wait 120/u);
    const shown = await one.run(deploy, { copy: "laptop" });
    expectExit(shown, 7);
    expectTold(shown);
    const waited = await one.run([...deploy, "--wait", "30"], { copy: "laptop" });
    expectExit(await ended, 0);
    // What it had seen has been replaced meanwhile, so its turn begins with a pull.
    expect([3, 8]).toContain(waited.exit);
    expectExit(await one.run(["pull", "staging"], { copy: "laptop" }), 0);
    await one.deploy("laptop");
    expect(await one.live()).toEqual({ "index.html": "<p>slow</p>\n", "pier.html": "<p>pier</p>\n" });
  });
});
