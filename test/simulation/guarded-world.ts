/** One simulated world: a live site, a shared state, working copies, strangers, and the promises that belay makes about them. */

import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { openBaseBook } from "../../src/adapters/state/store-base-book.ts";
import { openLeaser } from "../../src/adapters/state/store-leaser.ts";
import { openLedger } from "../../src/adapters/state/store-ledger.ts";
import { openVault } from "../../src/adapters/state/store-vault.ts";
import { BelayError } from "../../src/core/belay-error.ts";
import { bytesOf } from "../../src/core/body.ts";
import { asDigest, asStoreName } from "../../src/core/brand.ts";
import { canonicalBytes } from "../../src/core/canonical-json.ts";
import { targetState } from "../../src/core/ledger/fold.ts";
import { defaultLimits, type Site, type Target } from "../../src/core/site.ts";
import { resume, type ResumeResult } from "../../src/operations/apply/resume.ts";
import type { ApplyResult } from "../../src/operations/apply/apply.ts";
import type { DeployResult } from "../../src/operations/deploy.ts";
import type { Context, Workbench } from "../../src/operations/workbench.ts";
import type { Leaser } from "../../src/ports/leaser.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { Store } from "../../src/ports/store.ts";
import type { Key, People } from "./people.ts";
import { linesOf, nothingYet, Promises, type Answer, type Knowledge } from "./promises.ts";
import { PromotionPromises, type Who } from "./promotion-promises.ts";
import type { Headers } from "../../src/core/plan/plan.ts";
import { Scheduler, type Process, type Turns } from "./scheduler.ts";
import { noFaults, type Faults, type Landed, type SharedPlace } from "./shared-place.ts";
import { SimStore, World } from "./sim-store.ts";
import { noPeople } from "../support/no-people.ts";

export const paths: readonly string[] = ["index.html", "about.html", "style.css"];
export const target: Target = {
  name: "staging",
  store: asStoreName("live"),
  approvals: 0,
  keys: "security-key",
  approvers: "anyone",
  guard: true,
};
const siteWith = (targets: readonly Target[]): Site => ({
  name: "default",
  root: "/site",
  ignore: [],
  include: [],
  unit: "any",
  except: {},
  headers: [],
  targets,
  tokens: [],
  limits: defaultLimits,
});

const encoder = new TextEncoder();
const bytesOfLines = (lines: readonly string[]): Uint8Array => encoder.encode(lines.map((line) => `${line}\n`).join(""));

/** What one working copy keeps on its own disk. */
export interface Copy extends Knowledge {
  readonly name: string;
  readonly folder: World;
  readonly local: World;
  /** By key: what its files have held, oldest first. */
  readonly versions: Map<string, (readonly string[])[]>;
}

/** Where and when a schedule plays. */
export interface Stage {
  readonly scheduler: Turns;
  readonly live: SharedPlace;
  readonly state: SharedPlace;
  /** Where the world has a production. */
  readonly production?: SharedPlace;
}

/** What watches the stage. */
export interface Watchers {
  readonly promises: Promises;
  /** About every write to the shared state. */
  readonly onState: (landed: Landed) => void;
  /** Where the world has a production. */
  readonly production?: Beyond;
  /** Counts what has happened. */
  readonly count: (what: string) => void;
}

export type OpenStage = (seed: number, watchers: Watchers) => Stage;

/** Production as the target after staging, and who may approve what goes there. */
export interface Chain {
  readonly target: Target;
  readonly people: People;
}

/** What watches production. */
export interface Beyond {
  readonly promises: Promises;
  readonly promotions: PromotionPromises;
}

/** Whose command it is; by default the working copy's own, with nobody at the terminal, about staging. */
export interface Cast {
  readonly target?: string;
  /** Who sits at the terminal. */
  readonly person?: string;
  readonly key?: Key;
  /** belay.yaml as somebody has changed it. */
  readonly targets?: readonly Target[];
}

const inMemory: OpenStage = (seed, { promises, onState, production }) => {
  const scheduler = new Scheduler(seed);
  return {
    scheduler,
    // Every third bucket keeps its versions, which then have a say in what is stale.
    live: new World("live", scheduler, { keepsVersions: seed % 3 === 0, onLanded: (landed) => promises.landedLive(landed) }),
    state: new World("state", scheduler, { onLanded: onState }),
    ...(production && {
      production: new World("production", scheduler, {
        keepsVersions: seed % 4 < 2,
        onLanded: (landed) => {
          production.promotions.landedLive(landed);
          production.promises.landedLive(landed);
        },
      }),
    }),
  };
};

