/** Who changed what of a record, and when, as far as anything tells: evidence of several kinds in one order (R5). */

import { compareValues, showValue } from "./compare-values.ts";
import type { Decision, Survivor } from "./decision.ts";
import type { FieldType, Value } from "./value.ts";

/**
 * Where a moment is known from. `version`: an earlier content that the store keeps. `store`: the last change by the store's clock.
 * `ledger`: belay's own record. `git`: a commit of the site's sources. `document`: what the object says of itself (DTSTAMP, an
 * attribute like `updated_at`), which anybody can write. `log`: an access log that names callers.
 */
export type TimelineSource = "version" | "store" | "ledger" | "git" | "document" | "log";

/** How far a name is to be trusted. `unknown` where nobody is named. */
export interface TimelineActor {
  readonly name: string;
  readonly how: "verified" | "claimed" | "unknown";
  /** What names them: `belay's metadata`, `git`, `the object's owner`, `updated_by`. */
  readonly from?: string;
}

export const nobodyKnown: TimelineActor = { name: "unknown", how: "unknown" };

/** A field that went from one value to another; `from` absent where it came, `to` where it went. */
export interface FieldChange {
  readonly field: string;
  readonly from?: Value;
  readonly to?: Value;
}

export type TimelineDeed =
  /** The object as it was then is known: what of it changed, against what it was before. Empty where no field did. */
  | { readonly kind: "written"; readonly changes: readonly FieldChange[]; readonly isFirst: boolean }
  /** Nothing but the time is known of what was written. */
  | { readonly kind: "touched" }
  | { readonly kind: "deleted" }
  /** What the object says of itself. `says`: `LAST-MODIFIED, SEQUENCE 3`, `updated_at`. */
  | { readonly kind: "told"; readonly says: string }
  | { readonly kind: "committed"; readonly subject: string; readonly commit: string; readonly changes: readonly FieldChange[] }
  | { readonly kind: "released"; readonly release: string; readonly title: string; readonly changes: readonly FieldChange[] }
  | { readonly kind: "past-belay"; readonly warning: string; readonly changes: readonly FieldChange[] }
  | { readonly kind: "decided"; readonly decisions: readonly Decision[]; readonly survivors: readonly Survivor[] }
  | { readonly kind: "reconciled"; readonly steps: number }
  | { readonly kind: "task-given"; readonly task: string; readonly fields: readonly string[]; readonly why: string }
  | { readonly kind: "task-done"; readonly task: string; readonly how: "observed" | "attested"; readonly evidence?: string }
  | { readonly kind: "claimed"; readonly note?: string };

export interface TimelineMoment {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly source: TimelineSource;
  /** Id of the sighting; absent of what is about the record as a whole. */
  readonly sighting?: string;
  readonly system?: string;
  readonly by: TimelineActor;
  readonly deed: TimelineDeed;
  /** The store's own name of the version, a commit, or the number of the ledger's entry. */
  readonly reference?: string;
  /** What other evidence says against it, a clause each. */
  readonly contradictions: readonly string[];
}

/** What one object said of its fields at one moment: enough to see what changed. */
export type FieldValues = ReadonlyMap<string, Value>;

/** What went from one content of an object to the next. Saying less or more of the same value is no change. */
export function fieldChangesBetween(
  before: FieldValues | undefined,
  after: FieldValues,
  typeOf: (field: string) => FieldType | undefined,
): FieldChange[] {
  if (!before) return [...after].map(([field, to]) => ({ field, to }));
  const changes: FieldChange[] = [];
  for (const [field, to] of after) {
    const from = before.get(field);
    if (from === undefined) changes.push({ field, to });
    else if (compareValues(from, to, typeOf(field)) === "differs") changes.push({ field, from, to });
  }
  for (const [field, from] of before) if (!after.has(field)) changes.push({ field, from });
  return changes;
}

/** `start 16:30 → 15:30`, with a dash for what is not there. */
export const showChange = ({ field, from, to }: FieldChange): string => {
  if (from === undefined) return `${field} ${to === undefined ? "" : showValue(to)}`.trimEnd();
  return `${field} ${showValue(from)} → ${to === undefined ? "nothing" : showValue(to)}`;
};

/** Changes of a moment's object, where they are known. */
const changesOf = ({ deed }: Pick<TimelineMoment, "deed">): readonly FieldChange[] => ("changes" in deed ? deed.changes : []);

/** Clocks of different machines may differ by this much before a difference means anything. */
const clockSlackMs = 5000;

/** Oldest first, with what contradicts what. Two moments of one object that tell of one write become one. `nowMs`: the reader's clock. */
export function joinRecordTimeline(moments: readonly TimelineMoment[], nowMs: number): readonly TimelineMoment[] {
  const ordered = moments.toSorted(
    (one, other) => compareText(one.at, other.at) || rankOf(one) - rankOf(other) || numberOf(one) - numberOf(other),
  );
  const joined = joinReleases(joinLogged(ordered));
  return joined.map((moment) => {
    const found = [...moment.contradictions, ...contradictionsOf(moment, joined, nowMs)];
    return { ...moment, contradictions: [...new Set(found)] };
  });
}

