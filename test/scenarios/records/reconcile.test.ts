import { describe, expect, test } from "vitest";
import { approve } from "../../../src/operations/approve/approve.ts";
import type { Moment } from "../../../src/core/records/value.ts";
import { applyReconcile, reconcile, type ReconcileRequest, type ReconcileResult } from "../../../src/operations/records/reconcile.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import { hasSshKeygen, softwareKey } from "../../support/software-key.ts";
import { benchWith } from "../../support/signing-world.ts";
import { context, event, incident, item, memoryBook, poorPage, RecordsWorld, richPage } from "./records-world.ts";

const sunset = "g/2026-05-30-jonah-sunset.html";
const afternoon = "g/2026-05-30-jonah-afternoon.html";
const half3: Moment = { kind: "moment", time: "15:30" };

const decided: ReconcileRequest = {
  named: "S2FJLN",
  answers: [{ field: "start", value: half3, because: "Mara: guest called" }],
  keep: sunset,
  deletes: false,
  leave: [],
};

const undecided: ReconcileRequest = { ...decided, answers: [], keep: undefined };
const go = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go" as const) };
const run = async ({ bench }: { readonly bench: RecordsBench }, request: ReconcileRequest = decided): Promise<ReconcileResult> =>
  await reconcile(bench, request, go, context);

/** The rich page as it must be afterwards: these texts, and not one byte more. */
const corrected = richPage
  .replace("2026-05-30T16:30:00-07:00", "2026-05-30T15:30:00-07:00")
  .replace("2026-05-30T19:30:00-07:00", "2026-05-30T18:30:00-07:00")
  .replace("<b>4:30</b>&ndash;<i>7:30</i>", "<b>3:30</b>&ndash;<i>6:30</i>")
  .replace("arrive at 4:00 PM", "arrive at 3:00 PM")
  .replace("2026-06-02T03:00:00Z", "2026-06-02T02:00:00Z");

const kindsIn = async (world: RecordsWorld): Promise<string[]> => await world.copy.entryKinds();

/** Whether a page was read that only a search for links could look at. */
async function searched(request: ReconcileRequest): Promise<boolean> {
  const world = new RecordsWorld();
  world.stranger("pages", "about.html", "<p>About us</p>");
  const store = world.stores.get("pages");
  if (!store) throw new Error("no pages");
  const read = store.read.bind(store);
  const keys: string[] = [];
  store.read = async (key, options) => {
    keys.push(key);
    return await read(key, options);
  };
  await run(world, request);
  return keys.includes("about.html");
}

