import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalBytes, canonicalJson } from "./canonical-json.ts";

/** The same value with the keys of every object in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, held]) => [key, turned(held)]),
  );
}

describe("canonicalJson", () => {
  test("equal values give equal text, whatever the order of their keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test("reads back as the value it was made from, so unequal values never share a text", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("keys stand in code-unit order, at every depth, without white space", () => {
    expect(canonicalJson({ b: 1, a: { z: [], B: null, "10": true, "9": "ü" } })).toBe('{"a":{"10":true,"9":"ü","B":null,"z":[]},"b":1}');
  });

  test("an astral key stands before one of U+FF5E, as code units have it", () => {
    expect(canonicalJson({ "\uff5e": 1, "\u{1f600}": 2 })).toBe('{"\u{1f600}":2,"\uff5e":1}');
  });

  test("an absent property and an undefined one are the same", () => {
    expect(canonicalJson({ a: 1, b: undefined })).toBe(canonicalJson({ a: 1 }));
    expect(canonicalJson([1, undefined])).toBe("[1,null]");
  });

  test("a key of the prototype's name is a key like any other", () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"b":1,"a":2},"a":1}'))).toBe('{"__proto__":{"a":2,"b":1},"a":1}');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, [Number.NEGATIVE_INFINITY], undefined, () => 1, { a: () => 1 }, [Symbol("s")]])(
    "%o cannot be held and throws",
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    },
  );

  test("bytes are the text's UTF-8", () => {
    expect(canonicalBytes({ a: "é" })).toEqual(new Uint8Array(Buffer.from('{"a":"é"}')));
  });
});
