/** Pitfalls of records that show only where several systems meet, by the numbers of the list that they come from. */

import { expect, test } from "vitest";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { audit } from "../../../src/operations/records/audit.ts";
import type { RecordKind } from "../../../src/core/records/kind.ts";
import type { Value } from "../../../src/core/records/value.ts";
import { reconcile, type ReconcileRequest, type ReconcileResult } from "../../../src/operations/records/reconcile.ts";
import { afternoon, corrected, decided, openIncident, run, sunset, wordOf, written } from "../../simulation/records/incident-run.ts";
import type { StageOptions, RecordsStage } from "../../simulation/records/records-stage.ts";
import { booking, event, incident, item, listing, poorPage, richPage } from "./records-world.ts";

const alone: ReconcileRequest = { ...decided, keep: undefined };
const onePage = { ...incident, pages: { [sunset]: richPage } };
const stageWith = (held: StageOptions["held"] = incident, more: Partial<StageOptions> = {}): RecordsStage =>
  openIncident("plain", { held, ...more });

async function resultOf(stage: RecordsStage, request: ReconcileRequest = decided): Promise<ReconcileResult> {
  const ended = await run(stage, request);
  if (ended.kind !== "answered") throw new Error(wordOf(ended));
  return ended.answer;
}

const planOf = (result: ReconcileResult) => result.prepared.identified.plan;

async function findingsOf(stage: RecordsStage): Promise<readonly string[]> {
  const ended = await stage.run(async (bench, context) => {
    const found: string[] = [];
    for await (const { matrix } of (await audit(bench, { named: "S2FJLN", looksAtEdge: true }, context)).records)
      found.push(
        ...matrix.rows.flatMap(({ cells }) => cells.map(({ sighting, field, verdict }) => `${field} ${verdict} ${sighting}`)),
        ...matrix.findings.map(({ code, message }) => `${code} ${message}`),
      );
    return found;
  });
  if (ended.kind !== "answered") throw new Error(wordOf({ kind: "failed", error: ended.kind === "failed" ? ended.error : undefined }));
  return ended.answer;
}

test("pitfall 17: the start's move takes the arrival, the end and the cut-off in UTC with it, and leaves the duration alone", async () => {
  const page = richPage.replace("<p>Questions", "<p>A sail of 3 hours.</p><p>Questions");
  const stage = stageWith({ ...incident, pages: { [sunset]: page } });
  expect(wordOf(await run(stage, alone))).toBe("done");
  expect(await stage.textAt("pages", sunset)).toBe(corrected.replace("<p>Questions", "<p>A sail of 3 hours.</p><p>Questions"));
});

test("pitfall 16: a cut-off in UTC moves with the start by the wall clock, also where the clock has been set back between", async () => {
  const winter = richPage
    .replaceAll("2026-05-30", "2026-10-31")
    .replaceAll("May 30", "October 31")
    .replace("2026-06-02T03:00:00Z", "2026-11-03T04:00:00Z");
  const held = {
    ...incident,
    record: {
      S2FJLN: (incident["record"]?.["S2FJLN"] ?? "").replaceAll("2026-05-30", "2026-10-31").replace("jonah-afternoon", "jonah-sunset"),
    },
    pages: { "g/2026-10-31-jonah-sunset.html": winter },
    calendar: { "charter-1.ics": event.replaceAll("20260530", "20261031") },
    listing: {},
  };
  const stage = stageWith(held);
  expect(wordOf(await run(stage, alone))).toBe("done");
  expect(await stage.textAt("pages", "g/2026-10-31-jonah-sunset.html")).toContain('CUTOFF_UTC = "2026-11-03T03:00:00Z"');
});

test("pitfall 18: an end that no rule explains is asked about once, and kept as it was answered", async () => {
  const page = richPage.replace("<i>7:30</i>", "<i>8:15</i>").replace("T19:30:00", "T20:15:00");
  const held = { ...incident, pages: { [sunset]: page }, calendar: {}, listing: {} };
  const stage = stageWith(held);
  const asked = await resultOf(stage, alone);
  expect(
    asked.kind === "undecided"
      ? asked.prepared.questions.map(({ name, choices }) => [name, choices.map(({ answer }) => answer)])
      : asked.kind,
  ).toEqual([["end", ["2026-05-30 20:15", "2026-05-30 18:30"]]]);
  expect(written(stage)).toEqual([]);
  const end: Value = { kind: "moment", time: "20:15" };
  expect(
    wordOf(await run(stage, { ...alone, answers: [...alone.answers, { field: "end", value: end, because: "Mara: they stay longer" }] })),
  ).toBe("done");
  expect(await stage.textAt("pages", sunset)).toContain("<b>3:30</b>&ndash;<i>8:15</i> PM");
  expect((await stage.ledger()).records?.decisions[0]?.decisions.find(({ field }) => field === "end")).toMatchObject({
    how: "person",
    because: "Mara: they stay longer",
  });
  expect((await resultOf(stage, { ...alone, answers: [] })).kind).toBe("nothing-to-do");
  expect((await findingsOf(stage)).filter((one) => one.startsWith("end "))).toEqual([
    "end silent record S2FJLN",
    `end agrees pages ${sunset}`,
  ]);
});

