/** What is known of a record, from the words of `find` and `claim`. */

import { BelayError } from "../../core/belay-error.ts";
import { fieldMeant, withValue, type Query } from "../../core/records/find-query.ts";
import type { RecordKind } from "../../core/records/kind.ts";
import { readAnswer } from "../../operations/records/read-answer.ts";
import { plain } from "./plain-text.ts";
import { listOf, textOf, type Words } from "./words.ts";

export interface FindWords {
  readonly kind: string;
  /** As they were typed: field and text. */
  readonly said: readonly (readonly [field: string, text: string])[];
}

/** `KIND --guest NAME --date DAY --where FIELD=VALUE`, in any order. Throws `usage`. */
export function findWords(words: Words, verb: string): FindWords {
  const { bare, said } = typedWords(words.operands, verb);
  const date = textOf(words, "date");
  const all = [...said, ...listOf(words, "where").map(wherePair), ...(date === undefined ? [] : [["date", date] as const])];
  const [kind, stray] = bare;
  if (kind === undefined) throw new BelayError("usage", `belay ${verb} needs a KIND.`, `belay ${verb} --help`);
  if (stray === undefined) return { kind, said: all };
  throw new BelayError("usage", `belay ${verb} does not know what “${plain(stray)}” is.`, `Name the field: --where FIELD=${plain(stray)}`);
}

interface Typed {
  readonly bare: readonly string[];
  readonly said: readonly (readonly [string, string])[];
}

/** Options that are fields of a kind stand among the operands: `--guest`, and its value behind it. */
function typedWords(operands: readonly string[], verb: string): Typed {
  const said: (readonly [string, string])[] = [];
  const bare: string[] = [];
  for (let at = 0; at < operands.length; at += 1) {
    const word = operands[at] ?? "";
    const { name, value } = /^--(?<name>[\w-]+)(?:=(?<value>.*))?$/su.exec(word)?.groups ?? {};
    if (name !== undefined) {
      if (value === undefined) at += 1;
      said.push([name, given(name, value ?? operands[at])]);
    } else if (word.startsWith("-")) throw new BelayError("usage", `belay ${verb} takes no option ${plain(word)}.`, `belay ${verb} --help`);
    else bare.push(word);
  }
  return { bare, said };
}

function given(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new BelayError("usage", `--${name} needs a value.`, `For example: --${name} "…"`);
}

function wherePair(text: string): readonly [string, string] {
  const { name, value } = /^(?<name>[^=]+)=(?<value>.*)$/su.exec(text)?.groups ?? {};
  if (name !== undefined && value !== undefined) return [name.trim(), value];
  throw new BelayError("usage", `--where takes field=value, and “${plain(text)}” is none.`, 'For example: --where guest="Jonah Reed"');
}

/** `today`: `2026-05-30`, settles a date without a year. Throws `usage` where a field is unknown or its text cannot be read. */
export function queryFrom(kind: RecordKind, { said }: FindWords, today: string): Query {
  let query: Query = new Map();
  for (const [word, text] of said) {
    const field = fieldMeant(kind, word)?.field ?? word;
    query = withValue(query, field, valueOf(kind, { field, word, text }, today));
  }
  if (query.size > 0) return query;
  const first = kind.identity.match[0] ?? kind.identity.keys[0] ?? kind.fields[0]?.name ?? "where";
  throw new BelayError("usage", `Say what is known of the ${kind.name}.`, `For example: --date 2026-05-30 --${first} …`);
}

function valueOf(
  kind: RecordKind,
  { field, word, text }: { readonly field: string; readonly word: string; readonly text: string },
  today: string,
): ReturnType<typeof readAnswer> {
  try {
    return readAnswer(kind, field, text, today);
  } catch (error) {
    if (!(error instanceof BelayError)) throw error;
    throw new BelayError(
      error.code,
      error.message,
      error.remedy.replaceAll(`--set ${field}=`, `--${word} `).replaceAll("--set ", "--where "),
    );
  }
}
