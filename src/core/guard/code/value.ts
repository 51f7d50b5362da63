/** What an expression may be worth, as far as the text says. */

import type { Word } from "../word.ts";
import { hole } from "../word.ts";
import type { FunctionExpr } from "./syntax.ts";

/** All that an expression may be worth; one unknown among them counts as such. */
export type Values = readonly Value[];

export type Value =
  | { readonly kind: "text"; readonly word: Word }
  | { readonly kind: "number"; readonly value: number }
  /** `isOpen`: there may be more items. */
  | { readonly kind: "list"; readonly items: readonly Values[]; readonly isOpen: boolean }
  | { readonly kind: "dict"; readonly entries: ReadonlyMap<string, Values>; readonly isOpen: boolean }
  /** A name that the text does not explain: a module, a builtin, what hangs below (`os.path.join`). */
  | { readonly kind: "symbol"; readonly path: string }
  /** A member of something that is not known further: `s3.put_object`. */
  | { readonly kind: "member"; readonly of: Value; readonly name: string }
  | { readonly kind: "function"; readonly made: FunctionExpr }
  | Thing
  | { readonly kind: "unknown" };

/** Something that a library hands out: a client, a bucket, a path. `at` has its names: `bucket`, `key`, `service`, `path`. */
export interface Thing {
  readonly kind: "thing";
  readonly type: ThingType;
  readonly at: Readonly<Record<string, Word>>;
}

export type ThingType =
  | "session"
  | "client"
  | "resource"
  | "bucket"
  | "object"
  | "objects"
  | "table"
  | "path"
  | "cloud-path"
  | "file-system"
  /** Something to call: `getattr(client, name)`, `fs.open`. */
  | "request"
  /** What a file, the network or a person would say. */
  | "file-text"
  | "outside";

export const unknownValue: Value = { kind: "unknown" };
export const unknownValues: Values = [unknownValue];

export const text = (word: Word): Value => ({ kind: "text", word });
export const thing = (type: ThingType, at: Readonly<Record<string, Word>> = {}): Thing => ({ kind: "thing", type, at });

/** A value as text; what it is not stays open. */
export function wordOf(value: Value): Word {
  if (value.kind === "text") return value.word;
  if (value.kind === "number") return String(value.value);
  if (value.kind !== "thing") return hole;
  if (value.type === "path" || value.type === "cloud-path") return value.at["path"] ?? hole;
  return value.type === "bucket" ? (value.at["bucket"] ?? hole) : hole;
}

export const alternativesMax = 12;

/** The texts that values may be, each once; a hole among them where one is unknown. */
export function wordsOf(values: Values): readonly Word[] {
  const words = [...new Set(values.map(wordOf))];
  return words.length > alternativesMax ? [hole] : words.length === 0 ? [hole] : words;
}

/** At most twelve alternatives; more are worth nothing certain. */
export const capped = (values: Values): Values => (values.length > alternativesMax ? unknownValues : values);

/** Every pair of both, joined. */
export function crossed(left: readonly Word[], right: readonly Word[]): readonly Word[] {
  if (left.length * right.length > alternativesMax * 2) return [hole];
  return left.flatMap((one) => right.map((other) => (one.length + other.length > textMax ? hole : one + other)));
}

export const textMax = 65_536;
