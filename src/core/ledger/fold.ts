/** What the ledger's entries add up to: a JSON value, so that it can be cached and checkpointed. */

import type { Digest, PlanId } from "../brand.ts";
import type { Basis } from "../plan/plan.ts";
import { approvedPolicy, type ApprovedPolicy } from "./approved-policy.ts";
import { foldRecords, isRecordEntry, recordsOf, type RecordsState } from "./fold-records.ts";
import { invalidationOf } from "./invalidation-of.ts";
import type { RecordEntryBody } from "./record-entry.ts";
import { emptyHead, noHash, type Actor, type Entry, type EntryBody, type LedgerHead, type OutOfBandWrite } from "./entry.ts";

/** A plan that has started and not ended: `resume` or `undo` goes on with it. */
export interface OpenPlan {
  readonly plan: PlanId;
  readonly release: string;
  readonly intent: string;
  readonly title: string;
  readonly by: Actor;
  readonly at: string;
  readonly commit?: string;
  readonly carries?: PlanId;
  /** Sequence number of the entry by which the present owner took it: *started*, or the last *adopted*. */
  readonly ownedSince: number;
  /** Set once an *undoing* entry stands: from then on it can only be put back. */
  readonly undoing: boolean;
  /** Nothing that owners before the present one have sent can still arrive. */
  readonly isQuiet: boolean;
  /** Set once its owner has said that it has stopped; cleared when somebody adopts it. */
  readonly left?: { readonly at: string; readonly isInFlight: boolean };
}

export interface Release {
  /** `r` and the sequence number of its *started* entry. */
  readonly id: string;
  readonly plan: PlanId;
  readonly title: string;
  readonly intent: string;
  readonly at: string;
  readonly by: Actor;
  readonly commit?: string;
  /** Whether all of it landed. A stopped or undone plan that left nothing behind is no release and is not listed. */
  readonly as: "applied" | "stopped" | "undone";
  /** Paths whose fate differed from the plan. */
  readonly exceptions: readonly string[];
  readonly snapshot?: string;
  /** The reconcile that it carried out a wave of. */
  readonly carries?: PlanId;
  /** What the CDN called the purges of this release; absent where there is no CDN. */
  readonly invalidation?: string;
  /** Inline or in the vault, as its *ended* entry has it. */
  readonly revisions?: Extract<EntryBody, { kind: "ended" }>["revisions"];
}

export interface TargetState {
  readonly basis: Basis | null;
  readonly open: OpenPlan | null;
  /** Newest first, at most `releasesMax`; older ones are found in the entries. */
  readonly releases: readonly Release[];
  readonly hasBaseline: boolean;
  /** In the vault, as the baseline entry names it. */
  readonly manifest?: Digest;
  /** The newest look at what visitors get, of the whole target or of some paths. */
  readonly verified?: Verified;
  /**
   * Looks, newest first, down to the oldest that was not good: a good look at one path says nothing of another. Absent where
   * no doubt is left to settle; at most `looksMax`.
   */
  readonly looks?: readonly Verified[];
  /** What others wrote, newest first, at most `foundMax`; a later release of a path stands above it. */
  readonly found: readonly Found[];
}

export interface Verified {
  readonly seq: number;
  readonly at: string;
  readonly by: Actor;
  readonly document: Digest;
  readonly outcome: "good" | "bad" | "unknown";
}

/** An out-of-band write, and the warning that it opened. */
export interface Found extends OutOfBandWrite {
  readonly seq: number;
  readonly warning: string;
}

/** A signature under a plan that has not started. Whether it holds is asked again whenever it counts. */
export interface Approval {
  readonly seq: number;
  readonly site: string;
  readonly target: string;
  readonly plan: PlanId;
  readonly signer: string;
  readonly key: string;
  readonly expires: string;
  readonly signature: string;
}

