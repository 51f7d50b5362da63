import { expect, test } from "vitest";
import { booking } from "../../../test/scenarios/records/records-world.ts";
import { indexKnown } from "../../core/records/claims/known-values.ts";
import type { Value } from "../../core/records/value.ts";
import { openPageFilter } from "./page-filter.ts";

const text = (value: string): Value => ({ kind: "text", text: value });
const pages = { ...(booking.systems.find(({ name }) => name === "pages") ?? expect.fail("no pages")), fields: {} };
const knowing = (...values: readonly (readonly [string, Value])[]): ((page: string) => boolean) => {
  const filter = openPageFilter(booking, pages, indexKnown(booking, values)) ?? expect.fail("pages cannot be ruled out");
  return (page) => filter(new TextEncoder().encode(page));
};
const ofJonah = knowing(["guest", text("Jonah Reed")], ["code", text("S2FJLN")]);

test("a page without clock text, labels and known words is not read", () => {
  for (const page of [
    "<h1>Tours of the bay</h1><p>Bring a jacket.</p>",
    "<style>.a { margin: 0 3px; padding: 4px } .b::after { content: '4:30 PM' }</style><p>Nothing of the kind</p>",
    '<p class="jonahs">Phone 555 0430</p>',
  ])
    expect([page, ofJonah(page)]).toEqual([page, false]);
});

test("a page is read for a time, for a label, and for a known name or key, however it is marked up", () => {
  for (const page of [
    "<p>We leave at 4:30</p>",
    "<p>Arrive early</p>",
    "<p>Welcome, JONAH</p>",
    "<p>Welcome<b> Jo</b>nah</p>",
    "<p>Welcome,<b>Jonah</b></p>",
    "<h1>Hi</h1><p><b>J</b>onah</p>",
    "<script>const code = 'S2FJLN'</script>",
    "<p>&#74;onah</p>",
    "<p>\uFF2Aonah</p>",
  ])
    expect([page, ofJonah(page)]).toEqual([page, true]);
});

test("no page is ruled out where that cannot be told", () => {
  expect(openPageFilter(booking, pages, indexKnown(booking, [["guest", text("Zoë Ō")]]))).toBeUndefined();
  expect(openPageFilter(booking, { ...pages, fields: { cutoff: { at: "script:CUTOFF_UTC" } } })).toBeUndefined();
  expect(openPageFilter(booking, { ...pages, medium: "web-page" })).toBeUndefined();
});
