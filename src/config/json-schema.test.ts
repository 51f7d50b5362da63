import { readFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";

import { belayJsonSchema, belayJsonSchemaText } from "./json-schema.ts";
import { parseConfig } from "./load-config.ts";
import { readYaml } from "./read-yaml.ts";

/** As much of JSON Schema as belay's uses; a keyword it does not know fails the test rather than pass for satisfied. */
type Schema = Readonly<Record<string, unknown>>;
const annotations = new Set(["$schema", "title", "description", "examples"]);
const isMap = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);
const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : value === null ? "null" : typeof value);

function accepts(schema: unknown, value: unknown): boolean {
  if (!isMap(schema)) throw new Error("A schema must be a map.");
  return Object.entries(schema).every(([keyword, says]) => {
    const holds = keywords[keyword];
    if (holds === undefined && !annotations.has(keyword)) throw new Error(`The test knows no keyword ${keyword}.`);
    return holds === undefined || holds(says, value, schema);
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const keysOf = (value: unknown): readonly string[] => (isMap(value) ? Object.keys(value) : []);
const mapOf = (value: unknown): Schema => (isMap(value) ? value : {});
const own = (map: unknown, key: string): unknown => (isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined);

const keywords: Readonly<Record<string, (says: unknown, value: unknown, schema: Schema) => boolean>> = {
  type: (says, value) => (says === "integer" ? Number.isInteger(value) : typeOf(value) === says),
  const: (says, value) => value === says,
  enum: (says, value) => listOf(says).includes(value),
  pattern: (says, value) => typeof value !== "string" || new RegExp(String(says), "u").test(value),
  minLength: (says, value) => typeof value !== "string" || value.length >= Number(says),
  minimum: (says, value) => typeof value !== "number" || value >= Number(says),
  maximum: (says, value) => typeof value !== "number" || value <= Number(says),
  minItems: (says, value) => !Array.isArray(value) || value.length >= Number(says),
  minProperties: (says, value) => !isMap(value) || keysOf(value).length >= Number(says),
  required: (says, value) => !isMap(value) || listOf(says).every((key) => Object.hasOwn(value, String(key))),
  items: (says, value) => listOf(value).every((item) => accepts(says, item)),
  anyOf: (says, value) => listOf(says).some((one) => accepts(one, value)),
  oneOf: (says, value) => listOf(says).filter((one) => accepts(one, value)).length === 1,
  propertyNames: (says, value) => keysOf(value).every((key) => accepts(says, key)),
  properties: (says, value) => keysOf(value).every((key) => own(says, key) === undefined || accepts(own(says, key), own(value, key))),
  additionalProperties: (says, value, schema) => {
    const others = keysOf(value).filter((key) => !Object.hasOwn(mapOf(schema["properties"]), key));
    return says === false ? others.length === 0 : others.every((key) => accepts(says, own(value, key)));
  },
};

function parserAccepts(text: string): boolean {
  try {
    parseConfig(text, "/w/belay.yaml");
    return true;
  } catch {
    return false;
  }
}

const wrapped = (keys: string, top = ""): string =>
  `version: 1\nsite:\n  root: p\n  targets: { a: { store: s3://tide-a }, b: { store: s3://tide-b } }\n${keys === "" ? "" : `  ${keys}\n`}${top}\n`;

const kind =
  "records: { booking: { zone: UTC, fields: { code: key }, systems: { t: { store: dynamodb:tides, key: a, fields: { code: a } } } } }";

describe("the JSON Schema and the parser agree", () => {
  const schema = belayJsonSchema();

  test.each([
    ["the least", wrapped("")],
    [
      "every list and map",
      wrapped("ignore: [a]\n  include: [b]\n  except: { a: [c] }\n  headers: [{ match: a, expires: 2030-01-01 }]\n  unit: any"),
    ],
    ["tokens", wrapped('tokens: { A: { file: a, contains: b }, B_2: { file: a, absent: "é" } }')],
    ["limits in numbers", wrapped("limits: { deletes: 0, files: 1, bytes: 1 }")],
    ["limits in sizes", wrapped("", "limits: { bytes: 1.5 GiB }")],
    ["notify", wrapped("", "notify: { webhook: http://127.0.0.1:9/a, slack: env:A_1, command: env:BELAY_B_1 }")],
    ["guard", wrapped("", "guard: { aliases: { x: tide-a }, mounts: { /m: tide-b } }")],
    ["records", wrapped("", kind)],
    [
      "records with maps and lists",
      wrapped("", kind.replace("code: key", "code: { type: key, words: [a] }").replace("key: a", "key: [a, b:N]")),
    ],
    ["sites", "version: 1\nsites: { x: { root: p, targets: { a: { store: s3://tide-a } } } }"],
  ])("that %s is good", (_, text) => {
    expect(parserAccepts(text)).toBe(true);
    expect(accepts(schema, readYaml(text).value)).toBe(true);
  });

  test.each([
    ["another version", wrapped("").replace("version: 1", "version: 2")],
    ["an unknown key", wrapped("", "stat: a")],
    ["an unknown key of a target", wrapped("").replace("store: s3://tide-a", "store: s3://tide-a, stor: x")],
    ["an unknown header", wrapped("headers: [{ match: a, x-frame-options: DENY }]")],
    ["a rule without headers", wrapped("headers: [{ match: a }]")],
    ["neither site nor sites", "version: 1"],
    ["site and sites", wrapped("", "sites: { x: { root: q, targets: { a: { store: s3://tide-c } } } }")],
    ["a token with both rules", wrapped("tokens: { A: { file: a, contains: b, absent: c } }")],
    ["a token with neither rule", wrapped("tokens: { A: { file: a } }")],
    ["a token in lower case", wrapped("tokens: { a: { file: a, absent: c } }")],
    ["a target in capitals", wrapped("").replace("a: {", "A: {")],
    ["no targets", "version: 1\nsite: { root: p, targets: {} }"],
    ["no root", "version: 1\nsite: { targets: { a: { store: s3://tide-a } } }"],
    ["an unknown unit", wrapped("unit: pages")],
    ["a list for a map", wrapped("", "limits: []")],
    ["an empty list", wrapped("ignore:")],
    ["a size of words", wrapped("", "limits: { bytes: 10 gigs }")],
    ["a fraction of a file", wrapped("", "limits: { files: 1.5 }")],
    ["a command of the repository's", wrapped("", "notify: { command: ./tell.sh }")],
    ["a variable that was not made for commands", wrapped("", "notify: { command: env:SHELL }")],
    ["a secret in the open", wrapped("", "notify: { slack: https://hooks.example.com/x }")],
    ["an approval less than none", wrapped("").replace("store: s3://tide-a", "store: s3://tide-a, approvals: -1")],
    ["another CDN", wrapped("").replace("store: s3://tide-a", "store: s3://tide-a, cdn: fastly:x")],
    ["a kind without a zone", wrapped("", kind.replace("zone: UTC, ", ""))],
    ["an unknown key of a kind", wrapped("", kind.replace("zone: UTC", "zone: UTC, zones: UTC"))],
    ["an unknown key of a system", wrapped("", kind.replace("key: a", "key: a, keys: a"))],
    ["an unknown key of a field", wrapped("", kind.replace("code: key", "code: { type: key, word: a }"))],
    ["a password in the open", wrapped("", kind.replace("key: a", "key: a, password: b"))],
    ["an empty key", wrapped("", kind.replace("key: a", "key: []"))],
    ["a header of two lines", wrapped('headers: [{ match: a, cache-control: "a\\nb" }]')],
  ])("that %s is bad", (_, text) => {
    expect(parserAccepts(text)).toBe(false);
    expect(accepts(schema, readYaml(text).value)).toBe(false);
  });
});

test("the JSON Schema names itself, shows an example that it accepts, and describes and closes every map", () => {
  const schema = belayJsonSchema();
  expect(schema).toMatchObject({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "belay.yaml",
    description: expect.any(String),
  });
  for (const example of schema.examples ?? []) expect(accepts(schema, example)).toBe(true);
  expect(schema.examples).toHaveLength(1);

  const bare: string[] = [];
  const walk = (one: unknown, path: string): void => {
    if (!isMap(one)) return;
    for (const [key, inner] of Object.entries(isMap(one["properties"]) ? one["properties"] : {})) {
      if (!isMap(inner) || typeof inner["description"] !== "string") bare.push(`${path}.${key} says nothing`);
      walk(inner, `${path}.${key}`);
    }
    if (one["type"] === "object" && isMap(one["properties"]) && one["additionalProperties"] !== false) bare.push(`${path} is open`);
    walk(one["additionalProperties"], `${path}.*`);
    walk(one["items"], `${path}[]`);
  };
  walk(schema, "");
  expect(bare).toEqual([]);
});

test("schema/belay.schema.json is what the source makes now (else: node scripts/schema.mjs)", async () => {
  expect(await readFile(new URL("../../schema/belay.schema.json", import.meta.url), "utf8")).toBe(belayJsonSchemaText());
});