test("pitfall 18: an end that a person confirms as it stands is on record, and is asked about again once the start is another", async () => {
  const page = richPage.replace("<i>7:30</i>", "<i>8:15</i>").replace("T19:30:00", "T20:15:00");
  const record = { S2FJLN: (incident["record"]?.["S2FJLN"] ?? "").replace("15:30", "16:30").replace("jonah-afternoon", "jonah-sunset") };
  const stage = stageWith({ record, pages: { [sunset]: page }, calendar: {}, listing: {} });
  const end: Value = { kind: "moment", time: "20:15" };
  const untouched = { ...alone, answers: [] };
  expect((await resultOf(stage, untouched)).kind).toBe("undecided");
  const said = await resultOf(stage, { ...untouched, answers: [{ field: "end", value: end, because: "Mara" }] });
  expect(said.kind).toBe("nothing-to-do");
  expect((await resultOf(stage, untouched)).kind).toBe("nothing-to-do");
  expect((await stage.entryKinds()).filter((kind) => kind === "decided")).toEqual(["decided"]);
  expect((await resultOf(stage, alone)).kind).toBe("undecided");
});

test("pitfall 8: a time that is counted from the old start holds the correction up", async () => {
  const page = richPage.replace("<p>Questions", "<p>We board 15 minutes before 4:30 PM.</p><p>Questions");
  const stage = stageWith({ ...incident, pages: { [sunset]: page } });
  const refused = await resultOf(stage, alone);
  expect(refused.kind).toBe("refused");
  expect(
    planOf(refused)
      .refusals.map(({ message }) => message)
      .join(),
  ).toContain("15 minutes before 4:30 PM");
});

test("pitfall 19: structured data that contradicts the page it stands on is a conflict within that page", async () => {
  const page = richPage.replace("T16:30:00", "T17:30:00");
  const findings = await findingsOf(stageWith({ ...incident, pages: { [sunset]: page } }));
  expect(findings).toContain(`start inner pages ${sunset}`);
});

test("pitfall 19: a page whose structured data alone was put right does not pass for right, and its text is corrected too", async () => {
  const page = richPage.replace("T16:30:00", "T15:30:00").replace("T19:30:00", "T18:30:00");
  const stage = stageWith({ ...incident, pages: { [sunset]: page } });
  expect(await findingsOf(stage)).toContain(`start inner pages ${sunset}`);
  const asked = await resultOf(stage, alone);
  expect(asked.kind === "undecided" ? asked.prepared.questions.map(({ name }) => name) : asked.kind).toEqual(["cutoff"]);
  const cutoff: Value = { kind: "moment", date: "2026-06-01", time: "19:00" };
  expect(wordOf(await run(stage, { ...alone, answers: [...alone.answers, { field: "cutoff", value: cutoff, because: "Mara" }] }))).toBe(
    "done",
  );
  expect(await stage.textAt("pages", sunset)).toBe(corrected);
});

test("pitfall 19: and a page that says its time once, beside structured data that was put right, contradicts itself as well", async () => {
  const data = '<script type="application/ld+json">{"@type":"Event","startDate":"2026-05-30T15:30:00-07:00"}</script>';
  const page = poorPage.replace("</head>", `${data}</head>`);
  const stage = stageWith({ ...incident, pages: { [sunset]: page } });
  expect(await findingsOf(stage)).toContain(`start inner pages ${sunset}`);
  expect(wordOf(await run(stage, alone))).toBe("done");
  expect(await stage.textAt("pages", sunset)).toBe(page.replace("4:30 – 7:30 PM", "3:30 – 6:30 PM"));
});

test("another trip on the same page is no contradiction, and stays as it is", async () => {
  const page = richPage.replace("</main>", "<p>Also: morning sail 10:00 AM – 1:00 PM</p></main>");
  const stage = stageWith({ ...incident, pages: { [sunset]: page } });
  expect(await findingsOf(stage)).toContain(`start differs pages ${sunset}`);
  expect(wordOf(await run(stage, alone))).toBe("done");
  expect(await stage.textAt("pages", sunset)).toBe(corrected.replace("</main>", "<p>Also: morning sail 10:00 AM – 1:00 PM</p></main>"));
});

