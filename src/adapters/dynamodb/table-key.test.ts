import { describe, expect, it } from "vitest";
import { keyProblem } from "../../core/paths/key.ts";
import { keyAttributesOf, primaryKeyOf, storeKeyOf } from "./table-key.ts";

const one = keyAttributesOf(["id"]);
const two = keyAttributesOf(["guest", "trip:N"]);

describe("a primary key as a store's key", () => {
  it.each(["S2FJLN", "BOOKING#12", "a/b", ".", "..", "100%", String.raw`back\slash`, "tab\tend", "e\u0301", "日本", " x "])(
    "%j goes there and back",
    (id) => {
      const key = storeKeyOf(one, { id: { S: id } }) ?? "";
      expect(keyProblem(key)).toBeUndefined();
      expect(primaryKeyOf(one, key)).toEqual({ id: { S: id } });
    },
  );

  it("is readable where it can be, and has a slash before the sort key", () => {
    expect(storeKeyOf(two, { guest: { S: "BOOKING#12 é" }, trip: { N: "12.30" } })).toBe("BOOKING#12 é/12.3");
    expect(primaryKeyOf(two, "a%2Fb/-1.5")).toEqual({ guest: { S: "a/b" }, trip: { N: "-1.5" } });
  });

  it("is none where an attribute is missing, of another type, or too long", () => {
    expect([
      storeKeyOf(two, { guest: { S: "a" } }),
      storeKeyOf(one, { id: { N: "1" } }),
      storeKeyOf(one, { id: { S: "x".repeat(1025) } }),
    ]).toEqual([undefined, undefined, undefined]);
  });

  it.each(["a/b", "%41", "%", "%C3", "", "a//b", "%2e"])("%j stands for no item", (text) => {
    expect(() => primaryKeyOf(one, text)).toThrow(expect.objectContaining({ code: "key-invalid" }));
  });

  it("of a number has one spelling", () => {
    expect(() => primaryKeyOf(two, "a/12.30")).toThrow(expect.objectContaining({ code: "key-invalid" }));
  });
});