describe("a reconcile of the incident's booking", () => {
  test("asks what holds and which page stays, and writes nothing until somebody says so", async () => {
    const world = new RecordsWorld();
    const result = await run(world, undecided);
    expect(result.kind).toBe("undecided");
    const questions = "prepared" in result ? result.prepared.questions : [];
    expect(questions.map(({ about, name, choices }) => [about, name, choices.map(({ answer }) => answer)])).toEqual([
      ["field", "start", ["2026-05-30 15:30", "2026-05-30 16:30"]],
      ["survivor", "pages", [afternoon, sunset]],
    ]);
    expect(await world.textOf("pages", sunset)).toBe(richPage);
    expect(await kindsIn(world)).toEqual([]);
  });

  test("corrects every mention in its own form, and no other byte", async () => {
    const world = new RecordsWorld();
    const result = await run(world);
    expect(result).toMatchObject({ kind: "carried", carried: { kind: "done" } });
    expect(await world.textOf("pages", sunset)).toBe(corrected);
    expect(await world.textOf("calendar", "charter-1.ics")).toBe(
      event
        .replace("20260530T163000", "20260530T153000")
        .replace("20260530T193000", "20260530T183000")
        .replace("SEQUENCE:1", "SEQUENCE:2")
        .replace("DTSTAMP:20260509T120000Z", "DTSTAMP:20310520T140200Z"),
    );
  });

  test("searches the site for links to duplicates only where nobody has said which one stays", async () => {
    expect([await searched({ ...decided, keep: undefined }), await searched(decided)]).toEqual([true, false]);
  });

  test("turns the pointer in its written form before the duplicate leads to the page that stays", async () => {
    const world = new RecordsWorld();
    const result = await run(world);
    expect(await world.textOf("record", "S2FJLN")).toBe((incident["record"]?.["S2FJLN"] ?? "").replace("jonah-afternoon", "jonah-sunset"));
    expect(await world.textOf("pages", afternoon)).toContain(`content="0; url=/${sunset}"`);
    const waves = result.kind === "carried" ? result.carried.parts.map(({ wave, target }) => `${wave} ${target}`) : [];
    expect(waves).toEqual(["corrections calendar", "corrections production", "pointers record", "redirects production"]);
  });

  test("leaves a template alone, and gives a person the page that belay cannot write", async () => {
    const world = new RecordsWorld();
    const result = await run(world);
    expect(await world.textOf("pages", "g/_template.html")).toBe(incident["pages"]?.["g/_template.html"]);
    const tasks = "prepared" in result ? (result.prepared.identified.plan.records?.tasks ?? []) : [];
    expect(tasks).toMatchObject([{ system: "listing", link: "https://market.example.com/edit/S2FJLN" }]);
    expect((await world.copy.ledger()).records?.tasks).toMatchObject([{ state: { state: "open", reopened: false } }]);
  });

  test("has nothing to do the second time, and asks for no second task", async () => {
    const world = new RecordsWorld();
    await run(world);
    const before = await kindsIn(world);
    expect((await run({ bench: world.open() })).kind).toBe("nothing-to-do");
    expect(await kindsIn(world)).toEqual(before);
  });

  test("asks nobody again while only the place that a person has to change still differs", async () => {
    const world = new RecordsWorld();
    await run(world);
    expect((await run({ bench: world.open() }, undecided)).kind).toBe("nothing-to-do");
    world.stranger("calendar", "charter-1.ics", event.replace("T163000", "T140000").replace("T193000", "T170000"));
    expect((await run({ bench: world.open() }, undecided)).kind).toBe("undecided");
  });

  test("names who decided and why in the record of the decision", async () => {
    const world = new RecordsWorld();
    await run(world);
    expect((await world.copy.ledger()).records?.decisions[0]?.decisions.find(({ field }) => field === "start")).toMatchObject({
      how: "person",
      because: "Mara: guest called",
    });
  });

  test("stops at what somebody wrote since it was planned, and loses nothing of theirs", async () => {
    const world = new RecordsWorld();
    const theirs = richPage.replace("Welcome aboard", "Ahoy");
    const confirm = async (): Promise<"go"> => {
      world.stranger("pages", sunset, theirs);
      return await Promise.resolve("go");
    };
    const result = await reconcile(world.bench, decided, { ...go, confirm }, context);
    expect(result).toMatchObject({ kind: "carried", carried: { kind: "conflict", key: sunset } });
    expect(await world.textOf("pages", sunset)).toBe(theirs);
    expect(await world.textOf("record", "S2FJLN")).toBe(incident["record"]?.["S2FJLN"]);
    expect((await run({ bench: world.open(memoryBook()) })).kind).toBe("carried");
    expect(await world.textOf("pages", sunset)).toBe(corrected.replace("Welcome aboard", "Ahoy"));
  });

  test("asks about an end that no rule explains, and overwrites none of them meanwhile", async () => {
    const page = richPage.replace("</main>", "<p>After party 4:30–9:00 PM</p></main>");
    const world = new RecordsWorld({ held: { ...incident, pages: { [sunset]: page } } });
    const result = await run(world, { ...decided, keep: undefined });
    expect(result.kind).toBe("undecided");
    const questions = "prepared" in result ? result.prepared.questions : [];
    expect(questions.map(({ name }) => name)).toEqual(["end"]);
    expect(await world.textOf("pages", sunset)).toBe(page);
  });

  test("is refused while something says an old value that no field explains, unless a person leaves it", async () => {
    const page = richPage.replace("</main>", "<p>Doors 19:30 – 21:00</p></main>");
    const world = new RecordsWorld({ held: { ...incident, pages: { [sunset]: page } } });
    const refused = await run(world, { ...decided, keep: undefined });
    expect(refused.kind).toBe("refused");
    const refusals = "prepared" in refused ? refused.prepared.identified.plan.refusals : [];
    expect(refusals).toMatchObject([{ rule: "R7", code: "unexplained-mention", paths: [sunset] }]);
    expect(await world.textOf("pages", sunset)).toBe(page);
    const left = await run(world, { ...decided, keep: undefined, leave: ["19:30 – 21:00"] });
    expect(left.kind).toBe("carried");
    expect(await world.textOf("pages", sunset)).toBe(corrected.replace("</main>", "<p>Doors 19:30 – 21:00</p></main>"));
  });

  test("does not touch a system that agrees already", async () => {
    const world = new RecordsWorld({
      held: { ...incident, calendar: { "charter-1.ics": event.replace("T163000", "T153000").replace("T193000", "T183000") } },
    });
    const result = await run(world);
    expect(result.kind === "carried" ? result.carried.parts.map(({ target }) => target) : []).not.toContain("calendar");
  });

  test("moves a field of people in its sentence too", async () => {
    const world = new RecordsWorld({
      held: {
        ...incident,
        pages: { [sunset]: richPage },
        record: {
          S2FJLN: item({
            guest_code: "S2FJLN",
            guest_name: "Jonah Reed",
            charter_date: "2026-05-30",
            start_time: "16:30",
            captain: "Ole Brandt",
            page_slug: "2026-05-30-jonah-sunset",
          }),
        },
      },
    });
    const result = await run(world, {
      ...undecided,
      answers: [{ field: "captain", value: { kind: "text", text: "Ole Brandt" }, because: "Mara: swapped" }],
    });
    expect(result.kind).toBe("carried");
    expect(await world.textOf("pages", sunset)).toBe(richPage.replace("Captain: Mara Voss", "Captain: Ole Brandt"));
  });
});