export class GuardedWorld {
  readonly scheduler: Turns;
  readonly live: SharedPlace;
  readonly state: SharedPlace;
  readonly production: SharedPlace | undefined;
  readonly chain: Chain | undefined;
  readonly targets: readonly Target[];
  readonly copies: readonly Copy[];
  readonly #common = nothingYet();
  readonly promises: Promises = new Promises({
    target: target.name,
    knowledgeOf: (process) => this.#copyOf.get(process),
    common: this.#common,
  });
  readonly #beyond: Beyond | undefined;
  readonly tally: Map<string, number> = new Map<string, number>();
  readonly #copyOf = new Map<Process, Copy>();
  readonly #whoIs = new Map<Process, Who>();
  readonly #processes: Process[] = [];
  /** A lease is courtesy: every second world does without, and nothing may be lost for it. */
  readonly #hasLeases: boolean;

  constructor(seed: number, copies: number, { open = inMemory, chain }: { readonly open?: OpenStage; readonly chain?: Chain } = {}) {
    this.chain = chain;
    this.targets = [target, ...(chain ? [chain.target] : [])];
    this.#beyond = chain && this.#watchOf(chain);
    const stage = open(seed, {
      promises: this.promises,
      onState: (landed) => {
        this.#beyond?.promotions.landedState(landed);
        this.promises.landedState(landed);
        this.#beyond?.promises.landedState(landed);
      },
      count: (what) => this.#count(what),
      ...(this.#beyond && { production: this.#beyond }),
    });
    ({ scheduler: this.scheduler, live: this.live, state: this.state, production: this.production } = { production: undefined, ...stage });
    this.#hasLeases = seed % 2 === 0;
    this.copies = Array.from({ length: copies }, (_, index) => this.#copy(index));
  }

  #watchOf({ target: after, people }: Chain): Beyond {
    const common = this.#common;
    const promises: Promises = new Promises({
      target: after.name,
      knowledgeOf: (process) => this.#copyOf.get(process),
      common,
      seenBy: (plan) => promotions.seenBy(plan),
    });
    const promotions: PromotionPromises = new PromotionPromises({
      common,
      staging: this.promises,
      production: promises,
      target: after,
      policy: sha256(policyOf(siteWith([target, after]), people.signers)),
      people,
      whoOf: (process) => this.#whoIs.get(process),
    });
    return { promises, promotions };
  }

  #copy(index: number): Copy {
    const kept = new Set<string>();
    const keep = ({ key }: Landed): void => void kept.add(key.slice(key.lastIndexOf("/") + 1));
    const copy: Copy = {
      name: `copy${index}`,
      folder: new World(`folder${index}`, this.scheduler, { isPrivate: true, onLanded: (landed) => this.#pulled(copy, landed) }),
      local: new World(`local${index}`, this.scheduler, { isPrivate: true, onLanded: keep }),
      seenLines: new Set<string>(),
      kept,
      versions: new Map(),
    };
    return copy;
  }

  #pulled(copy: Copy, landed: Landed): void {
    this.promises.landedFolder(landed, copy);
    if (landed.after) see(copy, landed.key, linesOf(landed.after.bytes));
  }

  setFaults(faults: Faults): void {
    this.live.faults = faults;
    if (this.production) this.production.faults = faults;
    this.state.faults = faults;
    for (const { folder, local } of this.copies) {
      folder.faults = { ...noFaults, crash: faults.crash };
      local.faults = { ...noFaults, crash: faults.crash };
    }
  }

  /** A stranger's write: no precondition, no vault. */
  async stranger(key: string, lines: readonly string[] | undefined, headers: Headers = {}, where: string = target.name): Promise<void> {
    const bytes = lines && bytesOfLines(lines);
    const { place, promises } = this.#at(where);
    await place.force({
      key,
      bytes,
      headers,
      landed: () => promises.stranger(key, bytes && { digest: sha256(bytes), bytes, headers }),
    });
  }

  /** Whether a plan has begun there that has not ended. */
  hasOpen(where: string): boolean {
    return this.#at(where).promises.hasOpen;
  }

  #at(where: string): { readonly place: SharedPlace; readonly promises: Promises } {
    if (where === target.name || !this.production || !this.#beyond) return { place: this.live, promises: this.promises };
    return { place: this.production, promises: this.#beyond.promises };
  }

  /** A stranger gives a page other headers and leaves its bytes as they are. */
  async rewriteHeaders(key: string, headers: Headers, where: string = target.name): Promise<void> {
    const now = await this.#at(where).place.look(key);
    if (now) await this.stranger(key, linesOf(now.bytes), headers, where);
  }

  async liveLines(key: string, where: string = target.name): Promise<string[] | undefined> {
    const now = await this.#at(where).place.look(key);
    return now && linesOf(now.bytes);
  }

  /** The owner of a copy edits a file, by hand. */
  edit(copy: Copy, key: string, lines: readonly string[] | undefined): void {
    copy.folder.store.force(key, lines && bytesOfLines(lines));
    if (lines) see(copy, key, lines);
  }

  async localLines(copy: Copy, key: string): Promise<string[] | undefined> {
    const reading = await copy.folder.store.read(key, { signal });
    return reading && linesOf(await bytesOf(reading.body));
  }

  /** Runs one command in a process of its own; resolves when it has ended or died, with what became of it. */
  async command(copy: Copy, name: string, run: (bench: Workbench, context: Context) => Promise<Answer>, cast: Cast = {}): Promise<string> {
    const outcome = await new Promise<string>((resolve) => {
      const process: Process = {
        name: `${copy.name}/${name}#${this.#processes.length}`,
        isDead: false,
        pausedUntilMs: 0,
        onDeath: () => resolve("killed"),
      };
      this.#processes.push(process);
      this.#copyOf.set(process, copy);
      this.promises.began(process);
      this.#beyond?.promises.began(process);
      const isAttended = cast.person !== undefined;
      this.#whoIs.set(process, {
        actor: cast.person ?? copy.name,
        isPerson: isAttended,
        beganAtMs: this.scheduler.nowMs,
        seenLines: copy.seenLines,
      });
      const { promises } = this.#at(cast.target ?? target.name);
      const answer = ({ word, conflictAt }: Answer): void => {
        promises.answered(process, conflictAt === undefined ? { word } : { word, conflictAt });
        resolve(word);
      };
      run(this.#bench(copy, process, cast), { signal, report: () => undefined, isAttended }).then(answer, (error: unknown) => {
        if (!(error instanceof BelayError))
          this.promises.violations.push(`${process.name} crashed: ${error instanceof Error ? error.stack : String(error)}`);
        resolve(error instanceof BelayError ? error.code : "crashed");
      });
    });
    this.#count(`${name}: ${outcome}`);
    return outcome;
  }

  #count(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }

  #bench(copy: Copy, process: Process, { person, key, targets = this.targets }: Cast): Workbench {
    const { scheduler } = this;
    const at = (world: World): SimStore => new SimStore(world, process);
    const runtime: Runtime = {
      now: () => scheduler.nowMs,
      sleep: async (ms: number, abort: AbortSignal) => {
        await scheduler.sleep(process, ms);
        abort.throwIfAborted();
      },
      nonce: () =>
        Math.floor(scheduler.random() * 2 ** 48)
          .toString(16)
          .padStart(16, "0"),
      sha256,
    };
    const own = at(copy.local);
    const shared = this.state.open(process, { copy: copy.name, runtime });
    const live = this.live.open(process, { copy: copy.name, runtime });
    const beyond = this.production?.open(process, { copy: copy.name, runtime });
    const site = siteWith(targets);
    return {
      site,
      policy: asDigest("0".repeat(64)),
      actor: { name: person ?? copy.name, kind: person === undefined ? "unknown" : "person", proof: "claimed", from: "simulation" },
      folder: at(copy.folder),
      storeOf: (name) => Promise.resolve(beyond && name === this.chain?.target.store ? beyond : live),
      edgeOf: () => Promise.resolve(undefined),
      ledger: openLedger({ store: shared, runtime }),
      leaser: this.#hasLeases
        ? this.#leaser(copy, process, { store: shared, runtime })
        : {
            acquire: () =>
              Promise.resolve({
                kind: "lease",
                predecessor: "unknown",
                release: () => Promise.resolve(),
                abandon: () => Promise.resolve(),
              }),
          },
      isStateShared: true,
      ...noPeople,
      ...(this.chain && governedBy(this.chain, site, key)),
      vault: openVault({ store: shared }),
      seenBytes: openVault({ store: own, prefix: "seen" }),
      base: openBaseBook({ store: own }),
      history: noHistory,
      probe: { look: () => Promise.resolve({ kind: "unreachable", cause: "no network in a simulation" }) },
      runtime,
      snapshots: own,
      headersFor: () => ({}),
      defaultHeadersFor: () => ({}),
      isExcepted: () => false,
      concurrency: 4,
    };
  }

  #leaser(copy: Copy, process: Process, { store, runtime }: { readonly store: Store; readonly runtime: Runtime }): Leaser {
    return openLeaser({
      store,
      runtime,
      owner: { host: process.name, bootId: "b", pidSpace: "p", pid: 1, startTime: "s", actor: copy.name },
      // Some hosts can tell that a process is gone; for others its lease has to run out.
      isProvablyDead: (owner) => this.#processes.some((one, index) => index % 2 === 0 && one.name === owner.host && one.isDead),
      pause: untilAborted,
    });
  }

  /**
   * After the last step: faults end, and whatever is open must come to an end, by `resume` or else by `undo`. Once more after
   * `lingerMs`, when nothing that was still on its way can land any more.
   */
  async finish(lingerMs: number): Promise<void> {
    this.setFaults(noFaults);
    const [copy] = this.copies;
    if (!copy) return;
    const idle: Process = { name: "idle", isDead: false, pausedUntilMs: 0, onDeath: () => undefined };
    await this.#bringToEnd(copy, idle);
    if (lingerMs > 0) {
      await this.scheduler.sleep(idle, lingerMs);
      await this.#bringToEnd(copy, idle);
    }
    await this.command(copy, "last look", async (bench, context) => {
      for (const { name } of this.targets) {
        const { open } = targetState(await bench.ledger.state(context), bench.site.name, name);
        if (open) this.promises.violations.push(`neither resume nor undo could end ${open.release}`);
      }
      let seq = Number.POSITIVE_INFINITY;
      for await (const entry of bench.ledger.entries(context)) {
        if (entry.seq >= seq) this.promises.violations.push("the ledger is out of order");
        ({ seq } = entry);
      }
      return { word: "ok" };
    });
  }

  async #bringToEnd(copy: Copy, idle: Process): Promise<void> {
    for (const one of this.targets) await this.#bringTargetToEnd(copy, one, idle);
  }

  async #bringTargetToEnd(copy: Copy, one: Target, idle: Process): Promise<void> {
    for (const way of ["finish", "finish", "finish", "put-back", "put-back"] as const) {
      const outcome = await this.command(
        copy,
        `last ${way}${one === target ? "" : ` of ${one.name}`}`,
        async (bench, context) => resumed(await resume(bench, { target: one, way, waitMs: 0 }, context)),
        { target: one.name },
      );
      if (outcome === "nothing-to-do") return;
      await this.scheduler.sleep(idle, 300_000);
    }
  }
}

