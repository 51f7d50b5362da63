/**
 * What belay promises about production: it shows only what was verified on staging, a person has approved each plan that
 * changes it, once, and what was rolled back stays off. Watched at every entry of the ledger and at every write that lands.
 */

import { parseEntry } from "../../src/adapters/state/entry-codec.ts";
import { approvalMessage } from "../../src/core/approval/approval-message.ts";
import type { Digest } from "../../src/core/brand.ts";
import type { Entry } from "../../src/core/ledger/entry.ts";
import { isPage } from "../../src/core/paths/key.ts";
import { parsePlan } from "../../src/core/plan/parse-plan.ts";
import { stepsOf, type IdentifiedPlan, type Plan } from "../../src/core/plan/plan.ts";
import type { Target } from "../../src/core/site.ts";
import type { People } from "./people.ts";
import type { Common, Promises } from "./promises.ts";
import type { Process } from "./scheduler.ts";
import type { Landed } from "./shared-place.ts";

/** What is known of a process beside the code that it runs. */
export interface Who {
  readonly actor: string;
  /** A person sits at its terminal. */
  readonly isPerson: boolean;
  readonly beganAtMs: number;
  /** Every line that its working copy ever held. */
  readonly seenLines: ReadonlySet<string>;
}

export interface PromotionWatch {
  readonly common: Common;
  readonly staging: Promises;
  readonly production: Promises;
  readonly target: Target;
  /** Digest of the policy that everybody has agreed on. */
  readonly policy: Digest;
  readonly people: People;
  readonly whoOf: (process: Process) => Who | undefined;
}

type OfKind<Kind extends Entry["kind"]> = Extract<Entry, { kind: Kind }>;

/** One release of staging, from its *started* entry on. */
interface StagedRelease {
  readonly plan: Plan;
  readonly by: string;
  readonly seenLines: ReadonlySet<string>;
}

export class PromotionPromises {
  readonly #watch: PromotionWatch;
  #ledger = "";
  readonly #staged = new Map<string, StagedRelease>();
  /** By `path digest`: what an applied release has left on staging. */
  readonly #verified = new Set<string>();
  readonly #approvals = new Map<number, OfKind<"approved">>();
  readonly #used = new Set<number>();
  /** By `path digest`: what a rollback took off production, and nobody has brought back on purpose. */
  readonly #tombstones = new Set<string>();
  /** Plans that were begun on production, by release. */
  readonly #begun = new Map<string, Plan>();

  constructor(watch: PromotionWatch) {
    this.#watch = watch;
  }

  /** Called before the promises about each target look at it. */
  landedState({ process, key, after }: Landed): void {
    if (!after) return;
    const name = key.slice(key.lastIndexOf("/") + 1);
    if (!key.startsWith("ledger/")) return;
    const entry = parseEntry(after.bytes, 999_999_999_999 - Number(name.slice(0, 12)));
    if (entry.seq === 1) this.#ledger = after.digest;
    if (entry.kind === "approved") this.#approvals.set(entry.seq, entry);
    if (entry.kind === "started") this.#started(process, entry);
    if (entry.kind === "ended" && entry.as === "applied") this.#applied(entry);
  }

