/** A table's store with any bytes, headers and provenance in its items, so that the contract of stores can be asked of it. */

import { openDynamoStore } from "../../src/adapters/dynamodb/dynamo-store.ts";
import { storeKeyOf } from "../../src/adapters/dynamodb/table-key.ts";
import type { Wire } from "../../src/adapters/shared/aws/wire.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { BelayError } from "../../src/core/belay-error.ts";
import { bodyOf, bytesOf, type Body } from "../../src/core/body.ts";
import { asDigest, asStoreName } from "../../src/core/brand.ts";
import { compareKeys, keyProblem } from "../../src/core/paths/key.ts";
import type { Observed, Provenance } from "../../src/core/plan/plan.ts";
import { itemBytes, itemOf, type Item } from "../../src/core/records/typed-item.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { CallOptions, ListOptions, Reading, Store, WriteOutcome, WriteRequest } from "../../src/ports/store.ts";

export interface TableAt {
  readonly table: string;
  readonly wire: () => Promise<Wire>;
  readonly runtime: Runtime;
}

/** The table's key: one text. */
export const objectKey: readonly string[] = ["id"];

/** What a stranger writes under a key: bytes and nothing else. */
export const strangersItem = (key: string, bytes: Uint8Array): Item => ({
  id: { S: key },
  body: { B: Buffer.from(bytes).toString("base64") },
});

export function openObjectsInItems(at: TableAt): Store {
  const inner = openDynamoStore({ name: asStoreName(`dynamodb:${at.table}`), key: objectKey, ...at });
  const read = async (key: string, options: CallOptions): Promise<Reading | undefined> => {
    const reading = await inner.read(innerKey(key), options);
    return reading && (await translated(key, reading));
  };
  const outcomeOf = async (key: string, outcome: WriteOutcome, options: CallOptions): Promise<WriteOutcome> => {
    if (outcome.kind !== "conflict" || !outcome.found) return outcome;
    const now = await read(key, options);
    return { kind: "conflict", found: { ...(now?.observed ?? outcome.found), key, revision: outcome.found.revision } };
  };
  return {
    name: inner.name,
    isRemote: true,
    guarantees: async (options) => await inner.guarantees(options),
    read,
    async *list(prefix: string, options: ListOptions) {
      const found: Observed[] = [];
      for await (const { key } of inner.list("", { signal: options.signal })) {
        const reading = await read(decodeURIComponent(key), options);
        if (reading?.observed.key.startsWith(prefix) === true) found.push(reading.observed);
      }
      for (const observed of found.toSorted((one, other) => compareKeys(one.key, other.key)).slice(0, options.limit)) {
        options.signal.throwIfAborted();
        yield observed;
      }
      options.signal.throwIfAborted();
    },
    write: async (request, options) => {
      const { key, expect, confirm } = request;
      const inside = { key: innerKey(key), expect, body: await itemBody(request), headers: {}, ...(confirm && { confirm }) };
      return await outcomeOf(key, await inner.write(inside, options), options);
    },
    remove: async (request, options) =>
      await outcomeOf(request.key, await inner.remove({ ...request, key: innerKey(request.key) }, options), options),
  };
}

/** What is no key is passed on as it is, for the store to refuse. */
const innerKey = (key: string): string =>
  keyProblem(key) === undefined ? (storeKeyOf([{ name: "id", type: "S" }], { id: { S: key } }) ?? key) : key;

async function itemBody({ key, body, headers, provenance }: WriteRequest): Promise<Body> {
  const bytes = await bytesOf(body);
  if (sha256(bytes) !== body.digest || bytes.byteLength !== body.sizeBytes)
    throw new BelayError("input-changed", "the body is not what it said", "Run it again.");
  const texts = Object.entries(headers).map(([name, value]) => [name, { S: value }] as const);
  const item: Item = {
    ...strangersItem(key, bytes),
    ...(texts.length > 0 && { headers: { M: Object.fromEntries(texts) } }),
    ...(provenance && { provenance: { S: JSON.stringify(provenance) } }),
  };
  const held = itemBytes(item);
  return bodyOf(held, sha256(held));
}

async function translated(key: string, { observed, body }: Reading): Promise<Reading> {
  const item = itemOf(JSON.parse(Buffer.from(await bytesOf(body)).toString("utf8"))) ?? {};
  const bytes = Buffer.from(textOf(item, "body", "B"), "base64");
  const headers = item["headers"] && "M" in item["headers"] ? item["headers"].M : {};
  const digest = sha256(bytes);
  const provenance = provenanceIn(textOf(item, "provenance", "S"));
  return {
    observed: {
      key,
      revision: observed.revision,
      sizeBytes: bytes.byteLength,
      digest,
      headers: Object.fromEntries(Object.keys(headers).map((name) => [name, textOf(headers, name, "S")])),
      ...(provenance && { provenance }),
    },
    body: bodyOf(bytes, digest),
  };
}

function textOf(item: Item, name: string, type: "S" | "B"): string {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  if (value && "S" in value && type === "S") return value.S;
  return value && "B" in value && type === "B" ? value.B : "";
}

function provenanceIn(text: string): Provenance | undefined {
  if (text === "") return undefined;
  const said = new Map<string, unknown>(Object.entries(Object(JSON.parse(text))));
  const word = (name: string): string => textIn(said.get(name));
  const commit = said.get("commit");
  return {
    plan: asDigest(word("plan")),
    release: word("release"),
    digest: asDigest(word("digest")),
    ...(said.has("parent") && { parent: asDigest(word("parent")) }),
    ...(typeof commit === "string" && { commit }),
    actor: word("actor"),
    at: word("at"),
  };
}

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");
