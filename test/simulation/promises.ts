/** What belay promises about a target that several hands write to, watched at every write that lands and at every answer that is given. */

import { parseEntry } from "../../src/adapters/state/entry-codec.ts";
import type { Digest, PlanId } from "../../src/core/brand.ts";
import type { Entry, OutOfBandWrite } from "../../src/core/ledger/entry.ts";
import { isPage } from "../../src/core/paths/key.ts";
import { parsePlan } from "../../src/core/plan/parse-plan.ts";
import { stepsOf, type Change, type Headers, type Plan } from "../../src/core/plan/plan.ts";
import type { Process } from "./scheduler.ts";
import type { Landed, Version } from "./shared-place.ts";

const decoder = new TextDecoder();

/** The lines of a file, empty ones left out. */
export const linesOf = (bytes: Uint8Array): string[] =>
  decoder
    .decode(bytes)
    .split("\n")
    .filter((line) => line !== "");

/** A line that a merge with conflicts has put between the sides. */
export const isMarker = (line: string): boolean => /^(?:<{7}|\|{7}|={7}|>{7})/u.test(line);

/** What the owner of a working copy knows, and what is kept on that machine. */
export interface Knowledge {
  /** Every line that this copy's files ever held: what its owner may knowingly take away. */
  readonly seenLines: Set<string>;
  /** Names of the objects in the working copy's own state. */
  readonly kept: Set<string>;
}

/** One version of one key, and which plan left it there; no plan for a stranger's. */
interface Standing {
  readonly turn: number;
  readonly version: Version | undefined;
  readonly by: Applying | undefined;
  readonly isPutBack: boolean;
}

/** One plan from its *started* entry to its *ended* one. */
export interface Applying {
  readonly id: PlanId;
  readonly plan: Plan;
  readonly changes: ReadonlyMap<string, Change>;
  readonly planner: Process;
  readonly startedAt: number;
  owner: Process;
  isUndoing: boolean;
  endedAs: "applied" | "stopped" | "undone" | undefined;
}

/** What a command said: the word for it and, for a conflict, the path that it names. */
export interface Answer {
  readonly word: string;
  readonly conflictAt?: string;
}

/** Words after which the process that says them has begun no plan. */
const withoutPlan = new Set(["stale-plan", "refused", "needs-person", "nothing-to-do", "declined", "held", "unverified"]);
const endOf: Readonly<Record<string, Applying["endedAs"]>> = {
  applied: "applied",
  conflict: "stopped",
  "verification-failed": "stopped",
  interrupted: "stopped",
  "put-back": "undone",
};

/** What all targets of one world have in common. */
export interface Common {
  readonly violations: string[];
  /** Counts the changes to all live sites. */
  turn: number;
  /** By key: every line that was ever live there, at any target. */
  readonly liveLines: Map<string, Set<string>>;
  readonly vault: Map<string, Uint8Array>;
  /** By digest: who kept it first. Of a plan, its planner. */
  readonly keptBy: Map<string, Process>;
}

export const nothingYet = (): Common => ({ violations: [], turn: 0, liveLines: new Map(), vault: new Map(), keptBy: new Map() });

/** Asked about a step of a plan that is no deploy: the lines that it may take off live because somebody has seen them. */
export type SeenBy = (plan: Plan, key: string) => (line: string) => boolean;

export interface Watched {
  readonly target: string;
  readonly knowledgeOf: (process: Process) => Knowledge | undefined;
  readonly common: Common;
  /** Needed where plans are promoted to this target. */
  readonly seenBy?: SeenBy;
}

/** The promises about one target. */
export class Promises {
  readonly #target: string;
  readonly #common: Common;
  readonly #knowledgeOf: (process: Process) => Knowledge | undefined;
  readonly #seenBy: SeenBy | undefined;
  readonly #beganAt = new Map<Process, number>();
  /** By key: what stood there, newest last; strangers' writes too. */
  readonly #standing = new Map<string, Standing[]>();
  /** What belay has left at a key, as `key digest`. */
  readonly #left = new Set<string>();
  /** What an applied release has replaced or deleted at a key, as `key digest`. */
  readonly #replaced = new Set<string>();
  /** What another hand has left and somebody has taken note of, as `key digest`; by warning while it is open. */
  readonly #accepted = new Set<string>();
  readonly #found = new Map<string, readonly OutOfBandWrite[]>();
  readonly #applying = new Map<Process, Applying>();
  #open: Applying | undefined;
  /** The last *started*, *ended* or *baseline* entry: what a plan has to be made on. */
  #basisSeq: number | undefined;