  /** Lines that were seen by whoever brought these changes to staging, at the time. */
  seenBy(plan: Plan): (line: string) => boolean {
    const seen = (plan.changes ?? []).flatMap(({ id }) => this.#staged.get(id)?.seenLines ?? []);
    return (line) => seen.some((lines) => lines.has(line));
  }

  /** Called before production's own promises look at it. */
  landedLive({ process, key, before, after }: Landed): void {
    const { production } = this.#watch;
    const applying = production.planOf(process);
    if (!applying || applying.isUndoing || !after) return;
    const held = `${key} ${after.digest}`;
    if (applying.plan.intent === "promote") {
      if (!this.#verified.has(held)) this.#broken(process, `took to production at ${key} what was never verified on staging`);
      if (this.#tombstones.has(held) && before?.digest !== after.digest)
        this.#broken(process, `brought back at ${key} of production what was rolled back`);
    } else if (!production.hasEverHeld(key, after.digest)) this.#broken(process, `went back at ${key} to what was never on production`);
  }

  #started(process: Process, entry: OfKind<"started">): void {
    const bytes = this.#watch.common.vault.get(entry.plan);
    if (!bytes) return;
    const { plan } = parsePlan(entry.plan, bytes);
    const who = this.#watch.whoOf(process);
    if (entry.target === this.#watch.target.name) this.#begunOnProduction(process, entry, plan);
    else this.#staged.set(entry.release, { plan, by: entry.actor.name, seenLines: new Set(who?.seenLines) });
  }

  #begunOnProduction(process: Process, entry: OfKind<"started">, plan: Plan): void {
    this.#begun.set(entry.release, plan);
    if (plan.intent === "deploy") this.#broken(process, "deployed to production past staging");
    if (entry.policy !== this.#watch.policy) this.#broken(process, "began a plan on production under a policy that nobody has approved");
    if (plan.intent === "promote") this.#checkSources(process, entry.plan, plan);
    this.#checkApprovals(process, entry, plan);
  }

  /**
   * What is taken was left on staging by a release that was applied, and it stood there while this command looked. Assets are
   * looked at when the plan is made, and then by the bytes alone.
   */
  #checkSources(process: Process, id: Digest, plan: Plan): void {
    const planner = this.#watch.common.keptBy.get(id) ?? process;
    for (const { change, from } of stepsOf(plan)) {
      if (change.kind === "delete") continue;
      const { key } = change.at;
      if (!from) this.#broken(process, `began to take ${key} to production from no place on staging`);
      if (!this.#verified.has(`${key} ${change.content.digest}`))
        this.#broken(process, `began to take to production at ${key} what was never verified on staging`);
      if (!this.#watch.staging.hasHeldSince(isPage(key) ? process : planner, key, change.content.digest))
        this.#broken(process, `began to take to production at ${key} what staging did not hold any more`);
    }
  }

  #checkApprovals(process: Process, { plan: id, approvals = [] }: OfKind<"started">, plan: Plan): void {
    const who = this.#watch.whoOf(process);
    // Decision 21: a person at the terminal goes back without anybody else.
    const isFree = plan.back !== undefined && plan.intent !== "promote" && who?.isPerson === true;
    const good = approvals.filter((seq) => this.#isGood(process, seq, { id, plan }));
    for (const seq of approvals) this.#used.add(seq);
    if (!isFree && good.length < this.#watch.target.approvals) this.#broken(process, "began a plan on production that nobody had approved");
  }

  #isGood(process: Process, seq: number, identified: IdentifiedPlan): boolean {
    const why = this.#objection(process, seq, identified);
    if (why !== undefined) this.#broken(process, `used the approval of entry ${seq}, ${why}`);
    return why === undefined;
  }

  #objection(process: Process, seq: number, { id, plan }: IdentifiedPlan): string | undefined {
    const { people, target, whoOf } = this.#watch;
    const approval = this.#approvals.get(seq);
    if (!approval) return "which is none";
    if (this.#used.has(seq)) return "which had been used before";
    const { expires, site, signature } = approval;
    if (approval.plan !== id || approval.target !== target.name) return "which is for another plan";
    const message = approvalMessage({ plan: id, ledger: this.#ledger, site, target: target.name, store: target.store, expires });
    const key = people.truthOf(signature, message);
    if (!key) return "which nobody has signed";
    if (target.keys === "security-key" && key.kind !== "security-key") return "whose key nobody has touched";
    if (Date.parse(expires) <= (whoOf(process)?.beganAtMs ?? 0)) return "which had expired";
    const mayBeInvolved = target.approvers === "anyone" || plan.emergency !== undefined;
    if (!mayBeInvolved && this.#involvedIn(process, plan).includes(key.owner))
      return "which is by whoever brought the change or took it there";
    return undefined;
  }

  #involvedIn(process: Process, { changes = [] }: Plan): (string | undefined)[] {
    return [this.#watch.whoOf(process)?.actor, ...changes.map(({ id }) => this.#staged.get(id)?.by)];
  }

  #applied(entry: OfKind<"ended">): void {
    const onProduction = entry.target === this.#watch.target.name;
    const plan = onProduction ? this.#begun.get(entry.release) : this.#staged.get(entry.release)?.plan;
    const excepted = new Set(entry.exceptions.map(({ path }) => path));
    for (const { change } of plan ? stepsOf(plan) : []) {
      const { key } = change.at;
      if (excepted.has(key)) continue;
      const brought = change.kind === "delete" ? undefined : change.content.digest;
      if (!onProduction) {
        if (brought !== undefined) this.#verified.add(`${key} ${brought}`);
        continue;
      }
      if (plan?.intent === "rollback" && change.kind !== "create") this.#tombstones.add(`${key} ${change.prior.digest}`);
      if (brought !== undefined) this.#tombstones.delete(`${key} ${brought}`);
    }
  }

  #broken(process: Process, what: string): void {
    this.#watch.common.violations.push(`${process.name} ${what}`);
  }
}
