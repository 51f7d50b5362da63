import { array, assert, constantFrom, property, shuffledSubarray, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import type { PageLoss, Term } from "../../core/page-terms.ts";
import { harborBytes } from "../../../test/support/harbor-page.ts";
import { pageLoss } from "./page-loss.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const said = (terms: readonly Term[]): string[] => terms.map(({ kind, text }) => `${kind}: ${text}`);
const loss = (local: string, live: string, earlier: readonly string[] = []): PageLoss =>
  pageLoss({
    local: bytes(local),
    live: bytes(live),
    earlier: earlier.map((page, at) => ({ name: `release r${at + 1}`, bytes: bytes(page) })),
    tokens: [],
  });

const longPage = (word: string): string =>
  `<body>${Array.from({ length: 10_000 }, (_, at) => `<p id="${word}${at}">${word} number ${at}</p>`).join("\n")}`;

describe("pageLoss in the incident", () => {
  const stale = harborBytes({ crossfade: false, checkout: false, readersLine: true });
  const lineRemoved = harborBytes({ crossfade: false, checkout: false });
  const withCrossfade = harborBytes({ checkout: false });
  const live = harborBytes();
  const earlier = [
    { name: "release r1", bytes: stale },
    { name: "release r2", bytes: lineRemoved },
    { name: "release r3", bytes: withCrossfade },
  ];
  const tokens = [
    { name: "HERO_FADE", rule: "contains", text: "hero-fade" },
    { name: "STRIPE_CHECKOUT", rule: "contains", text: "data-stripe-embedded" },
    { name: "READERS_LINE", rule: "absent", text: "For Coast &amp; Canyon readers" },
    { name: "MENU", rule: "contains", text: "/js/menu.js" },
  ] as const;
  const told = pageLoss({ local: stale, live, earlier, tokens });

  test("the crossfade and the embedded checkout would vanish, the most telling first", () => {
    expect(said(told.vanishes)).toEqual([
      "script: https://js.stripe.com/v3/",
      "script: inline script: startHeroCrossfade(), on load, #hero-book, .hero-fade",
      "script: inline script: mountCheckout(), Stripe(), initEmbeddedCheckout(), calls https://api.marisol.example/session, on submit, #booking-form",
      "form: POST https://api.marisol.example/checkout",
      "button: BOOK NOW (#book)",
      "button: Pay and reserve",
      "data: data-crossfade=book-now",
      "data: data-stripe-embedded=checkout",
      "data: data-price=39000",
      "style: inline styles: .hero-fade, .hero-fade.is-gone, @keyframes hero-pulse",
      "id: embedded-checkout",
    ]);
  });

  test("the removed line would come back, and the version that removed it is named", () => {
    expect(told.returns.find(({ text }) => text.startsWith("For Coast"))).toEqual({
      kind: "text",
      text: "For Coast & Canyon readers: ten percent off every weekday sail.",
      line: 31,
      removedBy: "release r2",
    });
  });

  test("what live itself removed comes back without the name of an earlier version", () => {
    const mail = told.returns.find(({ text }) => text.startsWith("Write to"));
    expect(mail).toBeDefined();
    expect(mail).not.toHaveProperty("removedBy");
  });

  test("nothing that was live before counts as new", () => {
    expect(told.appears).toEqual([]);
  });

  test("tokens that live keeps and local breaks are named", () => {
    expect(told.tokens).toEqual(["HERO_FADE", "STRIPE_CHECKOUT", "READERS_LINE"]);
  });

  test("lines are counted from live to local", () => {
    expect(told.lines).toEqual({ added: 4, removed: 31 });
  });
});

describe("pageLoss", () => {
  test("a page against itself loses nothing", () => {
    const page = harborBytes();
    expect(pageLoss({ local: page, live: page, earlier: [], tokens: [] })).toEqual({
      vanishes: [],
      returns: [],
      appears: [],
      tokens: [],
      lines: { added: 0, removed: 0 },
    });
  });

  test("blocks that only moved are no loss", () => {
    const blocks = [
      "<h2>Boat</h2>",
      "<p>She is wide.</p>",
      '<form action="/a"><button>Go</button></form>',
      '<script>function go() { fetch("/a") }</script>',
      "<img src=a.png alt=A>",
      '<p id="x" data-y="1">Dogs</p>',
    ];
    assert(
      property(shuffledSubarray(blocks, { minLength: blocks.length }), (moved) => {
        const { vanishes, returns, appears } = loss(`<body>${moved.join("\n")}`, `<body>${blocks.join("\n")}`);
        expect([vanishes, returns, appears]).toEqual([[], [], []]);
      }),
    );
  });

  test("what vanishes one way appears the other way", () => {
    const page = array(constantFrom("<p>One</p>", "<h1>Two</h1>", "<p>Three</p>", "<button>Four</button>"), { maxLength: 8 }).map(
      (parts) => `<body>${parts.join("\n")}`,
    );
    assert(
      property(page, page, (one, other) => {
        expect(said(loss(one, other).vanishes)).toEqual(said(loss(other, one).appears));
      }),
    );
  });

  test("one of two equal things is a loss too", () => {
    expect(said(loss("<p>Dogs are welcome</p>", "<p>Dogs are welcome</p><p>Dogs are welcome</p>").vanishes)).toEqual([
      "text: Dogs are welcome",
    ]);
  });

  test("an edited wording shows both what goes and what comes", () => {
    const { vanishes, appears } = loss("<p>Ring us any time.</p>", "<p>Write to us any time.</p>");
    expect([said(vanishes), said(appears)]).toEqual([["text: Write to us any time."], ["text: Ring us any time."]]);
  });

  test("of a script that lost one function only that function is told", () => {
    const live = '<script>function openMenu() {} function startFade() {} addEventListener("load", startFade);</script>';
    expect(said(loss(live.replace("function startFade() {}", ""), live).vanishes)).toEqual(["script: inline script: startFade()"]);
  });

  test("of two scripts alike in part, the one that is gone is told whole", () => {
    const [menu, fade] = [
      '<script>function openMenu() {} document.addEventListener("click", openMenu);</script>',
      '<script>function startFade() {} document.addEventListener("click", startFade);</script>',
    ];
    expect(said(loss(menu, fade + menu).vanishes)).toEqual(["script: inline script: startFade(), on click"]);
  });

  test("the id, handler and fields of what is told are not told again", () => {
    const form = '<form id="f" action="/book"><label>Name <input name="who"></label><button id="b" onclick="book()">Book</button></form>';
    expect(said(loss("<body></body>", `<body>${form}</body>`).vanishes)).toEqual(["form: GET /book", "button: Book"]);
  });

  test("a field that goes while its form stays is told", () => {
    const form = '<form action="/book"><input name="who"><input name="when" type="date"></form>';
    expect(said(loss(form.replace('<input name="when" type="date">', ""), form).vanishes)).toEqual(["field: when (date)"]);
  });

  test("a meta value in the words of a vanished title is not told again", () => {
    const live = '<title>Day sails</title><meta property="og:title" content="Day sails"><meta name="robots" content="noindex">';
    expect(said(loss("<body></body>", live).vanishes)).toEqual(["title: Day sails", "meta: robots: noindex"]);
  });

  test("what was removed twice is named by its last removal", () => {
    const [withLine, without] = ["<p>Offer!</p><p>Sail.</p>", "<p>Sail.</p>"];
    expect(loss(withLine, without, [withLine, without, withLine, `${without}<p>More.</p>`]).returns).toEqual([
      { kind: "text", text: "Offer!", line: 1, removedBy: "release r4" },
    ]);
  });

  test("what never was live appears, though earlier versions are known", () => {
    const told = loss("<p>New route</p><p>Sail.</p>", "<p>Sail.</p>", ["<p>Old</p>"]);
    expect([said(told.returns), said(told.appears)]).toEqual([[], ["text: New route"]]);
  });

  test("a lost style sheet rule is told by its lines", () => {
    const live = ".menu { color: red }\n.fade { opacity: 0 }\n";
    expect(said(loss(".menu { color: red }\n", live).vanishes)).toEqual(["text: .fade { opacity: 0 }"]);
  });

  test("where a side is binary only lines and tokens are told", () => {
    const told = pageLoss({
      local: Uint8Array.of(0, 1),
      live: harborBytes(),
      earlier: [],
      tokens: [{ name: "MENU", rule: "contains", text: "menu.js" }],
    });
    expect(told).toEqual({ vanishes: [], returns: [], appears: [], tokens: ["MENU"], lines: { added: 0, removed: 0 } });
  });

  test("no bytes make it throw", () => {
    assert(
      property(uint8Array({ maxLength: 200 }), uint8Array({ maxLength: 200 }), (local, live) => {
        expect(pageLoss({ local, live, earlier: [{ name: "r1", bytes: local }], tokens: [] }).appears).toEqual([]);
      }),
    );
  });

  test("two long pages with nothing in common are compared", () => {
    expect(loss(longPage("port"), longPage("starboard")).vanishes).toHaveLength(10_000);
  });
});
