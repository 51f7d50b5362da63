/**
 * Writes a hardening plan. S3 has no conditional write for a bucket's settings, so each one is read right before it is written and
 * again afterwards: what somebody else puts between that look and the write is lost, unless they put it after ours, which shows.
 */

import { BelayError } from "../../core/belay-error.ts";
import { bodyOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import type { HardenPlan, SettingChange } from "../../core/harden/harden-plan.ts";
import { samePolicy } from "../../core/harden/merge-policy.ts";
import type { BucketHardener } from "../../ports/hardener.ts";
import type { BucketInspector } from "../../ports/inspector.ts";
import type { CallOptions } from "../../ports/store.ts";
import { appendAlways } from "../append-always.ts";
import type { Context, Workbench } from "../workbench.ts";
import type { Hardening } from "./harden.ts";

export type HardenOutcome =
  | { readonly kind: "nothing-to-do" | "declined" }
  | { readonly kind: "refused" }
  | { readonly kind: "applied"; readonly written: readonly SettingChange[]; readonly seq: number }
  /** A setting was not as the plan shows it, or not as it was written; what was written before stands. */
  | {
      readonly kind: "conflict";
      readonly written: readonly SettingChange[];
      readonly at: SettingChange;
      readonly found: "before" | "after";
    }
  /** A write was acknowledged, or its answer lost, and the setting still reads as before. */
  | { readonly kind: "unsettled"; readonly written: readonly SettingChange[]; readonly at: SettingChange };

/** Shows the plan, and asks. */
export type ConfirmHardening = (hardening: Hardening) => Promise<"go" | "stop">;

/** Settings of buckets are eventually consistent: a look right after a write may still see what was there. */
const looksMax = 5;
const lookPauseMs = 1000;

/** Throws `person-needed` for an agent, whatever stands on its command line, and a write's own error where the server refused it. */
export async function applyHardening(
  bench: Workbench,
  hardening: Hardening,
  confirm: ConfirmHardening,
  context: Context,
): Promise<HardenOutcome> {
  const { plan } = hardening;
  if (plan.refusals.length > 0) return { kind: "refused" };
  if (plan.changes.length === 0) return { kind: "nothing-to-do" };
  requireNoAgent(bench, plan.bucket);
  if ((await confirm(hardening)) === "stop") return { kind: "declined" };
  const writing = await openWriting(bench);
  for (const change of plan.changes) {
    if (!(await writing.isAsPlanned(change, context))) return { kind: "conflict", written: [], at: change, found: "before" };
  }
  const policies = await keepPolicies(bench, plan, context);
  const written: SettingChange[] = [];
  const outcome = await writeAll(writing, plan.changes, written, context);
  // What stands is recorded, however it ended.
  const seq =
    written.length === 0 && outcome.kind !== "unsettled"
      ? 0
      : await recorded(bench, plan, { kind: outcome.kind, written, ...policies }, context);
  if (outcome.kind === "failed") throw outcome.error;
  return outcome.kind === "applied" ? { kind: "applied", written, seq } : outcome;
}

interface Ending {
  readonly kind: string;
  readonly written: readonly SettingChange[];
  readonly prior?: Digest;
  readonly policy?: Digest;
}

async function recorded(
  bench: Workbench,
  { site, bucket }: HardenPlan,
  { kind, written, ...policies }: Ending,
  options: CallOptions,
): Promise<number> {
  const settings = written.map((change) => (change.bucket === bucket ? change.setting : `${change.setting} of ${change.bucket}`));
  const as = kind === "applied" ? "applied" : "stopped";
  const { seq } = await appendAlways(bench, { kind: "hardened", actor: bench.actor, site, bucket, settings, as, ...policies }, options);
  return seq;
}

function requireNoAgent({ actor }: Pick<Workbench, "actor">, bucket: string): void {
  if (actor.kind !== "agent") return;
  throw new BelayError(
    "person-needed",
    `The walls of ${bucket} hold agents too, so no agent changes them.`,
    "A person runs the same command, or applies what `belay harden --out FOLDER` writes.",
  );
}

interface Writing {
  readonly isAsPlanned: (change: SettingChange, options: CallOptions) => Promise<boolean>;
  readonly write: (change: SettingChange, options: CallOptions) => Promise<void>;
  readonly read: (change: SettingChange, options: CallOptions) => Promise<"next" | "now" | "other">;
  readonly pause: (options: CallOptions) => Promise<void>;
}

async function openWriting(bench: Workbench): Promise<Writing> {
  const [inspector, hardener] = await Promise.all([bench.inspector(), bench.hardener()]);
  const read: Writing["read"] = async (change, options) => await stateOf(inspector.bucket(change.bucket), change, options);
  return {
    read,
    isAsPlanned: async (change, options) => (await read(change, options)) === "now",
    write: async (change, options) => await put(hardener.bucket(change.bucket), change, options),
    pause: async ({ signal }) => await bench.runtime.sleep(lookPauseMs, signal),
  };
}

type Stopped = Extract<HardenOutcome, { readonly kind: "conflict" | "unsettled" }>;

/** `written` is filled as it goes. */
async function writeAll(
  writing: Writing,
  changes: readonly SettingChange[],
  written: SettingChange[],
  options: CallOptions,
): Promise<Stopped | { readonly kind: "applied" } | { readonly kind: "failed"; readonly error: BelayError }> {
  for (const change of changes) {
    if (!(await writing.isAsPlanned(change, options))) return { kind: "conflict", written, at: change, found: "before" };
    const doubt = await attempt(writing, change, options);
    if (doubt && !isLost(doubt)) return { kind: "failed", error: doubt };
    const seen = await lookAfter(writing, change, options);
    if (seen === "other") return { kind: "conflict", written, at: change, found: "after" };
    if (seen === "now") return { kind: "unsettled", written, at: change };
    written.push(change);
  }
  return { kind: "applied" };
}

/** What went wrong with the write, where something did. */
async function attempt(writing: Writing, change: SettingChange, options: CallOptions): Promise<BelayError | undefined> {
  try {
    await writing.write(change, options);
    return undefined;
  } catch (error) {
    if (error instanceof BelayError) return error;
    throw error;
  }
}

/** Anything else is the server's own word that it did not do it. */
const isLost = ({ code }: BelayError): boolean => code === "store-unreachable";

async function lookAfter(writing: Writing, change: SettingChange, options: CallOptions): Promise<"next" | "now" | "other"> {
  for (let looks = 1; ; looks += 1) {
    const seen = await writing.read(change, options);
    if (seen !== "now" || looks >= looksMax) return seen;
    await writing.pause(options);
  }
}

async function stateOf(bucket: BucketInspector, change: SettingChange, options: CallOptions): Promise<"next" | "now" | "other"> {
  const is = await present(bucket, change, options);
  if (is(change.next)) return "next";
  return is(change.now) ? "now" : "other";
}

/** A test of whether the setting as it is says the same as another value of it. */
async function present(
  bucket: BucketInspector,
  { setting }: SettingChange,
  options: CallOptions,
): Promise<(other: SettingChange["now" | "next"]) => boolean> {
  if (setting === "policy") {
    const text = await bucket.policy(options);
    return (other) => samePolicy(text, typeof other === "string" ? other : undefined);
  }
  const found =
    setting === "versioning"
      ? (await bucket.versioning(options)).status
      : setting === "logging"
        ? await bucket.logging(options)
        : await bucket.publicAccessBlock(options);
  return (other) => canonicalJson(found ?? null) === canonicalJson(other);
}

async function put(bucket: BucketHardener, change: SettingChange, options: CallOptions): Promise<void> {
  switch (change.setting) {
    case "versioning":
      await bucket.enableVersioning(options);
      break;
    case "public-access-block":
      await bucket.putPublicAccessBlock(change.next, options);
      break;
    case "logging":
      await bucket.putLogging(change.next, options);
      break;
    case "policy":
      await bucket.putPolicy(change.next, options);
      break;
  }
}

/** Policies that go and that come, kept before the first write: the way back from a wall in the wrong place. Gives those of the plan's own bucket. */
async function keepPolicies(
  { vault, runtime }: Workbench,
  { bucket, changes }: HardenPlan,
  options: CallOptions,
): Promise<{ readonly prior?: Digest; readonly policy?: Digest }> {
  const keep = async (text: string): Promise<Digest> => {
    const bytes = new TextEncoder().encode(text);
    const body = bodyOf(bytes, runtime.sha256(bytes));
    await vault.keep(body, options);
    return body.digest;
  };
  let own = {};
  for (const change of changes) {
    if (change.setting !== "policy") continue;
    const prior = change.now === null ? undefined : await keep(change.now);
    const policy = await keep(change.next);
    if (change.bucket === bucket) own = { ...(prior !== undefined && { prior }), policy };
  }
  return own;
}
