/** Tables that calls of DynamoDB name: in batches, transactions, and PartiQL. */

import type { EffectVerb } from "../effect.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { namedOf } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import { wordOf, wordsOf } from "./value.ts";
import type { Values } from "./value.ts";

/** Names of tables anywhere in `RequestItems` or `TransactItems`. */
function tablesIn(values: Values, depth = 0): readonly Word[] {
  if (depth > 6) return [hole];
  return values.flatMap((value): readonly Word[] => {
    if (value.kind === "list") return [...value.items.flatMap((item) => tablesIn(item, depth + 1)), ...(value.isOpen ? [hole] : [])];
    if (value.kind !== "dict") return [hole];
    const own = value.entries.get("TableName");
    if (own !== undefined) return wordsOf(own);
    return [...value.entries.values()].flatMap((inner) => tablesIn(inner, depth + 1));
  });
}

const tableKeys = (values: Values): readonly Word[] =>
  values.flatMap((value) => (value.kind === "dict" ? [...value.entries.keys(), ...(value.isOpen ? [hole] : [])] : [hole]));

/** Of `RequestItems` or `TransactItems`. */
export function tablesOf(args: Arguments): readonly Word[] {
  const { entries } = namedOf(args);
  const items = entries.get("requestitems");
  if (items !== undefined) return tableKeys(items);
  const transact = entries.get("transactitems");
  return transact === undefined ? [hole] : tablesIn(transact).filter((name) => name !== "");
}

/** The tables that a PartiQL text changes. */
export function statementTables(args: Arguments): readonly { readonly verb: EffectVerb; readonly name: Word }[] {
  const { entries } = namedOf(args);
  const texts = ["statement", "statements", "transactstatements"].flatMap((name) => statementTexts(entries.get(name) ?? []));
  return texts.flatMap((text) => {
    const found = /^\s*(insert\s+into|update|delete\s+from)\s+["']?([^\s"'.]+)/i.exec(text);
    if (found === null) return text.startsWith(hole) ? [{ verb: "write" as const, name: hole }] : [];
    return [{ verb: /^delete/i.test(found[1] ?? "") ? ("delete" as const) : ("write" as const), name: found[2] ?? hole }];
  });
}

const statementTexts = (values: Values): readonly Word[] =>
  values.flatMap((value): readonly Word[] => {
    if (value.kind === "list") return value.items.flatMap(statementTexts);
    if (value.kind === "dict") return statementTexts(value.entries.get("Statement") ?? []);
    return [wordOf(value)];
  });