test("pitfall 20: the survivor keeps its address, whatever its slug says, and the other slug leads there", async () => {
  const stage = stageWith();
  expect(wordOf(await run(stage, { ...decided, keep: afternoon }))).toBe("done");
  expect(await stage.textAt("pages", sunset)).toContain(`url=/${afternoon}`);
  expect(await stage.textAt("pages", afternoon)).toBe(poorPage.replace("4:30 – 7:30 PM", "3:30 – 6:30 PM"));
  expect((await stage.keysAt("pages")).toSorted()).toEqual(Object.keys(incident["pages"] ?? {}).toSorted());
});

test("pitfall 21: templates and samples are never written, and forty pages of one default are not forty conflicts", async () => {
  const samples = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`g/_sample-${index}.html`, poorPage.replace("S2FJLN", "{{code}}")]),
  );
  const stage = stageWith({ ...incident, pages: { ...incident["pages"], ...samples } });
  const result = await resultOf(stage);
  expect(result.kind).toBe("carried");
  expect(result.prepared.entity.sightings.filter(({ at }) => at.key.startsWith("g/_"))).toEqual([]);
  for (const [key, text] of Object.entries(samples)) expect(await stage.textAt("pages", key)).toBe(text);
});

test("pitfall 22: a page that is built at the stage before is corrected there too, so that the next promotion brings nothing back", async () => {
  const stage = stageWith(incident, { production: { after: "staging" } });
  expect(wordOf(await run(stage))).toBe("done");
  expect(await stage.textAt("staging", sunset)).toBe(corrected);
  expect(written(stage).indexOf(`staging ${sunset}`)).toBeLessThan(written(stage).indexOf(`pages ${sunset}`));
});

test("pitfall 28: a duplicate is deleted only where that was asked for and no page of the record leads there", async () => {
  const linking = richPage.replace("</main>", '<a href="/g/2026-05-30-jonah-afternoon">older page</a></main>');
  const linked = stageWith({ ...incident, pages: { ...incident["pages"], [sunset]: linking } });
  const refused = await resultOf(linked, { ...decided, deletes: true });
  expect(refused.kind === "refused" ? planOf(refused).refusals.map(({ code }) => code) : refused.kind).toEqual(["still-linked"]);
  expect(await linked.textAt("pages", afternoon)).toBe(poorPage);
  const stage = stageWith();
  expect(wordOf(await run(stage, { ...decided, deletes: true }))).toBe("done");
  expect(await stage.textAt("pages", afternoon)).toBeUndefined();
  expect(written(stage)).toEqual(["calendar charter-1.ics", `pages ${sunset}`, "record S2FJLN", `pages ${afternoon}`]);
});

test("pitfall 28: what was deleted is kept, and can be had again", async () => {
  const stage = stageWith();
  await run(stage, { ...decided, deletes: true });
  const kept = await stage.run(async ({ home }, context) => {
    const digest = home.runtime.sha256(new TextEncoder().encode(poorPage));
    return (await home.vault.open(digest, context))?.digest === digest;
  });
  expect(kept).toEqual({ kind: "answered", answer: true });
});

test("pitfall 30: a calendar entry that changed since it was read is not overwritten", async () => {
  const stage = stageWith();
  stage.hand = ({ place, verb }) => {
    if (place === "calendar" && verb === "write") {
      stage.hand = () => "go";
      stage.force("calendar", "charter-1.ics", event.replace("as it is", "theirs"));
    }
    return "go";
  };
  expect(wordOf(await run(stage))).toBe("stopped");
  expect(await stage.textAt("calendar", "charter-1.ics")).toBe(event.replace("as it is", "theirs"));
  expect(written(stage)).toEqual([]);
});

const pointed = { ...onePage, record: { S2FJLN: (incident["record"]?.["S2FJLN"] ?? "").replace("jonah-afternoon", "jonah-sunset") } };
const withPaths: RecordKind = {
  ...booking,
  systems: booking.systems.map((system) => (system.name === "pages" ? { ...system, paths: ["/g/{name}", "/g/{code}"] } : system)),
};

test("pitfall 31: every path under which visitors reach a page is looked at, and an old copy at one of them is not done", async () => {
  const asked: string[] = [];
  const old = new TextEncoder().encode(richPage);
  const seen = (stage: () => RecordsStage, stale: string | undefined) => async (url: string) => {
    asked.push(url);
    const path = new URL(url).pathname;
    const key = path.includes("afternoon") ? afternoon : sunset;
    const now = await stage().bytesAt("pages", key);
    const bytes = path === stale ? old : (now ?? old);
    return { kind: "seen", status: 200, digest: sha256(bytes), sizeBytes: bytes.length, headers: {} } as const;
  };
  const open = (stale: string | undefined): RecordsStage => {
    const stage: RecordsStage = stageWith(pointed, {
      kind: withPaths,
      production: { url: "https://example.com" },
      look: seen(() => stage, stale),
    });
    return stage;
  };
  const fresh = open(undefined);
  expect(wordOf(await run(fresh, alone))).toBe("done");
  expect([...new Set(asked)].toSorted()).toEqual([
    "https://example.com/g/2026-05-30-jonah-sunset",
    "https://example.com/g/2026-05-30-jonah-sunset.html",
    "https://example.com/g/S2FJLN",
  ]);
  const stale = open("/g/S2FJLN");
  const result = await resultOf(stale, alone);
  expect(result).toMatchObject({ kind: "carried", carried: { kind: "stopped", result: { kind: "verification-failed" } } });
  expect(await stale.textAt("pages", sunset)).toBe(richPage);
});

