/** One file of one agent: what it holds, what it should hold, and what it held before belay. */

import { type Inserted, type Receipt } from "../../core/agents/receipt.ts";
import { isGuardHook } from "../../core/agents/own-pieces.ts";
import { blockIn, editBlock, type Marks, markdownMarks, tomlMarks, withoutBlock } from "../../core/agents/marked-block.ts";
import { nameOf, type Piece } from "../../core/agents/piece.ts";
import { elementsOf, reach } from "../../core/agents/reach.ts";
import type { Sha256 } from "../../core/agents/instructions-block.ts";
import { BelayError } from "../../core/belay-error.ts";
import { addPieces, findPiece, undoInsertions } from "../../codecs/jsonc/add-pieces.ts";
import { removePieces } from "../../codecs/jsonc/remove-pieces.ts";
import { parseJsonc } from "../../codecs/jsonc/tree.ts";

/** A file as it is wanted, whatever its form. */
export type Wish =
  | { readonly form: "json"; readonly pieces: readonly Piece[] }
  | { readonly form: "own"; readonly text: string }
  | { readonly form: "toml"; readonly body: string; readonly rival: RegExp }
  | { readonly form: "markdown"; readonly written: string };

/** `rival`: something of the same name is there that is not belay's, and stays. */
export type FileState = "intact" | "missing" | "drifted" | "rival";

export interface Change {
  readonly state: FileState;
  /** `undefined`: no file. */
  readonly after: string | undefined;
  readonly receipt: Omit<Receipt, "path" | "made"> | undefined;
}

interface Known {
  readonly before: string | undefined;
  readonly receipt: Receipt | undefined;
  readonly sha256: Sha256;
  /** For messages. */
  readonly path: string;
}

/** Throws `input-invalid` where the file cannot be read as what it is. */
export function wishFulfilled(wish: Wish, known: Known): Change {
  switch (wish.form) {
    case "json":
      return jsonFulfilled(wish.pieces, known);
    case "own":
      return ownFulfilled(wish.text, known);
    case "toml":
      return tomlFulfilled(wish, known);
    case "markdown":
      return blockFulfilled(wish.written, markdownMarks, known);
  }
}

/** The file without what is belay's. */
export function wishUndone(wish: Wish, known: Known): Omit<Change, "receipt"> {
  const { before, receipt } = known;
  if (before === undefined) return { state: "missing", after: undefined };
  const exact = undone(known);
  if (exact !== undefined) return { state: "intact", after: exact === "" && receipt?.isCreated === true ? undefined : exact };
  if (wish.form === "own") return isOwnText(before) ? { state: "intact", after: undefined } : { state: "rival", after: before };
  const after = withoutOwn(wish, known, before);
  if (after === before) return { state: "missing", after };
  return { state: "intact", after: after.trim() === "" && (receipt?.isCreated ?? true) ? undefined : after };
}

function withoutOwn(wish: Exclude<Wish, { readonly form: "own" }>, known: Known, before: string): string {
  if (wish.form === "json") return jsonUndone(wish.pieces, known, before);
  return withoutBlock(before, wish.form === "toml" ? tomlMarks : markdownMarks);
}

/** To the byte, where the file is as belay left it. */
function undone({ before, receipt, sha256 }: Known): string | undefined {
  if (before === undefined || receipt === undefined || receipt.digest !== sha256(before)) return undefined;
  return undoInsertions(before, receipt.insertions);
}