export interface Warning {
  readonly id: string;
  readonly site: string;
  /** The target that it is about; absent where it is about every target. */
  readonly target?: string;
  /** Still open; a path leaves the list when evidence covers it. */
  readonly paths: readonly string[];
  readonly text: string;
  readonly openedAt: string;
  readonly by: Actor;
}

/** A merge that no person has looked at yet. */
export interface UnseenMerge {
  /** `m` and the sequence number of its entry. */
  readonly id: string;
  readonly site: string;
  readonly target: string;
  readonly paths: readonly string[];
  readonly by: Actor;
  readonly at: string;
}

export interface LedgerState {
  /** Hash of the first entry: tells one ledger from another. `noHash` where there is none. */
  readonly id: string;
  readonly head: LedgerHead;
  /** By `site/target`. */
  readonly targets: Readonly<Record<string, TargetState>>;
  /** Open ones only, oldest first. */
  readonly warnings: readonly Warning[];
  /** By site: names of feature tokens that were in force at the last baseline or apply, less the retired ones. */
  readonly tokens: Readonly<Record<string, readonly string[]>>;
  readonly unseenMerges: readonly UnseenMerge[];
  /** Of plans that have not started; those of a target fall away when anything starts there. */
  readonly approvals: readonly Approval[];
  /** By site. */
  readonly policies: Readonly<Record<string, ApprovedPolicy>>;
  /** What people were told lately, oldest first, at most `noticesMax`. */
  readonly notices: readonly { readonly about: string; readonly at: string }[];
  /** Absent until something is said about a record. */
  readonly records?: RecordsState;
}

const releasesMax = 200;
const foundMax = 2000;
const noticesMax = 200;
const looksMax = 32;
export const emptyState: LedgerState = {
  id: noHash,
  head: emptyHead,
  targets: {},
  warnings: [],
  tokens: {},
  unseenMerges: [],
  approvals: [],
  policies: {},
  notices: [],
};
const emptyTarget: TargetState = { basis: null, open: null, releases: [], hasBaseline: false, found: [] };

/** The policy that binds a site. A site may be called `constructor`. */
export const policyInForce = ({ policies }: LedgerState, site: string): ApprovedPolicy | undefined =>
  Object.hasOwn(policies, site) ? policies[site] : undefined;

/** The state of one target, empty where nothing was ever said about it. */
export const targetState = (state: LedgerState, site: string, target: string): TargetState =>
  state.targets[`${site}/${target}`] ?? emptyTarget;

/** Names of the feature tokens in force at a site. A site may be called `constructor`. */
export const tokensOf = ({ tokens }: LedgerState, site: string): readonly string[] =>
  Object.hasOwn(tokens, site) ? (tokens[site] ?? []) : [];

/** One entry further. `hash` is the digest of the entry's bytes. */
export function fold(state: LedgerState, entry: Entry, hash: Digest): LedgerState {
  const next: LedgerState = { ...state, id: entry.seq === 1 ? hash : state.id, head: { seq: entry.seq, hash } };
  if (isRecordEntry(entry)) return { ...next, records: foldRecords(recordsOf(next), entry) };
  return "plan" in entry ? foldOfPlan(next, entry, hash) : foldOfSite(next, entry, hash);
}

type SiteEntry = Exclude<Entry, RecordEntryBody>;
type OfPlan = Extract<SiteEntry, { readonly plan: PlanId }>;

