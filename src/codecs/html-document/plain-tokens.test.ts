import * as fc from "fast-check";
import { Tokenizer, type QuoteType } from "htmlparser2";
import { describe, expect, test } from "vitest";
import { plainTokens, type TokenTaker } from "./plain-tokens.ts";

type Callbacks = ConstructorParameters<typeof Tokenizer>[1];

/** Writes down what it is told. `svg` is a foreign element, and a comment that says so ends the page. */
class Notes implements TokenTaker, Callbacks {
  readonly notes: string[] = [];
  isDone = false;
  readonly #view: string;
  #name = "";
  #depth = 0;
  stop: () => void = () => undefined;

  constructor(view: string) {
    this.#view = view;
  }

  #note(what: string, start: number, end: number): void {
    this.notes.push(`${what} ${start} ${end} ${this.#view.slice(start, end)}`);
  }

  isInForeignContext(): boolean {
    return this.#depth > 0;
  }
  ontext(start: number, end: number): void {
    this.#note("text", start, end);
  }
  onopentagname(start: number, end: number): void {
    this.#name = this.#view.slice(start, end);
    this.#note("name", start, end);
  }
  onattribname(start: number, end: number): void {
    this.#note("attribute", start, end);
  }
  onattribdata(start: number, end: number): void {
    this.#note("value", start, end);
  }
  onattribend(quote: QuoteType): void {
    this.notes.push(`quote ${quote}`);
  }
  onopentagend(end: number): void {
    if (this.#name === "svg") this.#depth += 1;
    if (this.#name === "stop") {
      this.isDone = true;
      this.stop();
    }
    this.notes.push(`open ${end}`);
  }
  onselfclosingtag(end: number): void {
    this.notes.push(`closed ${end}`);
  }
  onclosetag(start: number, end: number): void {
    if (this.#view.slice(start, end) === "svg" && this.#depth > 0) this.#depth -= 1;
    this.#note("close", start, end);
  }
  oncomment(start: number, end: number, offset: number): void {
    this.#note(`comment ${offset}`, start, end);
  }
  onend(): void {
    this.notes.push("end");
  }
  onattribentity(): void {
    this.notes.push("entity");
  }
  ontextentity(): void {
    this.notes.push("entity");
  }
  oncdata(start: number, end: number): void {
    this.#note("cdata", start, end);
  }
  ondeclaration(): void {
    // Nothing that a page says stands in one.
  }
  onprocessinginstruction(): void {
    this.notes.push("instruction");
  }
}

function byLibrary(view: string): readonly string[] {
  const notes = new Notes(view);
  const tokenizer = new Tokenizer({ decodeEntities: false }, notes);
  notes.stop = () => tokenizer.pause();
  tokenizer.write(view);
  tokenizer.end();
  return notes.notes;
}

/** `undefined` where it gave up. */
function bySelf(view: string): readonly string[] | undefined {
  const notes = new Notes(view);
  return plainTokens(view, notes) ? notes.notes : undefined;
}

const pieces = [
  ...Array.from("<>/=!?-'\" \n\t\f\rabps&;[]"),
  "</",
  "/>",
  "<!--",
  "-->",
  "--!>",
  "<!doctype html>",
  "<!DOCTYPE",
  "<![CDATA[",
  "]]>",
  "<?x",
  ..."script style title textarea iframe noembed noframes xmp plaintext svg stop p TITLE Script"
    .split(" ")
    .flatMap((name) => [`<${name}>`, `</${name}>`, `</${name}`, `<${name} `, `<${name}/>`, `</${name}x>`]),
  ' a="1"',
  " b='2>'",
  " c=3/",
  " d ",
  " = ",
  " e = f",
  "é",
  "\u000F",
  "\u001C",
  "text",
];
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((all) => all.join(""));
const tag = fc
  .tuple(
    fc.constantFrom("p", "a", "title", "script", "xmp", "svg"),
    fc.array(fc.constantFrom(' a="1"', " b=2", " c", " d = 'x>'", "/", " "), { maxLength: 4 }),
    soup,
  )
  .map(([name, attributes, inner]) => `<${name}${attributes.join("")}>${inner}</${name}>`);
const page = fc.array(fc.oneof(tag, soup), { maxLength: 5 }).map((all) => all.join(""));

describe("tokens of a page that is written as most are", () => {
  test("are those of htmlparser2, or none", () => {
    fc.assert(
      fc.property(page, (view) => {
        expect(bySelf(view) ?? "odd").toEqual(bySelf(view) === undefined ? "odd" : byLibrary(view));
      }),
      { numRuns: 20_000 },
    );
  });

  test("are found in what pages are made of", () => {
    for (const view of [
      '<!doctype html><html lang=en><head><meta charset="utf-8"><title>A < b &amp; c</title></head><body class>x</body></html>',
      "<p>1 < 2 and <b>3</b><br/><img src = 'a.png' alt=x/></p><!-- a -- b -->\n",
      "<script>if (a < b) '</scrip' + \"</scriptx>\";</SCRIPT ><style>a>b{}</style><textarea><p></textarea>",
      "<svg><title>x<b>y</b></title></svg><xmp><p></xmp></ p></>".replace("</ p>", ""),
    ])
      expect([view, bySelf(view)]).toEqual([view, byLibrary(view)]);
  });
});
