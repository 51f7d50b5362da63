/** The commands of a world with a production: each in a process of its own, as a person or a machine would give it. */

import { approvalMessage } from "../../src/core/approval/approval-message.ts";
import { invariant } from "../../src/core/belay-error.ts";
import { asDigest } from "../../src/core/brand.ts";
import { targetState } from "../../src/core/ledger/fold.ts";
import type { Target } from "../../src/core/site.ts";
import { adopt } from "../../src/operations/adopt.ts";
import { approve } from "../../src/operations/approve/approve.ts";
import { applySaved, deploy, type DeployResult } from "../../src/operations/deploy.ts";
import { promote } from "../../src/operations/promote/promote.ts";
import { pull } from "../../src/operations/pull.ts";
import { restore } from "../../src/operations/way-back/restore.ts";
import { resume } from "../../src/operations/apply/resume.ts";
import { rollback } from "../../src/operations/way-back/rollback.ts";
import { verify } from "../../src/operations/verify/verify.ts";
import { addWarning, listWarnings, resolveWarning } from "../../src/operations/warn.ts";
import type { Context, Workbench } from "../../src/operations/workbench.ts";
import { deployed, resumed, type Cast, type Copy, type GuardedWorld } from "./guarded-world.ts";
import type { Key } from "./people.ts";
import type { Answer } from "./promises.ts";

const go = (): Promise<"go"> => Promise.resolve("go");

/** How somebody who asks for a promotion asks for it. */
export interface Asking extends Cast {
  readonly change?: string;
  readonly emergency?: string;
}

export interface Asked {
  readonly word: string;
  /** The plan that lacks nothing but an approval. */
  readonly waiting?: string;
}

/** How somebody puts an approval into the ledger. `another`: a good signature, recorded for a plan that it does not name. */
export type Hand = { readonly kind: "person" | "forged" | "another"; readonly key: Key; readonly validMs: number };

export class ChainCommands {
  readonly world: GuardedWorld;
  readonly production: Target;

  constructor(world: GuardedWorld) {
    invariant(world.chain !== undefined, "this world has a production");
    this.world = world;
    this.production = world.chain.target;
  }

