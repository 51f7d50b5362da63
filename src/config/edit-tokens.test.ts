import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";

import type { FeatureToken } from "../core/site.ts";
import { addToken, removeToken } from "./edit-tokens.ts";
import { parseConfig } from "./load-config.ts";

const aligned = `# Tide club
version:   1
site:
  root:    public   # the folder

  targets:
    staging:    { store:   s3://tide-staging }   # by hand
  tokens:                       # D7
    # The table of tides.
    TIDE_TABLE:  { file: index.html,   contains: "data-tides" }   # since May
    OLD_FERRY:   { file: 'times.html', absent: "Ferry at 9" }
    # No more below.

limits:   { deletes: 3 }
`;
const token: FeatureToken = { name: "STRIPE", file: "book.html", rule: "contains", text: 'data-"stripe": #1' };
const added = '    STRIPE: { file: book.html, contains: "data-\\"stripe\\": #1" }';

const tokensOf = (text: string, site = "default"): readonly FeatureToken[] | undefined =>
  parseConfig(text, "/w/belay.yaml").sites.find(({ name }) => name === site)?.tokens;
const head = "version: 1\nsite:\n  root: p\n  targets: { live: { store: s3://tide-live } }\n";

describe("adding a token", () => {
  test("adds one line behind the last token and leaves every other line as it is", () => {
    const lines = addToken(aligned, "default", token).split("\n");
    expect(lines[11]).toBe(added);
    expect(lines.toSpliced(11, 1).join("\n")).toBe(aligned);
  });

  test("keeps CRLF, a byte order mark and a missing last newline", () => {
    const crlf = `\uFEFF${aligned.replaceAll("\n", "\r\n")}`;
    expect(addToken(crlf, "default", token)).toBe(`\uFEFF${addToken(aligned, "default", token).replaceAll("\n", "\r\n")}`);
    expect(addToken(`${head}  tokens:\n    A: { file: a, contains: b }`, "default", token)).toBe(
      `${head}  tokens:\n    A: { file: a, contains: b }\n${added}\n`,
    );
  });

  test.each([
    ["no tokens yet", head, `${head}  tokens:\n${added}\n`],
    [
      "no tokens yet and more keys behind the site",
      `${head}  headers:\n    - match: a\n      expires: "2030-01-01"\n# end\nlimits: {}\n`,
      `${head}  headers:\n    - match: a\n      expires: "2030-01-01"\n  tokens:\n${added}\n# end\nlimits: {}\n`,
    ],
    ["an empty map", `${head}  tokens: {} # none\n`, `${head}  tokens: { ${added.trim()} } # none\n`],
    [
      "tokens in braces",
      `${head}  tokens: { A: { file: a, contains: b } } # one\n`,
      `${head}  tokens: { A: { file: a, contains: b }, ${added.trim()} } # one\n`,
    ],
    [
      "a token over several lines",
      `${head}  tokens:\n    A:\n      file: a\n      contains: b # why\nlimits: {}\n`,
      `${head}  tokens:\n    A:\n      file: a\n      contains: b # why\n${added}\nlimits: {}\n`,
    ],
    [
      "a token that ends in a block",
      `${head}  tokens:\n    A:\n      file: a\n      contains: |\n        two\n        lines\n`,
      `${head}  tokens:\n    A:\n      file: a\n      contains: |\n        two\n        lines\n${added}\n`,
    ],
    [
      "comments behind the last token",
      `${head}  tokens:\n    A:\n      file: a\n      contains: b\n      # inner\n    # outer\n\n# end\nlimits: {}\n`,
      `${head}  tokens:\n    A:\n      file: a\n      contains: b\n${added}\n      # inner\n    # outer\n\n# end\nlimits: {}\n`,
    ],
    [
      "a deeper indent",
      `${head}  tokens:\n      A: { file: a, contains: b }\n`,
      `${head}  tokens:\n      A: { file: a, contains: b }\n  ${added}\n`,
    ],
  ])("with %s", (_, before, after) => {
    expect(addToken(before, "default", token)).toBe(after);
    expect(tokensOf(after)?.at(-1)).toEqual(token);
  });

  test("finds the site by name, also where the whole file is in braces", () => {
    const sites =
      'version: 1\nsites: { a: { root: a, targets: { x: { store: "s3://tide-a" } } }, b: { root: b, targets: { x: { store: "s3://tide-b" } } } }\n';
    const after = addToken(sites, "b", token);
    expect(after.slice(0, sites.indexOf(" } } }\n"))).toBe(sites.slice(0, sites.indexOf(" } } }\n")));
    expect(tokensOf(after, "b")).toEqual([token]);
    expect(tokensOf(after, "a")).toEqual([]);
  });

  test("says the same twice without a change, and never replaces another", () => {
    const once = addToken(aligned, "default", token);
    expect(addToken(once, "default", token)).toBe(once);
    expect(() => addToken(once, "default", { ...token, rule: "absent" })).toThrow("STRIPE is registered already");
  });

  test.each([
    ["a name in lower case", { ...token, name: "stripe" }, "stripe cannot name a token"],
    ["no text", { ...token, text: "" }, "contains must hold more than white space"],
    ["a file outside the site", { ...token, file: "../x" }, "cannot be the path of a file"],
  ])("refuses %s", (_, wrong, message) => {
    expect(() => addToken(aligned, "default", wrong)).toThrow(message);
  });

  test("refuses a site that is not there", () => {
    expect(() => addToken(aligned, "shop", token)).toThrow("no site shop");
  });
});

