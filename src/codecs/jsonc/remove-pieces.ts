/** Takes values out of JSON with comments, wherever they have come to stand. */

import { bodyOf, commaBetween, documentOf, endOf, nameOf, valueOf, type Document, type Node } from "./tree.ts";

export interface Removing {
  /** Whether a value at a path goes. Of a list's members the path is the list's. */
  readonly isOwn: (path: readonly string[], value: unknown) => boolean;
  /** Whether an object or list that has become empty goes too. */
  readonly mayPrune: (path: readonly string[]) => boolean;
}

const removalsMax = 10_000;

/** `undefined` where the text is no JSON. Comments stay, and so does everything that is not asked for. */
export function removePieces(text: string, { isOwn, mayPrune }: Removing): string | undefined {
  let now = text;
  const emptied = new Set<string>();
  for (let count = 0; count < removalsMax; count += 1) {
    const document = documentOf(now);
    if (!document) return undefined;
    const isGone = ({ path, value, listPath }: Seat): boolean =>
      isOwn(listPath, value) || (emptied.has(path.join("\0")) && isEmpty(value) && mayPrune(path));
    const seat = document.root && seatsIn(document.root, []).find(isGone);
    if (!seat) return now;
    emptied.add(seat.parentPath.join("\0"));
    now = without(document, seat);
  }
  return now;
}

const isEmpty = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** A value with the place that it has among its siblings. */
interface Seat {
  readonly container: Node;
  readonly index: number;
  readonly value: unknown;
  /** Its own path; a list's members go by their position. */
  readonly path: readonly string[];
  /** What `isOwn` is asked by. */
  readonly listPath: readonly string[];
  readonly parentPath: readonly string[];
}

/** Outer values first: what goes as a whole is not taken apart. */
function seatsIn(node: Node, path: readonly string[]): readonly Seat[] {
  const isElement = node.type === "array";
  if (!isElement && node.type !== "object") return [];
  return (node.children ?? []).flatMap((child, index) => {
    const body = isElement ? child : bodyOf(child);
    if (!body) return [];
    const own = [...path, isElement ? String(index) : nameOf(child)];
    const seat = { container: node, index, value: valueOf(body), path: own, listPath: isElement ? path : own, parentPath: path };
    return [seat, ...seatsIn(body, own)];
  });
}

function without({ mark, body }: Document, { container, index }: Seat): string {
  const children = container.children ?? [];
  const [child, before, next] = [children[index], children[index - 1], children[index + 1]];
  if (!child) return body;
  const prefix = "\uFEFF".slice(0, mark);
  const close = endOf(container) - 1;
  const comma = commaBetween(body, endOf(child), next?.offset ?? close);
  const end = comma === undefined ? endOf(child) : comma + 1;
  if (next) {
    const gap = /^\s*/u.exec(body.slice(end))?.[0].length ?? 0;
    return prefix + body.slice(0, child.offset) + body.slice(end + gap);
  }
  const from = before ? endOf(before) : container.offset + 1;
  const head = body.slice(from, child.offset).trimEnd();
  const rest = body.slice(end);
  if (!before) return prefix + body.slice(0, from) + head + (head === "" ? rest.replace(/^\s*(?=[\]}])/u, "") : rest);
  // The comma before it goes as well, unless it ended with one of its own: then that style stays.
  const lead = comma === undefined ? withoutComma(body, from, child.offset).trimEnd() : head;
  return prefix + body.slice(0, from) + lead + rest;
}

function withoutComma(body: string, from: number, to: number): string {
  const comma = commaBetween(body, from, to);
  return comma === undefined ? body.slice(from, to) : body.slice(from, comma) + body.slice(comma + 1, to);
}
