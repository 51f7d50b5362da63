/**
 * Tokens of a page that is written as most are, several times as fast as a tokenizer that goes from character to character. It tells the
 * same tokens as htmlparser2's, and gives up where it is not sure of that: a page in which anything is odd is read by that one.
 */

import { QuoteType } from "htmlparser2";

/** Takes tokens in their order; offsets are code units. */
export interface TokenTaker {
  /** No more tokens are wanted. */
  readonly isDone: boolean;
  isInForeignContext(): boolean;
  ontext(start: number, end: number): void;
  onopentagname(start: number, end: number): void;
  onattribname(start: number, end: number): void;
  onattribdata(start: number, end: number): void;
  onattribend(quote: QuoteType): void;
  onopentagend(end: number): void;
  onselfclosingtag(end: number): void;
  onclosetag(start: number, end: number): void;
  oncomment(start: number, end: number, offset: number): void;
  onend(): void;
}

/** `false` where something is odd: what was told so far is worth nothing then. */
export function plainTokens(view: string, taker: TokenTaker): boolean {
  // htmlparser2 takes these two for `<` and `/` within a script.
  if (view.includes("\u001C") || view.includes("\u000F")) return false;
  return new PlainTokens(view, taker).run();
}

const odd = -1;

const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 9 || code === 13 || code === 12;
const endsName = (code: number): boolean => code === 0x3e || code === 0x2f || isBlank(code);
const isLetter = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);

/** Their content is text, up to their own end tag. */
const rawNames: ReadonlySet<string> = new Set(["script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp"]);
/** First letters of those, and of `plaintext`: other names are not looked at. */
const beginsRaw: readonly boolean[] = Array.from({ length: 128 }, (_, code) => "stinxp".includes(String.fromCharCode(code).toLowerCase()));
const rawNameMax = 9;

class PlainTokens {
  readonly #view: string;
  readonly #taker: TokenTaker;

  constructor(view: string, taker: TokenTaker) {
    this.#view = view;
    this.#taker = taker;
  }

  run(): boolean {
    const view = this.#view;
    const taker = this.#taker;
    let from = 0;
    let sought = 0;
    for (;;) {
      const at = view.indexOf("<", sought);
      if (at < 0) break;
      if (from < at) taker.ontext(from, at);
      const next = this.#markup(at);
      if (next === odd) return false;
      if (taker.isDone) return true;
      // A mark that begins nothing is text.
      from = next;
      sought = next === at ? at + 1 : next;
    }
    if (from < view.length) taker.ontext(from, view.length);
    taker.onend();
    return true;
  }

