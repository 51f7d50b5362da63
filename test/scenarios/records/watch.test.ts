import { describe, expect, test } from "vitest";
import { BelayError } from "../../../src/core/belay-error.ts";
import { asStoreName } from "../../../src/core/brand.ts";
import type { Authority, RecordKind } from "../../../src/core/records/kind.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import { watch } from "../../../src/operations/records/watch.ts";
import { lookOnce, type WatchEvent, type WatchMemory } from "../../../src/operations/records/watch-look.ts";
import { switchWatch } from "../../../src/operations/records/watch-record.ts";
import type { Notice } from "../../../src/ports/notifier.ts";
import { booking, context, event, incident, item, memoryBook, RecordsWorld, richPage } from "./records-world.ts";

const sunset = "g/2026-05-30-jonah-sunset.html";
const record: Authority = { kind: "system", system: "record" };

/** The table is right about the start and the captain; nothing else decides anything. */
const ruled = (more: Partial<RecordKind> = {}): RecordKind => ({
  ...booking,
  systems: booking.systems.filter(({ name }) => name !== "listing"),
  fields: booking.fields.map((field) => (["start", "captain"].includes(field.name) ? { ...field, authority: record } : field)),
  watch: { everyMs: 60_000, perHourMax: 3, flapsMax: 2 },
  ...more,
});

const held = (start: string, more: Readonly<Record<string, string>> = {}): string =>
  item({
    guest_code: "S2FJLN",
    guest_name: "Jonah Reed",
    charter_date: "2026-05-30",
    start_time: start,
    captain: "Mara Voss",
    page_slug: "2026-05-30-jonah-sunset",
    ...more,
  });

const agreeing = { ...incident, record: { S2FJLN: held("16:30") }, pages: { [sunset]: richPage } };

class Watching {
  readonly world: RecordsWorld;
  readonly bench: RecordsBench;
  readonly memory: WatchMemory = new Map();
  readonly notices: Notice[] = [];

  constructor(
    kind: RecordKind = ruled(),
    pages: Readonly<Record<string, Readonly<Record<string, string>>>> = agreeing,
    options: ConstructorParameters<typeof RecordsWorld>[0] = {},
  ) {
    this.world = new RecordsWorld({ kind, held: pages, ...options });
    const home = {
      ...this.world.copy.bench,
      notifier: {
        channels: async () => await Promise.resolve([{ channel: "webhook", from: "belay.yaml" } as const]),
        notify: async (notice: Notice) => {
          this.notices.push(notice);
          return await Promise.resolve([{ channel: "webhook", from: "belay.yaml", outcome: "delivered" } as const]);
        },
      },
    };
    this.bench = this.world.open(memoryBook(), home);
  }

  async look(bench: RecordsBench = this.bench, memory: WatchMemory = this.memory): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    await lookOnce(bench, memory, (one) => events.push(one), context);
    return events;
  }

  async told(bench?: RecordsBench): Promise<string[]> {
    return (await this.look(bench)).filter(({ kind }) => kind !== "looked").map(({ kind }) => kind);
  }

  start(time: string): void {
    this.world.stranger("record", "S2FJLN", held(time));
  }

  async page(): Promise<string> {
    return (await this.world.textOf("pages", sunset)) ?? "";
  }
}