function jsonFulfilled(pieces: readonly Piece[], known: Known): Change {
  const { before, path } = known;
  const text = before ?? "";
  const found = pieces.map((piece) => ({ piece, state: findPiece(text, piece) }));
  if (found.some(({ state }) => state === "invalid")) throw unreadable(path, "it is no JSON");
  const rivals = found.filter(({ piece, state }) => state === "misfit" && piece.kind === "property");
  const wanted = found.filter(({ state }) => state !== "misfit").map(({ piece }) => piece);
  const misfit = found.find(({ piece, state }) => state === "misfit" && piece.kind === "element");
  if (misfit) throw unreadable(path, `${misfit.piece.path.join(".")} is not what its agent reads there`);
  const isMissing = found.some(({ state }) => state === "missing");
  if (!isMissing && jsonStripped(text, { known, isOwn: isStale(wanted, known) }) === text)
    return { state: rivals.length > 0 ? "rival" : "intact", after: before, receipt: known.receipt };
  const exact = undone(known);
  const base = exact ?? jsonStripped(text, { known, isOwn: isStale(wanted, known) });
  const added = addPieces(base, wanted);
  if (added.kind !== "added") throw unreadable(path, "it holds something else where belay's entries belong");
  const isFirst = found.every(({ piece, state }) => state !== "there" || piece.isShared === true);
  const made = { after: added.text, insertions: added.insertions, pieces: ownNames(wanted, known, base), made: added.made };
  return { state: isFirst ? "missing" : "drifted", after: added.text, receipt: jsonReceipt(known, made, base) };
}

/** Pieces that belay answers for: those that were not there, and those that it put there before. */
function ownNames(wanted: readonly Piece[], known: Known, base: string): readonly string[] {
  // Hooks of belay without a receipt came with a copy of the project, and the rules beside them as well.
  const isCopy = known.receipt === undefined && jsonStripped(base, { known, isOwn: isOwn([], known) }) !== base;
  const before = new Set(known.receipt?.pieces);
  return wanted
    .map((piece) => ({ piece, name: nameOf(piece.path, piece.value) }))
    .filter(({ piece, name }) => isCopy || before.has(name) || findPiece(base, piece) !== "there")
    .map(({ name }) => name);
}

/** Insertions take belay out to the byte only where nothing of it stood in the text that they were put into. */
function jsonReceipt(known: Known, made: Made, base: string): Change["receipt"] {
  const fresh = receiptFor(known, made);
  if (fresh === undefined || jsonStripped(base, { known, isOwn: isOwn([], known) }) === base) return fresh;
  return { ...fresh, digest: "", insertions: [], containers: [...new Set([...fresh.containers, ...(known.receipt?.containers ?? [])])] };
}

interface Made {
  readonly after: string;
  readonly insertions: readonly Inserted[];
  readonly pieces?: readonly string[];
  readonly made?: readonly (readonly string[])[];
}

const receiptFor = ({ before, receipt, sha256 }: Known, { after, insertions, pieces = [], made = [] }: Made): Change["receipt"] => ({
  digest: sha256(after),
  isCreated: before === undefined || receipt?.isCreated === true,
  insertions,
  pieces,
  containers: made.map((path) => path.join(".")),
});

type Owns = (path: readonly string[], value: unknown) => boolean;

function jsonStripped(text: string, { known: { receipt, path }, isOwn: owns }: { readonly known: Known; readonly isOwn: Owns }): string {
  const stripped = removePieces(text, {
    isOwn: owns,
    mayPrune: (at) => receipt === undefined || receipt.containers.includes(at.join(".")),
  });
  if (stripped === undefined) throw unreadable(path, "it is no JSON");
  return stripped;
}

