import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { harborBytes, harborPage } from "../../../test/support/harbor-page.ts";
import { checkToken } from "./check-token.ts";
import { suggestTokens, type SuggestedToken } from "./suggest-tokens.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const stale = harborBytes({ crossfade: false, checkout: false, readersLine: true });
const live = harborBytes();
const earlier = [
  { name: "release r1", bytes: stale },
  { name: "release r2", bytes: harborBytes({ crossfade: false, checkout: false }) },
];

describe("suggestTokens in the incident", () => {
  const tokens = suggestTokens({ path: "index.html", local: stale, live, earlier });
  const named = (name: string): SuggestedToken | undefined => tokens.find((token) => token.name === name);

  test("the checkout and the crossfade are among the first", () => {
    expect(tokens.slice(0, 3).map(({ text }) => text)).toEqual(["data-crossfade", "data-stripe-embedded", "data-price"]);
    expect(tokens.map(({ text }) => text)).toEqual(
      expect.arrayContaining(["startHeroCrossfade", "mountCheckout", "https://js.stripe.com/v3/", "BOOK NOW"]),
    );
  });

  test("the removed line is to stay away, as it is written in the bytes", () => {
    const readers = tokens.find(({ text }) => text.includes("Canyon"));
    expect(readers).toMatchObject({
      rule: "absent",
      file: "index.html",
      why: "removed on live by release r2, still stands in local at line 31",
    });
    expect(readers?.text).toContain("Coast &amp; Canyon");
  });

  test("a name is made of what it marks", () => {
    expect(named("STRIPE_EMBEDDED")).toMatchObject({
      rule: "contains",
      text: "data-stripe-embedded",
      why: "stands in live at line 68, local lacks it",
    });
    expect(named("START_HERO_CROSSFADE")?.text).toBe("startHeroCrossfade");
  });

  test("without earlier versions nothing is said to have been removed", () => {
    expect(suggestTokens({ path: "index.html", local: stale, live, earlier: [] }).filter(({ rule }) => rule === "absent")).toEqual([]);
  });
});

describe("suggestTokens", () => {
  test("equal pages suggest nothing", () => {
    expect(suggestTokens({ path: "index.html", local: live, live, earlier })).toEqual([]);
  });

  test("every text holds where it must and lacks where it must, and names are unlike", () => {
    const block = constantFrom(
      '<button id="pay">Pay &amp; go</button>',
      '<div data-tour="bay">Tour</div>',
      "<p>Gratuity is included for all of our guests.</p>",
      "<script>function startTour() {}</script>",
      '<form action="/book"></form>',
      "<h2>Über uns</h2>",
      "<p>船の旅は二時間です。</p>",
    );
    const page = array(block, { maxLength: 7 }).map((blocks) => `<body>\n${blocks.join("\n")}\n</body>`);
    assert(
      property(page, page, page, (local, now, past) => {
        const tokens = suggestTokens({
          path: "a.html",
          local: bytes(local),
          live: bytes(now),
          earlier: [{ name: "r1", bytes: bytes(past) }],
        });
        for (const { rule, text, name } of tokens) {
          expect(checkToken(rule, text, bytes(now))).toBe("ok");
          expect(checkToken(rule, text, bytes(local))).not.toBe("ok");
          expect(name).toMatch(/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/u);
        }
        expect(new Set(tokens.map(({ name }) => name)).size).toBe(tokens.length);
      }),
    );
  });

  test("a page with everything new suggests a dozen, of several sorts", () => {
    const many = Array.from(
      { length: 40 },
      (_, at) => `<section id="part-${at}"><h2>Chapter ${at} of it</h2><button>Press ${at} now</button></section>`,
    ).join("\n");
    const tokens = suggestTokens({ path: "a.html", local: bytes("<body></body>"), live: bytes(`${harborPage()}${many}`), earlier: [] });
    expect(tokens).toHaveLength(12);
    expect(tokens.filter(({ text }) => text.startsWith('id="')).length).toBeLessThanOrEqual(3);
  });
});

describe("checkToken", () => {
  test("a text that must be there is ok or missing, one that must not is ok or resurrected", () => {
    expect(checkToken("contains", "data-price", live)).toBe("ok");
    expect(checkToken("contains", "data-price", stale)).toBe("missing");
    expect(checkToken("absent", "Canyon readers", live)).toBe("ok");
    expect(checkToken("absent", "Canyon readers", stale)).toBe("resurrected");
  });

  test("an absent file lacks what it must contain and keeps what it must not", () => {
    expect(checkToken("contains", "x", undefined)).toBe("absent-file");
    expect(checkToken("absent", "x", undefined)).toBe("ok");
  });

  test("bytes are compared as bytes, among invalid ones and with a byte order mark", () => {
    const odd = Uint8Array.of(0xef, 0xbb, 0xbf, 0xff, 0x00, ...bytes("Über uns"), 0xc3);
    expect(checkToken("contains", "Über uns", odd)).toBe("ok");
    expect(checkToken("contains", "Ãœber", odd)).toBe("missing");
    expect(checkToken("absent", "Uber", odd)).toBe("ok");
    expect(checkToken("contains", "ber uns", odd.subarray(6))).toBe("ok");
  });
});
