/** A damaged record, vault or memory: found where it matters, told with the way on, and never a reason to overwrite. */

import { cpSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { denial, denied } from "./support/denied.ts";
import { addCopy, openGround, put, sha256, treeOf, type Ground } from "./support/ground.ts";
import { answerOf, belay, type Ran, expectExit } from "./support/run-belay.ts";

let published: Ground;
let ground: Ground;
let copy = "";
let site = "";
const deploy = ["deploy", "staging", "--yes"];

// Each test damages a copy of its own of what three deploys have left.
beforeAll(async () => {
  enter((published = openGround("published")));
  addCopy(published, "copy");
  for (const text of ["one", "two", "three"]) await publish(text);
});
afterAll(() => published.remove());
beforeEach(() => {
  ground = openGround("state");
  cpSync(published.folder, ground.folder, { recursive: true, preserveTimestamps: true });
  enter(ground);
});
afterEach(() => ground.remove());

function enter({ folder }: Ground): void {
  copy = join(folder, "copy");
  site = join(copy, "public");
}

async function publish(text: string): Promise<Ran> {
  put(site, "index.html", `<p>${text}</p>\n`);
  const ran = await belay(deploy, { cwd: copy });
  expectExit(ran, 0);
  return ran;
}

const ledger = (): string => join(ground.state, "ledger");

/** The file of an entry by its age: 0 is the newest. Names count down, so that the newest is the first. */
const entryFile = (age: number): string => join(ledger(), readdirSync(ledger()).toSorted()[age] ?? "");

/** A machine that has never read this record: it has no cached state to start from. */
const forgetCache = (): void => rmSync(join(copy, ".belay", "cache"), { recursive: true, force: true });

async function brokenAt(): Promise<unknown> {
  const log = await belay(["log", "--json"], { cwd: copy });
  expectExit(log, 8);
  return answerOf(log, "chain", "brokenAt");
}

describe("the ledger", () => {
  test("with its newest entry cut short stops every deploy, and log says where", async () => {
    const newest = entryFile(0);
    truncateSync(newest, 40);
    put(site, "index.html", "<p>four</p>\n");
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(8, /entry 6 .*damaged or cut short/u, /belay log/u));
    expect(await brokenAt()).toBe(6);
  });

  test("with an edited entry is shown to be broken there, and a machine that reads it afresh writes nothing", async () => {
    const edited = entryFile(3);
    writeFileSync(edited, readFileSync(edited, "utf8").replace('"title":"', '"title":"not '));
    expect(await brokenAt()).toBe(3);
    forgetCache();
    put(site, "index.html", "<p>four</p>\n");
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(8, /entry 3 .*does not have the hash/u, /restore .* from a backup/u));
  });

  test("with a deleted entry is shown to be broken there, and a machine that reads it afresh writes nothing", async () => {
    rmSync(entryFile(2));
    expect(await brokenAt()).toBe(4);
    forgetCache();
    put(site, "index.html", "<p>four</p>\n");
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(8, /entry 4 .*is missing/u, /restore .* from a backup/u));
  });

  test("with its newest entry deleted is not gone on with as if that had never been said", async () => {
    rmSync(entryFile(0));
    forgetCache();
    put(site, "index.html", "<p>four</p>\n");
    expect(await denial({ ground, copy }, deploy)).toEqual(denied(5, /has not ended/u, /belay resume/u));
  });

  test("with entries from the future, by a clock that was wrong, orders by number and goes on", async () => {
    // The clock of one machine runs ten years fast for one deploy.
    const shift = join(ground.folder, "shift.mjs");
    writeFileSync(shift, "const now = Date.now;\nDate.now = () => now() + 10 * 365 * 86_400_000;\n");
    put(site, "index.html", "<p>from the future</p>\n");
    const ahead = await belay([...deploy, "--json"], { cwd: copy, env: { NODE_OPTIONS: `--import=${shift}` } });
    expectExit(ahead, 0);
    await publish("back in the present");
    const log = await belay(["log", "--json"], { cwd: copy });
    const years = [0, 2].map((at) => new Date(String(answerOf(log, "entries", at, "at"))).getFullYear());
    expect((years[1] ?? 0) - (years[0] ?? 0)).toBeGreaterThanOrEqual(9);
    expect(answerOf(log, "chain")).toBe("intact");
    expect(readFileSync(join(ground.live, "index.html"), "utf8")).toBe("<p>back in the present</p>\n");
  });

  test("with a lease of years to come, by a clock that was wrong, holds nobody off", async () => {
    const lease = {
      format: 1,
      target: "default-staging",
      purpose: "deploy",
      owner: { host: "elsewhere", bootId: "b", pidSpace: "p", pid: 1, startTime: "s", actor: "somebody" },
      generation: 1,
      nonce: "0123456789abcdef",
      ttlMs: 60_000,
      untilMs: Date.now() + 10 * 365 * 86_400_000,
    };
    put(ground.state, "leases/default-staging.json", JSON.stringify(lease));
    await publish("four");
    expect(readFileSync(join(ground.live, "index.html"), "utf8")).toBe("<p>four</p>\n");
  });
});

describe("the vault", () => {
  test("with a damaged object refuses to restore from it, and new work goes on", async () => {
    const before = "<p>two</p>\n";
    const digest = sha256(before);
    const object = join(ground.state, "vault", digest.slice(0, 2), digest);
    writeFileSync(object, "<p>tvo</p>\n");
    rmSync(join(copy, ".belay", "seen"), { recursive: true, force: true });
    expect(await denial({ ground, copy }, ["restore", "staging", "--yes"])).toEqual(
      denied(8, new RegExp(`${digest.slice(0, 12)}.*SHA-256`, "u"), /backup/u),
    );
    await publish("four");
    expect(readFileSync(join(ground.live, "index.html"), "utf8")).toBe("<p>four</p>\n");
  });
});

describe("this copy's memory", () => {
  test("with a damaged base shard counts as never having seen: the record proves it, or a pull is asked for", async () => {
    const shards = readdirSync(join(copy, ".belay", "base"), { recursive: true, withFileTypes: true }).filter((found) => found.isFile());
    for (const { parentPath, name } of shards) writeFileSync(join(parentPath, name), '{"index.html": {"digest": "');
    expect(shards.length).toBeGreaterThan(0);
    put(site, "index.html", "<p>four</p>\n");
    expect(await denial({ ground, copy }, deploy)).toEqual(
      denied(3, /never seen by this working copy/u, /belay pull staging index\.html/u),
    );
    const pulled = await belay(["pull", "staging", "--take", "mine"], { cwd: copy });
    expectExit(pulled, 0);
    const ran = await belay(deploy, { cwd: copy });
    expectExit(ran, 0);
  });

  test("lost altogether costs nothing where this copy still holds what is live", async () => {
    rmSync(join(copy, ".belay"), { recursive: true });
    const status = await belay(["status", "--json"], { cwd: copy });
    expectExit(status, 0);
    await publish("four");
    expect(treeOf(ground.live)).toEqual(treeOf(site));
  });

  test("with damaged caches only makes it slower", async () => {
    const cache = join(copy, ".belay", "cache");
    for (const file of readdirSync(cache)) writeFileSync(join(cache, file), '{"head":{"seq":99,"hash":"no"}}');
    await publish("four");
    const log = await belay(["log", "--json"], { cwd: copy });
    expect(answerOf(log, "chain")).toBe("intact");
  });
});
