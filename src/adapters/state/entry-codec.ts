/** Ledger entries as bytes: canonical JSON out, structurally checked values in. */

import * as v from "valibot";
import { BelayError } from "../../core/belay-error.ts";
import { asRevision, type Digest, type Revision } from "../../core/brand.ts";
import type { Entry, OutOfBandWrite } from "../../core/ledger/entry.ts";
import type { Found } from "../../core/ledger/fold.ts";
import { actorSchema, digestSchema } from "./base-schemas.ts";
import { brokenAt } from "./ledger-broken.ts";
import { entryKey } from "./ledger-keys.ts";
import { recordKinds } from "./record-entry-codec.ts";

const text = v.string();
const texts = v.array(v.string());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const exception = v.object({
  path: text,
  what: v.picklist(["left-to-stranger", "not-put-back"]),
  found: v.exactOptional(digestSchema),
});

/** Paths with the revisions that their writes were acknowledged with, or the digest of a document that lists them. */
export const revisionsSchema: v.GenericSchema<unknown, (readonly [string, Revision])[] | Digest> = v.union([
  digestSchema,
  v.array(v.tuple([text, v.pipe(v.string(), v.transform(asRevision))])),
]);
export const outcomeSchema: v.GenericSchema<unknown, "good" | "bad" | "unknown"> = v.picklist(["good", "bad", "unknown"]);
const outOfBandKeys = {
  path: text,
  found: v.exactOptional(digestSchema),
  headers: v.exactOptional(v.record(text, text)),
  sizeBytes: v.exactOptional(count),
  prior: v.exactOptional(digestSchema),
  at: v.exactOptional(text),
  by: v.exactOptional(text),
  version: v.exactOptional(text),
  unkept: v.exactOptional(v.array(v.picklist(["found", "prior"]))),
};
/** As the fold keeps it: with the entry and the warning that it came in. */
export const foundSchema: v.GenericSchema<unknown, Found> = v.object({
  ...outOfBandKeys,
  seq: v.pipe(count, v.minValue(1)),
  warning: text,
});
const outOfBandSchema: v.GenericSchema<unknown, OutOfBandWrite> = v.object(outOfBandKeys);
const signed = { signer: text, key: text, expires: text, signature: text };
export const signedSchema: v.GenericSchema<unknown, NonNullable<Extract<Entry, { kind: "policy-approved" }>["signed"]>> = v.object(signed);

const link = { format: v.literal(1), seq: v.pipe(count, v.minValue(1)), at: text, prev: digestSchema, nonce: text, actor: actorSchema };
const onTarget = { ...link, site: text, target: text };
const onPlan = { ...onTarget, plan: digestSchema };

const kinds = {
  baseline: v.object({
    ...onTarget,
    kind: v.literal("baseline"),
    files: count,
    same: count,
    tokens: texts,
    manifest: v.exactOptional(digestSchema),
    policy: v.exactOptional(digestSchema),
  }),
  started: v.object({
    ...onPlan,
    kind: v.literal("started"),
    intent: text,
    title: text,
    release: text,
    files: count,
    commit: v.exactOptional(text),
    tokens: texts,
    policy: v.exactOptional(digestSchema),
    approvals: v.exactOptional(v.array(count)),
    emergency: v.exactOptional(text),
    carries: v.exactOptional(digestSchema),
  }),
  adopted: v.object({ ...onPlan, kind: v.literal("adopted"), isQuiet: v.boolean(), why: text }),
  left: v.object({ ...onTarget, kind: v.literal("left"), plan: digestSchema, why: text, isInFlight: v.boolean() }),
  undoing: v.object({ ...onPlan, kind: v.literal("undoing"), why: text }),
  ended: v.object({
    ...onPlan,
    kind: v.literal("ended"),
    as: v.picklist(["applied", "stopped", "undone"]),
    release: text,
    exceptions: v.array(exception),
    stagingInvalidation: text,
    productionInvalidation: text,
    snapshot: v.exactOptional(text),
    revisions: v.exactOptional(revisionsSchema),
  }),
  warned: v.object({ ...link, kind: v.literal("warned"), site: text, target: v.exactOptional(text), warning: text, paths: texts, text }),
  resolved: v.object({
    ...link,
    kind: v.literal("resolved"),
    site: text,
    warning: text,
    paths: texts,
    how: v.picklist(["pull", "person"]),
    why: text,
  }),
  merged: v.object({ ...onTarget, kind: v.literal("merged"), paths: texts, attended: v.boolean() }),
  verified: v.object({
    ...onTarget,
    kind: v.literal("verified"),
    document: digestSchema,
    files: count,
    outcome: outcomeSchema,
    note: v.exactOptional(text),
  }),
  approved: v.object({ ...onPlan, kind: v.literal("approved"), ...signed }),
  "policy-approved": v.object({
    ...link,
    kind: v.literal("policy-approved"),
    site: text,
    policy: digestSchema,
    why: text,
    signed: v.exactOptional(signedSchema),
  }),
  "out-of-band": v.object({ ...onTarget, kind: v.literal("out-of-band"), warning: text, writes: v.array(outOfBandSchema) }),
  notified: v.object({
    ...link,
    kind: v.literal("notified"),
    site: text,
    target: v.exactOptional(text),
    about: text,
    channels: v.array(v.object({ channel: text, outcome: v.picklist(["delivered", "failed"]) })),
  }),
  hardened: v.object({
    ...link,
    kind: v.literal("hardened"),
    site: text,
    bucket: text,
    settings: texts,
    as: v.picklist(["applied", "stopped"]),
    prior: v.exactOptional(digestSchema),
    policy: v.exactOptional(digestSchema),
  }),
  "token-retired": v.object({ ...link, kind: v.literal("token-retired"), site: text, token: text, why: text }),
  ...recordKinds,
} satisfies { readonly [Kind in Entry["kind"]]: v.GenericSchema<unknown, Extract<Entry, { kind: Kind }>> };

const schemaOf: ReadonlyMap<string, v.GenericSchema<unknown, Entry>> = new Map(Object.entries(kinds));
const head = v.object({ format: v.number(), kind: v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,40}$/u)) });
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A JSON value from bytes, or `undefined` where they are not JSON in UTF-8. */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return value;
  } catch {
    return undefined;
  }
}

/**
 * The entry in these bytes. Throws `ledger-broken` where they are no entry, or one with another sequence number,
 * and `not-supported` where a newer belay wrote them: to pass over what it said would be to act against it.
 */
export function parseEntry(bytes: Uint8Array, seq: number): Entry {
  const value = jsonOf(bytes);
  const outline = v.safeParse(head, value);
  if (!outline.success) throw brokenAt(seq, "cannot be read as an entry: it is damaged or cut short");
  const { format, kind } = outline.output;
  const schema = schemaOf.get(kind);
  if (format > 1 || schema === undefined) {
    throw new BelayError(
      "not-supported",
      `Ledger entry ${seq} (${entryKey(seq)}) was written by a newer belay: it is of kind ${kind}, format ${format}.`,
      "Upgrade belay on this machine to the version that wrote it, or a later one.",
    );
  }
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) throw brokenAt(seq, `cannot be read as an entry of kind ${kind}`);
  if (parsed.output.seq !== seq) throw brokenAt(seq, `calls itself entry ${parsed.output.seq}`);
  return parsed.output;
}
