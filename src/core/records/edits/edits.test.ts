import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asDigest } from "../../brand.ts";
import type { Edit } from "../document.ts";
import { applyEdits } from "./apply-edits.ts";
import { checkEdits, type EditVerdict } from "./check-edits.ts";
import { checkedEdits, outsideDigest } from "./checked-edit.ts";
import { orderEdits } from "./order-edits.ts";
import { trimEdit } from "./trim-edit.ts";

const sha256 = (bytes: Uint8Array) => asDigest(createHash("sha256").update(bytes).digest("hex"));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const said = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const edit = (start: number, end: number, text: string): Edit => ({ span: { start, end }, bytes: utf8(text) });

/** Bytes, and sorted edits that lie apart in them. */
const bytesWithEdits = fc.uint8Array({ maxLength: 60 }).chain((bytes) =>
  fc
    .array(fc.tuple(fc.nat(bytes.length), fc.uint8Array({ maxLength: 6 })), { maxLength: 8 })
    .map((cuts) => cuts.toSorted(([one], [other]) => one - other))
    .map((cuts) => {
      const edits: Edit[] = [];
      for (let at = 0; at + 1 < cuts.length; at += 2) {
        const [[start], [end, said2]] = [cuts[at] ?? [0, bytes], cuts[at + 1] ?? [0, bytes]];
        edits.push({ span: { start, end }, bytes: said2 });
      }
      return { bytes, edits: orderEdits(edits) ?? [] };
    }),
);

/** Of the edit of one text of a page. */
function verdictOn(page: string, old: string, next: string): EditVerdict {
  const before = utf8(page);
  const start = page.indexOf(old);
  const made = [edit(start, start + old.length, next)];
  return checkEdits(before, applyEdits(before, made), checkedEdits(before, made, sha256), sha256);
}

describe("edits of bytes", () => {
  it("replaces spans, inserts at empty ones, and keeps the rest", () => {
    expect(said(applyEdits(utf8("from 4:30 to 7:30"), [edit(5, 6, "3"), edit(9, 9, " PM"), edit(13, 17, "")]))).toBe("from 3:30 PM to ");
  });

  it("crashes on edits that overlap, are out of order or reach past the end", () => {
    expect(() => applyEdits(utf8("abc"), [edit(0, 2, "x"), edit(1, 3, "y")])).toThrow("belay bug");
    expect(() => applyEdits(utf8("abc"), [edit(2, 3, "x"), edit(0, 1, "y")])).toThrow("belay bug");
    expect(() => applyEdits(utf8("abc"), [edit(2, 4, "x")])).toThrow("belay bug");
    expect(() => applyEdits(utf8("abc"), [edit(1, 1, "x"), edit(1, 1, "y")])).toThrow("belay bug");
  });

  it("orders edits, keeps a repeated one once, and finds no order where two say different things", () => {
    expect(orderEdits([edit(4, 5, "b"), edit(0, 1, "a"), edit(4, 5, "b")])).toEqual([edit(0, 1, "a"), edit(4, 5, "b")]);
    expect(orderEdits([edit(4, 5, "b"), edit(4, 5, "c")])).toBeUndefined();
    expect(orderEdits([edit(0, 5, "b"), edit(4, 6, "c")])).toBeUndefined();
    expect(orderEdits([edit(4, 4, "b"), edit(4, 4, "c")])).toBeUndefined();
    expect(orderEdits([edit(4, 6, "b"), edit(4, 4, "c")])).toEqual([edit(4, 4, "c"), edit(4, 6, "b")]);
  });

  it("passes its checker whatever is edited, and keeps the digest of the surroundings", () => {
    fc.assert(
      fc.property(bytesWithEdits, ({ bytes, edits }) => {
        const after = applyEdits(bytes, edits);
        expect(checkEdits(bytes, after, checkedEdits(bytes, edits, sha256), sha256)).toEqual({ kind: "good" });
      }),
    );
  });

  it("finds every byte that was changed outside of the spans, and every one missing or added", () => {
    fc.assert(
      fc.property(bytesWithEdits, fc.nat(), fc.constantFrom("change", "drop", "add"), ({ bytes, edits }, chosen, how) => {
        const good = applyEdits(bytes, edits);
        const at = good.length === 0 ? 0 : chosen % good.length;
        fc.pre(good.length > 0 || how === "add");
        const bad =
          how === "change"
            ? good.map((byte, place) => (place === at ? byte ^ 1 : byte))
            : Uint8Array.from([...good.subarray(0, at), ...(how === "add" ? [7] : []), ...good.subarray(how === "drop" ? at + 1 : at)]);
        fc.pre(bad.length !== good.length || bad.some((byte, place) => byte !== good[place]));
        expect(checkEdits(bytes, bad, checkedEdits(bytes, edits, sha256), sha256).kind).toBe("bad");
      }),
    );
  });

  it("refuses edits that were made for other bytes", () => {
    const before = utf8("start 4:30, end 7:30");
    const made = checkedEdits(before, [edit(6, 7, "3")], sha256);
    const other = utf8("start 4:30, end 8:30");
    expect(checkEdits(other, applyEdits(other, [edit(6, 7, "3")]), made, sha256)).toEqual({
      kind: "bad",
      why: "the edit at 6 was made for other surroundings",
    });
    const moved = utf8("start 5:30, end 7:30");
    expect(checkEdits(moved, applyEdits(moved, [edit(6, 7, "3")]), made, sha256).kind).toBe("bad");
  });

  it("refuses an edit that leaves an element without the text that it had", () => {
    expect(verdictOn("<b>18</b>:<i> 30\n</i>", "30", "")).toEqual({
      kind: "bad",
      why: "the edit at 14 leaves an element without the text that it had",
    });
    expect(verdictOn("<b>18</b>:<i>30</i>", "30", " ").kind).toBe("bad");
    expect(verdictOn("<b>18</b>:<i>30 h</i>", "30 ", "")).toEqual({ kind: "good" });
    expect(verdictOn("<b>18</b>:<i>30</i>", "30", "15")).toEqual({ kind: "good" });
  });

  it("tells surroundings apart that differ only in where a span stands", () => {
    expect(outsideDigest(utf8("aXbb"), [{ start: 1, end: 2 }], sha256)).not.toBe(
      outsideDigest(utf8("abXb"), [{ start: 2, end: 3 }], sha256),
    );
    expect(outsideDigest(utf8("aXbb"), [{ start: 1, end: 2 }], sha256)).toBe(outsideDigest(utf8("aYYYbb"), [{ start: 1, end: 4 }], sha256));
  });
});

