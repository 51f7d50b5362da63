/** Which bytes of one object change so that it says what was decided, each mention in its own written form (R7). */

import type { Claim, Sighting } from "./claim.ts";
import { eventTimeAt, mentionOf } from "./claims/claims-of.ts";
import type { ReadAbout } from "./claims/read-about.ts";
import { isMoment } from "./claims/read-text.ts";
import { rewriteClock } from "./clock-text/rewrite-clock.ts";
import { canonicalText, compareValues, showValue } from "./compare-values.ts";
import type { Decision } from "./decision.ts";
import type { Edit, RecordDocument, Segment } from "./document.ts";
import { fieldNamed } from "./kind.ts";
import type { Moment, Value } from "./value.ts";

/** One mention that changes. */
export interface MentionEdit {
  readonly field: string;
  readonly where: string;
  readonly before: string;
  readonly after: string;
}

/** A mention that has to change and cannot be written by belay. */
export interface Unwritable {
  readonly raw: string;
  readonly where: string;
  readonly why: string;
}

export interface EditsFor {
  readonly edits: readonly Edit[];
  readonly mentions: readonly MentionEdit[];
  readonly unwritable: readonly Unwritable[];
  /** Values that the object held and holds no more, by field. */
  readonly old: ReadonlyMap<string, readonly Value[]>;
}

/** `claims`: of one part of the document. */
export function editsFor(
  document: RecordDocument,
  { claims }: Pick<Sighting, "claims">,
  decisions: readonly Decision[],
  about: ReadAbout,
): EditsFor {
  const edits: Edit[] = [];
  const mentions: MentionEdit[] = [];
  const unwritable: Unwritable[] = [];
  const old = new Map<string, Value[]>();
  for (const group of groupsOf(claims)) {
    const wrong = group.filter((claim) => isWrong(claim, decisions, about));
    const [first] = wrong;
    const segment = first && document.segments[first.segment];
    if (!first || !segment) continue;
    for (const claim of wrong)
      old.set(claim.field, [...(old.get(claim.field) ?? []), ...(claim.value ? [claim.value] : (claim.readings ?? []))]);
    const written = writtenEvent(document, first, decisions, about) ?? rewritten(wrong, segment, decisions, about);
    if ("why" in written) {
      unwritable.push({ raw: first.raw, where: first.place.label, why: written.why });
      continue;
    }
    const bytes = bytesOfEdits(written.slices, segment);
    if (bytes === undefined) {
      unwritable.push({ raw: first.raw, where: first.place.label, why: "the new text cannot be written in this place" });
      continue;
    }
    edits.push(...bytes);
    mentions.push({
      field: [...new Set(wrong.map(({ field }) => field))].join(", "),
      where: first.place.label,
      before: segment.text.slice(first.from, first.to),
      after: spliced(segment.text, first, written.slices),
    });
  }
  return { edits, mentions, unwritable, old };
}

/** Both ends of a range are one text, and change together. */
function groupsOf(claims: readonly Claim[]): readonly (readonly Claim[])[] {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) {
    if (claim.isAddress) continue;
    const name = `${claim.segment} ${claim.from} ${claim.to}`;
    groups.set(name, [...(groups.get(name) ?? []), claim]);
  }
  return [...groups.values()];
}

function isWrong(claim: Claim, decisions: readonly Decision[], { kind }: ReadAbout): boolean {
  const decision = decisions.find(({ field }) => field === claim.field);
  if (!decision) return false;
  const type = fieldNamed(kind, claim.field)?.type;
  if (claim.value) return compareValues(claim.value, decision.value, type) === "differs";
  const readings = claim.readings ?? [];
  return readings.length > 0 && readings.every((reading) => compareValues(reading, decision.value, type) === "differs");
}

interface Slice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

type Written = { readonly slices: readonly Slice[] } | { readonly why: string };

/** A time of an event is written as its property has it: in its own zone, whoever defines that. */
function writtenEvent(document: RecordDocument, claim: Claim, decisions: readonly Decision[], about: ReadAbout): Written | undefined {
  const time = eventTimeAt(document, claim.segment, about);
  if (!time) return undefined;
  const value = decisions.find(({ field }) => field === claim.field)?.value;
  const text = value?.kind === "moment" ? time.write(value) : undefined;
  if (text === undefined) return { why: time.why ?? "its zone does not let it be written" };
  return { slices: [{ from: claim.from, to: claim.to, text }] };
}

