/** R9: a record that exists is edited where it is. No second page is made for it, and none for what somebody else has claimed. */

import type { Refusal, Step } from "../../plan/plan.ts";
import type { KnownRecord } from "../../records/known-record.ts";
import { quoted } from "./d1-seen.ts";

export interface KnownRecordFacts {
  readonly knownRecords?: readonly KnownRecord[];
}

/** One refusal for each page. */
export function refuseKnownRecords({ knownRecords = [] }: KnownRecordFacts, steps: readonly Step[]): Refusal[] {
  const created = new Set(steps.flatMap(({ change }) => (change.kind === "create" ? [change.at.key] : [])));
  return knownRecords.filter(({ path }) => created.has(path)).map(refuse);
}

/** A promotion takes what its stage has: whose claim it was is settled there. */
export const refuseKnownPages = ({ knownRecords = [] }: KnownRecordFacts, steps: readonly Step[]): Refusal[] =>
  refuseKnownRecords({ knownRecords: knownRecords.filter(({ is }) => is === "record") }, steps);

function refuse(known: KnownRecord): Refusal {
  const { path, kind, record } = known;
  if (known.is === "claim") {
    return {
      rule: "R9",
      code: "record-claimed",
      paths: [path],
      message: `${kind} ${record} was claimed by ${known.by} until ${known.until}${known.note === undefined ? "" : `: ${known.note}`}`,
      remedy: `Leave it to ${known.by}, or once the claim has ended: belay find ${kind} --where …`,
    };
  }
  const { page, evidence, from } = known;
  const why = evidence.length === 0 ? "" : ` (${evidence.join("; ")})`;
  const where = page.url ?? page.key;
  return {
    rule: "R9",
    code: "record-exists",
    paths: [path],
    message: `it is ${kind} ${record}, whose page is ${where}${why}`,
    remedy: `${remedyOf(page, from, path)}\nor, if it is another ${kind}: belay claim ${kind} --not ${quoted(record)} --where …`,
  };
}

function remedyOf({ key, at }: { readonly key: string; readonly at: string }, from: "target" | "system" | "plan", path: string): string {
  switch (from) {
    case "target":
      return `belay pull ${at} ${quoted(key)}   (then edit that page, and take ${path} away)`;
    case "plan":
      return `Keep one of ${key} and ${path}.`;
    case "system":
      return `Edit ${key} in ${at}, and take ${path} away.`;
  }
}
