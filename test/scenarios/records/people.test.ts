/** Several people in one field, on pages that show them in ways of their own: no list ever takes the place of one of its names. */

import { describe, expect, test } from "vitest";
import type { RecordKind } from "../../../src/core/records/kind.ts";
import { reconcile } from "../../../src/operations/records/reconcile.ts";
import { booking, context, item, RecordsWorld } from "./records-world.ts";

const page = "g/2026-05-30-jonah-sunset.html";
const crewed: RecordKind = {
  ...booking,
  fields: [
    ...booking.fields.filter(({ name }) => name !== "captain"),
    { name: "crew", type: "people", authority: { kind: "system", system: "record" }, words: ["crew"] },
  ],
  systems: booking.systems.flatMap((system) => {
    if (system.name === "pages") return [system];
    if (system.name !== "record") return [];
    const { captain: _, ...fields } = system.fields;
    return [{ ...system, fields: { ...fields, crew: { at: "crew" } } }];
  }),
  identity: { keys: ["code"], match: ["guest"], oneToOne: ["record"] },
};

const shows = {
  "an attribute": '<div data-crew="Ida Brandt, Ben Roth"></div>',
  "a list": "<ul><li>Ida Brandt</li><li>Ben Roth</li></ul>",
  "a cell": "<table><tr><th>Crew</th></tr><tr><td>Ida Brandt, Ben Roth</td></tr></table>",
  prose: "<p>Ida Brandt has sailed for twenty years, and Ben Roth cooks.</p>",
  "structured data":
    '<script type="application/ld+json">{"@type":"Event","performer":[{"@type":"Person","name":"Ida Brandt"},{"@type":"Person","name":"Ben Roth"}]}</script>',
  "a script": '<script>const CREW = ["Ida Brandt", "Ben Roth"];</script>',
};

interface Run {
  readonly crew: string;
  readonly body: string;
  readonly start?: string;
}

async function run({ crew, body, start = "16:30" }: Run): Promise<{ readonly kind: string; readonly body: string | undefined }> {
  const fields = { guest_code: "S2FJLN", guest_name: "Jonah Reed", charter_date: "2026-05-30", start_time: "16:30", crew };
  const text = `<!doctype html><html><body><h1>Charter S2FJLN</h1><p>Saturday, May 30, 2026, 4:30 – 7:30 PM</p>${body}</body></html>`;
  const world = new RecordsWorld({ kind: crewed, held: { record: { S2FJLN: item(fields) }, pages: { [page]: text } } });
  const value = { kind: "moment", date: "2026-05-30", time: start } as const;
  const result = await reconcile(
    world.bench,
    { named: "S2FJLN", answers: [{ field: "start", value, because: "Mara" }], keep: undefined, deletes: false, leave: [] },
    { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go") },
    context,
  );
  const now = await world.textOf("pages", page);
  return {
    kind: result.kind === "carried" ? result.carried.kind : result.kind,
    body: /PM<\/p>(.*)<\/body>/su.exec(now ?? "")?.[1],
  };
}

describe.each(Object.entries(shows))("people whom a page shows in %s", (_where, body) => {
  test("stay as they are where all agree, whatever else is corrected", async () => {
    expect(await run({ crew: "Ida Brandt, Ben Roth", body, start: "15:30" })).toEqual({ kind: "done", body });
  });

  test("are changed rightly or not at all where another one comes: a name that is left holds the plan up", async () => {
    const after = await run({ crew: "Ida Brandt, Ana Lima", body, start: "15:30" });
    const right = body.replaceAll("Ben Roth", "Ana Lima");
    expect([body, right]).toContain(after.body);
    expect(after.kind === "done" ? after.body : body).toBe(after.body);
  });
});

test("people behind a label are replaced as a whole", async () => {
  const after = await run({ crew: "Ida Brandt, Ana Lima", body: "<p>Crew: Ida Brandt, Ben Roth</p>" });
  expect(after).toEqual({ kind: "done", body: "<p>Crew: Ida Brandt, Ana Lima</p>" });
});
