/** The arguments of a call, by name as far as they have one. */

import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { wordsOf } from "./value.ts";
import type { Values } from "./value.ts";

export interface Arguments {
  readonly positional: readonly Values[];
  readonly named: ReadonlyMap<string, Values>;
  /** `*args` or `**kwargs` that nobody knows. */
  readonly isOpen: boolean;
}

/** `Bucket`, `bucket`, `bucket_name` → bucket, bucket, bucketname. */
const plainName = (name: string): string => name.replaceAll(/[_-]/g, "").toLowerCase();

/** What was handed over by name, objects among the arguments included; names without case and underscores. */
export function namedOf(args: Arguments): { readonly entries: ReadonlyMap<string, Values>; readonly isOpen: boolean } {
  const entries = new Map<string, Values>();
  let { isOpen } = args;
  for (const values of args.positional) {
    for (const value of values) {
      if (value.kind !== "dict") continue;
      for (const [name, inner] of value.entries) entries.set(plainName(name), [...(entries.get(plainName(name)) ?? []), ...inner]);
      isOpen ||= value.isOpen;
    }
  }
  for (const [name, inner] of args.named) entries.set(plainName(name), inner);
  return { entries, isOpen };
}

/** The words of a named argument, or of that place; `undefined` where neither is there and nothing is open. */
export function wordsAt(args: Arguments, names: readonly string[], place?: number): readonly Word[] | undefined {
  const { entries, isOpen } = namedOf(args);
  for (const name of names) {
    const found = entries.get(name);
    if (found !== undefined) return wordsOf(found);
  }
  const positional = place === undefined ? undefined : args.positional[place];
  if (positional !== undefined) return wordsOf(positional);
  return isOpen ? [hole] : undefined;
}

/** As `wordsAt`, but objects among the arguments are values of their own: boto3's `copy(source, bucket, key)`. */
export const givenAt = (args: Arguments, names: readonly string[], place: number): readonly Word[] | undefined =>
  wordsAt({ ...args, positional: args.positional.map((values) => values.filter((value) => value.kind !== "dict")) }, names, place);
