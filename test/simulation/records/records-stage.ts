/** One team with one kind of record whose every port call can be watched and spoilt, and whose processes can die. */

import { openMemoryStore, type MemoryStore } from "../../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { openBaseBook } from "../../../src/adapters/state/store-base-book.ts";
import type { BaseBook } from "../../../src/ports/base-book.ts";
import { openLedger } from "../../../src/adapters/state/store-ledger.ts";
import { openVault } from "../../../src/adapters/state/store-vault.ts";
import { openHtmlCodec } from "../../../src/codecs/html-document/html-codec.ts";
import { icalendarCodec } from "../../../src/codecs/icalendar/icalendar-codec.ts";
import { itemCodec } from "../../../src/codecs/item-document/item-codec.ts";
import { matcher } from "../../../src/config/glob.ts";
import { bytesOf } from "../../../src/core/body.ts";
import { asStoreName } from "../../../src/core/brand.ts";
import { canonicalBytes } from "../../../src/core/canonical-json.ts";
import type { LedgerState } from "../../../src/core/ledger/fold.ts";
import type { Headers } from "../../../src/core/plan/plan.ts";
import type { RecordKind } from "../../../src/core/records/kind.ts";
import { defaultLimits, type Site, type Target } from "../../../src/core/site.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import type { Context, Workbench } from "../../../src/operations/workbench.ts";
import type { Sight } from "../../../src/ports/probe.ts";
import type { Store } from "../../../src/ports/store.ts";
import { gunzipSync, gzipSync } from "node:zlib";
import { noPeople } from "../../support/no-people.ts";
import type { People } from "../people.ts";
import { openMemoryBook, openShelf, type MemoryShelf } from "./memory-book.ts";
import { PortStore, type Hand, type Landing, type PortPlace, type Process } from "./port-store.ts";

export interface StageOptions {
  readonly kind: RecordKind;
  /** What the systems hold, by system and key. Pages lie on staging too where production comes after it. */
  readonly held: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;
  readonly production?: Partial<Target>;
  /** Who may approve, where production asks for approvals. */
  readonly people?: People;
  readonly normalise?: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>>;
  readonly look?: (url: string) => Promise<Sight>;
  /** Time passes through a schedule's clock where there is one. */
  readonly clock?: { readonly nowMs: number; sleep(process: Process, ms: number): Promise<void> };
}

export type Ended<Answer> =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "died" };

const encoder = new TextEncoder();
const quiet = { signal: new AbortController().signal };
const html: ReturnType<typeof openHtmlCodec> = openHtmlCodec({
  gunzip: (bytes, sizeMax) => {
    try {
      return gunzipSync(bytes, { maxOutputLength: sizeMax });
    } catch {
      return undefined;
    }
  },
  gzip: (bytes) => gzipSync(bytes),
});

export class RecordsStage {
  readonly kind: RecordKind;
  readonly landings: Landing[] = [];
  onLanded: (landing: Landing) => void = () => undefined;
  /** Asked before every call of every process. */
  hand: Hand = () => "go";
  /** This machine's memory; another machine has another one. */
  shelf: MemoryShelf = openShelf();
  readonly #options: StageOptions;
  readonly #places: ReadonlyMap<string, PortPlace>;
  readonly #site: Site;
  #nowMs: number = Date.UTC(2031, 4, 20, 14, 2);
  #nonces = 0;
  #processes = 0;

