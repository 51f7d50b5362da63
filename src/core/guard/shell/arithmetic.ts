/** Sums of known numbers: `$((i + 1))`. */

import { hole, isKnown, type Word } from "../word.ts";

const token = /\s*(\d+|[A-Za-z_]\w*|\$\{?[A-Za-z_]\w*\}?|[-+*/%()])/y;

/** `valueOf`: of a variable. A hole where anything else stands in it. */
export function arithmetic(text: string, valueOf: (name: string) => Word): Word {
  const tokens = tokensOf(text);
  if (tokens === undefined || tokens.length > 200) return hole;
  const reader = { tokens, at: 0, depth: 0, valueOf };
  const result = sum(reader);
  return result === undefined || reader.at < tokens.length || !Number.isFinite(result) ? hole : String(Math.trunc(result));
}

interface Tokens {
  readonly tokens: readonly string[];
  readonly valueOf: (name: string) => Word;
  at: number;
  depth: number;
}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const found = token.exec(text)?.[1];
    if (found === undefined) return undefined;
    tokens.push(found);
  }
  return tokens;
}

function sum(reader: Tokens): number | undefined {
  let total = product(reader);
  for (let sign = reader.tokens[reader.at]; sign === "+" || sign === "-"; sign = reader.tokens[reader.at]) {
    reader.at += 1;
    const next = product(reader);
    total = total === undefined || next === undefined ? undefined : sign === "+" ? total + next : total - next;
  }
  return total;
}

function product(reader: Tokens): number | undefined {
  let total = factor(reader);
  for (let sign = reader.tokens[reader.at]; sign === "*" || sign === "/" || sign === "%"; sign = reader.tokens[reader.at]) {
    reader.at += 1;
    const next = factor(reader);
    if (total === undefined || next === undefined) total = undefined;
    else total = sign === "*" ? total * next : sign === "/" ? Math.trunc(total / next) : total % next;
  }
  return total;
}

function factor(reader: Tokens): number | undefined {
  const found = reader.tokens[reader.at];
  reader.at += 1;
  reader.depth += 1;
  if (found === undefined || reader.depth > 200) return undefined;
  if (/^\d/.test(found)) return found.length > 1 && found.startsWith("0") ? undefined : Number(found);
  if (found === "-" || found === "+") {
    const value = factor(reader);
    return value === undefined ? undefined : found === "-" ? -value : value;
  }
  if (found === "(") {
    const value = sum(reader);
    reader.at += 1;
    return reader.tokens[reader.at - 1] === ")" ? value : undefined;
  }
  const value = reader.valueOf(found.replaceAll(/[${}]/g, ""));
  return isKnown(value) && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
