import { array, assert, constantFrom, property, string, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Term, TermKind } from "../../core/page-terms.ts";
import { harborBytes, harborPage } from "../../../test/support/harbor-page.ts";
import { isPageText, pageBytesMax, termTextMax } from "./page-text.ts";
import { readTerms } from "./read-terms.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (kind: TermKind, page: string | Uint8Array): string[] =>
  readTerms(typeof page === "string" ? bytes(page) : page)
    .filter((term) => term.kind === kind)
    .map((term) => term.text);

const withoutLine = ({ kind, text }: Term): string => `${kind} ${text}`;

describe("readTerms on a whole page", () => {
  const page = harborBytes();

  test("what people see is told in their words", () => {
    expect(texts("title", page)).toEqual(["Marisol Sailing — private charters from Harbor Pier"]);
    expect(texts("heading", page)).toEqual(["MARISOL", "The boat", "Routes", "What guests say", "Book your sail"]);
    expect(texts("button", page)).toEqual(["BOOK NOW (#book)", "Pay and reserve"]);
    expect(texts("text", page)).toContain("Two hours under sail, six guests at most, skipper included.");
    expect(texts("link", page)).toContain("the way to the lighthouse (routes/lighthouse.html)");
    expect(texts("image", page)).toContain("Marisol under tan sails (img/marisol-800.jpg)");
  });

  test("what the page does is told by forms, fields, scripts and data", () => {
    expect(texts("form", page)).toEqual(["POST https://api.marisol.example/checkout"]);
    expect(texts("field", page)).toEqual(["sail_date (date)", "guest_count (number)", "guest_email (email)", "route (hidden)"]);
    expect(texts("data", page)).toEqual(["data-crossfade=book-now", "data-stripe-embedded=checkout", "data-price=39000"]);
    expect(texts("script", page)).toEqual([
      "https://js.stripe.com/v3/",
      "onclick: track('pay')",
      "/js/menu.js",
      'structured data: LocalBusiness, name "Marisol Sailing", telephone "555 0100"',
      "inline script: toggleMenu(), on click, nav",
      "inline script: startHeroCrossfade(), on load, #hero-book, .hero-fade",
      "inline script: mountCheckout(), Stripe(), initEmbeddedCheckout(), calls https://api.marisol.example/session, on submit, #booking-form",
    ]);
  });

  test("what machines read is told too", () => {
    expect(texts("meta", page)).toContain("canonical: https://marisol.example/");
    expect(texts("style", page)).toEqual([
      "css/site.css?v=12",
      "inline styles: :root, body, .hero, .hero h1, .hero-fade, .hero-fade.is-gone and 3 more",
    ]);
    expect(texts("id", page)).toContain("embedded-checkout");
  });

  test("every term names the line where it begins", () => {
    const lines = harborPage().split("\n");
    const lineOf = (kind: TermKind, text: string): string | undefined => {
      const term = readTerms(page).find((held) => held.kind === kind && held.text === text);
      return term && lines[term.line - 1];
    };
    expect(lineOf("form", "POST https://api.marisol.example/checkout")).toContain("<form");
    expect(lineOf("button", "Pay and reserve")).toContain("<button");
    expect(lineOf("text", "Dogs are welcome")).toContain("<li>Dogs");
    expect(lineOf("id", "embedded-checkout")).toContain("embedded-checkout");
  });

  test("white space, comments and attribute order change no term", () => {
    const spread = harborPage()
      .replaceAll("><", ">\n\n<")
      .replaceAll("function mountCheckout() {", "function   mountCheckout ()\n\n{ /* mounts it */")
      .replace('<section id="boat">', "<!-- the boat --><section   id='boat'  >");
    expect(readTerms(bytes(spread)).map(withoutLine).toSorted()).toEqual(readTerms(page).map(withoutLine).toSorted());
  });
});

