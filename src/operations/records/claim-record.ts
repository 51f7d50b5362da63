/** `belay claim KIND`: nobody else may make this record while the claim lasts (R9). The ledger's compare-and-swap picks one winner. */

import { BelayError } from "../../core/belay-error.ts";
import type { Actor } from "../../core/ledger/entry.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import { recordsOf, type RecordClaim } from "../../core/ledger/fold-records.ts";
import { fillTemplate } from "../../core/records/claims/template-text.ts";
import { showValue } from "../../core/records/compare-values.ts";
import { mayNameOne, recordKeys } from "../../core/records/find-keys.ts";
import { fieldsOf } from "../../core/records/find-known.ts";
import type { Query } from "../../core/records/find-query.ts";
import { matchRules } from "../../core/records/identity/traits.ts";
import { startField } from "../../core/records/claims/field-places.ts";
import { dayField } from "../../core/records/day-and-time.ts";
import type { RecordKind } from "../../core/records/kind.ts";
import { appendAlways } from "../append-always.ts";
import type { Context } from "../workbench.ts";
import { claimsOn, findingsIn, knownKind, namesTooLittle, nowOf, type Findings, type FoundRecord, type KnownKind } from "./find-record.ts";
import type { RecordsBench } from "./records-bench.ts";

export interface ClaimRequest {
  readonly query: Query;
  /** How long it holds, in milliseconds. */
  readonly forMs: number;
  readonly note: string | undefined;
  /** Records that a person or an agent has looked at, and that this one is not. */
  readonly others: readonly string[];
}

export type ClaimResult =
  | {
      readonly kind: "claimed";
      readonly claim: RecordClaim;
      /** The record that has no page yet, where it exists elsewhere. */
      readonly record?: FoundRecord;
      /** Where its page would be, by what belay.yaml says of addresses. */
      readonly keys: readonly string[];
      readonly findings: Findings;
    }
  /** It exists, and so does its page. */
  | { readonly kind: "exists"; readonly findings: Findings }
  /** It may be one that exists: somebody has to look. */
  | { readonly kind: "doubtful"; readonly findings: Findings }
  | { readonly kind: "held"; readonly by: RecordClaim; readonly findings: Findings };

const attemptsMax = 64;
export const claimMsMax: number = 7 * 86_400_000;

/** Throws `usage` where too little is said to claim anything, and the failure of a system that could not be looked at. */
export async function claimRecord(records: RecordsBench, request: ClaimRequest, context: Context): Promise<ClaimResult> {
  const { home, kind } = records;
  const rules = matchRules(kind);
  const asked = recordKeys(request.query, rules, home.runtime.sha256);
  if (namesTooLittle(asked)) throw tooLittle(kind);
  let known: KnownKind | undefined;
  let looked = "";
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    // The head is taken before the look: whatever is recorded during the look makes the append fail.
    const state = await home.ledger.state(context);
    if (!known || looked !== writesIn(state)) {
      known = await knownKind(records, context);
      looked = writesIn(state);
    }
    const findings = await findingsIn(records, { query: request.query, known, state });
    const answer = judge(records, findings, request.others);
    if ("kind" in answer) return answer;
    const outline = known.outlines.find(({ id }) => id === answer.record?.record);
    const keys = outline
      ? [...new Set([...asked, ...recordKeys(fieldsOf(outline.sketches), rules, home.runtime.sha256)])].toSorted()
      : asked;
    const [held] = claimsOn(records, keys, state);
    if (held) return { kind: "held", by: held, findings };
    const claim = claimOf(records, { keys, request, ...(answer.record && { found: answer.record.record }) });
    const { at: _at, by: actor, ...rest } = claim;
    const appended = await home.ledger.append({ kind: "claimed", actor, ...rest }, state.head, context);
    if (appended.kind === "moved") continue;
    return {
      kind: "claimed",
      claim: { ...claim, at: appended.entry.at },
      keys: pageKeys(kind, outline ? new Map([...fieldsOf(outline.sketches), ...request.query]) : request.query),
      findings,
      ...(answer.record && { record: answer.record }),
    };
  }
  throw new BelayError(
    "ledger-contended",
    `The ledger moved on every one of ${attemptsMax} attempts to claim it.`,
    "Run the same command again.",
  );
}

/** What was written anywhere so far: a look is good while this stays. */
const writesIn = ({ targets }: LedgerState): string =>
  JSON.stringify(Object.entries(targets).map(([name, { basis, open }]) => [name, basis?.seq, open?.plan]));

/** Free to be claimed, the record that has no page yet told; or the answer. */
function judge(
  { kind }: RecordsBench,
  findings: Findings,
  others: readonly string[],
): Extract<ClaimResult, { kind: "exists" | "doubtful" }> | { readonly record: FoundRecord | undefined } {
  const [failed] = findings.failures;
  if (failed) throw failed.error;
  const found = findings.found.filter(({ record }) => !others.includes(record));
  const doubts = findings.doubts.filter(({ record }) => !others.includes(record));
  const hasPages = kind.systems.some(({ medium }) => medium === "pages");
  if (found.some(({ pages }) => !hasPages || pages.length > 0) || found.length > 1) return { kind: "exists", findings };
  if (doubts.length > 0) return { kind: "doubtful", findings };
  return { record: found[0] };
}

