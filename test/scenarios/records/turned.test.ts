import { expect, test } from "vitest";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import type { RecordKind } from "../../../src/core/records/kind.ts";
import { lookAgain } from "../../../src/operations/records/look-again.ts";
import { reconcile, type ReconcileResult } from "../../../src/operations/records/reconcile.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import { booking, context, event, incident, memoryBook, poorPage, RecordsWorld, richPage } from "./records-world.ts";

const sunset = "g/2026-05-30-jonah-sunset.html";
const afternoon = "g/2026-05-30-jonah-afternoon.html";
const kind: RecordKind = {
  ...booking,
  systems: booking.systems.map((system) => (system.name === "pages" ? { ...system, paths: ["/g/{code}"] } : system)),
};
const request = {
  named: "S2FJLN",
  answers: [{ field: "start", value: { kind: "moment", time: "15:30" } as const, because: "Mara: guest called" }],
  keep: sunset,
  deletes: false,
  leave: [],
};
const go = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go" as const) };

/** An edge that answers a short code by the table's pointer, or with what it kept where `isStuck`. */
class ShortCodes {
  readonly world: RecordsWorld;
  readonly bench: RecordsBench;
  readonly purged: string[] = [];
  /** In order: `purge PATH`, `look PATH`. */
  readonly seen: string[] = [];
  isStuck = false;

  constructor() {
    this.world = new RecordsWorld({ kind, production: { cdn: "cloudfront:E1EXAMPLE", url: "https://www.example.com" } });
    const purge = async (paths: readonly string[]): Promise<{ id: string }> => {
      this.seen.push(...paths.map((path) => `purge ${path}`));
      return await Promise.resolve({ id: `I${this.seen.length}` });
    };
    const home = {
      ...this.world.copy.bench,
      edgeOf: async () => await Promise.resolve({ purge }),
      probe: {
        ...this.world.copy.bench.probe,
        look: async (url: string) => {
          const path = new URL(url).pathname;
          this.seen.push(`look ${path}`);
          const points = (await this.world.textOf("record", "S2FJLN"))?.includes("jonah-sunset") === true;
          const key = path !== "/g/S2FJLN" ? path.slice(1) : points && !this.isStuck ? sunset : afternoon;
          const bytes = new TextEncoder().encode(await this.world.textOf("pages", key));
          return { kind: "seen", status: 200, digest: sha256(bytes), sizeBytes: bytes.length, headers: {} } as const;
        },
      },
    };
    this.bench = this.world.open(memoryBook(), home);
  }

  async run(): Promise<ReconcileResult> {
    return await reconcile(this.bench, request, go, context);
  }
}

test("a short code is purged and looked at once its pointer has turned, and before any duplicate is replaced", async () => {
  const codes = new ShortCodes();
  const result = await codes.run();
  expect(result).toMatchObject({ kind: "carried", carried: { kind: "done" } });
  const code = codes.seen.flatMap((one, at) => (one.endsWith("/g/S2FJLN") ? [[one.split(" ")[0], at] as const] : []));
  const redirected = codes.seen.findIndex((one) => one === `look /${afternoon}`);
  const purgedAt = code.findLast(([what]) => what === "purge")?.[1] ?? Infinity;
  const lookedAt = code.find(([what]) => what === "look")?.[1] ?? -1;
  expect(purgedAt).toBeLessThan(lookedAt);
  expect(lookedAt).toBeLessThan(redirected);
  const parts = result.kind === "carried" ? result.carried.parts : [];
  expect(parts.find(({ wave, target }) => wave === "pointers" && target === "production")?.invalidation).toMatch(/^I/u);
});

test("a short code that goes on leading to the other page stops the reconcile before the duplicate is replaced", async () => {
  const codes = new ShortCodes();
  codes.isStuck = true;
  const result = await codes.run();
  expect(result).toMatchObject({
    kind: "carried",
    carried: { kind: "unseen", at: { wave: "pointers", target: "production" }, key: sunset },
  });
  expect(await codes.world.textOf("pages", afternoon)).toBe(incident["pages"]?.[afternoon]);
  codes.isStuck = false;
  expect(await codes.run()).toMatchObject({ kind: "carried", carried: { kind: "done" } });
  expect(await codes.world.textOf("pages", afternoon)).toContain(`url=/${sunset}`);
});

