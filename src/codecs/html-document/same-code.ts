/** Whether two scripts are the same code with other values in the places that were edited. */

import { parse, type Token } from "acorn";
import type { ScriptSort } from "./raw-segments.ts";

interface TextEdit {
  readonly from: number;
  readonly to: number;
}

/** `script`: before; `edited`: its source after; `edits`: in offsets of the source before. False where either cannot be read. */
export function sameCode(
  script: { readonly sort: ScriptSort; readonly source: string },
  edited: string,
  edits: readonly TextEdit[],
): boolean {
  switch (script.sort) {
    case "script":
      return sameTokens(script.source, edited, edits);
    case "json":
    case "json-ld":
      return sameShape(script.source, edited, edits.length);
    case "template":
      return true;
    default:
      return script.sort satisfies never;
  }
}

interface Word {
  readonly kind: string;
  readonly said: string;
  readonly isValue: boolean;
  readonly start: number;
  readonly end: number;
}

const valueKinds = new Set(["string", "num", "template"]);

/** As a classic script, else as a module: the type attribute alone does not tell what a script may contain. */
function wordsOf(source: string): readonly Word[] | undefined {
  for (const sourceType of ["script", "module"] as const) {
    const words: Word[] = [];
    try {
      parse(source, { ecmaVersion: "latest", sourceType, onToken: (token) => words.push(wordOf(source, token)) });
      return words;
    } catch {
      // The other way may fit; if neither does, there is no second opinion.
    }
  }
  return undefined;
}

function wordOf(source: string, { type, start, end }: Token): Word {
  return { kind: type.label, said: source.slice(start, end), isValue: valueKinds.has(type.label), start, end };
}

/** Comments are no tokens: they may change without a word. */
function sameTokens(before: string, after: string, edits: readonly TextEdit[]): boolean {
  const words = wordsOf(before);
  const others = wordsOf(after);
  if (!words || !others || words.length !== others.length) return false;
  return words.every((word, at) => {
    const other = others[at];
    if (other?.kind !== word.kind) return false;
    if (other.said === word.said) return true;
    return word.isValue && edits.some(({ from, to }) => from >= word.start && to <= word.end);
  });
}

/** The same keys and lists, the same kinds of values, and no more of them changed than were edited. */
function sameShape(before: string, after: string, editsMax: number): boolean {
  const [one, other] = [before, after].map(leavesOf);
  if (!one || !other || one.length !== other.length) return false;
  const changed = one.filter(({ value }, at) => value !== other[at]?.value);
  return (
    changed.length <= editsMax && one.every(({ path, value }, at) => path === other[at]?.path && typeof value === typeof other[at]?.value)
  );
}

interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** JSON in a page may be wrapped in marks of comments or CDATA: what counts begins and ends with a bracket. */
function leavesOf(text: string): readonly Leaf[] | undefined {
  const start = text.search(/\{|\[(?!CDATA\[)/u);
  const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  let root: unknown;
  try {
    root = JSON.parse(text.slice(Math.max(0, start), /\]\s*\]>/u.test(text.slice(-32)) ? text.lastIndexOf("}") + 1 : end + 1));
  } catch {
    return undefined;
  }
  const leaves: Leaf[] = [];
  const stack: Leaf[] = [{ path: "", value: root }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path, value } = next;
    if (typeof value !== "object" || value === null) leaves.push(next);
    else {
      leaves.push({ path: `${path}${Array.isArray(value) ? "[]" : "{}"}`, value: Object.keys(value).length });
      for (const [key, inner] of Object.entries(value)) stack.push({ path: `${path}/${key}`, value: inner });
    }
  }
  return leaves;
}