function tooLittle(kind: RecordKind): BelayError {
  const { keys, match } = kind.identity;
  const day = (dayField(kind) ?? startField(kind))?.name;
  const fields = [...keys, ...(match.length > 0 && day !== undefined ? [`${day} with ${match.join(" or ")}`] : [])];
  return new BelayError(
    "usage",
    `That does not name one ${kind.name}: its ${fields.join(", or its ")} would.`,
    `For example: belay claim ${kind.name} --date 2026-05-30 --${match[0] ?? keys[0] ?? "where"} …`,
  );
}

interface Claiming {
  readonly keys: readonly string[];
  readonly request: ClaimRequest;
  /** The record's own name, where it exists without a page. */
  readonly found?: string;
}

/** A record that exists nowhere is called by what was asked: its exact key, else its day and a few digits. */
function claimOf({ kind, home }: RecordsBench, { keys, request, found }: Claiming): RecordClaim {
  const { query, forMs, note, others } = request;
  const exact = kind.identity.keys.flatMap((field) => query.get(field) ?? [])[0];
  const day = keys.find((key) => /^\d{4}-\d{2}-\d{2} /u.test(key))?.slice(0, 10);
  const digits = home.runtime.sha256(new TextEncoder().encode(keys.join("\n"))).slice(0, 6);
  const now = nowOf(home);
  return {
    of: kind.name,
    record: found ?? (exact ? showValue(exact).replace(/^#/u, "") : `${day ?? kind.name}~${digits}`),
    keys,
    by: home.actor,
    at: new Date(now).toISOString(),
    until: new Date(now + Math.min(forMs, claimMsMax)).toISOString(),
    ...(note === undefined ? {} : { note }),
    ...(others.length > 0 && { others }),
  };
}

/** Addresses that belay.yaml says pages have, as far as what is known fills them. */
function pageKeys(kind: RecordKind, query: Query): readonly string[] {
  const texts = [...query].map(([field, [value]]) => [field, value ? slugOf(showValue(value)) : undefined] as const);
  const [day, start] = [dayField(kind), startField(kind)].map((field) => query.get(field?.name ?? "") ?? []);
  const moment = (day?.length === 0 ? start : day)?.find((value) => value.kind === "moment" && value.date !== undefined);
  const time = start?.find((value) => value.kind === "moment" && value.time !== undefined);
  const values: Record<string, string | undefined> = {
    ...Object.fromEntries(texts),
    ...(moment?.kind === "moment" && { date: moment.date, time: moment.time ?? (time?.kind === "moment" ? time.time : undefined) }),
  };
  const pages = kind.systems.filter(({ medium }) => medium === "pages");
  const keys = pages.flatMap(({ fields }) =>
    Object.values(fields).flatMap(({ at, as }) => (at === "key" && as !== undefined ? (fillTemplate(as, values) ?? []) : [])),
  );
  return [...new Set(keys)];
}

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/gu, "");

/** Who claimed is who gives it back; a person may for anybody. Answers the claim; throws `usage` where there is none. */
export async function releaseClaim(records: RecordsBench, record: string, context: Context): Promise<RecordClaim> {
  const { home, kind } = records;
  const claims = recordsOf(await home.ledger.state(context)).claims.filter(({ of }) => of === kind.name);
  const claim = claims.find((one) => one.record === record);
  if (!claim) {
    const known = claims.map((one) => one.record).join(", ");
    throw new BelayError(
      "usage",
      `Nobody has claimed a ${kind.name} called ${record}.`,
      known === "" ? `belay find ${kind.name}` : `Claimed: ${known}`,
    );
  }
  const isPerson = context.isAttended && home.actor.kind !== "agent";
  if (!isSameActor(claim.by, home.actor) && !isPerson)
    throw new BelayError(
      "person-needed",
      `${record} was claimed by ${claim.by.name}; only they or a person give it back before ${claim.until}.`,
      `A person runs: belay claim ${kind.name} --release ${record}`,
    );
  await appendAlways(home, { kind: "unclaimed", actor: home.actor, of: kind.name, record, why: "given back" }, context);
  return claim;
}

/** As far as both say who they are. */
export const isSameActor = (one: Actor, other: Actor): boolean =>
  one.name === other.name && one.kind === other.kind && (one.email === undefined || other.email === undefined || one.email === other.email);

/** Claims on records that exist by now, page and all, are over. Answers what was given back. */
export async function settleClaims(records: RecordsBench, { outlines }: KnownKind, context: Context): Promise<readonly RecordClaim[]> {
  const { home, kind } = records;
  const claims = recordsOf(await home.ledger.state(context)).claims.filter(({ of }) => of === kind.name);
  if (claims.length === 0) return [];
  const pages = new Set(kind.systems.filter(({ medium }) => medium === "pages").map(({ name }) => name));
  const made = outlines
    .filter(({ sketches }) => pages.size === 0 || sketches.some(({ system }) => pages.has(system)))
    .map(({ id, sketches }) => ({ id, keys: recordKeys(fieldsOf(sketches), matchRules(kind), home.runtime.sha256) }));
  const over = claims.filter(({ keys, others = [] }) => made.some((one) => !others.includes(one.id) && mayNameOne(one.keys, keys)));
  for (const { record } of over) {
    await appendAlways(home, { kind: "unclaimed", actor: home.actor, of: kind.name, record, why: "it exists now" }, context);
  }
  return over;
}