  constructor(options: StageOptions) {
    this.#options = options;
    this.kind = options.kind;
    const places = new Map<string, PortPlace>();
    for (const { name, store, medium, target } of options.kind.systems) {
      const normalise = options.normalise?.[name];
      places.set(name, {
        name,
        store: this.#open(store),
        ...(normalise && { normalise }),
        ...(!target && medium !== "pages" && { isPlain: true as const }),
      });
    }
    for (const name of ["staging", "state", "own", "snapshots", "folder"]) places.set(name, { name, store: this.#open(name) });
    this.#places = places;
    const common = { approvals: 0, keys: "any", approvers: "anyone", guard: true } as const;
    const production: Target = { ...common, name: "production", store: asStoreName("production"), ...options.production };
    this.#site = siteOf("default", [{ ...common, name: "staging", store: asStoreName("staging") }, production]);
    for (const [name, objects] of Object.entries(options.held)) {
      for (const [key, content] of Object.entries(objects)) {
        const bytes = typeof content === "string" ? encoder.encode(content) : content;
        this.force(name, key, bytes);
        if (name === "pages" && production.after !== undefined) this.force("staging", key, bytes);
      }
    }
  }

  #open(name: string): MemoryStore {
    return openMemoryStore({ name: asStoreName(name), now: () => this.nowMs, sha256 });
  }

  get nowMs(): number {
    return this.#options.clock?.nowMs ?? this.#nowMs;
  }

  set nowMs(nowMs: number) {
    this.#nowMs = nowMs;
  }

  storeOf(place: string): MemoryStore {
    const found = this.#places.get(place);
    if (!found) throw new Error(`there is no place ${place}`);
    return found.store;
  }

  /** A stranger writes past belay, or deletes. Nothing of it awaits anything but microtasks. */
  force(place: string, key: string, content: string | Uint8Array | undefined): void {
    this.#nowMs += 1000;
    this.storeOf(place).force(key, typeof content === "string" ? encoder.encode(content) : content);
  }

  /** A stranger's object gets headers. */
  async giveHeaders(place: string, key: string, headers: Headers): Promise<void> {
    const store = this.storeOf(place);
    const reading = await store.read(key, quiet);
    if (!reading) throw new Error(`${place} holds no ${key}`);
    const expect = { kind: "unchanged", revision: reading.observed.revision } as const;
    await store.write({ key, expect, body: reading.body, headers }, quiet);
  }

  async bytesAt(place: string, key: string): Promise<Uint8Array | undefined> {
    const reading = await this.storeOf(place).read(key, quiet);
    return reading && (await bytesOf(reading.body));
  }

  async textAt(place: string, key: string): Promise<string | undefined> {
    const bytes = await this.bytesAt(place, key);
    return bytes && new TextDecoder().decode(bytes);
  }

  async headersAt(place: string, key: string): Promise<Headers | undefined> {
    return (await this.storeOf(place).read(key, quiet))?.observed.headers;
  }

  async keysAt(place: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.storeOf(place).list("", quiet)) keys.push(key);
    return keys;
  }

  /** Every object of every system, as text that can be compared. */
  async everything(): Promise<Record<string, string>> {
    const all: Record<string, string> = {};
    for (const place of [...this.kind.systems.map(({ name }) => name), "staging"])
      for (const key of await this.keysAt(place))
        all[`${place} ${key}`] = Buffer.from((await this.bytesAt(place, key)) ?? []).toString("latin1");
    return all;
  }

  /** Runs a command in a process of its own; resolves when it has ended or died. */
  async run<Answer>(work: (bench: RecordsBench, context: Context) => Promise<Answer>, name = "reconcile"): Promise<Ended<Answer>> {
    return await new Promise<Ended<Answer>>((resolve) => {
      this.#processes += 1;
      const process: Process = {
        name: `${name}#${this.#processes}`,
        isDead: false,
        pausedUntilMs: 0,
        onDeath: () => resolve({ kind: "died" }),
      };
      work(this.#bench(process), context).then(
        (answer) => resolve({ kind: "answered", answer }),
        (error: unknown) => resolve({ kind: "failed", error }),
      );
    });
  }