test("a plan that turns a pointer says under its id which addresses follow it; one that turns none says nothing of them", async () => {
  const codes = new ShortCodes();
  const result = await codes.run();
  const part = "prepared" in result ? result.prepared.identified.plan.records : undefined;
  expect(part?.turned).toMatchObject([{ system: "pages", target: "production", paths: ["/g/S2FJLN"], at: { key: sunset } }]);
  const plain = await reconcile(new RecordsWorld().bench, request, go, context);
  expect("prepared" in plain ? plain.prepared.identified.plan.records?.turned : "none").toBeUndefined();
});

/** After `corrections` landed, what a stranger does there is seen before the next wave begins. */
async function unseenAfter(interfere: (world: RecordsWorld) => void, world: RecordsWorld = new RecordsWorld()): Promise<unknown> {
  const planned = await reconcile(world.bench, request, { ...go, confirm: async () => await Promise.resolve("stop" as const) }, context);
  if (!("prepared" in planned)) throw new Error("nothing was planned");
  const whole = planned.prepared.identified;
  const part = whole.plan.records;
  const corrections = whole.plan.waves.find(({ name }) => name === "corrections");
  const done = await reconcile(world.bench, request, go, context);
  if (!part || !corrections || done.kind !== "carried") throw new Error("nothing was carried");
  interfere(world);
  return await lookAgain({ records: world.bench, whole, part, parts: [] }, corrections, context);
}

test("a wave is seen to say what was decided before the next begins: what is gone, unreadable or says something else stops it", async () => {
  const at = { wave: "corrections", target: "production" };
  expect(await unseenAfter(() => undefined)).toBeUndefined();
  expect(await unseenAfter((world) => world.stranger("pages", sunset, undefined))).toMatchObject({
    kind: "unseen",
    at,
    key: sunset,
    says: "nothing: it is gone",
  });
  expect(await unseenAfter((world) => world.stranger("pages", sunset, richPage))).toMatchObject({ kind: "unseen", at, says: /16:30/u });
  expect(await unseenAfter((world) => world.stranger("calendar", "charter-1.ics", event))).toMatchObject({
    kind: "unseen",
    at: { target: "calendar" },
    says: expect.stringMatching(/start .*16:30/u),
  });
  expect(await unseenAfter((world) => world.stranger("calendar", "charter-1.ics", "no calendar"))).toMatchObject({ kind: "unseen" });
});

test("what is left in one place excuses the same words in no other", async () => {
  const page = "<title>S2FJLN</title><p>Code: S2FJLN, May 30, 2026</p>\n<p>We begin at 4:30 PM.</p>\n<p>High tide: 4:30 PM</p>";
  const world = (): RecordsWorld => new RecordsWorld({ held: { ...incident, pages: { [sunset]: page, [afternoon]: poorPage } } });
  expect(await unseenAfter(() => undefined, world())).toBeUndefined();
  expect(await unseenAfter((one) => one.stranger("pages", sunset, page), world())).toMatchObject({ kind: "unseen", says: /16:30/u });
});

const otherCaptain = (world: RecordsWorld): void => {
  const now = richPage
    .replace("2026-05-30T16:30:00-07:00", "2026-05-30T15:30:00-07:00")
    .replace("2026-05-30T19:30:00-07:00", "2026-05-30T18:30:00-07:00")
    .replace("<b>4:30</b>&ndash;<i>7:30</i>", "<b>3:30</b>&ndash;<i>6:30</i>")
    .replace("arrive at 4:00 PM", "arrive at 3:00 PM")
    .replace("2026-06-02T03:00:00Z", "2026-06-02T02:00:00Z")
    .replace("Mara Voss", "Ana Lind");
  world.stranger("pages", sunset, now);
};

test("what nobody decided anything about may say what it likes when it is looked at again", async () => {
  expect(await unseenAfter(otherCaptain)).toBeUndefined();
});