  constructor({ target, knowledgeOf, common, seenBy }: Watched) {
    this.#target = target;
    this.#knowledgeOf = knowledgeOf;
    this.#common = common;
    this.#seenBy = seenBy;
  }

  get violations(): string[] {
    return this.#common.violations;
  }

  began(process: Process): void {
    this.#beganAt.set(process, this.#common.turn);
  }

  /** Whether a plan has begun here that has not ended. */
  get hasOpen(): boolean {
    return this.#open !== undefined;
  }

  /** The plan that a process has begun or adopted here. */
  planOf(process: Process): Applying | undefined {
    return this.#applying.get(process);
  }

  /** Whether a key has held these bytes at some time since a process began. */
  hasHeldSince(process: Process, key: string, digest: Digest): boolean {
    return this.#heldSince(this.#beganAt.get(process) ?? 0, key).some(({ version }) => version?.digest === digest);
  }

  /** Whether a key has ever held these bytes. */
  hasEverHeld(key: string, digest: Digest): boolean {
    return this.#standing.get(key)?.some(({ version }) => version?.digest === digest) === true;
  }

  #heldSince(turnOfThen: number, key: string): Standing[] {
    const standing = this.#standing.get(key) ?? [];
    return standing.filter(({ turn }, index) => turn > turnOfThen || (standing[index + 1]?.turn ?? Infinity) > turnOfThen);
  }

  /** A stranger's write: nobody promises anything about it. */
  stranger(key: string, version: Version | undefined): void {
    this.#note(key, { version, by: undefined, isPutBack: false });
  }

  landedLive(landed: Landed): void {
    const { key, after, isRepair = false } = landed;
    // What was found to have been replaced unseen is back as it was, and is its writer's again.
    if (isRepair) this.#note(key, { version: after, by: this.#standing.get(key)?.at(-2)?.by, isPutBack: false });
    else this.#written(landed);
  }

  #written({ process, key, before, after, isKeptThere = false }: Landed): void {
    const applying = this.#applying.get(process);
    const isPutBack = applying !== undefined && isPuttingBack(applying, key, { before, after });
    // Of an asset that is replaced, a version that the store keeps is snapshot enough (decision 15).
    const isKeptBeside = isKeptThere && after !== undefined && !isPage(key);
    if (before && !isKeptBeside && !this.#common.vault.has(before.digest))
      this.#broken(process, `replaced ${key} without keeping ${short(before.digest)}`);
    if (!applying) this.#broken(process, `wrote ${key} without a plan that has started`);
    else if (applying.endedAs) this.#broken(process, `wrote ${key} for a plan that had ended as ${applying.endedAs}`);
    else if (!isPutBack) this.#checkPlanned(process, applying, { key, before, after });
    this.#note(key, { version: after, by: applying, isPutBack });
    if (after) this.#left.add(`${key} ${after.digest}`);
  }

  /** Headers are as much somebody's work as bytes are: what is replaced had those that the plan shows, or those that this plan gave it. */
  judgeHeaders({ process, key, before }: Landed): void {
    const applying = this.#applying.get(process);
    const change = applying?.changes.get(key);
    if (!before || !change) return;
    const known = [
      ...(change.kind === "create" ? [] : [change.prior.headers]),
      ...(change.kind === "delete" || !applying?.isUndoing ? [] : [change.content.headers]),
    ];
    if (!known.some((headers) => spelt(headers) === spelt(before.headers)))
      this.#broken(process, `went over headers at ${key} that nobody had seen: ${spelt(before.headers)}`);
  }

  /** A write that is no putting back: it is in the plan, and it takes nothing away that its planner has not seen. */
  #checkPlanned(process: Process, applying: Applying, { key, before, after }: Omit<Landed, "process">): void {
    const change = applying.changes.get(key);
    const planned = change && change.kind !== "delete" ? change.content.digest : undefined;
    if (!change || planned !== after?.digest) this.#broken(process, `wrote at ${key} what its plan does not show`);
    if (applying.isUndoing) this.#broken(process, `wrote ${key} for a plan that was being put back`);
    if (applying.plan.intent === "deploy") return this.#checkDeployed(process, applying.planner, { key, before, after });
    const prior = change && change.kind !== "create" ? change.prior.digest : undefined;
    if (prior !== before?.digest) this.#broken(process, `replaced at ${key} what its plan does not show`);
    if (applying.plan.intent === "promote") this.#checkPromoted(process, applying.plan, { key, before, after });
    else this.#checkRestored(process, key, before);
    return undefined;
  }

  /** What another hand has written at the target goes only if whoever brought the change to the stage had seen it. */
  #checkPromoted(process: Process, plan: Plan, { key, before, after }: Omit<Landed, "process">): void {
    if (!before || this.#left.has(`${key} ${before.digest}`)) return;
    const lines = after ? linesOf(after.bytes) : [];
    const isSeen = this.#seenBy?.(plan, key);
    const lost = linesOf(before.bytes).filter((line) => !lines.includes(line) && isSeen?.(line) !== true);
    if (lost.length > 0) this.#broken(process, `lost ${lost.join(", ")} at ${key} of ${this.#target}`);
  }

  #checkRestored(process: Process, key: string, before: Version | undefined): void {
    const held = `${key} ${before?.digest ?? ""}`;
    const isLeft = before === undefined || this.#left.has(held) || this.#accepted.has(held);
    if (!isLeft) this.#broken(process, `restored over what belay has not left at ${key}`);
  }

  #checkDeployed(process: Process, planner: Process, { key, before, after }: Omit<Landed, "process">): void {
    const lines = after ? linesOf(after.bytes) : [];
    const seen = this.#knowledgeOf(planner)?.seenLines;
    const lost = (before ? linesOf(before.bytes) : []).filter((line) => !lines.includes(line) && !seen?.has(line));
    if (lost.length > 0) this.#broken(process, `lost ${lost.join(", ")} at ${key}`);
    if (lines.some(isMarker)) this.#broken(process, `published conflict markers at ${key}`);
    if (after && this.#replaced.has(`${key} ${after.digest}`)) this.#broken(process, `brought back at ${key} what a release had replaced`);
  }

  landedState({ process, key, before, after }: Landed): void {
    if (after && key.startsWith("vault/")) this.#kept(process, nameOf(key), after.bytes);
    if (!key.startsWith("ledger/")) return;
    if (before || !after) this.#broken(process, `changed a ledger entry that stood (${nameOf(key)})`);
    if (after) this.#recorded(process, parseEntry(after.bytes, 999_999_999_999 - Number(nameOf(key).slice(0, 12))));
  }

  #kept(process: Process, digest: string, bytes: Uint8Array): void {
    const { vault, keptBy } = this.#common;
    vault.set(digest, bytes);
    if (!keptBy.has(digest)) keptBy.set(digest, process);
  }

  /** Belay's own write into a working copy, on behalf of its owner. */
  landedFolder({ process, key, before, after }: Landed, { kept }: Knowledge): void {
    if (!before) return;
    if (!kept.has(before.digest) && !this.#common.vault.has(before.digest))
      this.#broken(process, `replaced the local ${key} without keeping ${short(before.digest)}`);
    const lines = after ? linesOf(after.bytes) : [];
    const live = this.#common.liveLines.get(key);
    const lost = linesOf(before.bytes).filter((line) => !lines.includes(line) && !isMarker(line) && !live?.has(line));
    if (lost.length > 0) this.#broken(process, `took ${lost.join(", ")} out of the local ${key}, which was never live`);
  }

  #recorded(process: Process, entry: Entry): void {
    const { kind } = entry;
    if (kind === "resolved") this.#settled(entry);
    if (!("target" in entry) || entry.target !== this.#target) return;
    if (kind === "out-of-band") this.#found.set(entry.warning, entry.writes);
    if (kind === "started") this.#started(process, entry.plan);
    if (kind === "adopted") this.#adopted(process, entry.plan);
    if (kind === "undoing" || kind === "ended") this.#cameBack(process, entry);
    if (kind === "started" || kind === "ended" || kind === "baseline") this.#basisSeq = entry.seq;
  }

  #cameBack(process: Process, entry: Extract<Entry, { kind: "undoing" | "ended" }>): void {
    if (!this.#owns(process, entry.plan) || !this.#open) return;
    if (entry.kind === "undoing") this.#open.isUndoing = true;
    else this.#ended(process, this.#open, entry);
  }

  #settled({ warning, paths }: Extract<Entry, { kind: "resolved" }>): void {
    for (const { path, found } of this.#found.get(warning) ?? [])
      if (found !== undefined && paths.includes(path)) this.#accepted.add(`${path} ${found}`);
  }

  #adopted(process: Process, plan: Digest): void {
    if (this.#open?.id !== plan) return this.#broken(process, "adopted a plan that is not open");
    this.#open.owner = process;
    this.#applying.set(process, this.#open);
    return undefined;
  }

  #started(process: Process, id: PlanId): void {
    const bytes = this.#common.vault.get(id);
    if (!bytes) return this.#broken(process, "started a plan that nobody keeps");
    if (this.#open) this.#broken(process, "started a plan while another one was open");
    const { plan } = parsePlan(id, bytes);
    if (plan.basis?.seq !== this.#basisSeq) this.#broken(process, `started a plan that was made before entry ${this.#basisSeq ?? 1}`);
    const changes = new Map(stepsOf(plan).map(({ change }) => [change.at.key, change]));
    const startedAt = this.#common.turn;
    this.#open = { id, plan, changes, planner: process, startedAt, owner: process, isUndoing: false, endedAs: undefined };
    this.#applying.set(process, this.#open);
  }

  #owns(process: Process, plan: Digest): boolean {
    const isOwner = this.#open?.id === plan && this.#open.owner === process;
    if (!isOwner) this.#broken(process, "recorded something about a plan that it did not own");
    return isOwner;
  }

  #ended(process: Process, applying: Applying, entry: Extract<Entry, { kind: "ended" }>): void {
    applying.endedAs = entry.as;
    this.#open = undefined;
    const excepted = new Set(entry.exceptions.map(({ path }) => path));
    for (const [key, change] of applying.changes) {
      if (entry.as === "applied") {
        if (!this.#hasStood(applying, change)) this.#broken(process, `called applied what never landed at ${key}`);
        if (change.kind !== "create") this.#replaced.add(`${key} ${change.prior.digest}`);
        continue;
      }
      const last = this.#standing.get(key)?.at(-1);
      const isLeft = last?.by === applying && !last.isPutBack && !(change.kind === "create" && !isPage(key));
      if (isLeft && !excepted.has(key)) this.#broken(process, `called ${entry.as} what it left live at ${key}`);
    }
  }

  /** Whether the key has held what the change wants since the plan was started, whoever put it there. */
  #hasStood({ startedAt }: Applying, change: Change): boolean {
    const wanted = change.kind === "delete" ? undefined : change.content.digest;
    const since = this.#heldSince(startedAt, change.at.key);
    return (!this.#standing.has(change.at.key) && wanted === undefined) || since.some(({ version }) => version?.digest === wanted);
  }

  /** An answer says what the ledger says, and a conflict names a path that another hand has written to. */
  answered(process: Process, { word, conflictAt }: Answer): void {
    const applying = this.#applying.get(process);
    if (withoutPlan.has(word) && applying) this.#broken(process, `answered ${word} although it had begun a plan`);
    const end = endOf[word];
    if (end && applying?.endedAs !== end) this.#broken(process, `answered ${word} although its plan is ${applying?.endedAs ?? "open"}`);
    if (conflictAt !== undefined && applying) this.#checkConflict(process, applying, conflictAt);
  }

  /** Since the plan was made, which another command may have done. */
  #checkConflict(process: Process, applying: Applying, conflictAt: string): void {
    const since = this.#beganAt.get(this.#common.keptBy.get(applying.id) ?? applying.planner) ?? 0;
    const others = this.#standing.get(conflictAt)?.filter(({ turn, by }) => turn > since && by !== applying) ?? [];
    if (others.length === 0) this.#broken(process, `answered conflict at ${conflictAt}, where nobody else had written`);
  }

  #note(key: string, standing: Omit<Standing, "turn">): void {
    this.#common.turn += 1;
    this.#standing.set(key, [...(this.#standing.get(key) ?? []), { ...standing, turn: this.#common.turn }]);
    const lines = this.#common.liveLines.get(key) ?? new Set();
    for (const line of standing.version ? linesOf(standing.version.bytes) : []) lines.add(line);
    this.#common.liveLines.set(key, lines);
  }

  #broken(process: Process, what: string): void {
    this.violations.push(`${process.name} ${what}`);
  }
}

/** A plan's own write goes, and exactly what it replaced comes back. */
function isPuttingBack({ isUndoing, changes }: Applying, key: string, { before, after }: Pick<Landed, "before" | "after">): boolean {
  const change = changes.get(key);
  if (!isUndoing || !change) return false;
  const own = change.kind === "delete" ? undefined : change.content.digest;
  const prior = change.kind === "create" ? undefined : change.prior.digest;
  return before?.digest === own && after?.digest === prior;
}

const spelt = (headers: Headers): string => JSON.stringify(Object.entries(headers).toSorted(([one], [other]) => (one < other ? -1 : 1)));
const short = (digest: string): string => digest.slice(0, 8);
const nameOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);
