/** A team's world in memory: two targets, one shared state, any number of working copies, and what may go wrong between them. */

import { openMemoryStore, type MemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { openBaseBook } from "../../src/adapters/state/store-base-book.ts";
import { openLedger } from "../../src/adapters/state/store-ledger.ts";
import { openVault } from "../../src/adapters/state/store-vault.ts";
import { bytesOf } from "../../src/core/body.ts";
import { asStoreName, type Digest } from "../../src/core/brand.ts";
import type { Actor } from "../../src/core/ledger/entry.ts";
import type { LedgerState } from "../../src/core/ledger/fold.ts";
import type { Refusal } from "../../src/core/plan/plan.ts";
import { defaultLimits, type Site, type Target } from "../../src/core/site.ts";
import { deploy, type DeployResult } from "../../src/operations/deploy.ts";
import { pull, type PullRequest, type PullResult } from "../../src/operations/pull.ts";
import { restore } from "../../src/operations/way-back/restore.ts";
import { rollback, type RollbackResult } from "../../src/operations/way-back/rollback.ts";
import { resume, type ResumeResult, type Way } from "../../src/operations/apply/resume.ts";
import { sweep, type SweepResult } from "../../src/operations/way-back/sweep.ts";
import { status } from "../../src/operations/compare/status.ts";
import type { Context, Workbench } from "../../src/operations/workbench.ts";
import type { Sight } from "../../src/ports/probe.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { CallOptions, Guarantees, Store } from "../../src/ports/store.ts";
import { FakeHistory } from "./fake-history.ts";
import { noPeople } from "../support/no-people.ts";

const encoder = new TextEncoder();
const go = async (): Promise<"go"> => await Promise.resolve("go");
const decoder = new TextDecoder();
export const digestOfText = (text: string): Digest => sha256(encoder.encode(text));

/** A look at a store that awaits what the test wants to happen just before a write. */
export type BeforeWrite = (store: string, key: string) => Promise<void> | void;

export interface WorldOptions {
  readonly site?: Partial<Site>;
  readonly staging?: Partial<Target>;
  readonly production?: Partial<Target>;
  readonly keepsVersions?: boolean;
}

export class MemoryWorld {
  readonly live: { readonly staging: MemoryStore; readonly production: MemoryStore };
  readonly state: MemoryStore;
  readonly staging: Target;
  readonly production: Target;
  readonly site: Site;
  nowMs: number = Date.UTC(2031, 4, 20, 14, 2);
  #nonces = 0;

  constructor({ site = {}, staging = {}, production = {}, keepsVersions = false }: WorldOptions = {}) {
    this.live = { staging: this.open("staging", keepsVersions), production: this.open("production", keepsVersions) };
    this.state = this.open("state");
    const common = { approvals: 0, keys: "security-key", approvers: "anyone", guard: true } as const;
    this.staging = { ...common, name: "staging", store: asStoreName("staging"), ...staging };
    // Without a stage before it, so that a working copy may deploy to it.
    this.production = { ...common, name: "production", store: asStoreName("production"), ...production };
    this.site = {
      name: "default",
      root: "/site",
      ignore: [],
      include: [],
      unit: "any",
      except: {},
      headers: [],
      targets: [this.staging, this.production],
      tokens: [],
      limits: defaultLimits,
      ...site,
    };
  }

  open(name: string, keepsVersions = false): MemoryStore {
    return openMemoryStore({ name: asStoreName(name), now: () => this.nowMs, sha256, keepsVersions });
  }

  /** A working copy of its own, with this machine's memory of its own. */
  copy(name: string, options: CopyOptions = {}): MemoryCopy {
    return new MemoryCopy(this, name, options);
  }

  runtime(): Runtime {
    return {
      now: () => this.nowMs,
      sleep: async (ms, signal) => {
        signal.throwIfAborted();
        this.nowMs += ms;
      },
      // A warning is called by the first digits of one.
      nonce: () => (this.#nonces += 1).toString(16).padStart(6, "0").padEnd(16, "0"),
      sha256,
    };
  }

  /** A stranger writes without belay, or deletes. */
  stranger(target: "staging" | "production", key: string, text: string | undefined): void {
    this.nowMs += 60_000;
    this.live[target].force(key, text === undefined ? undefined : encoder.encode(text));
  }

  async liveText(target: "staging" | "production", key: string): Promise<string | undefined> {
    return await textIn(this.live[target], key);
  }
}

export interface CopyOptions {
  readonly kind?: Actor["kind"];
  /** A person watches. */
  readonly isAttended?: boolean;
  readonly site?: Partial<Site>;
  readonly history?: FakeHistory;
  readonly headersFor?: Workbench["headersFor"];
  readonly edgeOf?: Workbench["edgeOf"];
  readonly look?: (url: string) => Promise<Sight>;
}

const unreached = async (): Promise<Sight> => await Promise.resolve({ kind: "unreachable", cause: "no network in memory" });

export class MemoryCopy {
  readonly world: MemoryWorld;
  readonly folder: MemoryStore;
  readonly snapshots: MemoryStore;
  readonly bench: Workbench;
  readonly history: FakeHistory;
  readonly stopping: AbortController = new AbortController();
  readonly context: Context;
  beforeWrite: BeforeWrite = () => undefined;
  /** What the live stores turn out not to keep. */
  guaranteed: Partial<Guarantees> = {};
  areVersionsKept = true;

  constructor(world: MemoryWorld, name: string, options: CopyOptions) {
    this.world = world;
    this.folder = world.open(`${name}-folder`);
    this.snapshots = world.open(`${name}-snapshots`);
    this.history = options.history ?? new FakeHistory();
    this.context = { signal: this.stopping.signal, report: () => undefined, isAttended: options.isAttended ?? true };
    const own = world.open(`${name}-own`);
    const runtime = world.runtime();
    const stores = new Map<string, Store>(Object.entries(world.live).map(([target, store]) => [target, this.#watched(target, store)]));
    this.bench = {
      site: { ...world.site, ...options.site },
      policy: sha256(noPeople.policyDocument),
      actor: { name, kind: options.kind ?? "person", proof: "claimed", from: "test" },
      folder: this.folder,
      storeOf: async (store) => await Promise.resolve(stores.get(store) ?? Promise.reject(new Error(`there is no store ${store}`))),
      edgeOf: options.edgeOf ?? (async () => await Promise.resolve(undefined)),
      ledger: openLedger({ store: world.state, runtime }),
      leaser: {
        acquire: async () =>
          await Promise.resolve({
            kind: "lease",
            predecessor: "dead",
            release: async () => await Promise.resolve(),
            abandon: async () => await Promise.resolve(),
          }),
      },
      isStateShared: true,
      ...noPeople,
      vault: openVault({ store: world.state }),
      seenBytes: openVault({ store: own, prefix: "seen" }),
      base: openBaseBook({ store: own }),
      history: this.history,
      probe: { look: options.look ?? unreached },
      runtime,
      snapshots: this.snapshots,
      headersFor: options.headersFor ?? (() => ({})),
      defaultHeadersFor: () => ({}),
      isExcepted: (target, key) => (world.site.except[target] ?? []).includes(key),
      concurrency: 2,
    };
  }

  /** Edits a file by hand, or deletes it. */
  edit(key: string, text: string | undefined): void {
    this.folder.force(key, text === undefined ? undefined : encoder.encode(text));
  }

  async text(key: string): Promise<string | undefined> {
    return await textIn(this.folder, key);
  }

  async deploy(target: Target = this.world.staging, more: { selection?: readonly string[]; title?: string } = {}): Promise<Told> {
    const request = { target, selection: more.selection, title: more.title, waitMs: 0 };
    return toldOf(await deploy(this.bench, request, async () => await Promise.resolve("go"), this.context));
  }

  async pull(more: Partial<PullRequest> = {}): Promise<PullResult> {
    return await pull(this.bench, { target: this.world.staging, selection: undefined, take: undefined, ...more }, this.context);
  }

  async restore(target: Target = this.world.staging, more: { selection?: readonly string[]; from?: string } = {}): Promise<Told> {
    const request = { target, selection: more.selection, from: more.from, waitMs: 0 };
    return toldOf(await restore(this.bench, request, async () => await Promise.resolve("go"), this.context));
  }

  async rollback(target: Target = this.world.staging, to?: string): Promise<Told & Pick<RollbackResult, "already">> {
    const { result, already } = await rollback(this.bench, { target, to, waitMs: 0 }, go, this.context);
    return { ...toldOf(result), already };
  }

  async sweep(target: Target = this.world.staging, days = 30): Promise<Told & Pick<SweepResult, "left">> {
    const request = { target, graceMs: days * 86_400_000, grace: `${days} days`, waitMs: 0 };
    const { result, left } = await sweep(this.bench, request, async () => await Promise.resolve("go"), this.context);
    return { ...toldOf(result), left };
  }

  /** Resumes or undoes what staging has open. */
  async resume(way: Way): Promise<ResumeResult> {
    return await resume(this.bench, { target: this.world.staging, way, waitMs: 0 }, this.context);
  }

  /** `kind proof` of one path against a target, `same` included. */
  async lineage(path: string, target: Target = this.world.staging): Promise<string> {
    const { objects } = await status(this.bench, { target, selection: [path] }, this.context);
    const found = objects.find((one) => one.path === path);
    return found ? `${found.lineage.kind} ${found.lineage.proof}` : "same";
  }

  async ledger(): Promise<LedgerState> {
    return await this.bench.ledger.state(this.context);
  }

  /** Kinds of all entries, oldest first. */
  async entryKinds(): Promise<string[]> {
    const kinds: string[] = [];
    for await (const entry of this.bench.ledger.entries(this.context)) kinds.unshift(entry.kind);
    return kinds;
  }

  async snapshotText(key: string): Promise<string | undefined> {
    return await textIn(this.snapshots, key);
  }

  #watched(target: string, store: MemoryStore): Store {
    return {
      name: store.name,
      guarantees: async (options) => ({ ...(await store.guarantees(options)), ...this.guaranteed }),
      ...(store.versions && { versions: { ...store.versions, areKept: async () => await Promise.resolve(this.areVersionsKept) } }),
      list: (prefix, options) => store.list(prefix, options),
      read: async (key, options) => await store.read(key, options),
      write: async (request, options) => {
        await this.beforeWrite(target, request.key);
        return await store.write(request, options);
      },
      remove: async (request, options) => {
        await this.beforeWrite(target, request.key);
        return await store.remove(request, options);
      },
    };
  }
}

/** What became of a deploy or restore: its kind, or that of the apply, with what a test asks about. */
export interface Told {
  readonly kind: string;
  readonly result: DeployResult;
  /** `rule code paths…`. */
  readonly refused: readonly string[];
  readonly refusals: readonly Refusal[];
  readonly planId: string;
}

export function toldOf(result: DeployResult): Told {
  const refusals = "identified" in result ? result.identified.plan.refusals : [];
  return {
    kind: result.kind === "tried" ? result.result.kind : result.kind,
    result,
    refused: refusals.map(({ rule, code, paths }) => [rule, code, ...paths].join(" ")),
    refusals,
    planId: "identified" in result ? result.identified.id : "",
  };
}

const options: CallOptions = { signal: new AbortController().signal };

async function textIn(store: Store, key: string): Promise<string | undefined> {
  const reading = await store.read(key, options);
  return reading && decoder.decode(await bytesOf(reading.body));
}

/** Starts `work` and waits until it stands still for good at a write of `key`: what a killed process leaves behind. */
export async function killedAt(copy: MemoryCopy, key: string, work: () => Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    copy.beforeWrite = async (_, written) => {
      if (written !== key) return;
      resolve();
      await new Promise(() => undefined);
    };
    work().then(() => reject(new Error(`${key} was never written`)), reject);
  });
  copy.beforeWrite = () => undefined;
}

/** Runs `meanwhile` once, just before the first write to `key`. */
export function before(copy: MemoryCopy, key: string, meanwhile: () => void): void {
  let hasRun = false;
  copy.beforeWrite = (_, written) => {
    if (written !== key || hasRun) return;
    hasRun = true;
    meanwhile();
  };
}
