/** The ledger's folded state as a checkpoint or a cache holds it. */

import * as v from "valibot";
import { canonicalBytes } from "../../core/canonical-json.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import { recordsSchemaOf } from "./record-entry-codec.ts";
import { actorSchema, digestSchema } from "./base-schemas.ts";
import { signedSchema, jsonOf, foundSchema, outcomeSchema, revisionsSchema } from "./entry-codec.ts";

const text = v.string();
const texts = v.array(v.string());
const seq = v.pipe(v.number(), v.integer(), v.minValue(1));

const openPlan = v.object({
  plan: digestSchema,
  release: text,
  intent: text,
  title: text,
  by: actorSchema,
  at: text,
  commit: v.exactOptional(text),
  carries: v.exactOptional(digestSchema),
  ownedSince: seq,
  undoing: v.boolean(),
  isQuiet: v.boolean(),
  left: v.exactOptional(v.object({ at: v.string(), isInFlight: v.boolean() })),
});

const release = v.object({
  id: text,
  plan: digestSchema,
  title: text,
  intent: text,
  at: text,
  by: actorSchema,
  commit: v.exactOptional(text),
  carries: v.exactOptional(digestSchema),
  as: v.picklist(["applied", "stopped", "undone"]),
  exceptions: texts,
  snapshot: v.exactOptional(text),
  invalidation: v.exactOptional(text),
  revisions: v.exactOptional(revisionsSchema),
});

const approval = v.object({
  seq,
  site: text,
  target: text,
  plan: digestSchema,
  signer: text,
  key: text,
  expires: text,
  signature: text,
});

const verified = v.object({ seq, at: text, by: actorSchema, document: digestSchema, outcome: outcomeSchema });

const target = v.object({
  basis: v.nullable(v.object({ seq, hash: digestSchema })),
  open: v.nullable(openPlan),
  releases: v.array(release),
  hasBaseline: v.boolean(),
  manifest: v.exactOptional(digestSchema),
  verified: v.exactOptional(verified),
  looks: v.exactOptional(v.array(verified)),
  found: v.array(foundSchema),
});

const policy = v.object({
  digest: digestSchema,
  at: text,
  by: v.picklist(["first-use", "person", "signature"]),
  chain: v.exactOptional(v.array(v.object({ digest: digestSchema, at: text, signed: v.exactOptional(signedSchema) }))),
});

const state: v.GenericSchema<unknown, LedgerState> = v.object({
  id: digestSchema,
  head: v.object({ seq, hash: digestSchema }),
  targets: v.record(text, target),
  warnings: v.array(v.object({ id: text, site: text, target: v.exactOptional(text), paths: texts, text, openedAt: text, by: actorSchema })),
  tokens: v.record(text, texts),
  unseenMerges: v.array(v.object({ id: text, site: text, target: text, paths: texts, by: actorSchema, at: text })),
  approvals: v.array(approval),
  policies: v.record(text, policy),
  notices: v.array(v.object({ about: text, at: text })),
  records: v.exactOptional(recordsSchemaOf(actorSchema)),
});

const checkpoint = v.object({ format: v.literal(1), state });

/** The state in a JSON value, or `undefined` where it is none. That it is *true* is shown only by the chain. */
export function parseState(value: unknown): LedgerState | undefined {
  const parsed = v.safeParse(state, value);
  return parsed.success ? parsed.output : undefined;
}

/** The state in a checkpoint's bytes, or `undefined` where they cannot be read as one. */
export function parseCheckpoint(bytes: Uint8Array): LedgerState | undefined {
  const parsed = v.safeParse(checkpoint, jsonOf(bytes));
  return parsed.success ? parsed.output.state : undefined;
}

export const checkpointBytes = (held: LedgerState): Uint8Array => canonicalBytes({ format: 1, state: held });