describe("a watcher", () => {
  test("sees nothing to do where all agree, and reads nothing again", async () => {
    const watching = new Watching();
    expect(await watching.told()).toEqual([]);
    expect(await watching.look()).toEqual([{ kind: "looked", records: 1, read: 0, examined: 0 }]);
    expect(await watching.world.copy.entryKinds()).toEqual([]);
  });

  test("carries what the table decides to the page and the calendar, and is done then", async () => {
    const watching = new Watching();
    await watching.look();
    watching.start("15:30");
    expect(await watching.told()).toEqual(["drift", "corrected"]);
    expect(await watching.page()).toContain("<b>3:30</b>&ndash;<i>6:30</i>");
    expect(await watching.page()).toContain("arrive at 3:00 PM");
    expect(await watching.world.textOf("calendar", "charter-1.ics")).toContain("20260530T153000");
    expect(await watching.told()).toEqual([]);
    expect(await watching.told()).toEqual([]);
  });

  test("puts right what somebody else wrote past the table, once, and leaves a second time to a person", async () => {
    const watching = new Watching();
    await watching.look();
    watching.world.stranger(
      "calendar",
      "charter-1.ics",
      event.replace("Jonah Reed", "Jonah Reed, sunset").replace("T163000", "T140000").replace("T193000", "T170000"),
    );
    expect(await watching.told()).toEqual(["drift", "corrected"]);
    watching.world.stranger("calendar", "charter-1.ics", event.replace("T163000", "T140000").replace("T193000", "T170000"));
    const events = await watching.look();
    expect(events.map(({ kind }) => kind)).toEqual(["looked", "drift", "asked"]);
    expect(events.find((one) => one.kind === "asked")).toMatchObject({ why: [expect.stringMatching(/put “.*” back into charter-1.ics/u)] });
    expect(await watching.world.textOf("calendar", "charter-1.ics")).toContain("T140000");
  });

  test("stops for a field that the table itself changes again and again", async () => {
    const watching = new Watching();
    await watching.look();
    const kinds: string[][] = [];
    for (const time of ["15:30", "14:30", "13:30"]) {
      watching.start(time);
      kinds.push(await watching.told());
    }
    expect(kinds).toEqual([
      ["drift", "corrected"],
      ["drift", "corrected"],
      ["drift", "asked"],
    ]);
    expect(await watching.page()).toContain("<b>2:30</b>");
  });

  test("changes nothing that belay.yaml names no authority for, and asks once", async () => {
    const watching = new Watching(ruled({ fields: booking.fields }));
    watching.start("15:30");
    await watch(watching.bench, { everyMs: 1000, isOnce: true }, () => undefined, context);
    await watch(watching.bench, { everyMs: 1000, isOnce: true }, () => undefined, context);
    expect(await watching.page()).toBe(richPage);
    expect(watching.notices.map(({ reason, subject }) => [reason, subject])).toEqual([
      ["record-drift", "booking S2FJLN waits for a person"],
    ]);
  });

  test("chooses no survivor, waits for approvals, and takes no refusal lightly", async () => {
    const duplicate = new Watching(ruled(), { ...incident, pages: incident["pages"] ?? {} });
    expect(await duplicate.told()).toEqual(["drift", "asked"]);
    const approved = new Watching(ruled(), agreeing, { production: { approvals: 1 } });
    approved.start("15:30");
    expect(await approved.told()).toEqual(["drift", "asked"]);
    const unexplained = new Watching(ruled(), {
      ...agreeing,
      pages: { [sunset]: richPage.replace("</main>", "<p>Doors 19:30 – 21:00</p></main>") },
    });
    unexplained.start("15:30");
    expect(await unexplained.told()).toEqual(["drift", "asked"]);
    for (const one of [duplicate, approved]) expect(await one.page()).toBe(richPage);
  });

  test("corrects nothing while a system cannot be looked at, tells it, and goes on when it can", async () => {
    const watching = new Watching();
    await watching.look();
    watching.start("15:30");
    const calendar = watching.world.stores.get("calendar");
    const list = calendar?.list.bind(calendar);
    if (calendar)
      calendar.list = () => {
        throw new BelayError("store-unreachable", "no route", "try again");
      };
    expect(await watching.told()).toEqual(["failed", "drift"]);
    expect(await watching.page()).toBe(richPage);
    if (calendar && list) calendar.list = list;
    expect(await watching.told()).toEqual(["drift", "corrected"]);
  });

  test("takes an emptied system for a failure, and deletes nothing", async () => {
    const watching = new Watching();
    await watching.look();
    watching.world.stranger("record", "S2FJLN", undefined);
    expect((await watching.told())[0]).toBe("failed");
    expect(await watching.page()).toBe(richPage);
  });

  test("keeps to so many corrections an hour, whoever watches, and goes on after it", async () => {
    const codes = ["AA11BB", "CC22DD", "EE33FF", "GG44HH"];
    const pages = Object.fromEntries(
      codes.map((code) => [`g/${code}.html`, `<p>Guest code ${code}</p><p>Saturday, May 30, 2026, 4:30 – 7:30 PM</p>`]),
    );
    const table = Object.fromEntries(
      codes.map((code) => [code, item({ guest_code: code, charter_date: "2026-05-30", start_time: "15:30" })]),
    );
    const watching = new Watching(ruled({ identity: { ...booking.identity, oneToOne: [] } }), { record: table, pages });
    const events = await watching.look();
    expect(events.filter(({ kind }) => kind === "corrected")).toHaveLength(3);
    expect(events.filter(({ kind }) => kind === "limited")).toHaveLength(1);
    const second = await watching.look(watching.world.open(), new Map());
    expect(second.filter(({ kind }) => kind === "corrected")).toHaveLength(0);
    watching.world.world.nowMs += 3_600_001;
    expect((await watching.look()).filter(({ kind }) => kind === "corrected")).toHaveLength(1);
  });

  test("is stopped by the switch on every machine, and goes on when a person says so", async () => {
    const watching = new Watching();
    await watching.look();
    await switchWatch(
      watching.world.open(memoryBook(), watching.world.world.copy("wren", { kind: "agent" }).bench),
      "off",
      "the table is wrong",
      context,
    );
    watching.start("15:30");
    expect(await watch(watching.bench, { everyMs: 1000, isOnce: false }, () => undefined, context)).toEqual({
      kind: "stopped",
      why: "the table is wrong",
    });
    expect(await watching.page()).toBe(richPage);
    await expect(switchWatch(watching.bench, "on", "", { ...context, isAttended: false })).rejects.toMatchObject({ code: "person-needed" });
    await switchWatch(watching.bench, "on", "settled", context);
    expect(await watching.told()).toEqual(["drift", "corrected"]);
  });

  test("of two, one corrects and the other finds it done", async () => {
    const watching = new Watching();
    const other = watching.world.open();
    watching.start("15:30");
    const both = await Promise.all([watching.look(), watching.look(other, new Map())]);
    expect(both.flat().filter(({ kind }) => kind === "corrected").length).toBeGreaterThan(0);
    expect(both.flat().filter(({ kind }) => kind === "asked")).toEqual([]);
    expect(await watching.told()).toEqual([]);
    expect((await watching.page()).match(/<b>3:30<\/b>/gu)).toHaveLength(1);
  });

  test("takes our own change that a slow system does not show yet for no drift, until its time is over", async () => {
    const feed = { ...ruled().systems[0], name: "feed", medium: "feed", isReadOnly: true, lagMs: 7_200_000, fields: {}, key: [] } as const;
    const kind = ruled();
    const store = asStoreName("ics:https://feed.example.org/charters.ics");
    const slow = new Watching(
      {
        ...kind,
        systems: [...kind.systems, { ...feed, store, match: [], templates: [], paths: [], isNotifying: false, secrets: {}, settings: {} }],
      },
      { ...agreeing, feed: { "feed.ics": event } },
    );
    await slow.look();
    slow.start("15:30");
    expect(await slow.told()).toEqual(["drift", "corrected"]);
    expect(await slow.told()).toEqual(["pending"]);
    slow.world.world.nowMs += 7_200_001;
    expect(await slow.told()).toEqual(["drift"]);
  });

  test("goes on with a correction whose reply was lost", async () => {
    const watching = new Watching();
    await watching.look();
    watching.start("15:30");
    const calendar = watching.world.stores.get("calendar");
    const write = calendar?.write.bind(calendar);
    let isLost = false;
    if (calendar && write)
      calendar.write = async (request, options) => {
        const outcome = await write(request, options);
        if (isLost) return outcome;
        isLost = true;
        return { kind: "unknown", cause: new Error("connection reset") };
      };
    const first = await watching.told();
    const second = await watching.told();
    expect([...first, ...second]).toContain("corrected");
    expect(await watching.told()).toEqual([]);
    expect(await watching.world.textOf("calendar", "charter-1.ics")).toContain("20260530T153000");
    expect(await watching.page()).toContain("<b>3:30</b>");
  });

  test("looks again after its pause, and ends when it is interrupted", async () => {
    const watching = new Watching();
    const stopping = new AbortController();
    let looks = 0;
    const end = await watch(
      watching.bench,
      { everyMs: 60_000, isOnce: false },
      ({ kind }) => {
        if (kind === "looked") looks += 1;
        if (looks === 3) stopping.abort();
      },
      { ...context, signal: stopping.signal },
    );
    expect([end.kind, looks]).toEqual(["interrupted", 3]);
  });
});
