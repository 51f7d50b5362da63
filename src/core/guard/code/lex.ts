/** A program's text as tokens: tolerant of what is half written, linear in its length. */

import type { Dialect } from "./dialect.ts";
import { strings, takeHereDocuments } from "./lex-strings.ts";
import { Scanner, namePattern } from "./scanner.ts";
import type { LexBudget } from "./scanner.ts";
import type { Token, Tokens } from "./token.ts";

const tokensMax = 20_000;

const blank = /[^\S\n]+/y;
const number = /0[xX][\da-fA-F_]+n?|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?[a-zA-Z]{0,3}/y;
const operator =
  /\*\*=|<=>|===|!==|\?\?=|\.\.\.|<<=|>>=|&&=|\|\|=|->|=>|::|:=|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+=|-=|\*=|\/=|\.=|%=|\+\+|--|<<|>>|\*\*|\/\/|=~|!~|<-|\.\.|[\s\S]/y;
const pattern = /\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const rightOfLine = /[^\n]*/y;

const indentAt = (text: string, at: number): number => {
  let indent = 0;
  while (text.charAt(at + indent) === " " || text.charAt(at + indent) === "\t") indent += 1;
  return indent;
};

/** Documentation that Perl and Ruby put between lines of their own. */
function takeDocumentation(scanner: Scanner): void {
  const { name } = scanner.dialect;
  if (scanner.char() === "=" && (name === "perl" || name === "ruby") && /^=[a-z]/.test(scanner.text.slice(scanner.at, scanner.at + 2))) {
    const end = scanner.text.indexOf(name === "perl" ? "\n=cut" : "\n=end", scanner.at);
    scanner.at = end < 0 ? scanner.text.length : end + 5;
    skipLine(scanner);
  } else if (/^__(?:END|DATA)__/.test(scanner.text.slice(scanner.at, scanner.at + 8)) && (name === "perl" || name === "ruby")) {
    scanner.at = scanner.text.length;
  }
}

function skipLine(scanner: Scanner): void {
  scanner.at += scanner.match(rightOfLine)?.[0].length ?? 0;
}

function newline(scanner: Scanner): boolean {
  if (scanner.char() !== "\n") return false;
  scanner.at += 1;
  if (scanner.pending.length > 0) takeHereDocuments(scanner);
  takeDocumentation(scanner);
  const bracket = scanner.brackets.at(-1);
  const isInside = bracket === "(" || bracket === "[" || (bracket === "{" && scanner.dialect.name === "python");
  if (!isInside) scanner.push("newline", "\n", { indent: indentAt(scanner.text, scanner.at) });
  else scanner.isSpaced = true;
  return true;
}

function comment(scanner: Scanner): boolean {
  const { dialect, text, at } = scanner;
  for (const [open, close] of dialect.blockComments) {
    if (!text.startsWith(open, at)) continue;
    const end = text.indexOf(close, at + open.length);
    scanner.at = end < 0 ? text.length : end + close.length;
    return true;
  }
  const opens = dialect.lineComments.some((mark) => text.startsWith(mark, at));
  if (!opens) return at === 0 && text.startsWith("#!") ? (skipLine(scanner), true) : false;
  // `#[Attribute]` of PHP, `$#list` of Perl.
  if (dialect.name === "php" && text.startsWith("#[", at)) return false;
  skipLine(scanner);
  return true;
}

function patterns(scanner: Scanner): boolean {
  if (!scanner.dialect.hasPatterns || scanner.char() !== "/" || scanner.isAfterValue) return false;
  const found = scanner.match(pattern);
  if (found === null) return false;
  scanner.push("regex", "");
  scanner.at += found[0].length;
  return true;
}