test("pitfall 33: a second run on what agrees has no steps, no question and not one byte to write", async () => {
  const stage = stageWith();
  await run(stage);
  const before = await stage.everything();
  const landings = stage.landings.length;
  const again = await resultOf(stage);
  expect(again.kind).toBe("nothing-to-do");
  expect(planOf(again).waves).toEqual([]);
  expect(stage.landings.slice(landings).filter(({ place }) => place !== "own")).toEqual([]);
  expect(await stage.everything()).toEqual(before);
});

test("pitfall 34: what a feed has not caught up with is pending until its lag is over, and drift after it", async () => {
  const kind: RecordKind = {
    ...booking,
    systems: booking.systems.map((system) => (system.name === "listing" ? { ...system, lagMs: 2 * 3_600_000 } : system)),
  };
  const stage = stageWith({ ...incident, listing: { "l/1": listing } }, { kind });
  await run(stage);
  expect(await findingsOf(stage)).toContain("start pending listing l/1");
  stage.nowMs += 3 * 3_600_000;
  expect(await findingsOf(stage)).toContain("start differs listing l/1");
});

test("pitfall 34: our own writes are no drift: the next look finds everybody agreed", async () => {
  const stage = stageWith({ ...incident, listing: {} });
  await run(stage);
  const findings = await findingsOf(stage);
  expect(findings.filter((one) => / (?:differs|derives|inner|pending) /u.test(one))).toEqual([]);
});

test("pitfall 35: a page's headers are after the correction what they were before", async () => {
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "max-age=60", "x-amz-meta-owner": "crew" };
  const stage = stageWith(onePage);
  await stage.giveHeaders("pages", sunset, headers);
  expect(wordOf(await run(stage, alone))).toBe("done");
  expect(await stage.headersAt("pages", sunset)).toEqual(headers);
});

test("pitfall 10: money, telephone numbers and the tide keep their digits, also where they look like the old time", async () => {
  const aside = "<p>Low tide 4:30 AM. Pay $1,430 or $430. Call 619-555-0430.</p>";
  const stage = stageWith({ ...incident, pages: { [sunset]: richPage.replace("</main>", `${aside}</main>`) } });
  expect(wordOf(await run(stage, alone))).toBe("done");
  expect(await stage.textAt("pages", sunset)).toBe(corrected.replace("</main>", `${aside}</main>`));
});

test("pitfall 13: a start that the zone's clock skips is asked about, and nothing is derived from it", async () => {
  const record = item({
    guest_code: "S2FJLN",
    guest_name: "Jonah Reed",
    charter_date: "2026-03-08",
    start_time: "04:30",
    page_slug: "2026-03-08-jonah",
  });
  const page = "<h1>Jonah Reed</h1><p>Sunday, March 8, 2026, 5:30 AM – 8:30 AM</p><p>Guest code S2FJLN</p>";
  const stage = stageWith({ record: { S2FJLN: record }, pages: { "g/2026-03-08-jonah.html": page }, calendar: {}, listing: {} });
  const skipped: Value = { kind: "moment", date: "2026-03-08", time: "02:30" };
  const result = await resultOf(stage, { ...alone, answers: [{ field: "start", value: skipped, because: "Mara" }] });
  expect(result.kind === "undecided" ? result.prepared.questions.map(({ name }) => name) : result.kind).toEqual(["start"]);
  expect(written(stage)).toEqual([]);
});

test("a person's stop leaves every system as it was, and no decision on record", async () => {
  const stage = stageWith();
  const stop = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("stop" as const) };
  const ended = await stage.run(async (bench, context) => await reconcile(bench, decided, stop, context));
  expect(wordOf(ended)).toBe("declined");
  expect(written(stage)).toEqual([]);
  expect(await stage.entryKinds()).toEqual([]);
});

test("pitfall 4: a time of two readings that the page itself has settled is corrected", async () => {
  const page = richPage.replace("<p>Questions", "<p>We cast off at 4:30 sharp.</p><p>Questions");
  const stage = stageWith({ ...incident, pages: { [sunset]: page } });
  expect(wordOf(await run(stage, alone))).toBe("done");
  expect(await stage.textAt("pages", sunset)).toBe(corrected.replace("<p>Questions", "<p>We cast off at 3:30 sharp.</p><p>Questions"));
});
