/** Telling people that they are needed (D8, decisions 5 and 21). */

import { BelayError } from "../../core/belay-error.ts";
import { canonicalBytes } from "../../core/canonical-json.ts";
import { fitToLeave } from "../../core/notice/fit-to-leave.ts";
import type { Channel, Delivery, Notice } from "../../ports/notifier.ts";
import type { CallOptions } from "../../ports/store.ts";
import { appendAlways } from "../append-always.ts";
import type { Workbench } from "../workbench.ts";

/** What happened, as whoever met it knows it; who, when and under which name is added here. Texts may be as they were found. */
export interface Occasion extends Omit<Notice, "about" | "site" | "at" | "by"> {
  /** What sets this occasion apart from a later one of the same reason and paths: live's digests, a release, a version. The plan unless told. */
  readonly of?: readonly (string | undefined)[];
}

export type Escalation =
  | { readonly kind: "told"; readonly deliveries: readonly Delivery[] }
  /** Somebody was told of the very same within a day. */
  | { readonly kind: "told-before"; readonly at: string }
  | { readonly kind: "no-channel" }
  /** Channels there are, and none of them delivered. */
  | { readonly kind: "failed"; readonly deliveries: readonly Delivery[]; readonly why: string };

const rememberedMs = 24 * 60 * 60 * 1000;

/**
 * Tells people once a day of one occasion, and records it. Never throws and changes no outcome: that nobody could be told
 * is part of the answer, and the next occurrence tries again. Call it when the lease is given back: it may take fifteen seconds.
 */
export async function escalate(bench: Workbench, occasion: Occasion, context: CallOptions): Promise<Escalation> {
  try {
    return await told(bench, occasion, context);
  } catch (error) {
    // A notice goes with an answer that is already given; losing the answer to a broken channel would help nobody.
    return { kind: "failed", deliveries: [], why: error instanceof BelayError ? error.message : "the notice could not be made" };
  }
}

async function told(bench: Workbench, occasion: Occasion, context: CallOptions): Promise<Escalation> {
  const channels = await bench.notifier.channels(context);
  if (channels.length === 0) return { kind: "no-channel" };
  const notice = noticeOf(bench, occasion);
  const before = await toldBefore(bench, notice, context);
  if (before !== undefined) return { kind: "told-before", at: before };
  const deliveries = await bench.notifier.notify(notice, context);
  // Where the record cannot be written, people know all the same; at worst they are told again.
  await record(bench, notice, deliveries, context).catch(() => undefined);
  if (deliveries.some(({ outcome }) => outcome === "delivered")) return { kind: "told", deliveries };
  return { kind: "failed", deliveries, why: whyFailed(deliveries) };
}

/** The notice of an occasion, fit to leave this machine. */
export function noticeOf({ site, actor, runtime }: Workbench, { of, ...occasion }: Occasion): Notice {
  const { reason, target, paths, plan } = occasion;
  const apart = (of ?? [plan]).map((one) => one ?? null);
  const about = runtime.sha256(canonicalBytes({ reason, site: site.name, target, paths: paths.toSorted(), of: apart }));
  const by = `${actor.name} (${actor.kind}, ${actor.proof} by ${actor.from})`;
  return fitToLeave({ ...occasion, about, site: site.name, at: new Date(runtime.now()).toISOString(), by });
}

async function toldBefore(bench: Workbench, { about, reason }: Notice, context: CallOptions): Promise<string | undefined> {
  if (reason === "test") return undefined;
  const { notices } = await bench.ledger.state(context);
  const since = bench.runtime.now() - rememberedMs;
  return notices.findLast((one) => one.about === about && Date.parse(one.at) > since)?.at;
}

/** Failures are recorded too, as such; the ledger's sum remembers only what was delivered. */
async function record(bench: Workbench, notice: Notice, deliveries: readonly Delivery[], context: CallOptions): Promise<void> {
  const { site, target, about, reason } = notice;
  if (reason === "test") return;
  const channels = deliveries.map(({ channel, outcome }) => ({ channel, outcome }));
  await appendAlways(bench, { kind: "notified", actor: bench.actor, site, target, about, channels }, context);
}

/** `webhook`, or `webhook (your own)`: a channel as people call it. */
export const channelName = ({ channel, from }: Channel): string => (from === "user" ? `${channel} (your own)` : channel);

const whyFailed = (deliveries: readonly Delivery[]): string =>
  deliveries.map((delivery) => `${channelName(delivery)}: ${delivery.cause ?? "failed"}`).join("; ");