/** belay.yaml, as every machine spells what it says about targets and signers. */
const policyOf = (site: Site, signers: string): Uint8Array =>
  canonicalBytes({
    format: 1,
    site: site.name,
    signersText: signers,
    targets: Object.fromEntries(site.targets.map(({ name, ...settings }) => [name, settings])),
    tokens: {},
  });

function governedBy(
  { people }: Chain,
  site: Site,
  key: Key = { owner: "nobody", kind: "loaded" },
): Pick<Workbench, "policy" | "policyDocument" | "signer" | "signers"> {
  const policyDocument = policyOf(site, people.signers);
  return { policy: sha256(policyDocument), policyDocument, signer: people.signerWith(key), signers: people.signers };
}

function see(copy: Copy, key: string, lines: readonly string[]): void {
  copy.versions.set(key, [...(copy.versions.get(key) ?? []), lines]);
  for (const line of lines) copy.seenLines.add(line);
}

export const resumed = (result: ResumeResult): Answer => (result.kind === "tried" ? applied(result.result) : { word: result.kind });
export const deployed = (result: DeployResult): Answer => (result.kind === "tried" ? applied(result.result) : { word: result.kind });
const applied = (result: ApplyResult): Answer => ({
  word: result.kind,
  ...(result.kind === "conflict" && { conflictAt: result.path }),
});

const { signal } = new AbortController();

/** Leases are not renewed here: every one runs out if its owner is slow, which is what takeovers have to live with. */
const untilAborted = (_ms: number, abort: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    abort.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
  });

const noHistory: Workbench["history"] = {
  head: () => Promise.resolve(undefined),
  isClean: () => Promise.resolve(false),
  versionsOf: () => Promise.resolve(new Map()),
  contentId: () => "",
  read: () => Promise.reject(new Error("no history in a simulation")),
  isAncestor: () => Promise.resolve(false),
  changedSince: () => Promise.resolve({ paths: [], commits: [] }),
};
