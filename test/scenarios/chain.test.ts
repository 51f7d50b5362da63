/** From staging to production and back, by the command line: on folders, and on buckets behind their edges. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasSshKeygen } from "../support/software-key.ts";
import { sha256 } from "./support/ground.ts";
import { openChain, type ChainGround, type Kind } from "./support/chain-ground.ts";

const page = (text: string, foot = "Call us."): string =>
  ["<!doctype html>", "<title>Larkmoor</title>", `<h1>${text}</h1>`, "<hr>", "<p>Open from nine.</p>", "<hr>", `<p>${foot}</p>`, ""].join(
    "\n",
  );
const [first, second, theirs] = [page("First"), page("Second"), page("Second", "By another hand")];
const sign = { answer: "y\n" };

let ground: ChainGround;
afterEach(async () => {
  if (hasSshKeygen) await ground.close();
});

const production = async (): Promise<string> => await ground.text("production", "index.html");
/** Everything on one line, as line breaks depend on how long the names are. */
const flat = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/gu, " ");

describe.skipIf(!hasSshKeygen).each<[Kind]>([["folders"], ["buckets"]])("needs ssh-keygen: the whole chain on %s", (kind) => {
  beforeEach(async () => {
    ground = await openChain({ kind });
  });

  test("goes to production under one signature, survives a stranger, and comes back in one command", async () => {
    await ground.stage({ "index.html": first, "style.css": "h1 {}\n" }, "The site");
    await ground.expect(0, ["verify", "staging"]);
    const one = await ground.asked();
    expect(await production()).toBe("");
    await ground.expect(0, ["approve", one], sign);
    await ground.expect(0, ["apply", one]);
    expect(await production()).toBe(first);
    expect(await ground.text("production", "style.css")).toBe("h1 {}\n");

    await ground.stage({ "index.html": second }, "Second");
    await ground.expect(0, ["promote", "production"], sign);
    expect(await production()).toBe(second);

    await ground.stranger("production", "index.html", theirs);
    const noticed = await ground.expect(0, ["status", "production"]);
    expect(noticed.stdout).toContain("written by another hand");
    expect(noticed.stdout).toContain(`now ${sha256(theirs).slice(0, 8)}, was ${sha256(second).slice(0, 8)}`);
    expect(flat(await ground.expect(0, ["log", "index.html", "--target", "production"]))).toContain(
      "found index.html on production written by another hand",
    );
    expect([ground.keeps(theirs), ground.keeps(second), ground.keeps("never written")]).toEqual([true, true, false]);

    // Neither a promotion nor a rollback goes over it, and both say what to do.
    await ground.stage({ "index.html": page("Third") }, "Third");
    for (const verb of ["rollback", "promote"]) {
      const refused = await ground.run([verb, "production"], sign);
      expect({ verb, exit: refused.exit }).toEqual({ verb, exit: 8 });
      expect(refused.stderr).toContain("index.html");
      expect(await production()).toBe(theirs);
    }
    const pulled = await ground.expect(0, ["pull", "production", "index.html"], sign);
    expect(flat(pulled)).toMatch(/warning w[0-9a-f]{6} is settled by this pull/u);
    const both = page("Third", "By another hand");
    expect(await ground.world.read("studio/public/index.html")).toBe(both);
    await ground.expect(0, ["deploy", "staging", "--yes"]);
    await ground.expect(0, ["promote", "production"], sign);
    expect(await production()).toBe(both);

    await ground.expect(0, ["rollback", "production"], sign);
    expect(await production()).toBe(theirs);
    const dead = await ground.expect(3, ["promote", "production"], sign);
    expect(flat(dead)).toMatch(/rollback r\d+ took these very bytes off production/u);
    const back = /belay restore production index\.html --from r\d+/u.exec(flat(dead))?.[0] ?? "none";
    await ground.expect(0, back.split(" ").slice(1), sign);
    expect(await production()).toBe(both);
    expect(JSON.parse((await ground.expect(0, ["log", "--json"])).stdout)).toMatchObject({ chain: "intact" });
  });

  test("promotes one change past unfinished work, and refuses one that stands on it", async () => {
    await ground.stage({ "index.html": first, "tides.html": page("Tides") }, "The site");
    await ground.expect(0, ["promote", "production"], sign);
    const unfinished = await ground.stage({ "index.html": second }, "Half of a redesign");
    const hotfix = await ground.stage({ "tides.html": page("Tides, corrected") }, "Tide times");
    await ground.expect(0, ["promote", "production", "--change", hotfix], sign);
    expect(await production()).toBe(first);
    expect(await ground.text("production", "tides.html")).toBe(page("Tides, corrected"));
    const onTop = await ground.stage({ "index.html": page("Third") }, "On top of it");
    const refused = await ground.expect(3, ["promote", "production", "--change", onTop], sign);
    expect(flat(refused)).toContain(unfinished);
    expect(await production()).toBe(first);
  });

  test("is refused when staging changed by one byte after it was verified", async () => {
    await ground.stage({ "index.html": first }, "The site");
    await ground.stranger("staging", "index.html", first.replace("First", "Firsu"));
    const refused = await ground.expect(3, ["promote", "production"], sign);
    expect(flat(refused)).toContain("D2");
    expect(await production()).toBe("");
  });

  test("is refused when staging changed by one byte after it was approved", async () => {
    await ground.stage({ "index.html": first }, "The site");
    const plan = await ground.asked();
    await ground.expect(0, ["approve", plan], sign);
    await ground.stranger("staging", "index.html", first.replace("First", "Firsu"));
    expect((await ground.run(["apply", plan])).exit).not.toBe(0);
    expect(await production()).toBe("");
  });

  test("stops when production moved after the approval, and what moved stands", async () => {
    await ground.stage({ "index.html": first }, "The site");
    await ground.expect(0, ["promote", "production"], sign);
    await ground.stage({ "index.html": second }, "Second");
    const plan = await ground.asked();
    await ground.expect(0, ["approve", plan], sign);
    await ground.stranger("production", "index.html", theirs);
    expect([4, 8]).toContain((await ground.run(["apply", plan])).exit);
    expect(await production()).toBe(theirs);
  });

  test("starts on no approval of another plan, and on none twice", async () => {
    await ground.stage({ "index.html": first }, "The site");
    const plan = await ground.asked();
    await ground.expect(0, ["approve", plan], sign);
    await ground.stage({ "index.html": second }, "Second");
    const other = await ground.expect(8, ["promote", "production"]);
    expect(flat(other)).toContain(`wren@example.com approved plan ${plan}, which is another`);
    expect(await production()).toBe("");
    const now = await ground.asked();
    await ground.expect(0, ["approve", now], sign);
    await ground.expect(0, ["apply", now]);
    const used = await ground.expect(4, ["apply", now]);
    expect(flat(used)).toContain(`after plan ${now} was made`);
  });

  test("takes no approval of an agent, of CI or of a pipe", async () => {
    await ground.stage({ "index.html": first }, "The site");
    const plan = await ground.asked();
    for (const options of [{}, { ...sign, env: { CLAUDECODE: "1" } }, { ...sign, env: { CI: "true" } }]) {
      expect(flat(await ground.expect(8, ["approve", plan], options))).toContain("Only a person at a terminal approves");
      await ground.expect(8, ["promote", "production", "--confirm", plan], options);
    }
    expect(await production()).toBe("");
  });
});

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: an approval in a bucket's record", () => {
  test("expires by the clock of the bucket", async () => {
    ground = await openChain({ kind: "buckets" });
    await ground.stage({ "index.html": first }, "The site");
    const plan = await ground.asked();
    await ground.expect(0, ["approve", plan, "--expires", "90m"], sign);
    ground.clock.aheadMs = 2 * 3_600_000;
    expect(flat(await ground.expect(8, ["apply", plan]))).toContain("expired at");
    expect(await production()).toBe("");
  });
});