const trimmed = (before: string, from: number, to: number, text: string) => {
  const least = trimEdit(utf8(before), edit(from, to, text), "utf-8");
  return least && [least.span.start, least.span.end, said(least.bytes)];
};

describe("the least edit", () => {
  it("takes off what stays the same, and is nothing where nothing changes", () => {
    expect(trimmed("at 4:30 PM", 3, 10, "3:30 PM")).toEqual([3, 4, "3"]);
    expect(trimmed("at 4:30", 3, 7, "4:45")).toEqual([5, 7, "45"]);
    expect(trimmed("at 4:30", 3, 7, "4:30")).toBeUndefined();
    expect(trimmed("1111", 0, 4, "11")).toEqual([2, 4, ""]);
  });

  it("never cuts a character, an entity or an escape", () => {
    // – is E2 80 93 and — is E2 80 94.
    expect(trimmed("4–7", 0, 5, "4—7")).toEqual([1, 4, "—"]);
    expect(trimmed("4&ndash;7", 0, 9, "4&mdash;7")).toEqual([1, 8, "&mdash;"]);
    expect(trimmed(String.raw`4\u20137`, 0, 8, String.raw`4\u20147`)?.[0]).toBe(1);
  });

  it("leaves the same bytes, in every encoding", () => {
    const text = fc.string({ unit: fc.constantFrom("4", ":", "–", "—", "𝟜", "𝟛", "é", "&ndash;", "\\u2013", " "), maxLength: 8 });
    const encodings = fc.constantFrom("utf-8" as const, "utf-16le" as const);
    fc.assert(
      fc.property(text, text, text, encodings, (around, old, next, encoding) => {
        const bytesOf = (value: string): Uint8Array => (encoding === "utf-8" ? utf8(value) : new Uint8Array(Buffer.from(value, "utf16le")));
        const before = bytesOf(around + old + around);
        const [from, to] = [bytesOf(around).length, bytesOf(around + old).length];
        const whole: Edit = { span: { start: from, end: to }, bytes: bytesOf(next) };
        const least = trimEdit(before, whole, encoding);
        const after = least ? applyEdits(before, [least]) : before;
        expect([...after]).toEqual([...applyEdits(before, [whole])]);
        const decoder = new TextDecoder(encoding, { fatal: true });
        const parts = least ? [least.bytes, before.subarray(least.span.start, least.span.end)] : [];
        expect(() => parts.map((part) => decoder.decode(part))).not.toThrow();
      }),
    );
  });
});
