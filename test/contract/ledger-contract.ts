import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { openLedger, type StateCache } from "../../src/adapters/state/store-ledger.ts";
import { canonicalBytes } from "../../src/core/canonical-json.ts";
import { emptyHead, type Entry, type EntryBody, type LedgerHead } from "../../src/core/ledger/entry.ts";
import { emptyState, fold } from "../../src/core/ledger/fold.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import type { Store } from "../../src/ports/store.ts";
import { openFakeTime, type FakeTime } from "./fake-time.ts";
import { calm, countCalls, keysUnder, overwrite, textAt, watch, wipe, type WatchedStore } from "./watched-store.ts";

const actor = { name: "Ana", kind: "person", proof: "claimed", from: "git user.email" } as const;
const warned = (warning: string): EntryBody => ({
  actor,
  kind: "warned",
  site: "default",
  warning,
  paths: [`${warning}.html`],
  text: "Hands off.",
});
const keyOfSeq = (seq: number): string => `ledger/${999_999_999_999 - seq}.json`;
const checkpointOfSeq = (seq: number): string => `ledger-checkpoints/${999_999_999_999 - seq}.json`;

/** Appends so many warnings, each expecting the one before. */
async function grow(ledger: Ledger, count: number): Promise<LedgerHead> {
  let { head } = await ledger.state(calm);
  for (let step = 1; step <= count; step += 1) {
    const appended = await ledger.append(warned(`w${head.seq + 1}`), head, calm);
    if (appended.kind !== "appended") throw new Error(`the test could not append entry ${head.seq + 1}`);
    head = appended.head;
  }
  return head;
}

async function all(ledger: Ledger): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of ledger.entries(calm)) entries.push(entry);
  return entries;
}

/** What `entries()` hands over before it throws, and what it throws. */
async function upToBreak(ledger: Ledger): Promise<{ readonly seqs: readonly number[]; readonly error: unknown }> {
  const seqs: number[] = [];
  try {
    for await (const entry of ledger.entries(calm)) seqs.push(entry.seq);
  } catch (error) {
    return { seqs, error };
  }
  return { seqs, error: undefined };
}

function heldInMemory(state?: unknown): StateCache & { held: unknown; revision: unknown; saves: number } {
  return {
    held: state,
    revision: undefined,
    saves: 0,
    async load() {
      return this.held === undefined ? undefined : { state: this.held, headRevision: this.revision };
    },
    async save({ state: saved, headRevision }) {
      this.held = JSON.parse(JSON.stringify(saved));
      this.revision = headRevision;
      this.saves += 1;
    },
  };
}

/** A store whose listings do not show the first object yet. */
function lagging(store: Store): Store {
  return {
    ...store,
    async *list(prefix, options) {
      let shown = 0;
      for await (const observed of store.list(prefix, { signal: options.signal })) {
        shown += 1;
        if (shown > 1) yield observed;
      }
    },
  };
}

const broken = (seq: number): object => ({
  code: "ledger-broken",
  message: expect.stringContaining(`entry ${seq} (${keyOfSeq(seq)})`),
  remedy: expect.stringContaining("belay log"),
});