const ranks: Readonly<Record<TimelineSource, number>> = { git: 0, ledger: 1, version: 2, store: 3, document: 4, log: 5 };
const compareText = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

/** The ledger's entries of one moment have numbers. */
const numberOf = ({ source, reference = "" }: TimelineMoment): number =>
  source === "ledger" ? Number(/\d+$/u.exec(reference)?.[0] ?? 0) : 0;

/** Of one second: a commit, then what belay recorded, then what it left. */
const rankOf = ({ source }: TimelineMoment): number => ranks[source];

/** A version that a release wrote is told once, by the release, with the version's own account of what changed and of who it was. */
function joinReleases(moments: readonly TimelineMoment[]): readonly TimelineMoment[] {
  const gone = new Set<TimelineMoment>();
  const joined = moments.map((moment): TimelineMoment => {
    const { deed } = moment;
    if (deed.kind !== "released") return moment;
    const version = moments.find((one) => !gone.has(one) && isSameWrite(one, moment, deed.release));
    if (!version) return moment;
    gone.add(version);
    const changes = deed.changes.length > 0 ? deed.changes : changesOf(version);
    const against = disagreement(moment.by, version.by);
    return {
      ...moment,
      deed: { ...deed, changes },
      ...(version.reference !== undefined && { reference: version.reference }),
      contradictions: [...moment.contradictions, ...(against === undefined ? [] : [against])],
    };
  });
  return joined.filter((moment) => !gone.has(moment));
}

/** A version that nobody has put a name to takes the one that a log gives to its write. */
function joinLogged(moments: readonly TimelineMoment[]): readonly TimelineMoment[] {
  const gone = new Set<TimelineMoment>();
  const joined = moments.map((moment): TimelineMoment => {
    if (moment.source !== "version" && moment.source !== "store") return moment;
    const logged = moments.find((one) => !gone.has(one) && isLoggedWrite(one, moment));
    if (!logged || logged.by.how === "unknown" || moment.by.how !== "unknown") return moment;
    gone.add(logged);
    return { ...moment, by: logged.by };
  });
  return joined.filter((moment) => !gone.has(moment));
}

/** By the version's own name where the log gives one; else by its time. */
function isLoggedWrite(one: TimelineMoment, { sighting, at, deed, reference }: TimelineMoment): boolean {
  if (one.source !== "log" || one.sighting !== sighting || (one.deed.kind === "deleted") !== (deed.kind === "deleted")) return false;
  if (one.reference !== undefined && reference !== undefined) return one.reference === reference;
  return Math.abs(Date.parse(one.at) - Date.parse(at)) <= clockSlackMs;
}

const isSameWrite = (one: TimelineMoment, { sighting, at }: TimelineMoment, release: string): boolean =>
  (one.source === "version" || one.source === "store") &&
  one.sighting === sighting &&
  one.deed.kind !== "deleted" &&
  (one.by.from === `release ${release}` || Math.abs(Date.parse(one.at) - Date.parse(at)) <= clockSlackMs);

/** Two names for one deed. */
function disagreement(one: TimelineActor, other: TimelineActor): string | undefined {
  if (one.how === "unknown" || other.how === "unknown" || isSameName(one.name, other.name)) return undefined;
  return `${other.from ?? "another source"} says that it was ${other.name}`;
}

const isSameName = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

function contradictionsOf(moment: TimelineMoment, all: readonly TimelineMoment[], nowMs: number): string[] {
  if (Date.parse(moment.at) > nowMs + clockSlackMs * 12) return ["lies in the future"];
  return moment.deed.kind === "told" ? againstTold(moment, all) : [];
}

/** What an object says of its own last change is held against what its store has seen of it. */
function againstTold(moment: TimelineMoment, all: readonly TimelineMoment[]): string[] {
  const others = all.filter((one) => one.sighting === moment.sighting && one !== moment && isWitnessed(one));
  const atMs = Date.parse(moment.at);
  const last = others.at(-1);
  const later = others.filter((one) => Date.parse(one.at) > atMs + clockSlackMs && changesOf(one).some(({ from }) => from !== undefined));
  const found: string[] = [];
  if (last && Date.parse(last.at) < atMs - clockSlackMs) found.push(`nothing was written there after ${last.at}`);
  if (later.length > 0)
    found.push(
      ...later.map(
        (one) =>
          `${changesOf(one)
            .map(({ field }) => field)
            .join(", ")} changed after that, ${one.at}`,
      ),
    );
  const near = others.find((one) => Math.abs(Date.parse(one.at) - atMs) <= clockSlackMs);
  const against = near && disagreement(moment.by, near.by);
  if (against !== undefined) found.push(against);
  return found;
}

/** What happened to the object itself, by somebody else's word than its own. A commit is no write. */
const isWitnessed = ({ source, deed }: TimelineMoment): boolean =>
  source === "version" || source === "store" || source === "log" || deed.kind === "released" || deed.kind === "past-belay";
