/** Two machines that share nothing but a state in a bucket of the server in hand. */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { isProvablyDead, thisProcess } from "../../src/adapters/shared/process-identity.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { openLeaser } from "../../src/adapters/state/store-leaser.ts";
import { openLedger } from "../../src/adapters/state/store-ledger.ts";
import { openVault } from "../../src/adapters/state/store-vault.ts";
import { bodyOf, bytesOf } from "../../src/core/body.ts";
import type { EntryBody } from "../../src/core/ledger/entry.ts";
import type { Leaser } from "../../src/ports/leaser.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import type { Vault } from "../../src/ports/vault.ts";
import { addCopy, openGround, put } from "../scenarios/support/ground.ts";
import { answerOf, belay, expectExit } from "../scenarios/support/run-belay.ts";
import { live, makeBucket, openBucketStore, runtime } from "./support/buckets.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

const actor = { name: "Ana", kind: "person", proof: "claimed", from: "git user.email" } as const;
const warned = (warning: string): EntryBody => ({
  actor,
  kind: "warned",
  site: "default",
  warning,
  paths: ["index.html"],
  text: "Hands off.",
});

interface Machine {
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly leaser: Leaser;
}

/** A machine with a connection of its own; its processes die with nobody here to see it. */
async function boot(bucket: string, host: string): Promise<Machine> {
  const store = openBucketStore(bucket, { watchesHeaders: false, prefix: "belay" });
  const owner = { ...(await thisProcess()), host, bootId: host, actor: host };
  return {
    ledger: openLedger({ store, runtime }),
    vault: openVault({ store }),
    leaser: openLeaser({ store, runtime, owner, isProvablyDead, pause: async (ms, signal) => await runtime.sleep(ms, signal) }),
  };
}

describe(`two machines with their state on ${server.title}`, () => {
  let [harbour, pier]: readonly Machine[] = [];

  beforeEach(async () => {
    const bucket = await makeBucket();
    [harbour, pier] = await Promise.all([boot(bucket, "harbour"), boot(bucket, "pier")]);
  });
  const both = (): readonly [Machine, Machine] => {
    if (!harbour || !pier) throw new Error("the machines are not up");
    return [harbour, pier];
  };

  it("what one appends is the other's head, and of two who append next one is told that it moved", async () => {
    const [one, other] = both();
    const first = await one.ledger.append(warned("footer"), (await one.ledger.state(live)).head, live);
    const { head, warnings } = await other.ledger.state(live);
    expect(head).toEqual(first.head);
    expect(warnings).toMatchObject([{ id: "footer" }]);
    const next = await Promise.all([one, other].map(async ({ ledger }, at) => await ledger.append(warned(`next${at}`), head, live)));
    expect(next.map(({ kind }) => kind).toSorted()).toEqual(["appended", "moved"]);
    expect((await one.ledger.state(live)).head).toEqual((await other.ledger.state(live)).head);
  });

  it("what one keeps the other can open", async () => {
    const [one, other] = both();
    const bytes = randomBytes(50_000);
    await one.vault.keep(bodyOf(bytes, sha256(bytes)), live);
    const opened = await other.vault.open(sha256(bytes), live);
    expect(opened && bytes.equals(await bytesOf(opened))).toBe(true);
    expect(await other.vault.find(sha256(bytes).slice(0, 12), live)).toEqual([sha256(bytes)]);
  });

  it("the lease of one holds the other off until it is given back", async () => {
    const [one, other] = both();
    const lease = await one.leaser.acquire("staging", "deploy", live);
    if (lease.kind !== "lease") throw new Error("a free lease was not given");
    expect(await other.leaser.acquire("staging", "deploy", live)).toMatchObject({ kind: "held", purpose: "deploy" });
    await lease.release();
    const next = await other.leaser.acquire("staging", "deploy", live);
    expect(next).toMatchObject({ kind: "lease", predecessor: "none" });
    if (next.kind === "lease") await next.release();
  });

  it("a release from one working copy stops the other's older bytes, which are told who has written", async () => {
    const [site, state] = [await makeBucket(), await makeBucket()];
    const ground = openGround("machines");
    const { env } = server;
    try {
      const options = { sharesState: false, store: `s3://${site}`, top: `state: s3://${state}/belay\n` };
      const [first, second] = ["first", "second"].map((name) => addCopy(ground, name, options));
      const deploy = async (cwd = "", ...words: readonly string[]) => await belay(["deploy", "staging", "--yes", ...words], { cwd, env });
      put(join(first ?? "", "public"), "index.html", "<p>From the first copy</p>\n");
      expectExit(await deploy(first, "--change", "opening"), 0);
      put(join(second ?? "", "public"), "index.html", "<p>Older, from the second copy</p>\n");
      const stopped = await deploy(second, "--json");
      expect([3, 8]).toContain(stopped.exit);
      expect(answerOf(stopped, "refusals", 0, "stale", 0, "path")).toBe("index.html");
      const log = await belay(["log", "--json"], { cwd: second ?? "", env });
      expect(answerOf(log, "chain")).toBe("intact");
      expect(log.stdout).toContain("opening");
    } finally {
      ground.remove();
    }
  });
});
