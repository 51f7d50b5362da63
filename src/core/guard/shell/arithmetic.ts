/** Sums as the shell does them: `$((i + 1))`, `((n += 2))`, `((i < 3))`. Whole numbers of known value; anything else is a hole. */

import { hole, isKnown, type Word } from "../word.ts";

export interface Numbers {
  /** Of a variable. */
  readonly valueOf: (name: string) => Word;
  /** What an assignment in it leaves; a hole where nobody knows. Without it, nothing is assigned. */
  readonly assign?: (name: string, value: Word) => void;
}

const token =
  /\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|\$\{?(?:[A-Za-z_]\w*|#|\d)\}?|<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%()<>=!~&|^?:,])/y;

/** Bounds the depth as well: each level takes a token. */
const tokensMax = 200;

/** The value of a sum; a hole where it is not known. Names that it would set and whose value is not known are set to a hole. */
export function arithmetic(text: string, numbers: Numbers): Word {
  const tokens = tokensOf(text);
  const reader = tokens === undefined || tokens.length > tokensMax ? undefined : new Sum(tokens, numbers);
  const result = reader?.whole();
  if (result === undefined && reader?.isComplete !== true) forget(text, numbers);
  return result === undefined ? hole : String(result);
}

/** What cannot be followed may have set any name that stands before an assignment. */
function forget(text: string, { assign }: Numbers): void {
  if (assign === undefined) return;
  for (const [, before, after] of text.matchAll(
    /([A-Za-z_]\w*)(?:\[[^\]]*\])?\s*(?:(?:<<|>>|[-+*/%&|^])?=(?!=)|\+\+|--)|(?:\+\+|--)\s*([A-Za-z_]\w*)/g,
  )) {
    const name = before ?? after;
    if (name !== undefined) assign(name, hole);
  }
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

/** By how tightly they bind, loosest first. */
const levels: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

const assignments: ReadonlySet<string> = new Set(["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^="]);

/** Beyond this JavaScript's numbers are not exact, and the shell's wrap round. */
const exact = (value: number): number | undefined => (Number.isSafeInteger(value) ? value : undefined);

type Operation = (left: number, right: number) => number | undefined;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["+", (left, right) => exact(left + right)],
  ["-", (left, right) => exact(left - right)],
  ["*", (left, right) => exact(left * right)],
  ["/", (left, right) => (right === 0 ? undefined : Math.trunc(left / right))],
  ["%", (left, right) => (right === 0 ? undefined : left % right)],
  ["==", (left, right) => Number(left === right)],
  ["!=", (left, right) => Number(left !== right)],
  ["<", (left, right) => Number(left < right)],
  ["<=", (left, right) => Number(left <= right)],
  [">", (left, right) => Number(left > right)],
  [">=", (left, right) => Number(left >= right)],
  ["&&", (left, right) => Number(left !== 0 && right !== 0)],
  ["||", (left, right) => Number(left !== 0 || right !== 0)],
]);

/** Both sides are known. `undefined` where there is no such value: a division by zero. */
const combined = (operator: string, left: number, right: number): number | undefined =>
  (operations.get(operator) ?? ((one, other) => bitwise(operator, one, other)))(left, right);

function bitwise(operator: string, left: number, right: number): number | undefined {
  if (left < 0 || right < 0 || left > 0x7fffffff || right > 30) return undefined;
  switch (operator) {
    case "<<":
      return left * 2 ** right;
    case ">>":
      return Math.floor(left / 2 ** right);
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    default:
      return undefined;
  }
}

class Sum {
  readonly #tokens: readonly string[];
  readonly #numbers: Numbers;
  #at = 0;
  /** Above zero where what follows may never be reckoned: an arm of a choice, what stands behind a division by zero. */
  #maybe = 0;
  #isBroken = false;

  constructor(tokens: readonly string[], numbers: Numbers) {
    this.#tokens = tokens;
    this.#numbers = numbers;
  }

  /** Whether it was read to its end, so that every assignment in it was noted. */
  get isComplete(): boolean {
    return !this.#isBroken && this.#at >= this.#tokens.length;
  }

