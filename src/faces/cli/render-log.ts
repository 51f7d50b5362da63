/** `belay log` for people: a line a moment, newest first. */

import type { Actor } from "../../core/ledger/entry.ts";
import { isRecordEntry } from "../../core/ledger/fold-records.ts";
import type { RecordEntryBody } from "../../core/ledger/record-entry.ts";
import { showValue } from "../../core/records/compare-values.ts";
import type { WriteEvent } from "../../core/timeline/write-event.ts";
import type { LogResult } from "../../operations/history/log.ts";
import { counted, plain, said } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { proofLines } from "./render-proof.ts";
import { aligned, padTo, widthOf, wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

type Logged = LogResult["entries"][number];
type Moment = LogResult["timeline"][number];

/** Writers' clocks may differ by this much before it is worth a word. */
const clockDriftMs = 5_000;

interface Row {
  readonly head: readonly [mark: string, when: string, who: string];
  readonly told: string;
  readonly isGrave: boolean;
  /** Lines below it. */
  readonly more: readonly string[];
}

/** A line a moment, newest first. What belay did not write has no number, and stands out. */
export function logLines({ entries, timeline }: Pick<LogResult, "entries" | "timeline">, view: View): string[] {
  const bySeq = new Map(entries.map((entry) => [entry.seq, entry]));
  const rows = timeline.flatMap((moment) => rowOf(moment, bySeq, view));
  const heads = aligned(rows.map(({ head }) => [...head, ""]));
  const indent = Math.max(...aligned(rows.map(({ head }) => [...head, "|"])).map((line) => widthOf(line) - 1));
  const lines = rows.flatMap(({ told, isGrave: isRed, more }, at) => {
    const block = wrap(told, { width: view.columns, first: padTo(heads[at] ?? "", indent), rest: " ".repeat(indent) });
    return [...(isRed ? block.map((line) => view.paint.red(line)) : block), ...more];
  });
  const areClaimed = entries.some(({ actor }) => actor.proof === "claimed");
  return areClaimed ? [...lines, "", "Names are claimed (by git, the environment or --by), not proven."] : lines;
}

function rowOf(moment: Moment, bySeq: ReadonlyMap<number, Logged>, view: View): Row[] {
  if (moment.kind !== "entry") return [rowOfOther(moment, view)];
  const entry = bySeq.get(moment.seq);
  if (!entry) return [];
  const late = isLate(entry, bySeq.get(entry.seq - 1)) ? "  (! its clock is behind the entry before)" : "";
  const callers = moment.callers.map(({ path, event }) => `; ${plain(path)}: ${callerOf(event)}`).join("");
  return [
    {
      head: [`#${entry.seq}`, localTime(entry.at, view.nowMs), plain(entry.actor.name) + kindOf(entry.actor)],
      told: `${tellingOf(entry)}${late}${callers}`,
      isGrave: isGrave(entry),
      more:
        view.isVerbose && entry.proof ? proofLines({ proof: entry.proof, waves: [], refusals: [] }, view).map((line) => `    ${line}`) : [],
    },
  ];
}

type Other = Exclude<Moment, { readonly kind: "entry" }>;

/** A version or a logged call that is none of belay's. */
function rowOfOther(moment: Other, view: View): Row {
  const when = localTime(new Date(moment.atMs).toISOString(), view.nowMs);
  const [event] = moment.kind === "version" ? moment.callers : [moment.placed.event];
  const { target, path } = moment.kind === "version" ? moment.version : moment.placed;
  const isEarlier = (moment.kind === "version" ? moment.version.hand : moment.hand) === "before-belay";
  const isGone = moment.kind === "version" ? !moment.version.isObject : moment.placed.event.deed === "delete";
  const deed = `${isGone ? "deleted" : "wrote"} ${plain(path)} at ${plain(target)}`;
  const told = [isEarlier ? `${deed}, before belay` : `${deed} past belay`, ...tracesOf(moment), ...(event ? [callerOf(event)] : [])];
  return { head: [isEarlier ? "·" : "!", when, whoOf(moment)], told: told.join(", "), isGrave: !isEarlier, more: [] };
}

/** The name that the object itself claims; otherwise the last word of the caller's. */
function whoOf(moment: Other): string {
  const owner = moment.kind === "version" ? moment.version.owner : undefined;
  const [event] = moment.kind === "version" ? moment.callers : [moment.placed.event];
  return plain(owner ?? event?.caller?.split(/[/:]/u).at(-1) ?? "unknown");
}

function tracesOf(moment: Other): string[] {
  if (moment.kind !== "version") return [];
  const { id, isObject, sizeBytes, copyOf } = moment.version;
  return [
    ...(copyOf === undefined ? [] : [`a copy of ${plain(copyOf)}'s`]),
    `version ${plain(id)}${isObject ? ` of ${counted(sizeBytes, "byte")}` : ""}`,
  ];
}

/** Who called, with what, from where, and what says so. */
function callerOf({ caller, agent, address, source }: WriteEvent): string {
  const names = { cloudtrail: "CloudTrail", "access-log": "the access log", "s3-event": "an S3 event" } as const;
  const who = `${caller === undefined ? "an unnamed caller" : plain(caller)}${agent === undefined ? "" : ` with ${said(agent, 40)}`}`;
  return `called by ${who}${address === undefined ? "" : ` from ${plain(address)}`} (by ${names[source]})`;
}

const kindOf = ({ kind }: Actor): string => (kind === "agent" ? " (agent)" : kind === "ci" ? " (CI)" : "");

/** An entry says an earlier time than the one that it stands on. */
const isLate = (entry: Logged, before: Logged | undefined): boolean =>
  before !== undefined && before.seq === entry.seq - 1 && Date.parse(entry.at) < Date.parse(before.at) - clockDriftMs;

const isGrave = (entry: Logged): boolean =>
  entry.kind === "undoing" ||
  entry.kind === "out-of-band" ||
  entry.kind === "left" ||
  (entry.kind === "ended" && (entry.as !== "applied" || entry.exceptions.length > 0));

const pathsNamedMax = 3;

const named = (paths: readonly string[]): string =>
  paths.length <= pathsNamedMax ? paths.map(plain).join(", ") : `${paths.slice(0, 2).map(plain).join(", ")} and ${paths.length - 2} more`;

const changed = ({ changes }: Logged): string =>
  changes === undefined || changes.length === 0 ? "" : `  (${named(changes.map(({ path }) => path))})`;

function tellingOf(entry: Logged): string {
  if (isRecordEntry(entry)) return tellingOfRecord(entry);
  return "plan" in entry ? tellingOfPlan(entry) : tellingOfSite(entry);
}

type OfRecord = Extract<Logged, RecordEntryBody>;
type OfSite = Exclude<Logged, OfRecord>;
type OfPlan = Extract<OfSite, { readonly plan: unknown }>;

/** As people speak of it. */
const nounOf = (intent: string): string => (intent === "promote" ? "promotion" : plain(intent));

function tellingOfPlan(entry: OfPlan): string {
  switch (entry.kind) {
    case "started":
      return `began ${entry.release}, a ${nounOf(entry.intent)} to ${entry.target}: ${said(entry.title, 60)}`;
    case "adopted":
      return `took over the open plan ${entry.plan.slice(0, 12)} at ${entry.target} (${plain(entry.why)})`;
    case "left":
      return `left plan ${entry.plan.slice(0, 12)} at ${entry.target} open: ${plain(entry.why)}`;
    case "undoing":
      return `is putting back plan ${entry.plan.slice(0, 12)} at ${entry.target}: ${plain(entry.why)}`;
    case "ended":
      return endOf(entry);
    case "approved":
      return `approved plan ${entry.plan.slice(0, 12)} for ${entry.target}, signed by ${plain(entry.signer)}`;
  }
}

function tellingOfSite(entry: Exclude<OfSite, OfPlan>): string {
  switch (entry.kind) {
    case "baseline":
      return `took ${entry.target} on as it is: ${counted(entry.files, "file")}, ${entry.same} the same here`;
    case "warned":
      return `warned ${entry.warning} on ${named(entry.paths)}: ${said(entry.text, 200)}`;
    case "resolved":
      return `settled ${entry.warning} on ${named(entry.paths)} ${entry.how === "pull" ? "by a pull" : `by their word: ${said(entry.why, 200)}`}`;
    case "merged":
      return `merged ${named(entry.paths)} with ${entry.target}${entry.attended ? "" : ", with nobody watching"}`;
    case "verified":
      return verifiedIn(entry);
    case "policy-approved":
      return policyIn(entry);
    case "out-of-band":
      return `found ${named(entry.writes.map(({ path }) => path))} on ${entry.target} written by another hand (warning ${entry.warning})`;
    case "notified":
      return `told people: ${entry.channels.map(({ channel, outcome }) => `${plain(channel)} ${outcome}`).join(", ")}`;
    case "hardened":
      return hardenedIn(entry);
    case "token-retired":
      return `gave up feature token ${plain(entry.token)}: ${said(entry.why, 200)}`;
  }
}

function tellingOfRecord(entry: OfRecord): string {
  const record = `${plain(entry.of)}${"record" in entry ? ` ${plain(entry.record)}` : ""}`;
  switch (entry.kind) {
    case "decided":
      return `decided for ${record}: ${entry.decisions
        .filter(({ how }) => how !== "agreed")
        .map(({ field, value, because }) => `${plain(field)} ${plain(showValue(value))} (${said(because, 60)})`)
        .join(", ")}`;
    case "reconciled":
      return `made every system agree about ${record}: ${counted(entry.steps, "step")}`;
    case "tasked":
      return `asked a person to correct ${record} at ${plain(entry.task.system)} (task ${entry.task.id}): ${said(entry.why, 80)}`;
    case "task-done":
      return `${entry.how === "observed" ? "saw" : "was told"} that task ${plain(entry.task)} of ${record} is done${entry.evidence === undefined ? "" : `: ${said(entry.evidence, 80)}`}`;
    case "claimed":
      return `claimed ${record}${entry.note === undefined ? "" : `: ${said(entry.note, 80)}`}`;
    case "unclaimed":
      return `gave up the claim on ${record}: ${said(entry.why, 80)}`;
    case "watch-switched":
      return `switched watching of ${record} ${entry.is}: ${said(entry.why, 80)}`;
  }
}

type OfKind<Kind extends Logged["kind"]> = Extract<Logged, { readonly kind: Kind }>;

const verifiedIn = ({ files, target, outcome, note }: OfKind<"verified">): string =>
  `verified ${counted(files, "page")} of ${target}: ${outcome}${note === undefined ? "" : `, ${said(note, 200)}`}`;

const policyIn = ({ policy, signed, why }: OfKind<"policy-approved">): string =>
  `approved policy ${policy.slice(0, 12)}${signed === undefined ? "" : `, signed by ${plain(signed.signer)}`}${why === "" ? "" : `: ${said(why, 200)}`}`;

const hardenedIn = ({ as, bucket, settings }: OfKind<"hardened">): string =>
  `${as === "applied" ? "hardened" : "began to harden"} bucket ${plain(bucket)}: ${settings.length === 0 ? "nothing" : settings.map(plain).join(", ")}`;

function endOf(entry: Extract<Logged, { readonly kind: "ended" }>): string {
  const left = entry.exceptions.length === 0 ? "" : `, but not ${named(entry.exceptions.map(({ path }) => path))}`;
  if (entry.as !== "applied") return `${entry.as === "undone" ? "undid" : "stopped"} ${entry.release} at ${entry.target}: put back${left}`;
  const ids = [entry.stagingInvalidation, entry.productionInvalidation].filter((id) => !id.startsWith("none"));
  return `applied ${entry.release} to ${entry.target}${changed(entry)}${ids.length === 0 ? "" : `, invalidation ${ids.map(plain).join(", ")}`}${left}`;
}
