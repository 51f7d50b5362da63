/** Strings of every language: quotes, prefixes, brackets, here-documents. */

import { closerOf } from "./scanner.ts";
import type { LexBudget, Scanner } from "./scanner.ts";
import { readString } from "./string-reading.ts";
import type { StringKind } from "./string-reading.ts";
import type { Token } from "./token.ts";

const pythonString = /([rRbBuUfFtT]{0,3})("""|'''|"|')/y;
const perlQuote = /(qq|qw|qx|qr|q|m|tr|s|y)(\s*)([^\w\s=,;)>]|=(?=[^>=~\s]))/y;
const rubyPercent = /%([wWiIqQxr]?)([^\w\s=])/y;
const hereDocument = /<<<?([~-]?)\s?(["'`]?)([A-Za-z_]\w*)\2/y;
const luaLong = /\[(=*)\[/y;

const inner = (scanner: Scanner): { readonly lex: (text: string, budget: LexBudget) => readonly Token[]; readonly budget: LexBudget } => ({
  budget: scanner.budget,
  lex: (text, budget) => {
    const nestedBudget = { tokens: budget.tokens, depth: budget.depth + 1 };
    const tokens = scanner.lexInner(text, nestedBudget);
    budget.tokens = nestedBudget.tokens;
    return tokens;
  },
});

function takeString(
  scanner: Scanner,
  opening: number,
  kind: StringKind,
  as: { kind: "string" | "command" | "regex"; sigil?: string },
): void {
  const read = readString(scanner.text, scanner.at + opening, kind, inner(scanner));
  scanner.push(as.kind, "", { parts: read.parts, sigil: as.sigil ?? "" });
  scanner.at = read.end;
}

function pythonStrings(scanner: Scanner): boolean {
  const found = scanner.match(pythonString);
  if (found === null) return false;
  const prefix = (found[1] ?? "").toLowerCase();
  const quote = found[2] ?? '"';
  takeString(
    scanner,
    found[0].length,
    {
      close: quote,
      escapes: prefix.includes("r") ? "none" : "all",
      interpolation: prefix.includes("f") ? "braces" : "none",
      endsWithLine: quote.length === 1,
    },
    { kind: "string", sigil: prefix },
  );
  return true;
}

/** Words between brackets, as a list of strings. */
function pushWords(scanner: Scanner, words: string): void {
  scanner.push("op", "[");
  for (const word of words.split(/\s+/)) {
    if (word === "") continue;
    scanner.push("string", "", { parts: [word] });
    scanner.push("op", ",");
  }
  scanner.push("op", "]");
}

function takeDelimited(scanner: Scanner, letters: string, opening: string, length: number): void {
  const open = opening;
  const close = closerOf(open);
  const isPlain = letters === "q" || letters.toLowerCase() === "w" || letters.toLowerCase() === "i" || open === "'";
  const kind: StringKind = {
    close,
    open,
    escapes: isPlain ? "quotes" : "all",
    interpolation: isPlain ? "none" : scanner.dialect.interpolation,
    endsWithLine: false,
  };
  if (/^(?:qw|[wWiI])$/.test(letters)) {
    const read = readString(scanner.text, scanner.at + length, { ...kind, interpolation: "none" }, inner(scanner));
    scanner.at = read.end;
    pushWords(scanner, read.parts.filter((part) => typeof part === "string").join(""));
    return;
  }
  const isPattern = /^(?:m|qr|s|tr|y|r)$/.test(letters);
  takeString(scanner, length, kind, { kind: isPattern ? "regex" : /^(?:qx|x)$/.test(letters) ? "command" : "string" });
  if (!/^(?:s|tr|y)$/.test(letters)) return;
  // The second half of `s/a/b/`; with brackets it has its own pair.
  const second = closerOf(open) === open ? 0 : Math.max(0, scanner.text.slice(scanner.at, scanner.at + 40).search(/\S/)) + 1;
  scanner.at = readString(scanner.text, scanner.at + second, kind, inner(scanner)).end;
}

function percentOrQuoteWords(scanner: Scanner): boolean {
  const { name } = scanner.dialect;
  if (name === "perl") return perlQuotes(scanner);
  if (name !== "ruby" || scanner.char() !== "%") return false;
  if (scanner.isAfterValue && !(scanner.isSpaced && !/[\s=]/.test(scanner.char(1)))) return false;
  const found = scanner.match(rubyPercent);
  if (found === null) return false;
  const [whole, letter = "", open = "("] = found;
  takeDelimited(scanner, letter === "" ? "Q" : letter, open, whole.length);
  return true;
}

function perlQuotes(scanner: Scanner): boolean {
  const before = scanner.last?.text;
  if (before === "->" || before === "{") return false;
  const found = scanner.match(perlQuote);
  if (found === null || (found[2] !== "" && found[3] === "#")) return false;
  takeDelimited(scanner, found[1] ?? "q", found[3] ?? "/", found[0].length);
  return true;
}

function plainQuotes(scanner: Scanner): boolean {
  const quote = scanner.char();
  const { dialect } = scanner;
  if (quote !== '"' && quote !== "'" && quote !== "`") return false;
  if (quote === "`") return backticks(scanner);
  const isTriple = dialect.hasTripleQuotes && scanner.text.startsWith(quote.repeat(3), scanner.at);
  const close = isTriple ? quote.repeat(3) : quote;
  const isRaw = quote === "'" && dialect.isSingleRaw;
  const kind: StringKind = {
    close,
    escapes: isRaw ? "quotes" : "all",
    interpolation: quote === '"' ? dialect.interpolation : "none",
    endsWithLine: !isTriple && (dialect.name === "javascript" || dialect.name === "go" || dialect.name === "java"),
  };
  takeString(scanner, close.length, kind, { kind: "string", sigil: quote });
  return true;
}

function backticks(scanner: Scanner): boolean {
  const style = scanner.dialect.backtick;
  if (style === "none") return false;
  takeString(
    scanner,
    1,
    {
      close: "`",
      escapes: style === "raw" ? "none" : "all",
      interpolation: style === "template" ? "template" : style === "raw" ? "none" : scanner.dialect.interpolation,
      endsWithLine: false,
    },
    { kind: style === "command" ? "command" : "string", sigil: "`" },
  );
  return true;
}

function hereDocuments(scanner: Scanner): boolean {
  const { name } = scanner.dialect;
  if (!hereLanguages.has(name) || scanner.char() !== "<" || scanner.char(1) !== "<") return false;
  const found = scanner.match(hereDocument);
  if (found === null) return false;
  const [whole, dash = "", quote = "", word = ""] = found;
  const isPhp = name === "php";
  if (isPhp !== whole.startsWith("<<<") || (!isPhp && dash + quote === "" && shifts(scanner, word))) return false;
  scanner.pending.push({ at: scanner.tokens.length, word, isRaw: quote === "'", isIndented: dash !== "" || isPhp });
  scanner.push("string", "", { parts: [] });
  scanner.at += whole.length;
  return true;
}

/** `list <<ITEM` puts something into a list. */
const shifts = (scanner: Scanner, word: string): boolean => scanner.isAfterValue || !/^[A-Z]/.test(word);

const hereLanguages = new Set(["ruby", "perl", "php"]);

/** The texts of here-documents, which begin behind the line's end. */
export function takeHereDocuments(scanner: Scanner): void {
  for (const pending of scanner.pending) {
    const from = scanner.at;
    const closing = new RegExp(`^${pending.isIndented ? "[ \\t]*" : ""}${pending.word}\\b`, "m");
    const rest = scanner.text.slice(from);
    const found = closing.exec(rest);
    const body = found === null ? rest : rest.slice(0, found.index);
    const kind: StringKind = {
      close: "\u0001\u0001",
      escapes: pending.isRaw ? "none" : "all",
      interpolation: pending.isRaw ? "none" : scanner.dialect.interpolation,
      endsWithLine: false,
    };
    const { parts } = readString(body, 0, kind, inner(scanner));
    const token = scanner.tokens[pending.at];
    if (token !== undefined) scanner.tokens[pending.at] = { ...token, parts };
    scanner.at = found === null ? scanner.text.length : from + found.index + found[0].length;
  }
  scanner.pending = [];
}

function longBrackets(scanner: Scanner): boolean {
  if (scanner.dialect.name !== "lua") return false;
  const found = scanner.match(luaLong);
  if (found === null) return false;
  const close = `]${found[1] ?? ""}]`;
  takeString(scanner, found[0].length, { close, escapes: "none", interpolation: "none", endsWithLine: false }, { kind: "string" });
  return true;
}

/** Takes a string of any kind, if one begins here. */
export const strings = (scanner: Scanner): boolean =>
  scanner.dialect.name === "python"
    ? pythonStrings(scanner)
    : percentOrQuoteWords(scanner) || plainQuotes(scanner) || hereDocuments(scanner) || longBrackets(scanner);
