/** Items as documents: DynamoDB's typed JSON, or plain JSON such as an event of Google Calendar. One segment for every scalar that can be read. */

import type { Headers } from "../../core/plan/plan.ts";
import type { Place, Read, RecordCodec, RecordDocument, Segment, Span } from "../../core/records/document.ts";
import { itemBytes, itemOf, plainNumber, type Item } from "../../core/records/typed-item.ts";
import { leavesOf, type Leaf } from "./json-leaves.ts";
import { JsonProblem, readJson, type JsonNode } from "./json-text.ts";
import { bytesBehind, escapedOffsets, isInsidePair, type ByteAt } from "./text-offsets.ts";
import { toldBy } from "./told-by-item.ts";

/**
 * Reads any JSON text in UTF-8. Where every member of it is a typed attribute, names leave the types out and `parameters.type`
 * tells them. A segment is what stands inside a string's quotes, or a number or truth value as it stands; nulls and binary
 * values have none. `seal` gives an edited item the form in which its store keeps it: sets in order, new numbers spelt plainly.
 */
export const itemCodec: RecordCodec = { name: "item", read };

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const byteOrderMark = "\uFEFF";

function read(bytes: Uint8Array, _headers: Headers): Read {
  const decoded = decodedText(bytes);
  if (decoded === undefined) return { kind: "unreadable", why: "it is not in UTF-8" };
  const shift = decoded.startsWith(byteOrderMark) ? encoder.encode(byteOrderMark).byteLength : 0;
  const text = shift === 0 ? decoded : decoded.slice(1);
  try {
    return { kind: "document", document: documentOf({ bytes, text, byteAt: bytesBehind(text, bytes.byteLength, shift) }, readJson(text)) };
  } catch (error) {
    if (error instanceof JsonProblem) return { kind: "unreadable", why: error.message };
    throw error;
  }
}

function decodedText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

interface Source {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly byteAt: ByteAt;
}

function documentOf(source: Source, root: JsonNode): RecordDocument {
  const item = root.kind === "object" && root.members.length > 0 ? itemOf(JSON.parse(source.text)) : undefined;
  const leaves = leavesOf(root, item !== undefined);
  const segments = leaves.map((leaf) => segmentOf(source, leaf));
  const told = toldBy(segments, item === undefined);
  return {
    segments,
    parts: [""],
    bytes: source.bytes,
    seal: item === undefined ? (edited) => edited : (edited) => sealed(edited, numbersIn(leaves)),
    ...(told && { told: () => told }),
  };
}

const numbersIn = (leaves: readonly Leaf[]): ReadonlySet<string> =>
  new Set(leaves.filter(({ type }) => type === "N" || type === "NS").map(({ token }) => token.text));

/** What is no item any more stays as it is: the store says what is wrong with it. */
function sealed(edited: Uint8Array, known: ReadonlySet<string>): Uint8Array {
  const item = editedItem(edited);
  return item ? itemBytes(item, (decimal) => (known.has(decimal) ? decimal : (plainNumber(decimal) ?? decimal))) : edited;
}

function editedItem(bytes: Uint8Array): Item | undefined {
  try {
    return itemOf(JSON.parse(decoder.decode(bytes)));
  } catch {
    return undefined;
  }
}

function segmentOf(source: Source, { name, type, token }: Leaf): Segment {
  const isTemplate = token.kind === "string" && /\{\{[^{}]*\}\}/u.test(token.text);
  const place: Place = {
    medium: "item",
    name,
    label: type === undefined ? `field ${name}` : `attribute ${name}`,
    ...(type !== undefined && { parameters: { type } }),
    ...(isTemplate && { isTemplate }),
    part: "",
  };
  const spans = token.kind === "string" ? spansInString(source, token) : spansInToken(source, token.start);
  return { text: token.text, place, spans, encode: encoderOf(token, type) };
}

const spansInToken =
  ({ byteAt }: Source, start: number): Segment["spans"] =>
  (from, to) => [{ start: byteAt(start + from), end: byteAt(start + to) }];

/** A surrogate pair has one sequence of bytes, or two escapes that mean nothing apart: a cut inside it takes the whole pair. */
function spansInString({ text: json, byteAt }: Source, { start, end, text }: Leaf["token"]): Segment["spans"] {
  const inside = json.slice(start + 1, end - 1);
  let escapes: readonly number[] | undefined;
  const unitAt = (unit: number): number => {
    if (inside.length === text.length) return start + 1 + unit;
    escapes ??= escapedOffsets(inside);
    return start + 1 + (escapes[unit] ?? inside.length);
  };
  return (from, to): readonly Span[] => {
    const first = isInsidePair(text, from) ? from - 1 : from;
    const last = isInsidePair(text, to) ? to + 1 : to;
    return [{ start: byteAt(unitAt(first)), end: byteAt(unitAt(last)) }];
  };
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;

function encoderOf(token: Leaf["token"], type: string | undefined): Segment["encode"] {
  if (type === "N" || type === "NS") return (text) => (plainNumber(text) === undefined ? undefined : encoder.encode(text));
  switch (token.kind) {
    case "string":
      return (text) => (text.isWellFormed() ? encoder.encode(JSON.stringify(text).slice(1, -1)) : undefined);
    case "number":
      return (text) => (jsonNumber.test(text) ? encoder.encode(text) : undefined);
    case "literal":
      return (text) => (text === "true" || text === "false" ? encoder.encode(text) : undefined);
  }
}
