/**
 * Any key and any bytes as events, so that a calendar can be asked for every promise of a store. Keys become base32hex ids, which
 * keeps their order; bytes and headers lie in an event's description. It adds no guard of its own: each call is one of the store's.
 */

import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { bodyOf, bytesOf, type Body } from "../../../src/core/body.ts";
import { canonicalBytes } from "../../../src/core/canonical-json.ts";
import { keyProblem } from "../../../src/core/paths/key.ts";
import type { Headers, Observed } from "../../../src/core/plan/plan.ts";
import type { CallOptions, Reading, Store, WriteOutcome } from "../../../src/ports/store.ts";
import { isObject, type EventFields } from "./google-answer.ts";

const digits = "0123456789abcdefghijklmnopqrstuv";
/** Ids have five characters at least, and this one sorts before the rest of any. */
const lead = "00000";

export function idOf(key: string): string {
  const bits = [...new TextEncoder().encode(key)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return lead + (bits.match(/.{1,5}/gu) ?? []).map((group) => digits.charAt(Number.parseInt(group.padEnd(5, "0"), 2))).join("");
}

function keyOf(id: string): string {
  const bits = Array.from(id.slice(lead.length), (digit) => digits.indexOf(digit).toString(2).padStart(5, "0")).join("");
  return new TextDecoder().decode(Uint8Array.from((bits.match(/.{8}/gu) ?? []).map((byte) => Number.parseInt(byte, 2))));
}

/** The fields of an event that stands for an object. */
export function fieldsOf(bytes: Uint8Array, headers: Headers): EventFields {
  return {
    summary: "an object",
    description: JSON.stringify({ base64: Buffer.from(bytes).toString("base64"), headers }),
    start: { dateTime: "2026-05-30T15:30:00-07:00" },
    end: { dateTime: "2026-05-30T18:30:00-07:00" },
  };
}

export function bridged(store: Store): Store {
  const read = async (key: string, options: CallOptions): Promise<Reading | undefined> => {
    const reading = await store.read(idOrInvalid(key), options);
    return reading && (await unwrapped(key, reading));
  };
  const outcome = async (key: string, sent: WriteOutcome, options: CallOptions): Promise<WriteOutcome> => {
    if (sent.kind !== "conflict" || !sent.found) return sent;
    const { revision } = sent.found;
    const now = (await read(key, options))?.observed;
    return { kind: "conflict", found: now?.revision === revision ? now : { ...sent.found, key } };
  };
  return {
    name: store.name,
    isRemote: true,
    guarantees: async (options) => await store.guarantees(options),
    read,
    async *list(prefix, { limit, ...options }) {
      let count = 0;
      // A prefix of a key is no prefix of its id: five bits are not a byte.
      for await (const observed of store.list("", options)) {
        const key = keyOf(observed.key);
        if (!key.startsWith(prefix)) continue;
        if (limit !== undefined && count >= limit) return;
        count += 1;
        const reading = await read(key, options);
        if (!reading) throw new Error(`${key} went while it was listed`);
        yield { ...reading.observed, revision: observed.revision };
      }
    },
    write: async ({ body, headers, ...request }, options) => {
      options.signal.throwIfAborted();
      const id = idOrInvalid(request.key);
      const bytes = canonicalBytes({ ...fieldsOf(await whole(body), headers), id });
      // Provenance is held to the event's own digest.
      const provenance = request.provenance && { ...request.provenance, digest: sha256(bytes) };
      const written = await store.write(
        { ...request, key: id, headers: {}, body: bodyOf(bytes, sha256(bytes)), ...(provenance && { provenance }) },
        options,
      );
      return await outcome(request.key, written, options);
    },
    remove: async (request, options) =>
      await outcome(request.key, await store.remove({ ...request, key: idOrInvalid(request.key) }, options), options),
  };
}

/** Keys that no store may take are handed on as they are, so that this one has to refuse them. */
const idOrInvalid = (key: string): string => (keyProblem(key) === undefined ? idOf(key) : key);

async function whole(body: Body): Promise<Uint8Array> {
  const bytes = await bytesOf(body);
  if (sha256(bytes) !== body.digest || bytes.byteLength !== body.sizeBytes) throw new Error("the body is not what it says");
  return bytes;
}

async function eventIn(body: Body): Promise<EventFields> {
  const event: unknown = JSON.parse(new TextDecoder().decode(await bytesOf(body)));
  return isObject(event) ? event : {};
}

async function unwrapped(key: string, { observed, body }: Reading): Promise<Reading> {
  const held: unknown = JSON.parse(String((await eventIn(body))["description"]));
  const bytes = isObject(held) ? Buffer.from(String(held["base64"]), "base64") : Buffer.alloc(0);
  const digest = sha256(bytes);
  const { revision, modifiedAtMs, provenance } = observed;
  const seen: Observed = {
    key,
    revision,
    sizeBytes: bytes.byteLength,
    digest,
    headers: isObject(held) ? textsIn(held["headers"]) : {},
    ...(modifiedAtMs !== undefined && { modifiedAtMs }),
    ...(provenance && { provenance: { ...provenance, digest } }),
  };
  return { observed: seen, body: bodyOf(bytes, digest) };
}

const textsIn = (value: unknown): Headers =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)])) : {};
