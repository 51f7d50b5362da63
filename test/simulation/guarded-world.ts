/** One simulated world: a live site, a shared state, working copies, strangers, and the promises that belay makes about them. */

import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { openBaseBook } from "../../src/adapters/state/store-base-book.ts";
import { openLeaser } from "../../src/adapters/state/store-leaser.ts";
import { openLedger } from "../../src/adapters/state/store-ledger.ts";
import { openVault } from "../../src/adapters/state/store-vault.ts";
import { BelayError } from "../../src/core/belay-error.ts";
import { bytesOf } from "../../src/core/body.ts";
import { asDigest, asStoreName } from "../../src/core/brand.ts";
import { targetState } from "../../src/core/ledger/fold.ts";
import { defaultLimits, type Site, type Target } from "../../src/core/site.ts";
import { resume, type ResumeResult } from "../../src/operations/resume.ts";
import type { ApplyResult } from "../../src/operations/apply.ts";
import type { DeployResult } from "../../src/operations/deploy.ts";
import type { Context, Workbench } from "../../src/operations/workbench.ts";
import type { Leaser } from "../../src/ports/leaser.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { Store } from "../../src/ports/store.ts";
import { linesOf, Promises, type Answer, type Knowledge } from "./promises.ts";
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
const site: Site = {
  name: "default",
  root: "/site",
  ignore: [],
  include: [],
  unit: "any",
  except: {},
  headers: [],
  targets: [target],
  tokens: [],
  limits: defaultLimits,
};

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
}

/** What watches the stage. */
export interface Watchers {
  readonly promises: Promises;
  /** Counts what has happened. */
  readonly count: (what: string) => void;
}

export type OpenStage = (seed: number, watchers: Watchers) => Stage;

const inMemory: OpenStage = (seed, { promises }) => {
  const scheduler = new Scheduler(seed);
  return {
    scheduler,
    // Every third bucket keeps its versions, which then have a say in what is stale.
    live: new World("live", scheduler, { keepsVersions: seed % 3 === 0, onLanded: (landed) => promises.landedLive(landed) }),
    state: new World("state", scheduler, { onLanded: (landed) => promises.landedState(landed) }),
  };
};

export class GuardedWorld {
  readonly scheduler: Turns;
  readonly live: SharedPlace;
  readonly state: SharedPlace;
  readonly copies: readonly Copy[];
  readonly promises: Promises = new Promises((process) => this.#copyOf.get(process));
  readonly tally: Map<string, number> = new Map<string, number>();
  readonly #copyOf = new Map<Process, Copy>();
  readonly #processes: Process[] = [];
  /** A lease is courtesy: every second world does without, and nothing may be lost for it. */
  readonly #hasLeases: boolean;

  constructor(seed: number, copies: number, open: OpenStage = inMemory) {
    ({
      scheduler: this.scheduler,
      live: this.live,
      state: this.state,
    } = open(seed, { promises: this.promises, count: (what) => this.#count(what) }));
    this.#hasLeases = seed % 2 === 0;
    this.copies = Array.from({ length: copies }, (_, index) => this.#copy(index));
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
    this.state.faults = faults;
    for (const { folder, local } of this.copies) {
      folder.faults = { ...noFaults, crash: faults.crash };
      local.faults = { ...noFaults, crash: faults.crash };
    }
  }

  /** A stranger's write: no precondition, no vault. */
  async stranger(key: string, lines: readonly string[] | undefined, headers: Headers = {}): Promise<void> {
    const bytes = lines && bytesOfLines(lines);
    await this.live.force({
      key,
      bytes,
      headers,
      landed: () => this.promises.stranger(key, bytes && { digest: sha256(bytes), bytes, headers }),
    });
  }

  /** A stranger gives a page other headers and leaves its bytes as they are. */
  async rewriteHeaders(key: string, headers: Headers): Promise<void> {
    const now = await this.live.look(key);
    if (now) await this.stranger(key, linesOf(now.bytes), headers);
  }

  async liveLines(key: string): Promise<string[] | undefined> {
    const now = await this.live.look(key);
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
  async command(copy: Copy, name: string, run: (bench: Workbench, context: Context) => Promise<Answer>): Promise<string> {
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
      const answer = ({ word, conflictAt }: Answer): void => {
        this.promises.answered(process, conflictAt === undefined ? { word } : { word, conflictAt });
        resolve(word);
      };
      run(this.#bench(copy, process), { signal, report: () => undefined, isAttended: false }).then(answer, (error: unknown) => {
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

  #bench(copy: Copy, process: Process): Workbench {
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
    return {
      site,
      policy: asDigest("0".repeat(64)),
      actor: { name: copy.name, kind: "unknown", proof: "claimed", from: "simulation" },
      folder: at(copy.folder),
      storeOf: () => Promise.resolve(live),
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
      const { open } = targetState(await bench.ledger.state(context), site.name, target.name);
      if (open) this.promises.violations.push(`neither resume nor undo could end ${open.release}`);
      let seq = Number.POSITIVE_INFINITY;
      for await (const entry of bench.ledger.entries(context)) {
        if (entry.seq >= seq) this.promises.violations.push("the ledger is out of order");
        ({ seq } = entry);
      }
      return { word: "ok" };
    });
  }

  async #bringToEnd(copy: Copy, idle: Process): Promise<void> {
    for (const way of ["finish", "finish", "finish", "put-back", "put-back"] as const) {
      const outcome = await this.command(copy, `last ${way}`, async (bench, context) =>
        resumed(await resume(bench, { target, way, waitMs: 0 }, context)),
      );
      if (outcome === "nothing-to-do") return;
      await this.scheduler.sleep(idle, 300_000);
    }
  }
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
