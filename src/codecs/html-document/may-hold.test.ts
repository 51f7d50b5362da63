import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayHold, openPrefilter } from "./may-hold.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const holdsGuest = openPrefilter({ needles: ["Jonathan B.", "S2FJLN", "Zoë"] });
const holdsClock = openPrefilter({ isClock: true });

describe("the look at bytes before a page is read", () => {
  it("finds a needle through case, markup, entities and spaces of any kind", () => {
    for (const page of [
      "<p>jonathan b",
      "Jona<b>than</b>&nbsp;B",
      "JONATHAN\u202fB.",
      "<i>Jonathan</i>\n <i>B</i>",
      "code=s2fjln",
      "Zo&euml;",
      "&#74;onathan",
      "a='\\x4aonathan'",
    ]) {
      expect([page, holdsGuest(utf8(page))]).toEqual([page, true]);
    }
  });

  it("finds clock texts and dates in every form that pages have", () => {
    for (const page of [
      "4:30",
      "4<b>:30</b>",
      "4.30 Uhr",
      "16h30",
      "4&nbsp;PM",
      "4 p.m.",
      "noon",
      "1630 hrs",
      "2026-05-30",
      "20260530T163000",
      "May 30",
      "30th of May",
      "5/30/2026",
      "Saturday",
      "4&colon;30",
    ]) {
      expect([page, holdsClock(utf8(page))]).toEqual([page, true]);
    }
  });

  it("leaves out pages that hold none of it", () => {
    expect(holdsGuest(utf8("<p>Jon and Nathan sail with S2 FJ, &#8211; &#39;x&#39;"))).toBe(false);
    expect(holdsClock(utf8("<p>We have 5 boats and 12 cabins, &#8211; come in!"))).toBe(false);
  });

  it("leaves out nothing that it cannot look into, and nothing for needles without a letter", () => {
    expect(holdsGuest(new Uint8Array(gzipSync("x")))).toBe(true);
    expect(holdsGuest(new Uint8Array(Buffer.from("\ufeffJo", "utf16le")))).toBe(true);
    expect(mayHold(utf8("x"), { needles: ["東京"] })).toBe(true);
    expect(mayHold(utf8("x"), {})).toBe(false);
  });

  it("never misses a needle that markup divides", () => {
    const needle = fc.string({ unit: fc.constantFrom("a", "B", "7", " ", "-", "é"), minLength: 1, maxLength: 8 });
    const cut = fc.constantFrom("", "<b>", "</i><b class='x'>", "<wbr>");
    fc.assert(
      fc.property(needle, fc.array(cut, { minLength: 8, maxLength: 8 }), (text, cuts) => {
        const page = Array.from(text)
          .map((character, at) => character + (cuts[at] ?? ""))
          .join("");
        expect(mayHold(utf8(`<p>${page}</p>`), { needles: [text] })).toBe(true);
      }),
    );
  });
});
