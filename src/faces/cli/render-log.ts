/** `belay log` for people: a line an entry, newest first. */

import type { Actor } from "../../core/ledger/entry.ts";
import type { LogResult } from "../../operations/log.ts";
import { counted, plain, said } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { aligned, padTo, widthOf, wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

type Logged = LogResult["entries"][number];

/** Writers' clocks may differ by this much before it is worth a word. */
const clockDriftMs = 5_000;

export function logLines({ entries }: LogResult, view: View): string[] {
  const rows = entries.map((entry) => [`#${entry.seq}`, localTime(entry.at, view.nowMs), plain(entry.actor.name) + kindOf(entry.actor)]);
  const heads = aligned(rows.map((row) => [...row, ""]));
  const indent = Math.max(...aligned(rows.map((row) => [...row, "|"])).map((line) => widthOf(line) - 1));
  const lines = entries.flatMap((entry, at) => {
    const told = `${tellingOf(entry)}${isLate(entry, entries[at + 1]) ? "  (! its clock is behind the entry before)" : ""}`;
    const block = wrap(told, { width: view.columns, first: padTo(heads[at] ?? "", indent), rest: " ".repeat(indent) });
    return isGrave(entry) ? block.map((line) => view.paint.red(line)) : block;
  });
  const areClaimed = entries.some(({ actor }) => actor.proof === "claimed");
  return areClaimed ? [...lines, "", "Names are claimed (by git, the environment or --by), not proven."] : lines;
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

const tellingOf = (entry: Logged): string => ("plan" in entry ? tellingOfPlan(entry) : tellingOfSite(entry));

type OfPlan = Extract<Logged, { readonly plan: unknown }>;

function tellingOfPlan(entry: OfPlan): string {
  switch (entry.kind) {
    case "started":
      return `began ${entry.release}, a ${entry.intent} to ${entry.target}: ${said(entry.title, 60)}`;
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

function tellingOfSite(entry: Exclude<Logged, OfPlan>): string {
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
      return `verified ${counted(entry.files, "page")} of ${entry.target}: ${entry.outcome}${entry.note === undefined ? "" : `, ${said(entry.note, 200)}`}`;
    case "policy-approved":
      return `approved policy ${entry.policy.slice(0, 12)}${entry.signed === undefined ? "" : `, signed by ${plain(entry.signed.signer)}`}: ${said(entry.why, 200)}`;
    case "out-of-band":
      return `found ${named(entry.writes.map(({ path }) => path))} on ${entry.target} written by another hand (warning ${entry.warning})`;
    case "notified":
      return `told people: ${entry.channels.map(({ channel, outcome }) => `${plain(channel)} ${outcome}`).join(", ")}`;
    case "token-retired":
      return `gave up feature token ${plain(entry.token)}: ${said(entry.why, 200)}`;
  }
}

function endOf(entry: Extract<Logged, { readonly kind: "ended" }>): string {
  const left = entry.exceptions.length === 0 ? "" : `, but not ${named(entry.exceptions.map(({ path }) => path))}`;
  if (entry.as !== "applied") return `${entry.as === "undone" ? "undid" : "stopped"} ${entry.release} at ${entry.target}: put back${left}`;
  const ids = [entry.stagingInvalidation, entry.productionInvalidation].filter((id) => !id.startsWith("none"));
  return `applied ${entry.release} to ${entry.target}${changed(entry)}${ids.length === 0 ? "" : `, invalidation ${ids.map(plain).join(", ")}`}${left}`;
}
