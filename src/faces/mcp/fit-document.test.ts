import { expect, test } from "vitest";
import { documentMax, fitDocument } from "./fit-document.ts";

test("a short document stays as it is, less what is undefined", () => {
  expect(fitDocument({ format: 1, left: undefined, list: [1, "two", null, { three: true }] })).toEqual({
    document: { format: 1, list: [1, "two", null, { three: true }] },
    cut: [],
  });
});

test("what a terminal obeys, and what makes text look like other text, never leaves; line ends and tabs do", () => {
  const { document } = fitDocument({ "a\u001bb": "red\u001b[31m\r\n\tnext\u202egnp.\u2066\u{e0041}" });
  expect(document).toEqual({ "a\ufffdb": "red\ufffd[31m\n\tnext\ufffdgnp.\ufffd\ufffd" });
});

test("the longest text is cut, and how much there was is told", () => {
  const { document, cut } = fitDocument({ short: "stays", long: "x".repeat(200_000) });
  expect(JSON.stringify(document).length).toBeLessThanOrEqual(documentMax);
  expect(document["short"]).toBe("stays");
  expect(cut).toEqual([{ at: "long", shown: expect.any(Number), total: 200_000, of: "characters" }]);
  expect(JSON.stringify(document).length).toBeGreaterThan(documentMax / 4);
});

test("a long list keeps its first items whole, wherever it stands", () => {
  const items = Array.from({ length: 20_000 }, (_, index) => ({ path: `page-${index}.html`, lineage: "behind" }));
  const { document, cut } = fitDocument({ targets: [{ name: "production", objects: items }] });
  expect(JSON.stringify(document).length).toBeLessThanOrEqual(documentMax);
  expect(document).toMatchObject({ targets: [{ name: "production", objects: expect.arrayContaining([items[0], items[1]]) }] });
  expect(cut).toEqual([{ at: "targets.0.objects", shown: expect.any(Number), total: 20_000, of: "items" }]);
});

test("many long texts in many items fit, too", () => {
  const items = Array.from({ length: 300 }, (_, index) => ({ index, text: "é".repeat(3000) }));
  expect(JSON.stringify(fitDocument({ items }).document).length).toBeLessThanOrEqual(documentMax);
});

test("a key called __proto__ is data like any other", () => {
  const { document } = fitDocument({ held: JSON.parse('{"__proto__": {"polluted": true}}') });
  expect(Object.hasOwn({}, "polluted")).toBe(false);
  expect(JSON.stringify(document)).toContain("held");
});
