import {
  array,
  assert,
  boolean,
  constantFrom,
  dictionary,
  integer,
  oneof,
  property,
  record,
  string,
  tuple,
  type Arbitrary,
} from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, Piece } from "../../core/agents/piece.ts";
import { addPieces, findPiece, undoInsertions } from "./add-pieces.ts";
import { removePieces } from "./remove-pieces.ts";
import { parseJsonc } from "./tree.ts";

const hook = { matcher: "Bash", hooks: [{ type: "command", command: "sh -c 'x' belay guard claude" }] };
const pieces: readonly Piece[] = [
  { path: ["version"], kind: "property", value: 1, isShared: true },
  { path: ["hooks", "PreToolUse"], kind: "element", value: hook },
  { path: ["hooks", "Stop"], kind: "element", value: hook },
  { path: ["permissions", "deny"], kind: "element", value: "Bash(belay approve:*)" },
  { path: ["permissions", "deny"], kind: "element", value: "Bash(belay uninstall:*)" },
  { path: ["mcpServers", "belay"], kind: "property", value: { command: "sh", args: ["-c"] } },
];

const leaf: Arbitrary<Json> = oneof(string({ maxLength: 6 }), integer(), boolean());
const names = constantFrom("a", "b", "c d", "é", "__proto__", "");
const foreign = record(
  {
    model: leaf,
    hooks: dictionary(
      constantFrom("PreToolUse", "Stop", "Other"),
      array(record({ matcher: string({ maxLength: 4 }), hooks: array(record({ command: string({ maxLength: 5 }) }), { maxLength: 2 }) }), {
        maxLength: 2,
      }),
    ),
    permissions: record(
      { deny: array(string({ maxLength: 5 }), { maxLength: 3 }), allow: array(leaf, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
    mcpServers: dictionary(constantFrom("one", "two"), dictionary(names, leaf)),
    env: dictionary(names, leaf),
  },
  { requiredKeys: [] },
);

/** Comments, odd blanks and trailing commas at places where JSON takes them. */
function adorned(value: unknown, [unit, lineBreak, comments, trailing, mark]: Adornments): string {
  const plain = JSON.stringify(value, undefined, unit);
  const lines = plain.split("\n").map((line, at) => {
    const withComma = trailing && /[^,[{]$/u.test(line) && /^\s*[\]}]/u.test(plain.split("\n")[at + 1] ?? "") ? `${line},` : line;
    return comments > 0 && at % comments === 1 ? `${withComma} // note ${at}, "x": {[` : withComma;
  });
  return `${mark}${comments === 2 ? `/* head */${lineBreak}` : ""}${lines.join(lineBreak)}${comments === 3 ? lineBreak : ""}`;
}
type Adornments = readonly [unit: string, lineBreak: string, comments: number, trailing: boolean, mark: string];
const adornments: Arbitrary<Adornments> = tuple(
  constantFrom("  ", "    ", "\t", " "),
  constantFrom("\n", "\r\n"),
  integer({ min: 0, max: 4 }),
  boolean(),
  constantFrom("", "\uFEFF"),
);

const added = (text: string): Extract<ReturnType<typeof addPieces>, { kind: "added" }> => {
  const result = addPieces(text, pieces);
  if (result.kind !== "added") throw new Error(`${result.kind} for ${text}`);
  return result;
};

describe("pieces in JSON with comments", () => {
  test("what was put in comes out to the byte, whatever stood there", () => {
    assert(
      property(foreign, adornments, (value, around) => {
        const text = adorned(value, around);
        const { text: after, insertions } = added(text);
        for (const piece of pieces) expect(findPiece(after, piece)).toBe("there");
        expect(undoInsertions(after, insertions)).toBe(text);
        // A second time adds nothing.
        expect(added(after).insertions).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("what others wrote means the same afterwards, and stands in the same order", () => {
    assert(
      property(foreign, adornments, (value, around) => {
        const { text: after } = added(adorned(value, around));
        const isOurs = new Set(pieces.slice(1).map((piece) => JSON.stringify(piece.value)));
        const without = removePieces(after, {
          isOwn: (_, found) => isOurs.has(JSON.stringify(found)),
          mayPrune: () => false,
        });
        const left = parseJsonc(without ?? "")?.value;
        expect(left).toMatchObject(structuredClone(parseJsonc(JSON.stringify(value))?.value ?? {}));
      }),
      { numRuns: 100 },
    );
  });

  test("empty, blank and comment-only files take pieces, and give them back", () => {
    for (const text of [
      "",
      "\n",
      "  \r\n",
      "// only this\n",
      "// no line end",
      "{}",
      "{ }",
      "{\n}\n",
      "{ // open\n}",
      '{"a":1}',
      "\uFEFF{}",
    ]) {
      const { text: after, insertions } = added(text);
      expect(parseJsonc(after)).toBeDefined();
      expect(undoInsertions(after, insertions)).toBe(text);
    }
  });

  test("a comment behind the last entry stays with it", () => {
    const { text } = added('{\n  "a": 1 // one\n}\n');
    expect(text).toContain('"a": 1, // one\n');
  });

  test("new lines take the indentation and line breaks of the file", () => {
    expect(added('{\r\n\t"a": 1\r\n}\r\n').text).toContain('\r\n\t"hooks": {\r\n\t\t"PreToolUse": [');
    expect(added('{\r\n\t"a": 1\r\n}\r\n').text.replaceAll("\r\n", "")).not.toContain("\n");
  });

  test("broken JSON is told, and so is a place that is taken", () => {
    for (const text of ["{", '{"a": }', "{} {}", "[1", '{"a" 1}', "\u0000"]) expect(addPieces(text, pieces)).toEqual({ kind: "invalid" });
    expect(addPieces('{"hooks": []}', pieces)).toEqual({ kind: "misfit", path: ["hooks", "PreToolUse"] });
    expect(addPieces("[]", pieces).kind).toBe("misfit");
  });

  test("an insertion that somebody edited is not taken out by its offset", () => {
    const { text, insertions } = added("{}");
    expect(undoInsertions(text.replace("guard claude", "guard nobody"), insertions)).toBeUndefined();
  });

  test("removing by value keeps comments and foreign neighbours", () => {
    const text = '{\n  "list": [\n    "mine", // of mine\n    "theirs", // of theirs\n    "mine" // last\n  ]\n}\n';
    const without = removePieces(text, { isOwn: (_, value) => value === "mine", mayPrune: () => true });
    expect(parseJsonc(without ?? "")?.value).toEqual({ list: ["theirs"] });
    expect(without).toContain("// of theirs");
  });
});