/** What is said of one plan. */
function foldOfPlan(next: LedgerState, entry: OfPlan, hash: Digest): LedgerState {
  switch (entry.kind) {
    case "started":
      return {
        ...next,
        ...onTarget(next, entry, (was) => ({ ...was, basis: { seq: entry.seq, hash }, open: opened(entry) })),
        ...withTokens(next, entry),
        ...onFirstUse(next, entry),
        approvals: next.approvals.filter(({ site, target }) => site !== entry.site || target !== entry.target),
      };
    case "adopted":
      return { ...next, ...onTarget(next, entry, (was) => ({ ...was, open: was.open && adopted(was.open, entry) })) };
    case "left":
      return {
        ...next,
        ...onTarget(next, entry, (was) => ({
          ...was,
          open: was.open && { ...was.open, left: { at: entry.at, isInFlight: entry.isInFlight } },
        })),
      };
    case "undoing":
      return { ...next, ...onTarget(next, entry, (was) => ({ ...was, open: was.open && { ...was.open, undoing: true } })) };
    case "ended":
      return { ...next, ...onTarget(next, entry, (was) => ended(was, entry, hash)) };
    case "approved":
      return { ...next, approvals: [...next.approvals, approvalOf(entry)] };
  }
}

/** What is said of a target, of people and of the site. */
function foldOfSite(next: LedgerState, entry: Exclude<SiteEntry, OfPlan>, hash: Digest): LedgerState {
  switch (entry.kind) {
    case "baseline":
      return {
        ...next,
        ...onTarget(next, entry, (was) => ({
          ...was,
          basis: { seq: entry.seq, hash },
          hasBaseline: true,
          ...(entry.manifest === undefined ? {} : { manifest: entry.manifest }),
        })),
        ...withTokens(next, entry),
        ...onFirstUse(next, entry),
      };
    case "warned":
      return { ...next, warnings: [...next.warnings, warningIn(entry)] };
    case "resolved":
      return {
        ...next,
        warnings: next.warnings.map((warning) => covered(warning, entry)).filter((warning) => warning.paths.length > 0),
        unseenMerges: next.unseenMerges.filter((merge) => merge.id !== entry.warning),
      };
    case "merged":
      return entry.attended
        ? next
        : {
            ...next,
            unseenMerges: [
              ...next.unseenMerges,
              { id: `m${entry.seq}`, site: entry.site, target: entry.target, paths: entry.paths, by: entry.actor, at: entry.at },
            ],
          };
    case "verified":
      return { ...next, ...onTarget(next, entry, (was) => lookedAt(was, verifiedBy(entry))) };
    case "policy-approved":
      return {
        ...next,
        policies: { ...next.policies, [entry.site]: approvedPolicy(policyInForce(next, entry.site), entry) },
      };
    case "out-of-band":
      return {
        ...next,
        ...onTarget(next, entry, (was) => ({ ...was, found: [...foundIn(entry), ...was.found].slice(0, foundMax) })),
        warnings: [...next.warnings, warningOf(entry)],
      };
    case "notified":
      return entry.channels.some(({ outcome }) => outcome === "delivered")
        ? { ...next, notices: [...next.notices, { about: entry.about, at: entry.at }].slice(-noticesMax) }
        : next;
    case "hardened":
      return next;
    case "token-retired":
      return { ...next, tokens: { ...next.tokens, [entry.site]: tokensOf(next, entry.site).filter((name) => name !== entry.token) } };
  }
}

type OfKind<Kind extends Entry["kind"]> = Extract<Entry, { kind: Kind }>;
type OnTarget = Pick<OfKind<"started">, "site" | "target">;

function onTarget(state: LedgerState, { site, target }: OnTarget, change: (was: TargetState) => TargetState): Pick<LedgerState, "targets"> {
  return { targets: { ...state.targets, [`${site}/${target}`]: change(targetState(state, site, target)) } };
}

/** Names only ever join here: a name that leaves belay.yaml stays until a person retires it (D7). */
function withTokens(state: LedgerState, entry: { readonly site: string; readonly tokens: readonly string[] }): Pick<LedgerState, "tokens"> {
  return { tokens: { ...state.tokens, [entry.site]: [...new Set([...tokensOf(state, entry.site), ...entry.tokens])].toSorted() } };
}

