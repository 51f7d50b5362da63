import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayHoldWord, wordFilter } from "../../core/records/claims/word-filter.ts";
import { openPageLook, wordHashesOf } from "./page-signs.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const holdsGuest = (page: string): boolean => openPageLook(new Set(["jonathan", "s2fjln"]))(utf8(page)).mayHold;
const holdsClock = (page: string): boolean => openPageLook(new Set())(utf8(page)).mayHold;

describe("the look at bytes before a page is read", () => {
  it("finds a word through case, markup, references and escapes, and only as a whole", () => {
    for (const page of [
      "<p>jonathan b",
      "Jona<b>than</b>&nbsp;B",
      "JONATHAN\u202fB.",
      "<i>Jonathan</i>",
      "code=s2fjln",
      "&#74;onathan",
      "'\\x4aonathan'",
    ])
      expect([page, holdsGuest(page)]).toEqual([page, true]);
    expect(holdsGuest("<p>Jon and Nathan sail with S2 FJ, jonathans, &#8211; &#39;x&#39;")).toBe(false);
  });

  it("finds clock texts and dates in every form that pages have, in words too", () => {
    for (const page of [
      "4:30",
      "4<b>:30</b>",
      "4.30 Uhr",
      "16h30",
      "4&nbsp;PM",
      "4&nbspPM",
      "4 p.m.",
      "noon",
      "1630 hrs",
      "4&colon;30",
      "4&#58;30",
      "16<b>30</b> h",
      "2026-05-30",
      "20260530T163000",
      "May 30",
      "30th of May",
      "5/30/2026",
      "2026/5/3",
      "Saturday",
      "Satur<b>day</b>",
      "Sat 5/30",
      "half past seven",
      "seven thirty",
      "seven PM",
      "at 5",
      "7 in the evening",
      "20 minutes to three",
    ])
      expect([page, holdsClock(page)]).toEqual([page, true]);
    for (const page of [
      "<p>We have 5 boats and 12 cabins, &#8211; come in!",
      "margin: 4px 0 3px",
      "<style>.a::after{content:'4:30 PM'}</style>",
    ])
      expect([page, holdsClock(page)]).toEqual([page, false]);
  });

  it("marks what looks like a time and is none, without taking the page for one that holds a record", () => {
    const { mayHold, signs } = openPageLook(new Set())(utf8("<p>Call (619) 555-0430"));
    expect({ mayHold, signs }).toEqual({ mayHold: false, signs: [9, 14, 18] });
  });

  it("passes over nothing that it cannot look into", () => {
    const look = openPageLook(new Set(["jonathan"]));
    for (const bytes of [new Uint8Array(gzipSync("x")), new Uint8Array(Buffer.from("\ufeffJo", "utf16le")), utf8("\uff2aonathan")])
      expect(look(bytes)).toEqual({ mayHold: true, signs: undefined });
  });

  it("never misses a word that tags divide", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "B", "7"), minLength: 1, maxLength: 8 });
    const cuts = fc.array(fc.constantFrom("", "<b>", "</i><b class='x'>", "<wbr>", "<!-- a -->"), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(letters, cuts, (text, all) => {
        const page = Array.from(text, (character, at) => character + (at + 1 < text.length ? (all[at] ?? "") : "")).join("");
        expect(openPageLook(new Set([text.toLowerCase()]))(utf8(`<p>${page} </p>`)).mayHold).toBe(true);
        expect(mayHoldWord(wordFilter(wordHashesOf(utf8(`<p>${page}</p>`)) ?? new Set()), text.toLowerCase())).toBe(true);
      }),
    );
  });

  it("reads bytes in proportion to a page, whatever it is made of", () => {
    const look = openPageLook(new Set(["jonathan"]));
    // Four times the page takes four times the reads; if each byte cost a look at all others, sixteen times.
    for (const piece of ["1<", "1 <a 1 1 1 1>", "&amp1", "at ", "a<b>", "1<b>", "<!--1", "\\u{1", "<style>"]) {
      const [few = 0, many = Infinity] = [5000, 20_000].map((size) => readsOf(look, utf8(piece.repeat(Math.ceil(size / piece.length)))));
      expect([piece, few > 0, many / few < 6]).toEqual([piece, true, true]);
    }
  });
});

/** How many bytes are looked at, those that `indexOf` passes over included. */
function readsOf(look: (page: Uint8Array) => unknown, page: Uint8Array): number {
  let reads = 0;
  const counting = new Proxy(page, {
    get: (target, name) => {
      if (typeof name === "string" && /^\d+$/u.test(name)) reads += 1;
      if (name === "indexOf") {
        return (byte: number, from = 0): number => {
          const at = target.indexOf(byte, from);
          reads += (at < 0 ? target.length : at) - from;
          return at;
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  look(counting);
  return reads;
}
