/**
 * A calendar holds events and nothing else, and the contract of a store wants any key, bytes and headers: here they travel inside of
 * events. What is tried is the store below: its conditions, answers, races, refusals and readings.
 */

import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { BelayError } from "../../src/core/belay-error.ts";
import { bodyOf, bytesOf } from "../../src/core/body.ts";
import { compareKeys, keyProblem } from "../../src/core/paths/key.ts";
import type { Observed } from "../../src/core/plan/plan.ts";
import type { CallOptions, Reading, Store, WriteOutcome } from "../../src/ports/store.ts";

export const nameOf = (key: string): string => `${sha256(Buffer.from(key, "utf8")).slice(0, 32)}.ics`;

interface Held {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly rest: Pick<Observed, "headers" | "provenance">;
}

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString("base64");

/** The event in which an object travels. */
export function eventOf(key: string, bytes: Uint8Array, rest: object = {}): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "PRODID:-//belay//contract//EN",
    "VERSION:2.0",
    "BEGIN:VEVENT",
    "DTSTAMP:20260101T000000Z",
    "DTSTART:20260530T163000Z",
    `UID:${nameOf(key)}`,
    `X-BYTES:x${base64(bytes)}`,
    `X-KEY:x${base64(key)}`,
    `X-REST:x${base64(JSON.stringify(rest))}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ];
  return lines.map((line) => line.match(/.{1,70}/gu)?.join("\r\n ") ?? "").join("\r\n");
}

function heldIn(ics: Uint8Array): Held {
  const text = Buffer.from(ics)
    .toString("utf8")
    .replaceAll(/\r?\n /gu, "");
  const said = (name: string): Buffer =>
    Buffer.from(
      text
        .split(/\r?\n/u)
        .find((line) => line.startsWith(`${name}:x`))
        ?.slice(name.length + 2) ?? "",
      "base64",
    );
  const rest: Held["rest"] = JSON.parse(said("X-REST").toString("utf8") || "{}");
  return { key: said("X-KEY").toString("utf8"), bytes: said("X-BYTES"), rest: { headers: {}, ...rest } };
}

async function opened({ observed, body }: Reading): Promise<Reading> {
  const { key, bytes, rest } = heldIn(await bytesOf(body));
  const digest = sha256(bytes);
  return { observed: { ...observed, key, sizeBytes: bytes.byteLength, digest, ...rest }, body: bodyOf(bytes, digest) };
}

function requireKey(key: string): void {
  const problem = keyProblem(key);
  if (problem !== undefined) throw new BelayError("key-invalid", problem, "");
}

/** The store below as one that holds anything. */
export function envelopeStore(below: Store): Store {
  const read = async (key: string, options: CallOptions): Promise<Reading | undefined> => {
    requireKey(key);
    const reading = await below.read(nameOf(key), options);
    return reading && (await opened(reading));
  };
  const told = async (key: string, outcome: WriteOutcome, options: CallOptions): Promise<WriteOutcome> => {
    if (outcome.kind !== "conflict" || !outcome.found) return outcome;
    // What the store below found may be gone by now, and is what it says all the same.
    const reading = await read(key, options);
    return { kind: "conflict", found: reading?.observed };
  };
  return {
    name: below.name,
    guarantees: async (options) => await below.guarantees(options),
    list: async function* list(prefix, { signal, limit = Infinity }) {
      const all: Observed[] = [];
      for await (const { key } of below.list("", { signal })) {
        const reading = await below.read(key, { signal });
        if (reading) all.push((await opened(reading)).observed);
      }
      const meant = all.filter(({ key }) => key.startsWith(prefix)).toSorted((left, right) => compareKeys(left.key, right.key));
      for (const { digest: _, headers: __, provenance: ___, ...observed } of meant.slice(0, limit)) {
        signal.throwIfAborted();
        yield observed;
      }
    },
    read,
    write: async (request, options) => {
      const { key, headers, provenance } = request;
      options.signal.throwIfAborted();
      requireKey(key);
      const bytes = await bytesOf(request.body);
      if (sha256(bytes) !== request.body.digest || bytes.byteLength !== request.body.sizeBytes)
        throw new BelayError("input-changed", key, "");
      const ics = Buffer.from(eventOf(key, bytes, { headers, ...(provenance && { provenance }) }), "utf8");
      const inner = { expect: request.expect, key: nameOf(key), headers: {}, body: bodyOf(ics, sha256(ics)) };
      return await told(key, await below.write(inner, options), options);
    },
    remove: async (request, options) => {
      requireKey(request.key);
      return await told(request.key, await below.remove({ ...request, key: nameOf(request.key) }, options), options);
    },
  };
}