function sigilName(scanner: Scanner): string {
  const char = scanner.char();
  const { dialect } = scanner;
  if (char === "" || !dialect.sigils.includes(char)) return "";
  if (dialect.name === "perl" && char !== "$" && (char === "%" || char === "&") && scanner.isAfterValue) return "";
  let length = 1;
  while (length < 4 && dialect.sigils.includes(scanner.char(length)) && scanner.char(length) !== "") length += 1;
  if (scanner.char(length) === "#" && dialect.name === "perl") length += 1;
  return /[\w{\u0080-\uffff]/.test(scanner.char(length)) ? scanner.text.slice(scanner.at, scanner.at + length) : "";
}

/** Names, with their sigils dropped; `:symbol` of Ruby is a string. */
function names(scanner: Scanner): boolean {
  const sigil = sigilName(scanner);
  if (sigil === "" && symbols(scanner)) return true;
  scanner.at += sigil.length;
  const isBraced = sigil !== "" && /^\{\^?\w+\}/.test(scanner.text.slice(scanner.at, scanner.at + 80));
  if (isBraced) scanner.at += 1;
  const found = scanner.match(namePattern) ?? (sigil === "" ? null : scanner.match(digits));
  if (found === null) {
    // `@{$x}`: what stands in the braces is the value.
    if (sigil !== "") scanner.isSpaced = true;
    return sigil !== "";
  }
  scanner.at += found[0].length + (isBraced ? 1 : 0);
  scanner.push("name", found[0], { sigil });
  if (scanner.dialect.name === "ruby" && /[?!]/.test(scanner.char()) && scanner.char(1) !== "=") scanner.at += 1;
  return true;
}

const digits = /\d+/y;

/** `:symbol` of Ruby. */
function symbols(scanner: Scanner): boolean {
  const isSymbol =
    scanner.dialect.name === "ruby" &&
    scanner.char() === ":" &&
    /[a-zA-Z_]/.test(scanner.char(1)) &&
    scanner.text.charAt(scanner.at - 1) !== ":";
  if (!isSymbol) return false;
  scanner.at += 1;
  const found = scanner.match(namePattern)?.[0] ?? "";
  scanner.at += found.length;
  scanner.push("string", "", { parts: [found], sigil: ":" });
  return true;
}

function numbers(scanner: Scanner): boolean {
  if (!/\d/.test(scanner.char())) return false;
  const found = scanner.match(number);
  if (found === null) return false;
  scanner.push("number", found[0]);
  scanner.at += found[0].length;
  return true;
}

function operators(scanner: Scanner): void {
  const text = scanner.match(operator)?.[0] ?? scanner.char();
  scanner.at += Math.max(1, text.length);
  if (text === "(" || text === "[" || text === "{") scanner.brackets.push(text);
  else if (text === ")" || text === "]" || text === "}") {
    if (scanner.brackets.at(-1) === (text === ")" ? "(" : text === "]" ? "[" : "{")) scanner.brackets.pop();
  }
  scanner.push("op", text);
}

function blanks(scanner: Scanner): boolean {
  const found = scanner.match(blank);
  if (found !== null) {
    scanner.at += found[0].length;
    scanner.isSpaced = true;
    return true;
  }
  if (scanner.char() !== "\\" || scanner.char(1) !== "\n") return false;
  scanner.at += 2;
  scanner.isSpaced = true;
  return true;
}

function lexWith(text: string, dialect: Dialect, budget: LexBudget): readonly Token[] {
  const scanner = new Scanner(text, dialect, budget, (inner, innerBudget) => lexWith(inner, dialect, innerBudget));
  takeDocumentation(scanner);
  while (scanner.at < text.length && !scanner.isOver) {
    const isTaken =
      blanks(scanner) ||
      newline(scanner) ||
      comment(scanner) ||
      strings(scanner) ||
      patterns(scanner) ||
      numbers(scanner) ||
      names(scanner);
    if (!isTaken) operators(scanner);
  }
  return scanner.tokens;
}

/** PHP stands between `<?php` and `?>`; without a mark all of it is code. */
function phpOnly(text: string): string {
  if (!text.includes("<?")) return text;
  return [...text.matchAll(/<\?(?:php|=)?([\s\S]*?)(?:\?>|$)/g)].map((found) => found[1] ?? "").join("\n;\n");
}

/** The tokens of `text`; `isCut` where there are more than 20,000. */
export function lex(text: string, dialect: Dialect): Tokens {
  const budget = { tokens: tokensMax, depth: 0 };
  const tokens = lexWith(dialect.name === "php" ? phpOnly(text) : text, dialect, budget);
  return { tokens, isCut: budget.tokens <= 0 };
}