describe("pages of a target that comes after a stage", () => {
  const after = { after: "staging" } as const;

  test("are corrected on the stage as well, in the stage's own bytes", async () => {
    const world = new RecordsWorld({ production: after });
    const ahead = richPage.replace("Welcome aboard", "A warm welcome aboard");
    world.world.live.staging.force(sunset, new TextEncoder().encode(ahead));
    expect(await run(world)).toMatchObject({ kind: "carried", carried: { kind: "done" } });
    expect(await world.world.liveText("staging", sunset)).toBe(corrected.replace("Welcome aboard", "A warm welcome aboard"));
    expect(await world.world.liveText("production", sunset)).toBe(corrected);
    expect(await world.world.liveText("staging", afternoon)).toContain("0; url=");
  });

  test("end as the same bytes on the stage and on the target", async () => {
    const world = new RecordsWorld({ production: after });
    await run(world);
    expect(await world.world.liveText("staging", sunset)).toBe(await world.world.liveText("production", sunset));
  });

  test("are refused as duplicates where the stage holds work of its own under the same key", async () => {
    const world = new RecordsWorld({ production: after });
    const own = poorPage.replace("</body>", "<p>Work that nobody has promoted yet</p></body>");
    world.world.live.staging.force(afternoon, new TextEncoder().encode(own));
    const result = await run(world);
    const refusals = result.kind === "refused" ? result.prepared.identified.plan.refusals : [];
    expect(refusals).toMatchObject([{ code: "stage-differs", paths: [afternoon] }]);
    expect(await world.world.liveText("staging", afternoon)).toBe(own);
    expect(await world.textOf("pages", afternoon)).toBe(poorPage);
  });
});

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: pages of a target that people approve", () => {
  const key = softwareKey();
  const production = { approvals: 1, keys: "any" } as const;

  const scene = (): { readonly world: RecordsWorld; readonly bench: RecordsBench; readonly alone: typeof context } => {
    const world = new RecordsWorld({ production });
    const home = benchWith(world.copy, { signers: key.line("ines@example.com"), key });
    return { world, bench: world.open(memoryBook(), home), alone: { ...context, isAttended: false } };
  };

  test("are not written without an approval, which covers the whole and is asked for once", async () => {
    const { world, bench, alone } = scene();
    const asked = await reconcile(bench, decided, go, alone);
    expect(asked).toMatchObject({ kind: "unapproved", refusals: [{ code: "approval-missing" }] });
    expect(await world.textOf("pages", sunset)).toBe(richPage);
    expect(await world.textOf("calendar", "charter-1.ics")).toBe(event);
    const id = "prepared" in asked ? asked.prepared.identified.id : "";
    await approve(bench.home, { id, key: undefined, validMs: 86_400_000 }, async () => await Promise.resolve("go"), context);
    const done = await applyReconcile(bench, id, go.confirm, alone);
    expect(done).toMatchObject({ kind: "carried", carried: { kind: "done" } });
    expect(await world.textOf("pages", sunset)).toBe(corrected);
    expect(await world.textOf("pages", afternoon)).toContain("0; url=");
  });

  test("hold a reconcile's approval to exactly its bytes", async () => {
    const { world, bench, alone } = scene();
    const asked = await reconcile(bench, decided, go, alone);
    const id = "prepared" in asked ? asked.prepared.identified.id : "";
    await approve(bench.home, { id, key: undefined, validMs: 86_400_000 }, async () => await Promise.resolve("go"), context);
    const other = await reconcile(
      bench,
      { ...decided, answers: [{ field: "start", value: { kind: "moment", time: "14:00" }, because: "x" }] },
      go,
      alone,
    );
    expect(other.kind).toBe("unapproved");
    expect(await world.textOf("pages", sunset)).toBe(richPage);
  });
});

test("a system that cannot be observed stops a reconcile, and nothing is written", async () => {
  const world = new RecordsWorld();
  const calendar = world.stores.get("calendar");
  if (calendar)
    calendar.list = () => {
      throw new Error("unreachable");
    };
  await expect(run(world)).rejects.toThrow("unreachable");
  expect(await world.textOf("pages", sunset)).toBe(richPage);
  expect(await world.textOf("pages", afternoon)).toBe(poorPage);
});