  /** What the ledger says, read from its objects afresh: a broken chain throws. */
  async ledger(): Promise<LedgerState> {
    return await openLedger({ store: this.storeOf("state"), runtime: this.#runtime() }).state(quiet);
  }

  async entryKinds(): Promise<string[]> {
    const kinds: string[] = [];
    for await (const entry of openLedger({ store: this.storeOf("state"), runtime: this.#runtime() }).entries(quiet))
      kinds.unshift(entry.kind);
    return kinds;
  }

  #runtime(process?: Process): Workbench["runtime"] {
    const { clock } = this.#options;
    return {
      now: () => this.nowMs,
      sleep: async (ms, signal) => {
        signal.throwIfAborted();
        if (clock && process) await clock.sleep(process, ms);
        else this.#nowMs += ms;
      },
      nonce: () => (this.#nonces += 1).toString(16).padStart(16, "0"),
      sha256,
    };
  }

  #bench(process: Process): RecordsBench {
    const home = this.#home(process);
    const own = this.#ownBench(home, process);
    return {
      kind: this.kind,
      home,
      placeOf: async ({ name, target }) => {
        const bench = target ? home : own;
        const found = bench.site.targets.find((one) => one.name === (target?.target ?? name));
        if (!found) throw new Error(`no target for ${name}`);
        return await Promise.resolve({ bench, target: found });
      },
      isMatch: ({ match }, key) => match.length === 0 || matcher(match)(key),
      isTemplate: ({ templates }, key) => matcher(templates)(key),
      codecOf: ({ medium }) => (medium === "pages" || medium === "web-page" ? html : medium === "table" ? itemCodec : icalendarCodec),
      book: openMemoryBook(this.shelf),
      acceptsEmpty: new Set(),
    };
  }

  #port(process: Process, place: string): Store {
    const found = this.#places.get(place);
    if (!found) throw new Error(`there is no place ${place}`);
    return new PortStore(found, {
      process,
      hand: () => this.hand,
      landed: (landing) => {
        this.landings.push(landing);
        this.onLanded(landing);
      },
    });
  }

  #home(process: Process): Workbench {
    const { people, look } = this.#options;
    const runtime = this.#runtime(process);
    const [state, local] = [this.#port(process, "state"), this.#port(process, "own")];
    const policyDocument = canonicalBytes({
      format: 1,
      site: this.#site.name,
      signersText: people?.signers ?? null,
      targets: Object.fromEntries(this.#site.targets.map(({ name, ...settings }) => [name, settings])),
      tokens: {},
    });
    return {
      site: this.#site,
      actor: { name: "mara", kind: "person", proof: "claimed", from: "test" },
      folder: this.#port(process, "folder"),
      storeOf: async (name) => await Promise.resolve(this.#port(process, name === "production" ? "pages" : name)),
      edgeOf: async () => await Promise.resolve(undefined),
      ledger: openLedger({ store: state, runtime }),
      leaser: { acquire: async () => await Promise.resolve(lease) },
      isStateShared: true,
      ...noPeople,
      policyDocument,
      policy: sha256(policyDocument),
      ...(people && { signers: people.signers, signer: people.signerWith({ owner: "mara", kind: "security-key" }) }),
      vault: openVault({ store: state }),
      seenBytes: openVault({ store: local, prefix: "seen" }),
      base: openBaseBook({ store: local }),
      history: noHistory,
      probe: { look: look ?? (async () => await Promise.resolve({ kind: "unreachable", cause: "no network in a test" })) },
      runtime,
      snapshots: this.#port(process, "snapshots"),
      headersFor: () => ({}),
      defaultHeadersFor: () => ({}),
      isExcepted: () => false,
      concurrency: 2,
    };
  }

  #ownBench(home: Workbench, process: Process): Workbench {
    const systems = this.kind.systems.filter(({ target }) => target === undefined);
    const targets = systems.map(({ name, store }): Target => ({
      name,
      store,
      approvals: 0,
      keys: "any",
      approvers: "anyone",
      guard: true,
    }));
    return {
      ...home,
      site: siteOf(`@${this.kind.name}`, targets),
      storeOf: async (name) => {
        const system = systems.find(({ store }) => store === name);
        return system ? await Promise.resolve(this.#port(process, system.name)) : await home.storeOf(name);
      },
      folder: openMemoryStore({ name: asStoreName("memory:none"), now: () => this.nowMs, sha256 }),
      base: nothingSeen,
    };
  }
}

const siteOf = (name: string, targets: readonly Target[]): Site => ({
  name,
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

/** A lease is courtesy: nothing may be lost without one. */
const lease = {
  kind: "lease",
  predecessor: "unknown",
  release: async () => await Promise.resolve(),
  abandon: async () => await Promise.resolve(),
} as const;

const context: Context = { ...quiet, report: () => undefined, isAttended: true };

const noHistory: Workbench["history"] = {
  head: async () => await Promise.resolve(undefined),
  isClean: async () => await Promise.resolve(false),
  versionsOf: async () => await Promise.resolve(new Map()),
  contentId: () => "",
  read: async () => await Promise.reject(new Error("no history in a test")),
  isAncestor: async () => await Promise.resolve(false),
  changedSince: async () => await Promise.resolve({ paths: [], commits: [] }),
};

const nothingSeen: BaseBook = {
  load: async () => await Promise.resolve(new Map()),
  entries: async function* entries() {
    // Nothing of a record lies in a working copy.
  },
  save: async () => {
    await Promise.resolve();
  },
};