  whole(): number | undefined {
    if (this.#tokens.length === 0) return 0;
    let value = this.#assignment();
    while (this.#take(",")) value = this.#assignment();
    return this.isComplete ? value : undefined;
  }

  #take(wanted: string): boolean {
    if (this.#tokens[this.#at] !== wanted) return false;
    this.#at += 1;
    return true;
  }

  #broken(): undefined {
    this.#isBroken = true;
    return undefined;
  }

  #assignment(): number | undefined {
    const [name = "", operator = ""] = this.#tokens.slice(this.#at, this.#at + 2);
    if (/^[A-Za-z_]/.test(name) && assignments.has(operator)) {
      this.#at += 2;
      const right = this.#assignment();
      const left = operator === "=" ? 0 : this.#number(name);
      return this.#set(name, operator === "=" ? right : this.#combined(operator.slice(0, -1), left, right));
    }
    return this.#choice();
  }

  /** What may never be reckoned is not taken for what holds afterwards. */
  #perhaps<T>(read: () => T): T {
    this.#maybe += 1;
    const value = read();
    this.#maybe -= 1;
    return value;
  }

  #combined(operator: string, left: number | undefined, right: number | undefined): number | undefined {
    // The shell gives up a sum that divides by zero, with all that stands behind.
    if ((operator === "/" || operator === "%") && (right ?? 0) === 0) this.#maybe += 1;
    return left === undefined || right === undefined ? undefined : combined(operator, left, right);
  }

  #set(name: string, value: number | undefined): number | undefined {
    this.#numbers.assign?.(name, value === undefined || this.#maybe > 0 ? hole : String(value));
    return value;
  }

  /** Both sides are read; where one of them sets something, nobody looks which: it counts as unknown. */
  #choice(): number | undefined {
    const test = this.#level(0);
    if (!this.#take("?")) return test;
    const yes = this.#perhaps(() => this.#assignment());
    if (!this.#take(":")) return this.#broken();
    const no = this.#perhaps(() => this.#assignment());
    return test === undefined ? undefined : test === 0 ? no : yes;
  }

  #level(level: number): number | undefined {
    const operators = levels[level];
    if (operators === undefined) return this.#power();
    let left = this.#level(level + 1);
    for (let operator = this.#tokens[this.#at]; operator !== undefined && operators.includes(operator); operator = this.#tokens[this.#at]) {
      this.#at += 1;
      const right = operator === "&&" || operator === "||" ? this.#perhaps(() => this.#level(level + 1)) : this.#level(level + 1);
      left = this.#combined(operator, left, right);
    }
    return left;
  }

  #power(): number | undefined {
    const base = this.#sign();
    if (!this.#take("**")) return base;
    const exponent = this.#power();
    return base === undefined || exponent === undefined || exponent < 0 ? undefined : exact(base ** exponent);
  }

  #sign(): number | undefined {
    const found = this.#tokens[this.#at];
    if (found === undefined || !/^(?:[-+!~]|\+\+|--)$/.test(found)) return this.#operand();
    this.#at += 1;
    if (found === "++" || found === "--") {
      const name = this.#tokens[this.#at] ?? "";
      if (!/^[A-Za-z_]/.test(name)) return this.#broken();
      this.#at += 1;
      return this.#step(name, found)?.after;
    }
    const value = this.#sign();
    if (value === undefined) return undefined;
    return found === "-" ? -value : found === "!" ? Number(value === 0) : found === "~" ? -value - 1 : value;
  }

  #step(name: string, operator: string): { readonly before: number; readonly after: number } | undefined {
    const before = this.#number(name);
    const after = this.#set(name, before === undefined ? undefined : exact(before + (operator === "++" ? 1 : -1)));
    return before === undefined || after === undefined ? undefined : { before, after };
  }

  #operand(): number | undefined {
    const found = this.#tokens[this.#at];
    this.#at += 1;
    if (found === undefined) return this.#broken();
    if (/^\d/.test(found)) return /^0[xX]/.test(found) ? exact(Number(found)) : /^0\d/.test(found) ? octal(found) : exact(Number(found));
    if (found === "(") {
      const value = this.#assignment();
      if (!this.#take(")")) return this.#broken();
      return value;
    }
    if (!/^[A-Za-z_$]/.test(found)) return this.#broken();
    const name = found.replaceAll(/[${}]/g, "");
    const next = this.#tokens[this.#at];
    if (!found.startsWith("$") && (next === "++" || next === "--")) {
      this.#at += 1;
      return this.#step(name, next)?.before;
    }
    return this.#number(name);
  }

  /** An unset variable counts as zero, and a text that is no number as another sum, which is not followed. */
  #number(name: string): number | undefined {
    const value = this.#numbers.valueOf(name).trim();
    if (value === "") return 0;
    return isKnown(value) && /^-?(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : undefined;
  }
}

const octal = (digits: string): number | undefined => (/^[0-7]+$/.test(digits) ? exact(Number.parseInt(digits, 8)) : undefined);