/** Until a policy is approved, the one under which production was first recorded binds. */
function onFirstUse(state: LedgerState, entry: OfKind<"baseline" | "started">): Pick<LedgerState, "policies"> {
  if (entry.policy === undefined || policyInForce(state, entry.site)) return { policies: state.policies };
  return { policies: { ...state.policies, [entry.site]: { digest: entry.policy, at: entry.at, by: "first-use" } } };
}

const verifiedBy = ({ seq, at, actor, document, outcome }: OfKind<"verified">): Verified => ({ seq, at, by: actor, document, outcome });

/** Where there are too many, good ones go first: what they settled is in doubt again, and nothing in doubt is forgotten. */
function lookedAt({ looks: before = [], ...was }: TargetState, verified: Verified): TargetState {
  const all = [verified, ...before];
  const excess = all.length > looksMax ? all.findLastIndex(({ outcome }) => outcome === "good") : -1;
  const kept = all.filter((_, index) => index !== excess).slice(0, looksMax);
  const looks = kept.slice(0, kept.findLastIndex(({ outcome }) => outcome !== "good") + 1);
  return { ...was, verified, ...(looks.length === 0 ? {} : { looks }) };
}

const approvalOf = ({ seq, site, target, plan, signer, key, expires, signature }: OfKind<"approved">): Approval => ({
  seq,
  site,
  target,
  plan,
  signer,
  key,
  expires,
  signature,
});

const foundIn = ({ seq, warning, writes }: OfKind<"out-of-band">): Found[] => writes.map((write) => ({ ...write, seq, warning }));

const warningIn = ({ warning: id, site, target, paths, text, at: openedAt, actor: by }: OfKind<"warned">): Warning => ({
  id,
  site,
  ...(target === undefined ? {} : { target }),
  paths,
  text,
  openedAt,
  by,
});

const warningOf = ({ warning, site, target, writes, at, actor }: OfKind<"out-of-band">): Warning => ({
  id: warning,
  site,
  target,
  paths: writes.map(({ path }) => path),
  text: `written on ${target} by another hand than belay's`,
  openedAt: at,
  by: actor,
});

/** A new owner: what the one before said of itself no longer counts. */
function adopted({ left: _left, ...open }: OpenPlan, { seq, isQuiet }: OfKind<"adopted">): OpenPlan {
  return { ...open, ownedSince: seq, isQuiet };
}

const opened = (entry: OfKind<"started">): OpenPlan => ({
  plan: entry.plan,
  release: entry.release,
  intent: entry.intent,
  title: entry.title,
  by: entry.actor,
  at: entry.at,
  ...(entry.commit === undefined ? {} : { commit: entry.commit }),
  ...(entry.carries === undefined ? {} : { carries: entry.carries }),
  ownedSince: entry.seq,
  undoing: false,
  isQuiet: true,
});

function ended(was: TargetState, entry: OfKind<"ended">, hash: Digest): TargetState {
  const { open } = was;
  const basis = { seq: entry.seq, hash };
  if (!open || open.plan !== entry.plan) return { ...was, basis };
  const release: Release = {
    id: entry.release,
    plan: entry.plan,
    title: open.title,
    intent: open.intent,
    at: entry.at,
    by: entry.actor,
    as: entry.as,
    ...(open.commit === undefined ? {} : { commit: open.commit }),
    ...(open.carries === undefined ? {} : { carries: open.carries }),
    exceptions: entry.exceptions.map((exception) => exception.path),
    ...(entry.snapshot === undefined ? {} : { snapshot: entry.snapshot }),
    ...(entry.revisions === undefined ? {} : { revisions: entry.revisions }),
    ...invalidationOf(entry),
  };
  return { ...was, basis, open: null, releases: [release, ...was.releases].slice(0, releasesMax) };
}

function covered(warning: Warning, entry: OfKind<"resolved">): Warning {
  if (warning.id !== entry.warning) return warning;
  const gone = new Set(entry.paths);
  return { ...warning, paths: warning.paths.filter((path) => !gone.has(path)) };
}