  async #run(copy: Copy, name: string, run: (bench: Workbench, context: Context) => Promise<Answer>, cast: Cast = {}): Promise<string> {
    return await this.world.command(copy, cast.target === undefined ? name : `${name} ${cast.target}`, run, cast);
  }

  async adopt(copy: Copy, target: Target): Promise<void> {
    const run = async (bench: Workbench, context: Context): Promise<Answer> => {
      await adopt(bench, target, context);
      return { word: "ok" };
    };
    await this.#run(copy, "adopt", run, { target: target.name });
  }

  async deploy(copy: Copy, target: Target, cast: Cast = {}): Promise<string> {
    const request = { target, selection: undefined, title: undefined, waitMs: 0 };
    const run = async (bench: Workbench, context: Context): Promise<Answer> => deployed(await deploy(bench, request, go, context));
    return await this.#run(copy, "deploy", run, { ...cast, target: target.name });
  }

  async promote(copy: Copy, { change, emergency, ...cast }: Asking = {}): Promise<Asked> {
    let waiting: string | undefined;
    const name = cast.targets ? "promote with another belay.yaml" : emergency === undefined ? "promote" : "promote in an emergency";
    const run = async (bench: Workbench, context: Context): Promise<Answer> => {
      const target = bench.site.targets.find((one) => one.name === this.production.name) ?? this.production;
      const result = await promote(bench, { target, change, emergency, waitMs: 0 }, go, context);
      waiting = waitingIn(result);
      return { ...deployed(result), word: waiting === undefined ? deployed(result).word : "refused" };
    };
    const word = await this.#run(copy, name, run, { ...cast, target: this.production.name });
    return waiting === undefined ? { word } : { word, waiting };
  }

  async apply(copy: Copy, id: string): Promise<string> {
    const run = async (bench: Workbench, context: Context): Promise<Answer> =>
      deployed(await applySaved(bench, { id, waitMs: 0 }, go, context));
    return await this.#run(copy, "apply", run, { target: this.production.name });
  }

  async rollback(copy: Copy, target: Target, { to, ...cast }: Cast & { readonly to?: string } = {}): Promise<Asked> {
    let waiting: string | undefined;
    const run = async (bench: Workbench, context: Context): Promise<Answer> => {
      const { result } = await rollback(bench, { target, to, waitMs: 0 }, go, context);
      waiting = waitingIn(result);
      return deployed(result);
    };
    const word = await this.#run(copy, "rollback", run, { ...cast, target: target.name });
    return waiting === undefined ? { word } : { word, waiting };
  }

  async restore(copy: Copy, target: Target, cast: Cast = {}): Promise<string> {
    const request = { target, selection: undefined, from: undefined, waitMs: 0 };
    const run = async (bench: Workbench, context: Context): Promise<Answer> => deployed(await restore(bench, request, go, context));
    return await this.#run(copy, "restore", run, { ...cast, target: target.name });
  }

  async resume(copy: Copy, target: Target, way: "finish" | "put-back"): Promise<string> {
    const run = async (bench: Workbench, context: Context): Promise<Answer> =>
      resumed(await resume(bench, { target, way, waitMs: 0 }, context));
    return await this.#run(copy, way, run, { target: target.name });
  }

  async pull(copy: Copy, target: Target): Promise<void> {
    const run = async (bench: Workbench, context: Context): Promise<Answer> => {
      const { pulled } = await pull(bench, { target, selection: undefined, take: undefined }, context);
      return { word: [...new Set(pulled.map(({ outcome }) => outcome))].toSorted().join("+") || "nothing" };
    };
    await this.#run(copy, "pull", run, { target: target.name });
  }

  async verify(copy: Copy, target: Target): Promise<void> {
    const request = { target, selection: undefined, isAll: true, withinMs: 0, wantsBrowser: false };
    const run = async (bench: Workbench, context: Context): Promise<Answer> => {
      const { verification } = await verify(bench, request, context);
      return { word: verification.outcome };
    };
    await this.#run(copy, "verify", run, { target: target.name });
  }

  async warn(copy: Copy, path: string): Promise<void> {
    const run = async (bench: Workbench, context: Context): Promise<Answer> => {
      await addWarning(bench, { paths: [path], text: "the harbour master is still at it" }, context);
      return { word: "ok" };
    };
    await this.#run(copy, "warn", run);
  }

  /** A person says of everything that is open that it may stand. */
  async settle(copy: Copy, person: string): Promise<void> {
    await this.#run(copy, "warn resolve", settleAll, { person });
  }

  /** By whatever hand, an approval of this plan comes into the ledger, or does not. */
  async approve(copy: Copy, id: string, hand: Hand): Promise<string> {
    const { key, kind, validMs } = hand;
    if (kind !== "person")
      return await this.#run(copy, `approve (${kind})`, async (bench, context) => await this.#slip(bench, id, hand, context));
    const run = async (bench: Workbench, context: Context): Promise<Answer> => {
      const { kind: word } = await approve(bench, { id, key: undefined, validMs }, go, context);
      return { word };
    };
    return await this.#run(copy, "approve", run, { person: `a colleague at ${key.owner}'s desk`, key, target: this.production.name });
  }

  /** Whoever can append to the ledger can write there what they like: it has to count for nothing. */
  async #slip(bench: Workbench, id: string, { kind, key, validMs }: Hand, context: Context): Promise<Answer> {
    const chain = this.world.chain;
    const state = await bench.ledger.state(context);
    const { site } = bench;
    const plan = asDigest(id);
    const expires = new Date(bench.runtime.now() + validMs).toISOString();
    const about = { ledger: state.id, site: site.name, target: this.production.name, expires };
    const message = approvalMessage({ plan, store: this.production.store, ...about });
    const earlier = state.approvals.find((one) => one.plan !== id) ?? state.approvals[0];
    const signature = kind === "another" && earlier ? earlier.signature : (chain?.people.forge(key.owner, message) ?? "");
    const appended = await bench.ledger.append(
      {
        kind: "approved",
        actor: bench.actor,
        site: site.name,
        target: this.production.name,
        plan,
        signer: key.owner,
        key: `SHA256:${key.owner}-${key.kind}`,
        expires: kind === "another" && earlier ? earlier.expires : expires,
        signature,
      },
      state.head,
      context,
    );
    return { word: appended.kind };
  }

  /** A change that staging has: its release, as `promote --change` takes it. */
  async aChange(copy: Copy): Promise<string | undefined> {
    let found: string | undefined;
    await this.#run(copy, "log", async (bench, context) => {
      const { releases } = targetState(await bench.ledger.state(context), bench.site.name, "staging");
      if (releases.length > 0) found = this.world.scheduler.pick(releases).id;
      return { word: "ok" };
    });
    return found;
  }
}

async function settleAll(bench: Workbench, context: Context): Promise<Answer> {
  const { warnings, unseenMerges } = await listWarnings(bench, context);
  for (const { id } of [...warnings, ...unseenMerges]) await resolveWarning(bench, { id, why: "looked at" }, context);
  return { word: warnings.length > 0 ? "ok" : "nothing" };
}

/** Of a plan that was refused for want of an approval, its id. */
function waitingIn(result: DeployResult): string | undefined {
  if (result.kind !== "tried" || result.result.kind !== "refused") return undefined;
  return result.result.refusals.every(({ code }) => code === "approval-missing") ? result.identified.id : undefined;
}
