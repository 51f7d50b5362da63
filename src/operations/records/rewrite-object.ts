/** One object with every mention of a changed value corrected, and the proof that no other byte changes (R7). */

import { bytesOf } from "../../core/body.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { StoreName } from "../../core/brand.ts";
import type { Content } from "../../core/plan/plan.ts";
import type { Sighting, Unexplained } from "../../core/records/claim.ts";
import { claimsOf } from "../../core/records/claims/claims-of.ts";
import { leftValues, type OldValues } from "../../core/records/claims/left-values.ts";
import type { ReadAbout } from "../../core/records/claims/read-about.ts";
import { unreadFigures } from "../../core/records/claims/unread-figures.ts";
import { compareValues, showValue } from "../../core/records/compare-values.ts";
import type { Decision } from "../../core/records/decision.ts";
import type { Edit, RecordDocument } from "../../core/records/document.ts";
import { editsFor, type MentionEdit, type Unwritable } from "../../core/records/edits-for.ts";
import type { LeftMention } from "../../core/records/records-part.ts";
import type { Value } from "../../core/records/value.ts";
import type { Reading, Store } from "../../ports/store.ts";
import type { Context } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";
import { sealEdits, type Sealed } from "./seal-edits.ts";

/** `content`, `body` and `rewrite` are absent where nothing of it changes. */
export interface Rewritten extends Partial<Sealed> {
  readonly reading: Reading;
  readonly prior: Content;
  readonly mentions: readonly MentionEdit[];
  readonly unwritable: readonly Unwritable[];
  readonly left: readonly Omit<LeftMention, "at">[];
}

export interface RewriteRequest {
  readonly store: Store;
  readonly key: string;
  /** What is known of its parts; those that are not named stay as they are. */
  readonly parts: readonly Pick<Sighting, "part" | "revision">[];
  readonly decisions: readonly Decision[];
  readonly about: ReadAbout;
  /** What other objects of the record say otherwise than it was decided, by field. */
  readonly old: ReadonlyMap<string, readonly Value[]>;
  readonly codec: ReturnType<RecordsBench["codecOf"]>;
  /** Texts that a person has said to leave as they are. */
  readonly leave: readonly string[];
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Reads the object afresh: what is edited is what is there now. `undefined` where it is gone. */
export async function rewriteObject(records: RecordsBench, request: RewriteRequest, context: Context): Promise<Rewritten | undefined> {
  const { store, key, codec } = request;
  const reading = await store.read(key, context);
  if (!reading) return undefined;
  const bytes = await bytesOf(reading.body);
  const { headers = {}, sizeBytes } = reading.observed;
  const prior: Content = { digest: reading.body.digest, sizeBytes, headers };
  const read = codec.read(bytes, headers);
  if (read.kind === "unreadable") throw unreadable(store.name, key, read.why);
  const { document } = read;
  const edits: Edit[] = [];
  const mentions: MentionEdit[] = [];
  const unwritable: Unwritable[] = [];
  const left: Omit<LeftMention, "at">[] = [];
  for (const { part } of request.parts) {
    const claims = claimsOf(document, part, request.about);
    const made = editsFor(document, claims, request.decisions, request.about);
    mentions.push(...made.mentions);
    unwritable.push(...made.unwritable);
    const old = bothOld(request.old, made.old);
    left.push(...leftMentions(claims.unexplained, old, request.leave));
    left.push(...leftMentions(unreadFigures(document, part, [...old.values()].flat(), request.about), old, request.leave));
    left.push(...leftNames(document, { part, claims: claims.claims, old }, request));
    edits.push(...made.edits, ...(made.edits.length === 0 ? [] : (document.upkeep?.(part, request.at) ?? [])));
  }
  const common = { reading, prior, mentions, unwritable, left };
  return edits.length === 0
    ? common
    : { ...common, ...sealEdits(records, { document, edits, headers, codec }, { store: store.name, key }) };
}

/** A text that has to change and cannot be written: a person may leave it as it is. */
export const leftUnwritten = ({ raw, where, why }: Unwritable, leave: readonly string[]): Omit<LeftMention, "at"> =>
  leave.includes(raw.trim())
    ? { raw, where, verdict: "justified", why: `left by a person's word: ${why}` }
    : { raw, where, verdict: "blocking", why };

/** What the record's objects said, and what this one did, by field. */
function bothOld(said: RewriteRequest["old"], own: RewriteRequest["old"]): RewriteRequest["old"] {
  const fields = new Set([...own.keys(), ...said.keys()]);
  return new Map([...fields].map((field) => [field, [...(own.get(field) ?? []), ...(said.get(field) ?? [])]]));
}

type OldNames = Pick<OldValues, "part" | "claims" | "old">;

/** Other copies of an old name or description, each once by its text and place. */
function leftNames(document: RecordDocument, { part, claims, old }: OldNames, request: RewriteRequest): Omit<LeftMention, "at">[] {
  const { about, decisions, leave } = request;
  const held = decisions.map(({ value }) => value);
  const found = leftValues(document, { kind: about.kind, part, claims, old, held }).map(
    ({ raw, place, why, isOpen }): Omit<LeftMention, "at"> => {
      if (!isOpen) return { raw, where: place.label, verdict: "justified", why };
      if (leave.includes(raw.trim())) return { raw, where: place.label, verdict: "justified", why: "left by a person's word" };
      return { raw, where: place.label, verdict: "blocking", why };
    },
  );
  return [...new Map(found.map((one) => [`${one.where} ${one.raw}`, one])).values()];
}

/** What says an old value and belongs to no field. Of what is no time at all, only what looks like an old value is worth a word. */
function leftMentions(
  unexplained: readonly Unexplained[],
  old: ReadonlyMap<string, readonly Value[]>,
  leave: readonly string[],
): Omit<LeftMention, "at">[] {
  const values = [...old.values()].flat();
  const faces = new Set(values.flatMap((value) => (value.kind === "moment" && value.time !== undefined ? facesOf(value.time) : [])));
  return unexplained.flatMap(({ raw, place, readings: own, countedFrom = [], justification }): Omit<LeftMention, "at">[] => {
    const readings = [...own, ...countedFrom];
    const says = readings.some((reading) => values.some((value) => isSameTime(reading, value)));
    const looks = [...faces].some((face) => raw.includes(face));
    if (!says && !looks) return [];
    const why = justification ?? (place.isTemplate ? "a template" : leave.includes(raw.trim()) ? "left by a person's word" : undefined);
    if (why !== undefined) return [{ raw, where: place.label, verdict: "justified", why }];
    if (!says) return [{ raw, where: place.label, verdict: "justified", why: "another time" }];
    const held = values.find((value) => readings.some((reading) => isSameTime(reading, value)));
    return [
      { raw, where: place.label, verdict: "blocking", why: `says ${held ? showValue(held) : "an old value"}, and no field explains it` },
    ];
  });
}

const isSameTime = (one: Value, other: Value): boolean =>
  one.kind === "moment" &&
  other.kind === "moment" &&
  one.time !== undefined &&
  other.time !== undefined &&
  compareValues(one, other) !== "differs";

/** `16:30` as it could stand somewhere: `16:30`, `4:30`. */
function facesOf(time: string): string[] {
  const hours = Number(time.slice(0, 2));
  const minutes = time.slice(3, 5);
  return [`${hours}:${minutes}`, `${((hours + 11) % 12) + 1}:${minutes}`];
}

const unreadable = (store: StoreName, key: string, why: string): BelayError =>
  new BelayError(
    "input-invalid",
    `${store} ${key} cannot be read, so it is not edited: ${why}.`,
    "Mend it by hand, then run the same command again.",
  );
