/** The parameters of a function. */

import type { Parser } from "./parser.ts";
import type { Expr, Parameter } from "./syntax.ts";

/** Names that an expression would bind as a target. */
export function namesOf(target: Expr): readonly string[] {
  if (target.kind === "name") return [target.name];
  if (target.kind === "list") return target.items.flatMap((item) => namesOf(item.value));
  if (target.kind === "dict") return target.entries.flatMap((entry) => namesOf(entry.value));
  return target.kind === "call" ? target.args.flatMap((argument) => namesOf(argument.value)) : [];
}

const stepsMax = 400;

/** Where a type stands before the name, the last word is the name: `String bucket`, `?array $options`. */
const typeComesFirst = new Set(["java", "php"]);

/** `{Bucket, Key: k}` of JavaScript. */
function fieldsHere(parser: Parser): readonly (readonly [string, string])[] {
  const fields: (readonly [string, string])[] = [];
  parser.next();
  let key = "";
  let depth = 1;
  for (let taken = 0; taken < stepsMax && depth > 0 && !parser.isAtEnd; taken += 1) {
    const token = parser.next();
    if (token.text === "{") depth += 1;
    else if (token.text === "}") depth -= 1;
    else if (token.kind === "name" && parser.is(":")) key = token.text;
    else if (token.kind === "name") {
      fields.push([key === "" ? token.text : key, token.text]);
      key = "";
    }
  }
  return fields;
}

/** Reads up to `close`, which stays. `expression` reads a default. */
export function parameters(parser: Parser, close: string, expression: (parser: Parser) => Expr): Parameter[] {
  const draft: Draft = { list: [], name: "", fallback: undefined, isTyped: false, depth: 0 };
  for (let taken = 0; taken < stepsMax && !parser.isAtEnd; taken += 1) {
    const token = parser.peek();
    if (draft.depth === 0 && parser.is(close)) break;
    if (parser.is("{") && parser.dialect.name === "javascript" && !draft.isTyped) {
      draft.list.push({ name: "", fields: fieldsHere(parser) });
      continue;
    }
    parser.next();
    if (token.kind === "op") signAt(draft, token.text, () => expression(parser));
    else if (token.kind === "name") nameAt(draft, token.text, typeComesFirst.has(parser.dialect.name));
  }
  finish(draft);
  const [own] = draft.list;
  return own?.name === "self" || own?.name === "cls" ? draft.list.slice(1) : draft.list;
}

interface Draft {
  readonly list: Parameter[];
  name: string;
  fallback: Expr | undefined;
  /** A type stands behind the name. */
  isTyped: boolean;
  depth: number;
}

function finish(draft: Draft): void {
  const { name, fallback } = draft;
  if (name !== "") draft.list.push(fallback === undefined ? { name } : { name, fallback });
  draft.name = "";
  draft.fallback = undefined;
  draft.isTyped = false;
}

function nameAt(draft: Draft, name: string, isLater: boolean): void {
  if (draft.depth === 0 && !draft.isTyped && (draft.name === "" || isLater)) draft.name = name;
}

function signAt(draft: Draft, sign: string, value: () => Expr): void {
  if ("([{<".includes(sign)) draft.depth += 1;
  else if (")]}>".includes(sign)) draft.depth -= 1;
  else if (draft.depth > 0) return;
  else if (sign === ",") finish(draft);
  else if (sign === "=") draft.fallback = value();
  else if (sign === ":") draft.isTyped = true;
}
