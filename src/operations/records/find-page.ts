/** What a page shows of a record before it is one of its system's objects. */

import { bytesOf } from "../../core/body.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import { recordsOf, type RecordClaim } from "../../core/ledger/fold-records.ts";
import { isNamedIn, mayNameOne, recordKeys, textWords, type TextWords } from "../../core/records/find-keys.ts";
import { fieldsOf } from "../../core/records/find-known.ts";
import { matchRules } from "../../core/records/identity/traits.ts";
import type { RecordSystem } from "../../core/records/kind.ts";
import { isSilent, sketchOf, type Sketch } from "../../core/records/sketch.ts";
import type { Store } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import type { Context, CreatedPage } from "../workbench.ts";
import { nowOf, type KnownKind } from "./find-record.ts";
import { knownIn } from "./observe-systems.ts";
import type { RecordsBench } from "./records-bench.ts";
import { sightDocument } from "./sight-document.ts";

export interface PagesOf {
  readonly records: RecordsBench;
  readonly system: RecordSystem;
  readonly known: KnownKind;
}

export interface ShownPage {
  readonly sketch: Sketch;
  readonly words: TextWords;
}

/** Pages that only lead elsewhere, templates and pages that name no record are left out. */
export async function shownPages(
  { records, system, known }: PagesOf,
  pages: readonly CreatedPage[],
  context: Context,
): Promise<readonly ShownPage[]> {
  const { kind, home } = records;
  const values = knownIn(kind, known.views);
  const codec = records.codecOf(system);
  const found = await concurrently(pages, home.concurrency, async ({ key, headers, read }): Promise<readonly ShownPage[]> => {
    const reading = await read(context);
    if (!reading) return [];
    const { bytes, revision } = reading;
    const { sightings } = sightDocument({
      kind,
      system,
      codec,
      observed: { key, revision, sizeBytes: bytes.length, headers },
      bytes,
      isTemplate: records.isTemplate(system, key),
      today: new Date(home.runtime.now()).toISOString().slice(0, 10),
      known: values,
    });
    const sketches = sightings.map(sketchOf).filter((sketch) => sketch.isTemplate !== true && !isSilent(sketch));
    if (sketches.length === 0) return [];
    const document = codec.read(bytes, headers);
    const texts = document.kind === "document" ? document.document.segments.map(({ text }) => text) : [];
    return sketches.map((sketch) => ({ sketch, words: textWords([...texts, key]) }));
  });
  return found.flat();
}

export async function readFrom(store: Store, key: string, options: Context): ReturnType<CreatedPage["read"]> {
  const reading = await store.read(key, options);
  return reading && { bytes: await bytesOf(reading.body), revision: reading.observed.revision };
}

/** Unexpired claims on the record that a page shows: by its fields, or because all that was claimed stands somewhere on it. */
export function claimsShown({ kind, home }: RecordsBench, { sketch, words }: ShownPage, state: LedgerState): readonly RecordClaim[] {
  const rules = matchRules(kind);
  const { sha256 } = home.runtime;
  const fields = fieldsOf([sketch]);
  const keys = recordKeys(fields, rules, sha256);
  const said = [rules.start, rules.day].flatMap((field) => (field === undefined ? [] : (fields.get(field) ?? [])));
  const days = said.flatMap((value) => (value.kind === "moment" && value.date !== undefined ? [value.date] : []));
  return recordsOf(state).claims.filter(
    (claim) =>
      claim.of === kind.name &&
      Date.parse(claim.until) > nowOf(home) &&
      (mayNameOne(claim.keys, keys) || isNamedIn(claim.keys, { own: keys, days, words }, sha256)),
  );
}