/** What a ledger over any store promises. `openStore` opens an empty one. */
export function ledgerContract(place: string, openStore: () => Promise<Store>): void {
  describe(`a ledger over ${place}`, () => {
    let store: WatchedStore;
    let time: FakeTime;
    const fresh = (cache?: StateCache): Ledger => openLedger({ store, runtime: time, ...(cache ? { cache } : {}) });

    beforeEach(async () => {
      store = watch(await openStore());
      time = openFakeTime();
    });

    describe("appending", () => {
      it("an empty ledger takes its first entry, and what was said is then its state", async () => {
        const ledger = fresh();
        expect(await ledger.state(calm)).toEqual(emptyState);
        const appended = await ledger.append(warned("footer"), emptyHead, calm);
        expect(appended).toMatchObject({
          kind: "appended",
          entry: { seq: 1, format: 1, prev: "0".repeat(64), at: "2026-05-20T12:00:00.000Z" },
        });
        expect((await fresh().state(calm)).warnings).toMatchObject([{ id: "footer", paths: ["footer.html"] }]);
        expect((await fresh().state(calm)).head).toEqual(appended.head);
      });

      it("the bytes are canonical JSON and each entry holds the hash of the one before", async () => {
        const head = await grow(fresh(), 3);
        const [newest, middle] = await all(fresh());
        expect(await textAt(store, keyOfSeq(3))).toBe(new TextDecoder().decode(canonicalBytes(newest)));
        expect(time.sha256(canonicalBytes(newest))).toBe(head.hash);
        expect(newest?.prev).toBe(time.sha256(canonicalBytes(middle)));
      });

      it("of 16 racing appends one is appended and 15 are told the true head", async () => {
        const ledgers = Array.from({ length: 16 }, () => fresh());
        const head = await grow(fresh(), 2);
        const answers = await Promise.all(ledgers.map(async (ledger, at) => await ledger.append(warned(`racer${at}`), head, calm)));
        const won = answers.filter((answer) => answer.kind === "appended");
        expect(won).toHaveLength(1);
        expect(answers.map((answer) => answer.head)).toEqual(answers.map(() => won[0]?.head));
        expect(await keysUnder(store, "ledger/")).toHaveLength(3);
      });

      it("of 16 racing appends of one process one is appended", async () => {
        const ledger = fresh();
        const head = await grow(ledger, 1);
        const answers = await Promise.all(
          Array.from({ length: 16 }, async (_, at) => await ledger.append(warned(`racer${at}`), head, calm)),
        );
        expect(answers.filter((answer) => answer.kind === "appended")).toHaveLength(1);
        expect((await all(fresh())).map((entry) => entry.seq)).toEqual([2, 1]);
      });

      it("an append that expects an older or an unknown head is moved and writes nothing", async () => {
        const ledger = fresh();
        const older = await grow(ledger, 1);
        const head = await grow(ledger, 1);
        const calls = await countCalls(store, async () => {
          expect(await ledger.append(warned("late"), older, calm)).toEqual({ kind: "moved", head });
          expect(await ledger.append(warned("odd"), { seq: 2, hash: "f".repeat(64) }, calm)).toEqual({ kind: "moved", head });
        });
        expect(calls.write).toBe(0);
      });

      it("the new entry's time is the writer's own, even where the head's lies in the future", async () => {
        const ahead = openFakeTime(time.now() + 3_600_000);
        const head = await grow(openLedger({ store, runtime: ahead }), 1);
        const appended = await fresh().append(warned("second"), head, calm);
        expect(appended).toMatchObject({ kind: "appended", entry: { at: "2026-05-20T12:00:00.000Z" } });
        expect((await all(fresh())).map((entry) => entry.at)).toEqual(["2026-05-20T12:00:00.000Z", "2026-05-20T13:00:00.000Z"]);
      });
    });

    describe("lost replies", () => {
      it("an append whose reply was lost is recognised as ours", async () => {
        const ledger = fresh();
        const head = await grow(ledger, 1);
        store.faults.push("lost-after");
        expect(await ledger.append(warned("second"), head, calm)).toMatchObject({ kind: "appended", head: { seq: 2 } });
        expect(await all(fresh())).toHaveLength(2);
      });

      it("an append that never arrived is sent again, with the same bytes", async () => {
        const ledger = fresh();
        const head = await grow(ledger, 1);
        store.faults.push("lost-before", "lost-before", "lost-after");
        expect(await ledger.append(warned("second"), head, calm)).toMatchObject({ kind: "appended", head: { seq: 2 } });
        expect(await all(fresh())).toHaveLength(2);
      });

      it("an equal entry by another hand is not taken for ours: the nonce tells them apart", async () => {
        const ledger = fresh();
        const head = await grow(ledger, 1);
        store.faults.push(undefined, "lost-before");
        const other = await fresh().append(warned("second"), head, calm);
        expect(await ledger.append(warned("second"), head, calm)).toEqual({ kind: "moved", head: other.head });
      });

      it("after four attempts without an answer the append is unsettled", async () => {
        const ledger = fresh();
        const head = await grow(ledger, 1);
        store.faults.push("lost-before", "lost-before", "lost-before", "lost-before");
        const calls = await countCalls(store, async () => {
          await expect(ledger.append(warned("second"), head, calm)).rejects.toMatchObject({
            code: "unsettled",
            remedy: expect.stringContaining("belay resume"),
          });
        });
        expect(calls.write).toBe(4);
      });

      it("a store that stays silent after a lost reply leaves the append unsettled, not failed", async () => {
        const ledger = fresh();
        const head = await grow(ledger, 1);
        store.faults.push("lost-after");
        store.unreachable = "ledger/";
        const answer = ledger.append(warned("second"), head, calm);
        await expect(answer).rejects.toMatchObject({ code: "unsettled" });
      });
    });

    describe("damage", () => {
      it.each([
        ["cut short", (text: string) => text.slice(0, 40)],
        ["emptied", () => ""],
        ["replaced by a stranger's JSON", () => '{"name":"charter","version":"1.0.0"}'],
        ["without a field", (text: string) => text.replace('"warning":', '"warming":')],
      ])("an entry that was %s breaks the ledger by name", async (_, change) => {
        await grow(fresh(), 3);
        await overwrite(store, keyOfSeq(3), change(await textAt(store, keyOfSeq(3))));
        await expect(fresh().state(calm)).rejects.toMatchObject(broken(3));
        await expect(all(fresh())).rejects.toMatchObject(broken(3));
      });

      it("an entry that was changed breaks the chain there, and what came after it is still told", async () => {
        await grow(fresh(), 5);
        await overwrite(store, keyOfSeq(2), (await textAt(store, keyOfSeq(2))).replace("Hands off.", "Go ahead."));
        await expect(fresh().state(calm)).rejects.toMatchObject(broken(2));
        const { seqs, error } = await upToBreak(fresh());
        expect(seqs).toEqual([5, 4, 3]);
        expect(error).toMatchObject(broken(2));
      });

      it("entries that are missing break the ledger at the first one met, and only there", async () => {
        await grow(fresh(), 20);
        await wipe(store, keyOfSeq(4));
        await wipe(store, keyOfSeq(2));
        await expect(fresh().state(calm)).rejects.toMatchObject(broken(2));
        const { seqs, error } = await upToBreak(fresh());
        expect(seqs).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
        expect(error).toMatchObject(broken(4));
      });

      it("an entry under another's name breaks the ledger", async () => {
        await grow(fresh(), 2);
        await overwrite(store, keyOfSeq(3), await textAt(store, keyOfSeq(2)));
        await expect(fresh().state(calm)).rejects.toMatchObject(broken(3));
      });

      it("a first entry that names one before it breaks the ledger", async () => {
        await grow(fresh(), 1);
        await overwrite(store, keyOfSeq(1), (await textAt(store, keyOfSeq(1))).replace("0".repeat(64), "a".repeat(64)));
        await expect(fresh().state(calm)).rejects.toMatchObject(broken(1));
        await expect(all(fresh())).rejects.toMatchObject(broken(1));
      });

      it("a head that this run has seen and that is gone breaks the ledger", async () => {
        const ledger = fresh();
        await grow(ledger, 3);
        await wipe(store, keyOfSeq(3));
        await expect(ledger.state(calm)).rejects.toMatchObject(broken(3));
      });

      it("a listing that lags behind does not unsay what this run has seen, unless that was changed", async () => {
        const ledger = openLedger({ store: lagging(store), runtime: time });
        const head = await grow(fresh(), 3);
        const behind = await ledger.state(calm);
        expect(behind.head.seq).toBe(2);
        expect(await ledger.append(warned("w4"), head, calm)).toEqual({ kind: "moved", head: behind.head });
        expect(await ledger.append(warned("w3"), behind.head, calm)).toMatchObject({ kind: "moved" });
        const own = openLedger({ store: lagging(store), runtime: time });
        const first = await own.state(calm);
        await wipe(store, keyOfSeq(3));
        const appended = await own.append(warned("w3"), first.head, calm);
        expect((await own.state(calm)).head).toEqual(appended.head);
        await overwrite(store, keyOfSeq(3), (await textAt(store, keyOfSeq(3))).replace("Hands off.", "Go ahead."));
        await expect(own.state(calm)).rejects.toMatchObject(broken(3));
      });

      it.each([
        ["kind", '"kind":"warned"', '"kind":"signed"'],
        ["format", '"format":1', '"format":2'],
      ])("an entry of an unknown %s asks for an upgrade", async (_, from, to) => {
        await grow(fresh(), 2);
        await overwrite(store, keyOfSeq(2), (await textAt(store, keyOfSeq(2))).replace(from, to));
        await expect(fresh().state(calm)).rejects.toMatchObject({ code: "not-supported", remedy: expect.stringContaining("Upgrade") });
      });

      it("a stranger's file among the entries does not hide the head", async () => {
        const head = await grow(fresh(), 2);
        await overwrite(store, "ledger/#backup.json", "{}");
        await overwrite(store, "ledger/0-notes.txt", "mine");
        expect((await fresh().state(calm)).head).toEqual(head);
        expect(await all(fresh())).toHaveLength(2);
      });
    });

    describe("cost", () => {
      it("an uncontended append is one write, and a state that is known is one listing", async () => {
        const ledger = fresh();
        const head = await grow(ledger, 2);
        expect(await countCalls(store, async () => await ledger.append(warned("third"), head, calm))).toEqual({
          list: 0,
          read: 0,
          write: 1,
          remove: 0,
        });
        expect(await countCalls(store, async () => await ledger.state(calm))).toEqual({ list: 1, read: 0, write: 0, remove: 0 });
      });

      it("entries by others cost one read each", async () => {
        const ledger = fresh();
        await grow(ledger, 3);
        await grow(fresh(), 4);
        expect(await countCalls(store, async () => await ledger.state(calm))).toEqual({ list: 1, read: 4, write: 0, remove: 0 });
      });

      it("a fresh machine starts from the newest checkpoint", async () => {
        const head = await grow(fresh(), 260);
        expect(await keysUnder(store, "ledger-checkpoints/")).toEqual([checkpointOfSeq(256), checkpointOfSeq(128)]);
        const calls = await countCalls(store, async () => {
          const state = await fresh().state(calm);
          expect(state.head).toEqual(head);
          expect(state.warnings).toHaveLength(260);
        });
        expect(calls).toEqual({ list: 2, read: 5, write: 0, remove: 0 });
      });

      it("a checkpoint whose reply or request is lost does not harm the append", async () => {
        const ledger = fresh();
        const head = await grow(ledger, 127);
        store.faults.push(undefined, "lost-before");
        expect(await ledger.append(warned("w128"), head, calm)).toMatchObject({ kind: "appended" });
        expect(await keysUnder(store, "ledger-checkpoints/")).toEqual([]);
        expect((await fresh().state(calm)).warnings).toHaveLength(128);
      });

      it.each([
        ["cut short", (text: string) => text.slice(0, 100)],
        ["of another chain", (text: string) => text.replace(/"hash":"[0-9a-f]{64}"/u, `"hash":"${"b".repeat(64)}"`)],
      ])("a checkpoint that is %s is not believed", async (_, change) => {
        await grow(fresh(), 130);
        const key = checkpointOfSeq(128);
        const was = await textAt(store, key);
        await overwrite(store, key, change(was.replace('"text":"Hands off."', '"text":"Forged."')));
        expect(await textAt(store, key)).not.toBe(was);
        expect((await fresh().state(calm)).warnings.map((warning) => warning.text)).toEqual(
          Array.from({ length: 130 }, () => "Hands off."),
        );
      });

      it("a cache spares all reads while the head is listed as the same content, and one read proves it where that is not known", async () => {
        const cache = heldInMemory();
        const head = await grow(fresh(cache), 40);
        expect(cache.saves).toBe(40);
        const truth = await fresh().state(calm);
        const first = await countCalls(store, async () => expect(await fresh(cache).state(calm)).toEqual(truth));
        expect(first).toEqual({ list: 1, read: 0, write: 0, remove: 0 });
        cache.revision = "another content";
        const second = await countCalls(store, async () => expect(await fresh(cache).state(calm)).toEqual(truth));
        expect(second).toEqual({ list: 1, read: 1, write: 0, remove: 0 });
        await grow(fresh(), 2);
        const calls = await countCalls(store, async () => {
          expect((await fresh(cache).state(calm)).head.seq).toBe(head.seq + 2);
        });
        expect(calls).toEqual({ list: 1, read: 2, write: 0, remove: 0 });
      });

      it("a cache that is damaged, ahead, of another ledger or throws is as good as none", async () => {
        const head = await grow(fresh(), 3);
        const truth = await fresh().state(calm);
        const otherHash = { ...truth, head: { ...head, hash: "c".repeat(64) }, warnings: [] };
        const ahead = { ...truth, head: { ...head, seq: 99 }, warnings: [] };
        for (const state of [null, "text", { head }, otherHash, ahead, { ...otherHash, head: { seq: 2, hash: "c".repeat(64) } }]) {
          expect(await fresh(heldInMemory(state)).state(calm)).toEqual(truth);
        }
        const failing: StateCache = {
          load: async () => await Promise.reject(new Error("disk")),
          save: async () => await Promise.reject(new Error("disk")),
        };
        expect(await fresh(failing).state(calm)).toEqual(truth);
      });
    });

    it("whatever replies are lost, every append that was reported stands exactly once and the fold of all entries is the state", async () => {
      const act = fc.record({
        who: fc.nat({ max: 2 }),
        faults: fc.array(fc.constantFrom(undefined, "lost-before" as const, "lost-after" as const), { maxLength: 3 }),
        isStale: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
          store = watch(await openStore());
          const ledgers = [fresh(), fresh(), fresh()];
          const reported: string[] = [];
          let stale: LedgerHead = emptyHead;
          for (const [at, { who, faults, isStale }] of acts.entries()) {
            const ledger = ledgers[who] ?? fresh();
            const { head } = await ledger.state(calm);
            store.faults.splice(0, store.faults.length, ...faults);
            const answer = await ledger.append(warned(`w${at}`), isStale ? stale : head, calm);
            if (answer.kind === "appended") reported.push(`w${at}`);
            stale = head;
          }
          store.faults.length = 0;
          const entries = (await all(fresh())).toReversed();
          expect(entries.map((entry) => (entry.kind === "warned" ? entry.warning : entry.kind))).toEqual(reported);
          const folded = entries.reduce((state, entry) => fold(state, entry, time.sha256(canonicalBytes(entry))), emptyState);
          expect(await fresh().state(calm)).toEqual(folded);
        }),
        { numRuns: 40 },
      );
    });
  });
}
