/** Earlier contents of a record's objects, read by the same rules as the present ones. */

import { BelayError } from "../../core/belay-error.ts";
import { bytesOf, type Body } from "../../core/body.ts";
import { asRevision, type Digest } from "../../core/brand.ts";
import type { Headers } from "../../core/plan/plan.ts";
import { saidBy } from "../../core/records/cell-values.ts";
import type { Entity, Sighting } from "../../core/records/claim.ts";
import { indexKnown } from "../../core/records/claims/known-values.ts";
import type { RecordDocument } from "../../core/records/document.ts";
import { fieldNamed, systemNamed } from "../../core/records/kind.ts";
import { fieldChangesBetween, type FieldChange, type FieldValues } from "../../core/records/timeline.ts";
import type { Value } from "../../core/records/value.ts";
import type { Context, Workbench } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";
import { sightDocument } from "./sight-document.ts";

export interface PastReader {
  /** What a content of the sighting's object says of each field, and where its pointers lead; `undefined` where it cannot be read. */
  values(sighting: Sighting, bytes: Uint8Array, headers: Headers): FieldValues | undefined;
  /** What changed from one content to the next; an unreadable one tells nothing. */
  between(before: FieldValues | undefined, after: FieldValues | undefined): readonly FieldChange[];
  /** The document of an object's present content. */
  document(sighting: Sighting, bytes: Uint8Array, headers: Headers): RecordDocument | undefined;
}

/** What is looked up for one sighting. */
export interface Past {
  readonly records: RecordsBench;
  readonly sighting: Sighting;
  readonly reader: PastReader;
  readonly gaps: string[];
}

/** What tables know of names and keys is looked for in earlier contents too. */
export function openContents(records: RecordsBench, entity: Entity): PastReader {
  const { kind } = records;
  const structured = entity.sightings.filter(({ system }) => systemNamed(kind, system)?.medium === "table");
  const known = indexKnown(
    kind,
    structured.flatMap(({ claims }) =>
      claims.flatMap(({ field, value, isAddress }): (readonly [string, Value])[] => (value && !isAddress ? [[field, value]] : [])),
    ),
  );
  const today = new Date(records.home.runtime.now()).toISOString().slice(0, 10);
  return {
    values: (sighting, bytes, headers) => {
      const system = systemNamed(kind, sighting.system);
      if (!system) return undefined;
      const observed = { key: sighting.at.key, revision: asRevision(""), sizeBytes: bytes.byteLength, headers };
      const found = sightDocument({ kind, system, codec: records.codecOf(system), observed, bytes, isTemplate: false, known, today });
      const one = found.sightings.find(({ part }) => part === sighting.part);
      if (!one) return found.unreadable === undefined ? new Map() : undefined;
      const values = new Map<string, Value>();
      for (const [field, said] of saidBy(one, kind)) {
        const value = said.value ?? said.claims.find((claim) => claim.value)?.value;
        if (value) values.set(field, value);
      }
      for (const { at, raw } of one.points ?? []) if (!values.has(at)) values.set(at, { kind: "text", text: raw });
      return values;
    },
    between: (before, after) => (after ? fieldChangesBetween(before, after, (field) => fieldNamed(kind, field)?.type) : []),
    document: (sighting, bytes, headers) => {
      const system = systemNamed(kind, sighting.system);
      const read = system && records.codecOf(system).read(bytes, headers);
      return read?.kind === "document" ? read.document : undefined;
    },
  };
}

/** Bytes by digest, from this machine's memory or the vault; `undefined` where neither has them whole. */
export async function keptBytes(
  { seenBytes, vault }: Pick<Workbench, "seenBytes" | "vault">,
  digest: Digest,
  context: Context,
): Promise<Uint8Array | undefined> {
  for (const place of [seenBytes, vault]) {
    const body = await opened(place.open(digest, context));
    if (body) return await bytesOf(body);
  }
  return undefined;
}

async function opened(opening: Promise<Body | undefined>): Promise<Body | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof BelayError && error.code === "vault-damaged") return undefined;
    throw error;
  }
}

/** The system that a sighting is of; a kind never has a sighting of another one. */
export function systemOf({ kind }: RecordsBench, { system: name }: Sighting): NonNullable<ReturnType<typeof systemNamed>> {
  const system = systemNamed(kind, name);
  if (!system) throw new Error(`belay bug: no system ${name}`);
  return system;
}