describe("removing a token", () => {
  test("removes its line and leaves every other line as it is", () => {
    const lines = aligned.split("\n");
    expect(removeToken(aligned, "default", "OLD_FERRY")).toBe(lines.toSpliced(10, 1).join("\n"));
    expect(removeToken(aligned, "default", "TIDE_TABLE")).toBe(lines.toSpliced(9, 1).join("\n"));
  });

  test("of the last one leaves an empty map", () => {
    const before = `${head}  tokens: # D7\n    A:\n      file: a\n      contains: |\n        two\n        lines\nlimits: {}\n`;
    expect(removeToken(before, "default", "A")).toBe(`${head}  tokens: {} # D7\nlimits: {}\n`);
  });

  test.each([
    ["A", "{ B: { file: b, contains: b }, C: { file: c, contains: c } }"],
    ["B", "{ A: { file: a, contains: a }, C: { file: c, contains: c } }"],
    ["C", "{ A: { file: a, contains: a }, B: { file: b, contains: b } }"],
  ])("in braces takes its comma with it (%s)", (name, rest) => {
    const before = `${head}  tokens: { A: { file: a, contains: a }, B: { file: b, contains: b }, C: { file: c, contains: c } } # all\n`;
    expect(removeToken(before, "default", name)).toBe(`${head}  tokens: ${rest} # all\n`);
  });

  test("names the tokens that there are where this one is not", () => {
    expect(() => removeToken(aligned, "default", "FERRY")).toThrow(
      expect.objectContaining({ code: "input-invalid", remedy: "Registered are: TIDE_TABLE, OLD_FERRY." }),
    );
  });

  test("undoes adding, byte for byte, whatever the token says", () => {
    const text = string({ unit: "grapheme", minLength: 1 }).filter((one) => one.trim() !== "" && one.isWellFormed());
    assert(
      property(text, constantFrom("contains", "absent"), (said, rule) => {
        const one: FeatureToken = { name: "ANY", file: "a, b.html", rule, text: said };
        const after = addToken(aligned, "default", one);
        expect(tokensOf(after)?.at(-1)).toEqual(one);
        expect(removeToken(after, "default", "ANY")).toBe(aligned);
      }),
      { numRuns: 200 },
    );
  });
});