function jsonUndone(pieces: readonly Piece[], known: Known, before: string): string {
  const after = jsonStripped(before, { known, isOwn: isOwn(pieces, known) });
  if (after === before) return after;
  // Nothing is left but what the file needs to be one at all.
  const rest = parseJsonc(after)?.value;
  const shared = pieces.filter(({ isShared }) => isShared === true).map(({ path }) => path.join("."));
  const names = rest !== null && typeof rest === "object" ? Object.keys(rest) : ["?"];
  const isBare = names.every((name) => shared.includes(name)) && !/\/[/*]/u.test(after);
  return isBare && (known.receipt?.isCreated ?? true) ? "" : after;
}

/** Hooks and servers are known by what they run, deny rules by the receipt: somebody may have written the same rule before. */
function isOwn(pieces: readonly Piece[], { receipt }: Known): Owns {
  const rules = new Set(receipt?.pieces ?? pieces.map((piece) => nameOf(piece.path, piece.value)));
  return (path, value) => {
    if (path[0] === "hooks") return isOwnHook(path, value);
    if (path.length === 2 && path[1] === "belay") return spelledWords(value).includes("belay_run");
    return path[0] === "permissions" && rules.has(nameOf(path, value));
  };
}

function isOwnHook(path: readonly string[], value: unknown): boolean {
  if (path.length === 4 && path[3] === "hooks") return isGuardHook(value);
  if (path.length !== 2) return false;
  const inner = elementsOf(reach(value, "hooks"));
  return isGuardHook(value) || (inner.length > 0 && inner.every(isGuardHook));
}

/** What is belay's, and is not wanted any more as it is. */
function isStale(pieces: readonly Piece[], known: Known): Owns {
  const owns = isOwn([], known);
  const wanted = new Set(pieces.flatMap(({ path, value, others = [] }) => [value, ...others].map((one) => nameOf(path, one))));
  const groups = pieces.filter(({ path }) => path[0] === "hooks").flatMap(({ value, others = [] }) => [value, ...others]);
  const inner = new Set(groups.flatMap((group) => elementsOf(reach(group, "hooks"))).map((hook) => nameOf([], hook)));
  return (path, value) => owns(path, value) && !wanted.has(nameOf(path, value)) && !(path.length === 4 && inner.has(nameOf([], value)));
}

const spelledWords = (value: unknown): string => JSON.stringify(value) ?? "";

/** Belay's own files begin with a line that says so. */
const isOwnText = (text: string): boolean => /^(?:#|\/\/) Written by (?:`belay install|an administrator, from `belay install)/u.test(text);

function ownFulfilled(text: string, known: Known): Change {
  const { before, path } = known;
  if (before === text) return { state: "intact", after: before, receipt: known.receipt };
  if (before !== undefined && !isOwnText(before))
    throw new BelayError(
      "input-changed",
      `${path} is there, and belay did not write it: it is left as it is. Nothing was written.`,
      "Look at it, and move it away.",
    );
  const receipt = receiptFor({ ...known, before: undefined }, { after: text, insertions: [{ at: 0, text }] });
  return { state: before === undefined ? "missing" : "drifted", after: text, receipt };
}

function tomlFulfilled({ body, rival }: Extract<Wish, { readonly form: "toml" }>, known: Known): Change {
  const rest = withoutBlock(known.before ?? "", tomlMarks);
  if (rival.test(rest)) return { state: "rival", after: known.before, receipt: known.receipt };
  return blockFulfilled(`# belay:begin\n${body}# belay:end`, tomlMarks, known);
}

function blockFulfilled(written: string, marks: Marks, known: Known): Change {
  const { before } = known;
  const text = before ?? "";
  const block = blockIn(text, marks);
  if (block === undefined && marks.begin.test(text)) throw unreadable(known.path, "belay's block in it has no end");
  if (block && text.slice(block.start, block.end).replaceAll("\r\n", "\n") === written)
    return { state: "intact", after: before, receipt: known.receipt };
  const base = undone(known) ?? text;
  const edit = editBlock(base, marks, written);
  const after = base.slice(0, edit.start) + edit.text + base.slice(edit.end);
  // A block that was replaced in the middle of a text is taken out by its marks.
  const insertions = edit.start === edit.end ? [{ at: edit.start, text: edit.text }] : [];
  const receipt = insertions.length > 0 ? receiptFor(known, { after, insertions }) : keptReceipt(known);
  return { state: block ? "drifted" : "missing", after, receipt };
}

/** Only that belay made the file is still worth knowing. */
const keptReceipt = ({ receipt }: Known): Change["receipt"] =>
  receipt?.isCreated === true ? { ...receipt, digest: "", insertions: [] } : undefined;

const unreadable = (path: string, why: string): BelayError =>
  new BelayError(
    "input-invalid",
    `${path} cannot be merged into: ${why}. Nothing was written.`,
    "Mend it, or move it away, and run the same command again.",
  );
