/** Names, keys and descriptions that one place has are corrected wherever the record shows them, and nowhere else. */

import { describe, expect, test } from "vitest";
import type { RecordKind } from "../../../src/core/records/kind.ts";
import { reconcile, type ReconcileResult } from "../../../src/operations/records/reconcile.ts";
import { booking, context, event, item, RecordsWorld } from "./records-world.ts";

const page = "g/2026-05-30-jonah-sunset.html";
const record = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  S2FJLN: item({
    guest_code: "S2FJLN",
    guest_name: "Jonah Reed",
    charter_date: "2026-05-30",
    start_time: "16:30",
    captain: "Ana",
    page_slug: "2026-05-30-jonah-sunset",
    ...more,
  }),
});

const pageOf = (body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Charter S2FJLN</title></head><body><h1>Saturday, May 30, 2026, 4:30 – 7:30 PM</h1>${body}</body></html>`;

interface Told {
  readonly set: Readonly<Record<string, string>>;
  readonly leave?: readonly string[];
  readonly calendar?: boolean;
  readonly kind?: RecordKind;
  readonly record?: Readonly<Record<string, string>>;
}

async function corrected(body: string, { set, leave = [], calendar = false, kind = booking, record: more = {} }: Told) {
  const held = { record: record(more), pages: { [page]: pageOf(body) }, ...(calendar && { calendar: { "charter-1.ics": event } }) };
  const world = new RecordsWorld({ kind, held });
  const answers = Object.entries(set).map(([field, text]) => ({ field, value: { kind: "text" as const, text }, because: "Mara" }));
  const result: ReconcileResult = await reconcile(
    world.bench,
    { named: "S2FJLN", answers, keep: undefined, deletes: false, leave },
    { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go") },
    context,
  );
  const { plan } = result.prepared.identified;
  return {
    kind: result.kind === "carried" ? result.carried.kind : result.kind,
    body: /<\/h1>(.*)<\/body>/su.exec((await world.textOf("pages", page)) ?? "")?.[1],
    calendar: await world.textOf("calendar", "charter-1.ics"),
    refusals: plan.refusals.map(({ message }) => message),
    mentions: (plan.records?.mentions ?? []).map(({ raw, verdict, why }) => `${verdict} ${raw}: ${why}`),
  };
}

describe("a guest's name that the table knows", () => {
  test("is corrected on the page and in the calendar where no label introduces it", async () => {
    const found = await corrected("<p>Welcome Jonah Reed</p><p>Jonah Reed’s party, JONAH REED's boat</p>", {
      set: { guest: "Jonas Reed" },
      calendar: true,
    });
    expect(found.kind).toBe("done");
    expect(found.body).toBe("<p>Welcome Jonas Reed</p><p>Jonas Reed’s party, JONAS REED's boat</p>");
    expect(found.calendar).toContain("SUMMARY:Charter Jonas Reed (S2FJLN)");
  });

  test("blocks the correction where a part of the old name would stay, until a person leaves it", async () => {
    const body = "<h2>Jonah Reed</h2><p>Jonah, see you at the dock.</p>";
    const blocked = await corrected(body, { set: { guest: "Jonas Reed" } });
    expect(blocked.kind).toBe("refused");
    expect(blocked.refusals.join()).toContain('"Jonah"');
    const left = await corrected(body, { set: { guest: "Jonas Reed" }, leave: ["Jonah"] });
    expect([left.kind, left.body]).toEqual(["done", "<h2>Jonas Reed</h2><p>Jonah, see you at the dock.</p>"]);
  });

  test("in small letters holds the correction up: it may be the name, and may be none", async () => {
    const found = await corrected("<h2>jonah reed</h2>", { set: { guest: "Jonas Reed" } });
    expect([found.kind, found.mentions]).toEqual(["refused", ["blocking jonah reed: is in small letters"]]);
  });

  test("is listed as justified in an address, and stays there", async () => {
    const found = await corrected('<p>Jonah Reed</p><img src="/crew/Jonah/1.jpg" alt="Jonah Reed">', { set: { guest: "Jonas Reed" } });
    expect([found.kind, found.body]).toEqual(["done", '<p>Jonas Reed</p><img src="/crew/Jonah/1.jpg" alt="Jonas Reed">']);
    expect(found.mentions).toContain("justified Jonah: part of an address, or a name in code");
  });

  test("is left alone where the captain has the same name, until a person has said which is meant", async () => {
    const found = await corrected("<p>With Jonah Reed</p>", { set: { guest: "Ben Stone" }, record: { captain: "Jonah Reed" } });
    expect([found.kind, found.body]).toEqual(["refused", "<p>With Jonah Reed</p>"]);
    expect(found.refusals.join()).toContain("may be the captain as well as the guest");
  });

  test("that tags divide is left where a person says so, as the refusal advises, and holds nothing up", async () => {
    const body = "<h2>Jonah Reed</h2><p>With <b>Jonah</b> <i>Reed</i></p>";
    const refused = await corrected(body, { set: { guest: "Benno" } });
    expect(refused.kind).toBe("refused");
    expect(refused.mentions).toEqual([expect.stringContaining("blocking Jonah Reed: tags divide it")]);
    const left = await corrected(body, { set: { guest: "Benno" }, leave: ["Jonah Reed"] });
    expect([left.kind, left.body]).toEqual(["done", "<h2>Benno</h2><p>With <b>Jonah</b> <i>Reed</i></p>"]);
  });

  test("is written for JSON and for the attribute that holds it", async () => {
    const found = await corrected(`<p data-trip='{"n":"Jonah Reed"}'>x</p>`, { set: { guest: 'Jonah "JR" O\'Reed' } });
    expect(found.body).toBe(`<p data-trip='{"n":"Jonah \\"JR\\" O&#39;Reed"}'>x</p>`);
  });
});

test("a key that the table knows is corrected in texts, and in a link it holds the correction up until a person leaves it", async () => {
  const body = '<p>Your code: S2FJLN</p><a href="/pay/S2FJLN">pay</a>';
  const refused = await corrected(body, { set: { code: "T9QWRZ" } });
  expect([refused.kind, refused.body]).toEqual(["refused", body]);
  expect(refused.mentions).toEqual([expect.stringContaining("blocking S2FJLN: is part of an address")]);
  const left = await corrected(body, { set: { code: "T9QWRZ" }, leave: ["S2FJLN"] });
  expect(left.body).toBe('<p>Your code: T9QWRZ</p><a href="/pay/S2FJLN">pay</a>');
});

describe("a captain's first name", () => {
  test("is no part of links, paths, code, handles, file names and small words", async () => {
    const kept =
      '<a href="/crew/Ana/photo.jpg" class="Ana">x</a><p data-crew="ana">@Ana #Ana /crew/Ana</p><script>import "./Ana/x.js"; fetch("/api/crew/Ana");</script><p>Santa Ana winds</p>';
    const found = await corrected(`${kept}<p>Ana's boat, with Ana at the helm.</p>`, { set: { captain: "Ben" } });
    expect([found.kind, found.body]).toEqual(["done", `${kept}<p>Ben's boat, with Ben at the helm.</p>`]);
  });

  test("that is a word of the language is a name beside a title and alone in its cell, and a word elsewhere", async () => {
    const found = await corrected("<p>On May 30 you may, May I say, sail with Captain May.</p><table><tr><td>May</td></tr></table>", {
      set: { captain: "Ben" },
      record: { captain: "May" },
    });
    expect(found.body).toBe("<p>On May 30 you may, May I say, sail with Captain Ben.</p><table><tr><td>Ben</td></tr></table>");
  });

  test("is not taken out of the guest's full name", async () => {
    const found = await corrected("<p>Ana Reyes sails with us.</p>", { set: { captain: "Ben" }, record: { guest_name: "Ana Reyes" } });
    expect([found.kind, found.body]).toEqual(["done", "<p>Ana Reyes sails with us.</p>"]);
  });
});
