import { expect, test } from "vitest";
import { fieldChangesBetween, joinRecordTimeline, nobodyKnown, showChange, type TimelineMoment } from "./timeline.ts";
import type { Value } from "./value.ts";

const time = (text: string): Value => ({ kind: "moment", date: "2026-05-30", time: text });
const nowMs = Date.parse("2026-06-10T00:00:00Z");
const day = (number: number, clock = "12:00:00.000"): string => `2026-05-${String(number).padStart(2, "0")}T${clock}Z`;

const moment = (more: Partial<TimelineMoment> & Pick<TimelineMoment, "at" | "deed">): TimelineMoment => ({
  source: "version",
  sighting: "record S2FJLN",
  system: "record",
  by: nobodyKnown,
  contradictions: [],
  ...more,
});
const written = (at: string, from: string | undefined, to: string, more: Partial<TimelineMoment> = {}): TimelineMoment =>
  moment({
    at,
    deed: {
      kind: "written",
      isFirst: from === undefined,
      changes: [{ field: "start", ...(from !== undefined && { from: time(from) }), to: time(to) }],
    },
    ...more,
  });
const told = (at: string, more: Partial<TimelineMoment> = {}): TimelineMoment =>
  moment({ at, source: "document", deed: { kind: "told", says: "updated_at" }, ...more });

const types = (field: string): "datetime" | "person" | "text" => (field === "start" ? "datetime" : field === "guest" ? "person" : "text");

test("moments stand oldest first, whatever order their sources gave them in", () => {
  const joined = joinRecordTimeline([written(day(20), "16:30", "15:30"), written(day(9), undefined, "16:30")], nowMs);
  expect(joined.map(({ at }) => at)).toEqual([day(9), day(20)]);
});

test("a claimed time is contradicted by a field that changed after it", () => {
  const joined = joinRecordTimeline([written(day(9), undefined, "16:30"), told(day(9)), written(day(20), "16:30", "15:30")], nowMs);
  expect(joined.find(({ deed }) => deed.kind === "told")?.contradictions).toEqual([`start changed after that, ${day(20)}`]);
});

test("a claimed time is contradicted by a store that saw no write after an earlier one", () => {
  const joined = joinRecordTimeline([written(day(9), undefined, "16:30"), told(day(21))], nowMs);
  expect(joined.at(-1)?.contradictions).toEqual([`nothing was written there after ${day(9)}`]);
});

test("a claimed time that the store saw too is contradicted by nothing, and a commit is no write", () => {
  const commit = moment({
    at: day(25),
    source: "git",
    deed: {
      kind: "committed",
      subject: "later",
      commit: "a".repeat(40),
      changes: [{ field: "start", from: time("15:30"), to: time("14:00") }],
    },
  });
  const joined = joinRecordTimeline([written(day(20), "16:30", "15:30"), told(day(20, "12:00:02.000")), commit], nowMs);
  expect(joined.flatMap(({ contradictions }) => contradictions)).toEqual([]);
});

test("two sources that name different people for one write disagree, and who nobody names is unknown", () => {
  const joined = joinRecordTimeline(
    [
      written(day(20), "16:30", "15:30", { by: { name: "Ash", how: "claimed", from: "its own metadata" } }),
      told(day(20), { by: { name: "Mara", how: "claimed", from: "updated_by" } }),
    ],
    nowMs,
  );
  expect(joined.find(({ deed }) => deed.kind === "told")?.contradictions).toEqual(["its own metadata says that it was Ash"]);
  const silent = joinRecordTimeline([written(day(20), "16:30", "15:30"), told(day(20), { by: { name: "Mara", how: "claimed" } })], nowMs);
  expect(silent.flatMap(({ contradictions }) => contradictions)).toEqual([]);
});

test("what lies in the future by the reader's clock says so", () => {
  expect(joinRecordTimeline([told("2027-01-01T00:00:00.000Z")], nowMs)[0]?.contradictions).toEqual(["lies in the future"]);
});

test("a version that a release wrote is told once, with what the version shows of its changes", () => {
  const version = written(day(20), "16:30", "15:30", { by: { name: "Wren", how: "claimed", from: "release r7" }, reference: "v2" });
  const release = moment({
    at: day(21),
    source: "ledger",
    by: { name: "Ash", how: "verified" },
    deed: { kind: "released", release: "r7", title: "time", changes: [] },
  });
  const joined = joinRecordTimeline([version, release], nowMs);
  expect(joined).toHaveLength(1);
  expect(joined[0]?.deed).toMatchObject({ kind: "released", changes: [{ field: "start", from: time("16:30"), to: time("15:30") }] });
  expect(joined[0]?.contradictions).toEqual(["release r7 says that it was Wren"]);
});

test("fields that came, went and changed are told apart; the same said with less is no change", () => {
  const before = new Map([
    ["start", time("16:30")],
    ["guest", { kind: "text", text: "Jonah Reed" } as const],
    ["note", { kind: "text", text: "paid" } as const],
  ]);
  const after = new Map([
    ["start", time("15:30")],
    ["guest", { kind: "text", text: "Jonah" } as const],
    ["slug", { kind: "text", text: "a" } as const],
  ]);
  expect(fieldChangesBetween(before, after, types).map(showChange)).toEqual([
    "start 2026-05-30 16:30 → 2026-05-30 15:30",
    "slug a",
    "note paid → nothing",
  ]);
});

const nameless = (more: Partial<TimelineMoment> = {}): TimelineMoment => written(day(20), "16:30", "15:30", { reference: "v2", ...more });
const logged = (more: Partial<TimelineMoment> = {}): TimelineMoment =>
  moment({
    at: day(20, "12:00:02.000"),
    source: "log",
    deed: { kind: "written", isFirst: false, changes: [] },
    by: { name: "user/agent", how: "claimed", from: "an access log" },
    ...more,
  });
const toldBy = (moments: readonly TimelineMoment[]): readonly string[] =>
  joinRecordTimeline(moments, nowMs).map(({ source, by }) => `${source} ${by.how === "unknown" ? "unknown" : by.name}`);

test("a version that nobody has put a name to takes the one that a log gives to its write, and is told once", () => {
  expect(toldBy([nameless(), logged()])).toEqual(["version user/agent"]);
  expect(toldBy([nameless(), logged({ at: day(21), reference: "v2" })])).toEqual(["version user/agent"]);
});

test.each([
  ["another object's", { sighting: "pages x.html" }],
  ["another version's", { reference: "v3" }],
  ["a later hour's", { at: day(20, "13:00:00.000") }],
  ["a deletion's", { deed: { kind: "deleted" } as const }],
  ["a nameless", { by: nobodyKnown }],
])("%s log entry says nothing of who wrote a version", (_, more) => {
  expect(toldBy([nameless(), logged(more)]).toSorted()).toContain("version unknown");
});

test("one log entry puts a name to one version alone, and takes no name away", () => {
  const pair = [nameless(), nameless({ at: day(20, "12:00:01.000"), reference: "v3" }), logged()];
  expect(toldBy(pair).filter((line) => line === "version user/agent")).toHaveLength(1);
  const named = nameless({ by: { name: "Ash", how: "claimed", from: "its own metadata" } });
  expect(toldBy([named, logged()])).toEqual(["version Ash", "log user/agent"]);
});