describe("readTerms on single things", () => {
  test("text that stands wholly in a link, button or heading is not told twice", () => {
    const page = "<nav><a href=/a>Fleet</a> <a href=/b>Crew</a></nav><button>Go</button><h2>Crew <em>list</em></h2>";
    expect(readTerms(bytes(page)).map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      "link: Fleet (/a)",
      "link: Crew (/b)",
      "button: Go",
      "heading: Crew list",
    ]);
  });

  test("blocks are apart and inline elements are not", () => {
    expect(texts("text", "<div>One <b>two</b><br>three<div>Four</div>five</div>")).toEqual(["One two three", "Four", "five"]);
  });

  test("a long text is told sentence by sentence, so that an edit shows where it is", () => {
    const sentence = "The skipper knows every shoal between the pier and the lighthouse.";
    expect(texts("text", `<p>${sentence} ${sentence.replace("knows", "maps")} ${sentence} ${sentence}</p>`)).toEqual([
      sentence,
      sentence.replace("knows", "maps"),
      sentence,
      sentence,
    ]);
  });

  test("long addresses that begin alike stay apart", () => {
    const [one, other] = ["a", "b"].map((end) => `<script src="/x?${"q".repeat(300)}${end}"></script>`);
    expect(texts("script", one ?? "")).not.toEqual(texts("script", other ?? ""));
  });

  test("a function that is commented out is not there", () => {
    expect(texts("script", '<script>// function startFade() {}\nconst link = "https://x.example/a"; boot();</script>')).toEqual([
      'inline script: calls https://x.example/a, link = "https://x.example/a"',
    ]);
  });

  test("entities, a byte order mark and invalid bytes are read as browsers read them", () => {
    expect(texts("text", "\uFEFF<p>Fish &amp; chips&nbsp;&mdash; daily</p>")).toEqual(["Fish & chips — daily"]);
    expect(texts("text", Uint8Array.of(...bytes("<p>caf"), 0xe9, ...bytes("</p>")))).toEqual(["caf\uFFFD"]);
  });

  test("an attribute over several lines is told on one", () => {
    expect(texts("image", '<img src="a.png" alt="The boat\n   at dusk">')).toEqual(["The boat at dusk (a.png)"]);
  });

  test("badly nested and unclosed elements are read as written, without repetition", () => {
    const page = "<p><b id=one>Bold<p><b id=two>bolder<p>end";
    expect(texts("id", page)).toEqual(["one", "two"]);
    expect(texts("text", page)).toEqual(["Bold", "bolder", "end"]);
  });

  test("an embedded page, a custom element and a picture button are told", () => {
    const page =
      '<iframe src="https://pay.example/x"></iframe><buy-now sku="7"></buy-now><a href="/go"><img src="go.png" alt="Set sail"></a>';
    expect(readTerms(bytes(page)).map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      "link: embedded page https://pay.example/x",
      "data: element buy-now",
      "image: Set sail (go.png)",
      "link: Set sail (/go)",
    ]);
  });

  test("a style sheet of its own is told by its lines", () => {
    expect(readTerms(bytes(".fade {\n\n  opacity: 0;\n}\n"))).toEqual([
      { kind: "text", text: ".fade {", line: 1 },
      { kind: "text", text: "opacity: 0;", line: 3 },
      { kind: "text", text: "}", line: 4 },
    ]);
  });
});

describe("readTerms on anything", () => {
  const tag = constantFrom(
    "<p>",
    "<a href=x>",
    "</a>",
    "<script>",
    "</script>",
    "<b i=1>",
    "<svg>",
    "<title>",
    "</p",
    "<!--",
    "-->",
    "&amp",
    "<style>",
    "\uD800",
    "é",
    '"',
    " ",
  );

  test("no bytes make it throw", () => {
    assert(
      property(uint8Array({ maxLength: 400 }), (any) => {
        expect(readTerms(any).every(({ line }) => line >= 1)).toBe(true);
      }),
    );
  });

  test("no markup makes a term of more than one line, of no text or of too much", () => {
    const markup = array(
      tag.chain((held) => string({ maxLength: 6 }).map((text) => held + text)),
      { maxLength: 80 },
    );
    assert(
      property(markup, (parts) => {
        const page = `<div>${parts.join("")}`;
        const lines = page.split("\n").length;
        for (const { text, line } of readTerms(bytes(page))) {
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThanOrEqual(termTextMax);
          expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
          expect(line).toBeLessThanOrEqual(lines + parts.join("").split("\r").length);
        }
      }),
    );
  });

  test("binary bytes and pages above the cap have no terms", () => {
    expect(readTerms(Uint8Array.of(60, 112, 62, 65, 0))).toEqual([]);
    expect(isPageText(new Uint8Array(pageBytesMax + 1).fill(65))).toBe(false);
    expect(readTerms(new Uint8Array(pageBytesMax + 1).fill(65))).toEqual([]);
    expect(isPageText(new Uint8Array(pageBytesMax).fill(65))).toBe(true);
  });

  test("a page of a megabyte and a half is read whole, also when nothing in it is ever closed", () => {
    const section = harborPage().slice(harborPage().indexOf("<main>"), harborPage().indexOf("</main>"));
    const copies = Math.ceil(1_500_000 / section.length);
    expect(texts("form", `<body>${section.repeat(copies)}`)).toHaveLength(copies);
    const unclosed = Array.from({ length: 40_000 }, (_, at) => `<p><b i=${at}><a href=${at}>x`).join("");
    expect(texts("link", unclosed)).toHaveLength(40_000);
    expect(texts("script", `<script>${"function ".repeat(150_000)}</script>`)).toHaveLength(1);
    expect(texts("style", `<style>${"/*".repeat(300_000)}${"a".repeat(500_000)}</style>`)).toHaveLength(0);
  });
});