function rewritten(wrong: readonly Claim[], segment: Segment, decisions: readonly Decision[], about: ReadAbout): Written {
  const [first] = wrong;
  const type = first && fieldNamed(about.kind, first.field)?.type;
  if (!first || !type) return { why: "no field of the kind is meant" };
  const valueOf = (claim: Claim): Value | undefined => decisions.find(({ field }) => field === claim.field)?.value;
  if (!isMoment(type)) {
    const value = valueOf(first);
    const text = value && textFor(value, first, about);
    return text === undefined ? { why: "there is no way to write it" } : { slices: [{ from: first.from, to: first.to, text }] };
  }
  const found = mentionOf(first, segment, about);
  if (!found) return { why: "it cannot be read as a time of one meaning" };
  const momentOf = (claim: Claim | undefined): Moment | undefined => {
    const value = claim && valueOf(claim);
    return value?.kind === "moment" ? value : undefined;
  };
  const start = momentOf(wrong.find(({ role }) => role !== "end"));
  const end = momentOf(wrong.find(({ role }) => role === "end"));
  const slices = rewriteClock(found.mention, segment.text, { ...(start && { start }), ...(end && { end }) }, found.context);
  if ("cannot" in slices) return { why: slices.cannot };
  return slices.length === 0 ? { why: "no part of it says what has to change" } : { slices };
}

/** In capitals where it was in capitals; a first name where there was a first name. */
function textFor(value: Value, claim: Claim, { kind }: ReadAbout): string | undefined {
  if (value.kind === "list") return listed(value.items, claim.raw);
  const text = showValue(value);
  const type = fieldNamed(kind, claim.field)?.type;
  const isFirstName = type === "person" && !/\s/u.test(claim.raw.trim()) && /\s/u.test(text);
  const said = isFirstName ? (text.split(/\s+/u)[0] ?? text) : text;
  const isLoud = claim.raw.length > 1 && claim.raw === claim.raw.toUpperCase() && claim.raw !== claim.raw.toLowerCase();
  const kept = type === "key" && claim.raw.startsWith("#") && !said.startsWith("#") ? `#${said}` : said;
  return isLoud && canonicalText(claim.raw) !== claim.raw ? kept.toUpperCase() : kept;
}

function listed(items: readonly string[], raw: string): string {
  const joint = /\s(?<joint>&|and|und)\s/u.exec(raw)?.groups?.["joint"];
  const last = items.at(-1);
  if (joint === undefined || items.length < 2 || last === undefined) return items.join(", ");
  return `${items.slice(0, -1).join(", ")} ${joint} ${last}`;
}

/** What stands in several pieces between tags is written into the first of them. */
function bytesOfEdits(slices: readonly Slice[], segment: Segment): Edit[] | undefined {
  const edits: Edit[] = [];
  for (const { from, to, text } of slices) {
    const bytes = segment.encode(text);
    if (bytes === undefined) return undefined;
    const [first, ...others] = from === to ? insertionAt(segment, from) : segment.spans(from, to);
    if (!first) return undefined;
    edits.push({ span: first, bytes }, ...others.map((span) => ({ span, bytes: new Uint8Array() })));
  }
  return edits;
}

function insertionAt(segment: Segment, at: number): readonly { readonly start: number; readonly end: number }[] {
  const before = at > 0 ? segment.spans(at - 1, at).at(-1) : undefined;
  if (before) return [{ start: before.end, end: before.end }];
  const [after] = segment.spans(at, at + 1);
  return after ? [{ start: after.start, end: after.start }] : [];
}

function spliced(text: string, { from, to }: Pick<Claim, "from" | "to">, slices: readonly Slice[]): string {
  let result = "";
  let at = from;
  for (const slice of slices.toSorted((one, other) => one.from - other.from)) {
    result += text.slice(at, slice.from) + slice.text;
    at = slice.to;
  }
  return result + text.slice(at, to);
}
