import { expect, test } from "vitest";
import { booking } from "../../../test/scenarios/records/records-world.ts";
import { indexKnown } from "../../core/records/claims/known-values.ts";
import type { Value } from "../../core/records/value.ts";
import { openPageFilter } from "./page-filter.ts";

const text = (value: string): Value => ({ kind: "text", text: value });
const pages = { ...(booking.systems.find(({ name }) => name === "pages") ?? expect.fail("no pages")), fields: {} };
const knowing = (...values: readonly (readonly [string, Value])[]): ((page: string) => boolean) => {
  const filter = openPageFilter(booking, pages, indexKnown(booking, values)) ?? expect.fail("pages cannot be ruled out");
  return (page) => filter(new TextEncoder().encode(page)).mayHold;
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
  expect(openPageFilter(booking, pages, indexKnown(booking, [["guest", text("Jo Li")]]))).toBeUndefined();
  expect(openPageFilter(booking, { ...pages, fields: { cutoff: { at: "script:CUTOFF_UTC" } } })).toBeUndefined();
  expect(openPageFilter(booking, { ...pages, medium: "web-page" })).toBeUndefined();
});

test("a name without a plain word has only those pages read that may hold it, however they spell it", () => {
  const ofMany = knowing(["guest", text("Jonah Reed")], ["guest", text("李小娜")], ["guest", text("Müller Jörg")]);
  for (const page of [
    "<h1>Tours of the bay</h1><p>Bring a jacket – and a hat&nbsp;&amp; water.</p>",
    '<a href="?a=1&b=2">Crème brûlée</a>',
  ])
    expect([page, ofMany(page)]).toEqual([page, false]);
  for (const page of [
    "<p>李小娜</p>",
    "<p>李<b>小娜</b></p>",
    "<p>&#26446;&#23567;&#23068;</p>",
    "<script>const guest = '\\u674e\\u5c0f\\u5a1c'</script>",
    "<p>MÜLLER JÖRG</p>",
    "<p>Mu\u0308ller Jo\u0308rg</p>",
    "<p>M&uuml;ller J&ouml;rg</p>",
    "<p>M&uumlller J&oumlrg</p>",
    "<p>Welcome, Jonah</p>",
  ])
    expect([page, ofMany(page)]).toEqual([page, true]);
  const filter = openPageFilter(booking, pages, indexKnown(booking, [["guest", text("Müller Jörg")]]));
  expect(filter?.(Uint8Array.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72])).mayHold).toBe(true);
});
