import { beforeEach, describe, expect, it } from "vitest";
import { openLeaser, type LeaserSetup } from "../../src/adapters/state/store-leaser.ts";
import type { LeaseOwner } from "../../src/adapters/state/lease-file.ts";
import type { Held, Lease, Leaser } from "../../src/ports/leaser.ts";
import type { Store } from "../../src/ports/store.ts";
import { openFakeTime, type FakeTime } from "./fake-time.ts";
import { calm, countCalls, keysUnder, overwrite, textAt, watch, type WatchedStore } from "./watched-store.ts";

const key = "leases/staging.json";
const ttlMs = 60_000;
const ownerOf = (actor: string): LeaseOwner => ({
  host: "harbour/6f1e",
  bootId: "b1",
  pidSpace: "pid:[1]",
  pid: actor.length + 100,
  startTime: "42",
  actor,
});

/** The pause of an owner that fell silent: its lease is never renewed. */
const never = async (): Promise<void> => await new Promise<void>(() => undefined);

/** What a leaser over any store promises. `openStore` opens an empty one. */
export function leaserContract(place: string, openStore: () => Promise<Store>): void {
  describe(`a leaser over ${place}`, () => {
    let store: WatchedStore;
    let time: FakeTime;
    let dead: Set<string>;

    beforeEach(async () => {
      store = watch(await openStore());
      time = openFakeTime(undefined, () => store.isBusy());
      dead = new Set();
    });

    function leaserOf(actor: string, other: Partial<LeaserSetup> = {}): Leaser {
      return openLeaser({
        store,
        runtime: time,
        owner: ownerOf(actor),
        isProvablyDead: (owner) => dead.has(owner.actor),
        pause: async (ms, signal) => await time.pause(ms, signal),
        ...other,
      });
    }

    async function lease(actor: string): Promise<Lease> {
      const answer = await leaserOf(actor).acquire("staging", "deploy", calm);
      if (answer.kind !== "lease") throw new Error(`${actor} was not given the lease: it is held by ${answer.by}`);
      return answer;
    }

    /** A lease whose owner fell silent: it is never renewed again. */
    async function abandoned(actor: string): Promise<void> {
      await leaserOf(actor, { pause: never }).acquire("staging", "deploy", calm);
    }

    it("a free lease costs one request to take and one to release", async () => {
      const taken = await countCalls(store, async () => {
        const held = await lease("ana");
        expect(held.predecessor).toBe("none");
      });
      expect(taken).toEqual({ list: 0, read: 0, write: 1, remove: 0 });
      const held = await leaserOf("ana").acquire("production", "deploy", calm);
      const released = await countCalls(store, async () => (held.kind === "lease" ? await held.release() : undefined));
      expect(released).toEqual({ list: 0, read: 0, write: 0, remove: 1 });
      expect(await keysUnder(store, "")).toEqual([key]);
    });

    it("whoever comes second is told who holds it, for what and until when", async () => {
      await lease("ana");
      const answer = await leaserOf("ben").acquire("staging", "promote", calm);
      const held: Held = { kind: "held", by: "ana (process 103 on harbour)", purpose: "deploy", untilMs: time.now() + ttlMs };
      expect(answer).toEqual(held);
      expect((await leaserOf("ben").acquire("production", "promote", calm)).kind).toBe("lease");
    });

    it("of 16 who ask at once one gets it", async () => {
      const answers = await Promise.all(
        Array.from({ length: 16 }, async (_, at) => await leaserOf(`racer${at}`).acquire("staging", "deploy", calm)),
      );
      expect(answers.filter((answer) => answer.kind === "lease")).toHaveLength(1);
      expect(answers.filter((answer) => answer.kind === "held")).toHaveLength(15);
    });

    it("a lease that was taken from a dead owner can be handed back, and proves that one dead to whoever comes next", async () => {
      await abandoned("gone");
      dead.add("gone");
      const taken = await leaserOf("ana").acquire("staging", "deploy", calm);
      expect(taken).toMatchObject({ kind: "lease", predecessor: "dead" });
      if (taken.kind === "lease") await taken.abandon();
      expect(await leaserOf("ben").acquire("staging", "resume", calm)).toMatchObject({ kind: "lease", predecessor: "dead" });
    });

    it("a lease is renewed for as long as it is held, and free once released", async () => {
      const held = await lease("ana");
      await time.pass(10 * ttlMs);
      expect(await leaserOf("ben").acquire("staging", "deploy", calm)).toMatchObject({ kind: "held" });
      await held.release();
      expect(time.sleepers()).toBe(0);
      expect(await keysUnder(store, "leases/")).toEqual([]);
      const calls = await countCalls(store, async () => await time.pass(10 * ttlMs));
      expect(calls.write).toBe(0);
      expect((await lease("ben")).predecessor).toBe("none");
    });

    it("a lease that ran out is taken over, and the taker is told that its owner may still be at it", async () => {
      await abandoned("ana");
      await time.pass(ttlMs - 1);
      expect((await leaserOf("ben").acquire("staging", "deploy", calm)).kind).toBe("held");
      await time.pass(1);
      expect((await lease("ben")).predecessor).toBe("unknown");
      expect(JSON.parse(await textAt(store, key))).toMatchObject({ generation: 2, owner: { actor: "ben" } });
    });

    it.each([0, 2 * ttlMs])("a provably dead owner's lease is taken at once, with nothing to wait for (%i ms later)", async (laterMs) => {
      await abandoned("ana");
      dead.add("ana");
      await time.pass(laterMs);
      expect((await lease("ben")).predecessor).toBe("dead");
    });

    it("of 16 who find it run out one takes it over", async () => {
      await abandoned("ana");
      await time.pass(ttlMs);
      const answers = await Promise.all(
        Array.from({ length: 16 }, async (_, at) => await leaserOf(`racer${at}`).acquire("staging", "deploy", calm)),
      );
      expect(answers.filter((answer) => answer.kind === "lease")).toHaveLength(1);
      expect(answers.filter((answer) => answer.kind === "held")).toHaveLength(15);
    });

    it("an owner that was overtaken neither renews nor releases the lease of its successor", async () => {
      const late = await lease("ana");
      dead.add("ana");
      await lease("ben");
      const now = await textAt(store, key);
      await time.pass(ttlMs / 2);
      await late.release();
      expect(JSON.parse(await textAt(store, key))).toMatchObject({ owner: { actor: "ben" }, nonce: nonceIn(now) });
    });

    it.each(["lost-before", "lost-after"] as const)("a lease whose reply was %s is ours all the same", async (fault) => {
      store.faults.push(fault);
      const held = await lease("ana");
      expect(held.predecessor).toBe("none");
      await held.release();
      expect(await keysUnder(store, "leases/")).toEqual([]);
    });

    it.each(["lost-before", "lost-after"] as const)("a renewal whose reply was %s does not lose the lease", async (fault) => {
      const held = await lease("ana");
      store.faults.push(fault);
      await time.pass(5 * ttlMs);
      expect((await leaserOf("ben").acquire("staging", "deploy", calm)).kind).toBe("held");
      store.faults.push(fault);
      await held.release();
      expect(await keysUnder(store, "leases/")).toEqual([]);
    });

    it("releasing twice, or releasing what is gone, is silent", async () => {
      const held = await lease("ana");
      const calls = await countCalls(store, async () => {
        await Promise.all([held.release(), held.release()]);
        await held.release();
      });
      expect(calls).toEqual({ list: 0, read: 0, write: 0, remove: 1 });
      const second = await lease("ana");
      store.unreachable = "leases/";
      store.faults.push("lost-before");
      await expect(second.release()).resolves.toBeUndefined();
    });

    it("a lease is given back although the command was interrupted", async () => {
      const command = new AbortController();
      const held = await leaserOf("ana").acquire("staging", "deploy", { signal: command.signal });
      command.abort();
      if (held.kind === "lease") await held.release();
      expect(await keysUnder(store, "leases/")).toEqual([]);
    });

    it.each(["", "{}", '{"format":1,"target":"staging"}', "not json"])("a lease object that holds %j holds nobody off", async (damage) => {
      await overwrite(store, key, damage);
      expect((await lease("ben")).predecessor).toBe("unknown");
    });

    it("a lease from a clock that is far ahead holds nobody off for longer than clocks may differ", async () => {
      await leaserOf("ana", { runtime: openFakeTime(time.now() + 10 * 60_000), pause: never }).acquire("staging", "deploy", calm);
      expect((await leaserOf("ben").acquire("staging", "deploy", calm)).kind).toBe("held");
      await leaserOf("cyd", { runtime: openFakeTime(time.now() + 86_400_000), pause: never }).acquire("production", "deploy", calm);
      expect(await leaserOf("ben").acquire("production", "deploy", calm)).toMatchObject({ kind: "lease", predecessor: "unknown" });
    });

    it("a time to live of one's own choice counts", async () => {
      await leaserOf("ana", { ttlMs: 5000, pause: never }).acquire("staging", "deploy", calm);
      await time.pass(5000);
      expect((await lease("ben")).predecessor).toBe("unknown");
    });

    it("a target with an odd name keeps to its own lease", async () => {
      const answer = await leaserOf("ana").acquire("../staging", "deploy", calm);
      expect(answer.kind).toBe("lease");
      expect(await keysUnder(store, "")).toEqual(["leases/..%2Fstaging.json"]);
    });
  });
}

function nonceIn(text: string): unknown {
  const file: unknown = JSON.parse(text);
  return typeof file === "object" && file !== null && "nonce" in file ? file.nonce : undefined;
}