  /** Where what begins with this mark ends; `at` itself where nothing does. */
  #markup(at: number): number {
    const view = this.#view;
    if (at + 1 >= view.length) return odd;
    const code = view.charCodeAt(at + 1);
    if (isLetter(code)) return this.#startTag(at + 1);
    if (code === 0x2f) return this.#endTag(at + 2);
    if (code === 0x21) return this.#declaration(at);
    return code === 0x3f ? odd : at;
  }

  #endTag(start: number): number {
    const view = this.#view;
    if (start >= view.length) return odd;
    const code = view.charCodeAt(start);
    if (code === 0x3e) return start + 1;
    return isLetter(code) ? this.#closed(start, this.#endOfName(start)) : odd;
  }

  #closed(start: number, end: number): number {
    if (end === odd) return odd;
    this.#taker.onclosetag(start, end);
    const close = this.#view.indexOf(">", end);
    return close < 0 ? odd : close + 1;
  }

  #endOfName(start: number): number {
    const view = this.#view;
    for (let at = start; at < view.length; at += 1) if (endsName(view.charCodeAt(at))) return at;
    return odd;
  }

  #declaration(at: number): number {
    const view = this.#view;
    if (view.startsWith("<!--", at)) return this.#comment(at + 4);
    if (!/^<!doctype$/iu.test(view.slice(at, at + 9))) return odd;
    const close = view.indexOf(">", at + 9);
    return close < 0 ? odd : close + 1;
  }

  #comment(start: number): number {
    const view = this.#view;
    const end = view.indexOf("-->", start);
    // Comments that end at once, or with an exclamation mark, have rules of their own.
    if (end < 0 || view.startsWith(">", start) || view.startsWith("->", start) || view.slice(start, end).includes("--!>")) return odd;
    this.#taker.oncomment(start, end + 2, 2);
    return end + 3;
  }

  #startTag(start: number): number {
    const end = this.#endOfName(start);
    if (end === odd) return odd;
    const raw = this.#rawName(start, end);
    if (raw === "plaintext") return odd;
    this.#taker.onopentagname(start, end);
    const next = this.#attributes(end);
    return next === odd || raw === "" || this.#taker.isDone ? next : this.#rawText(next, raw);
  }

  #rawName(start: number, end: number): string {
    if (end - start > rawNameMax || beginsRaw[this.#view.charCodeAt(start)] !== true || this.#taker.isInForeignContext()) return "";
    const name = this.#view.slice(start, end).toLowerCase();
    return name === "plaintext" || rawNames.has(name) ? name : "";
  }

  /** Right behind the tag. */
  #attributes(from: number): number {
    const view = this.#view;
    for (let at = from; at < view.length;) {
      const code = view.charCodeAt(at);
      if (code === 0x3e) {
        this.#taker.onopentagend(at);
        return at + 1;
      }
      if (isBlank(code)) at += 1;
      else if (code === 0x2f) {
        const next = this.#pastBlank(at + 1);
        if (view.charCodeAt(next) === 0x3e) {
          this.#taker.onselfclosingtag(next);
          return next + 1;
        }
        at = next;
      } else {
        at = this.#attribute(at);
        if (at === odd) return odd;
      }
    }
    return odd;
  }

  #pastBlank(from: number): number {
    const view = this.#view;
    let at = from;
    while (at < view.length && isBlank(view.charCodeAt(at))) at += 1;
    return at;
  }

  /** Whatever its first character is, it belongs to the name. */
  #attribute(start: number): number {
    const view = this.#view;
    const taker = this.#taker;
    let at = start + 1;
    while (at < view.length && view.charCodeAt(at) !== 0x3d && !endsName(view.charCodeAt(at))) at += 1;
    taker.onattribname(start, at);
    const after = this.#pastBlank(at);
    if (view.charCodeAt(after) !== 0x3d) {
      taker.onattribend(QuoteType.NoValue);
      return after;
    }
    const value = this.#pastBlank(after + 1);
    const code = view.charCodeAt(value);
    if (code === 0x22) return this.#quoted(value + 1, '"', QuoteType.Double);
    if (code === 0x27) return this.#quoted(value + 1, "'", QuoteType.Single);
    let end = value;
    while (end < view.length && view.charCodeAt(end) !== 0x3e && !isBlank(view.charCodeAt(end))) end += 1;
    taker.onattribdata(value, end);
    taker.onattribend(QuoteType.Unquoted);
    return end;
  }

  #quoted(start: number, quote: string, type: QuoteType): number {
    const end = this.#view.indexOf(quote, start);
    if (end < 0) return odd;
    this.#taker.onattribdata(start, end);
    this.#taker.onattribend(type);
    return end + 1;
  }

  #rawText(start: number, name: string): number {
    const view = this.#view;
    for (let at = view.indexOf("</", start); at >= 0; at = view.indexOf("</", at + 2)) {
      const end = at + 2 + name.length;
      if (end >= view.length || !endsName(view.charCodeAt(end)) || view.slice(at + 2, end).toLowerCase() !== name) continue;
      if (start < at) this.#taker.ontext(start, at);
      return this.#closed(at + 2, end);
    }
    return odd;
  }
}
