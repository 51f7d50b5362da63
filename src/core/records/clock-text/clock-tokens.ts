/** Text cut into digits, words, spaces and single marks: what the grammar reads. One pass, one token for each run. */

export interface ClockToken {
  readonly kind: "number" | "word" | "space" | "mark" | "end";
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** The text in lower case. */
  readonly lower: string;
}

type Kind = ClockToken["kind"];

/** Spaces of every width, those that do not break, and the invisible marks that editors leave between characters. */
const isWideSpace = (code: number): boolean =>
  code === 0xa0 ||
  code === 0xad ||
  code === 0xfeff ||
  code === 0x3000 ||
  (code >= 0x2000 && code <= 0x200f) ||
  (code >= 0x2028 && code <= 0x202f) ||
  (code >= 0x205f && code <= 0x2064) ||
  code === 0x1680 ||
  code === 0x85;

const isLetter = /^\p{L}$/u;

/** Of ASCII characters, by code. */
const plainKinds: readonly Kind[] = Array.from({ length: 128 }, (_, code) => plainKind(code));

const kindOf = (code: number): Kind => plainKinds[code] ?? wideKind(code);

function plainKind(code: number): Kind {
  if (code >= 0x30 && code <= 0x39) return "number";
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) return "word";
  if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) return "space";
  return "mark";
}

function wideKind(code: number): Kind {
  if (isWideSpace(code)) return "space";
  return isLetter.test(String.fromCharCode(code)) ? "word" : "mark";
}

/** An apostrophe between two letters belongs to the word: o'clock. */
const isInnerApostrophe = (text: string, at: number): boolean =>
  (text[at] === "'" || text[at] === "’") && at + 1 < text.length && kindOf(text.charCodeAt(at + 1)) === "word";

function runEnd(text: string, from: number, kind: Kind): number {
  if (kind === "mark") return from + 1;
  for (let at = from + 1; at < text.length; at += 1) {
    const isSame = kindOf(text.charCodeAt(at)) === kind || (kind === "word" && isInnerApostrophe(text, at));
    if (!isSame) return at;
  }
  return text.length;
}

export function clockTokens(text: string): readonly ClockToken[] {
  const tokens: ClockToken[] = [];
  for (let from = 0; from < text.length;) {
    const kind = kindOf(text.charCodeAt(from));
    const to = runEnd(text, from, kind);
    const run = to === from + 1 ? text.charAt(from) : text.slice(from, to);
    tokens.push({ kind, from, to, text: run, lower: kind === "word" ? run.toLowerCase() : run });
    from = to;
  }
  return tokens;
}

/** The tokens of one text, and where a reader stands; past either end there is an empty token. */
export interface Reader {
  readonly text: string;
  readonly tokens: readonly ClockToken[];
  /** Texts that head it elsewhere: a row's or a column's header, a term, a label. */
  readonly heads?: readonly Reader[];
}

const nothing: ClockToken = { kind: "end", from: -1, to: -1, text: "", lower: "" };
/** Bounds are looked at first: an element that an array does not have is slow to ask for. */
export const tokenAt = ({ tokens }: Reader, at: number): ClockToken => (at >= 0 && at < tokens.length ? (tokens[at] ?? nothing) : nothing);

/** The token that begins at this offset, or the first one after it. */
export function indexAt({ tokens }: Reader, from: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.from ?? from) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Past one run of spaces, unless it holds an empty line: what stands beyond that is another paragraph. */
export function skipSpace(reader: Reader, at: number): number {
  const token = tokenAt(reader, at);
  if (token.kind !== "space" || token.text.length > 80) return at;
  if (token.text.length === 1) return at + 1;
  return token.text.indexOf("\n") === token.text.lastIndexOf("\n") ? at + 1 : at;
}

/** The last token before this one that is no space. */
export function tokenBefore(reader: Reader, at: number): ClockToken {
  const before = tokenAt(reader, at - 1);
  return before.kind === "space" ? tokenAt(reader, at - 2) : before;
}

export const isNumber = (token: ClockToken, least: number, most: number): boolean =>
  token.kind === "number" && token.text.length >= least && token.text.length <= most;

const dashes = new Set("-‐‑‒–—―−﹘﹣－~～〜");
export const isDash = (token: ClockToken): boolean => token.kind === "mark" && dashes.has(token.text);
const colons = new Set(":：∶");
export const isColon = (token: ClockToken): boolean => token.kind === "mark" && colons.has(token.text);
