/** Puts pieces into JSON with comments by insertions alone, so that taking those out again gives the same bytes back. */

import { isPiece, type Json, type Piece } from "../../core/agents/piece.ts";
import { commaBetween, documentOf, endOf, propertyOf, valueOf, bodyOf, type Document, type Node } from "./tree.ts";

/** A text that was put in. `at` counts in UTF-16 units of the text as it was with the insertions before. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

export type Adding =
  | { readonly kind: "invalid" }
  /** Something else stands where the piece belongs, and is left alone. */
  | { readonly kind: "misfit"; readonly path: readonly string[] }
  | {
      readonly kind: "added";
      readonly text: string;
      readonly insertions: readonly Insertion[];
      /** Paths of objects and lists that were made for it. */
      readonly made: readonly (readonly string[])[];
    };

/** Pieces that are there already are left as they are. Order, comments, indentation and line breaks of the text stay. */
export function addPieces(text: string, pieces: readonly Piece[]): Adding {
  let now = text;
  const insertions: Insertion[] = [];
  const made: (readonly string[])[] = [];
  for (const piece of pieces) {
    const document = documentOf(now);
    if (!document) return { kind: "invalid" };
    const place = placeOf(document, piece);
    if (place === "there") continue;
    if (place === "misfit") return { kind: "misfit", path: piece.path };
    for (const insertion of insertionsFor(document, place)) {
      now = now.slice(0, insertion.at) + insertion.text + now.slice(insertion.at);
      insertions.push(insertion);
    }
    made.push(...place.made);
  }
  return { kind: "added", text: now, insertions, made };
}

/** The text before; `undefined` where the insertions do not stand in it. */
export function undoInsertions(text: string, insertions: readonly Insertion[]): string | undefined {
  let now = text;
  for (const { at, text: added } of insertions.toReversed()) {
    if (!now.startsWith(added, at)) return undefined;
    now = now.slice(0, at) + now.slice(at + added.length);
  }
  return now;
}

/** Whether a piece stands in a document; `misfit` where its place is taken. */
export function findPiece(text: string, piece: Piece): "there" | "missing" | "misfit" | "invalid" {
  const document = documentOf(text);
  if (!document) return "invalid";
  const place = placeOf(document, piece);
  return typeof place === "string" ? place : "missing";
}

interface Place {
  /** The object or list that takes the entry; `undefined` where the text holds nothing yet. */
  readonly container: Node | undefined;
  readonly name: string | undefined;
  readonly value: Json;
  readonly made: readonly (readonly string[])[];
}

function placeOf({ root }: Document, piece: Piece): Place | "there" | "misfit" {
  const { path, kind, value } = piece;
  const leaf: Json = kind === "element" ? [value] : value;
  if (root === undefined) return { container: undefined, name: undefined, value: nested(path, leaf), made: madeBelow([], piece) };
  let at = root;
  for (const [depth, name] of path.entries()) {
    if (at.type !== "object") return "misfit";
    const property = propertyOf(at, name);
    const body = property && bodyOf(property);
    if (!body) return { container: at, name, value: nested(path.slice(depth + 1), leaf), made: madeBelow(path.slice(0, depth + 1), piece) };
    at = body;
  }
  if (kind === "property") return isPiece(piece, valueOf(at)) ? "there" : "misfit";
  if (at.type !== "array") return "misfit";
  const isThere = (at.children ?? []).some((child) => isPiece(piece, valueOf(child)));
  return isThere ? "there" : { container: at, name: undefined, value, made: [] };
}

const nested = (path: readonly string[], leaf: Json): Json => path.reduceRight<Json>((inner, name) => ({ [name]: inner }), leaf);

/** Paths of what comes to be below `from`, the piece's own value excepted. */
function madeBelow(from: readonly string[], { path, kind }: Piece): readonly (readonly string[])[] {
  const last = kind === "element" ? path.length : path.length - 1;
  return Array.from({ length: Math.max(last - from.length + 1, 0) }, (_, step) => path.slice(0, from.length + step));
}

function insertionsFor({ mark, body, root }: Document, { container, name, value }: Place): readonly Insertion[] {
  const style = styleOf(body, root);
  if (!container) {
    const lead = body === "" || body.endsWith("\n") ? "" : style.lineBreak;
    return [{ at: mark + body.length, text: `${lead}${written(value, "", style)}${style.lineBreak}` }];
  }
  const close = endOf(container) - 1;
  const outer = indentAt(body, container.offset);
  const last = container.children?.at(-1);
  const inner = last && startsLine(body, last.offset) ? indentAt(body, last.offset) : outer + style.unit;
  const entry = `${name === undefined ? "" : `${JSON.stringify(name)}: `}${written(value, inner, style)}`;
  const from = last ? endOf(last) : container.offset + 1;
  const rest = body.slice(from, close);
  const at = from + rest.trimEnd().length;
  const tail = body.slice(at, close).includes("\n") ? "" : style.lineBreak + outer;
  const text = `${style.lineBreak}${inner}${entry}${tail}`;
  if (!last || commaBetween(body, from, close) !== undefined) return [{ at: mark + at, text }];
  // A comment behind the last entry stays with it: the comma goes before it, what is new behind it.
  if (at === from) return [{ at: mark + from, text: `,${text}` }];
  return [
    { at: mark + from, text: "," },
    { at: mark + at + 1, text },
  ];
}

interface Style {
  readonly lineBreak: string;
  /** One level of indentation. */
  readonly unit: string;
}

function styleOf(body: string, root: Node | undefined): Style {
  const lineBreak = /\r?\n/u.exec(body)?.[0] ?? "\n";
  const first = root?.children?.[0];
  const unit = first && startsLine(body, first.offset) ? indentAt(body, first.offset) : "";
  return { lineBreak, unit: unit === "" ? "  " : unit };
}

const written = (value: Json, indent: string, { lineBreak, unit }: Style): string =>
  JSON.stringify(value, undefined, unit)
    .split("\n")
    .join(lineBreak + indent);

const lineStart = (body: string, offset: number): number => body.lastIndexOf("\n", offset - 1) + 1;
const indentAt = (body: string, offset: number): string => /^[ \t]*/u.exec(body.slice(lineStart(body, offset), offset))?.[0] ?? "";
const startsLine = (body: string, offset: number): boolean => {
  const start = lineStart(body, offset);
  return start > 0 && body.slice(start, offset).trim() === "";
};
