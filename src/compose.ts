/** The only file that knows adapters: from a belay.yaml to a workbench. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openDigestCache } from "./adapters/disk/digest-cache.ts";
import { openDiskStore } from "./adapters/disk/disk-store.ts";
import { scratchBeside } from "./adapters/disk/root-folder.ts";
import { gitActor } from "./adapters/git/git-actor.ts";
import { openGitHistory } from "./adapters/git/git-history.ts";
import { openProbe } from "./adapters/http/http-probe.ts";
import { isProvablyDead, thisProcess, type ProcessIdentity } from "./adapters/shared/process-identity.ts";
import { sha256, sha256OfText } from "./adapters/shared/sha256.ts";
import type { LeaseOwner } from "./adapters/state/lease-file.ts";
import { openBaseBook } from "./adapters/state/store-base-book.ts";
import { openLeaser } from "./adapters/state/store-leaser.ts";
import { openLedger, type StateCache } from "./adapters/state/store-ledger.ts";
import { openVault } from "./adapters/state/store-vault.ts";
import { localStateFolder, type Config } from "./config/config.ts";
import { matcher } from "./config/glob.ts";
import { policyOf } from "./config/policy-of.ts";
import { BelayError } from "./core/belay-error.ts";
import { asStoreName, type StoreName } from "./core/brand.ts";
import { canonicalBytes } from "./core/canonical-json.ts";
import type { Actor } from "./core/ledger/entry.ts";
import { isPrivate, isPublished } from "./core/paths/publishable.ts";
import type { Headers } from "./core/plan/plan.ts";
import type { Site, Target } from "./core/site.ts";
import type { Workbench } from "./operations/workbench.ts";
import type { BaseBook } from "./ports/base-book.ts";
import type { Runtime } from "./ports/runtime.ts";
import type { SourceHistory } from "./ports/source-history.ts";
import type { Store } from "./ports/store.ts";

const concurrency = 16;

export interface WorkbenchOptions {
  /** `--by`: shown as claimed. */
  readonly by?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Throws `usage` where there are several sites and none was named, or no such site. */
export async function openWorkbench(config: Config, siteName: string | undefined, options: WorkbenchOptions): Promise<Workbench> {
  const site = siteNamed(config, siteName);
  const local = join(config.folder, localStateFolder);
  const [actor, owner] = await Promise.all([detectActor(options.env, { by: options.by, folder: config.folder }), thisProcess()]);
  const state = stateStore(config);
  // What was seen can be seen again; after a power cut a torn piece of it is noticed and counts as forgotten.
  const own = plainStore(local, { scratch: join(local, "scratch", "own"), isDurable: false });
  return {
    site,
    policy: sha256(canonicalBytes(policyOf(config, site))),
    actor,
    folder: siteFolder(site, local),
    storeOf: onceByName((name) => targetStore(site, name, local)),
    edgeOf,
    ledger: openLedger({ store: state, runtime, cache: ledgerCache(join(local, "cache"), config) }),
    leaser: openLeaser({ store: state, runtime, owner: leaseOwner(owner, actor), isProvablyDead, pause: quietPause }),
    vault: openVault({ store: state }),
    seenBytes: openVault({ store: own, prefix: "seen" }),
    base: baseOf(own, config, site),
    history: lazyHistory(site.root),
    probe: openProbe(),
    runtime,
    snapshots: plainStore(join(local, "snapshots"), { scratch: join(local, "scratch", "snapshots") }),
    headersFor: headersOf(site),
    isExcepted: exceptions(site),
    concurrency,
  };
}

const leaseOwner = (process: ProcessIdentity, actor: Actor): LeaseOwner => ({
  ...process,
  get actor() {
    return actor.name;
  },
});

function siteNamed({ sites }: Config, name: string | undefined): Site {
  const [only, ...others] = sites;
  if (name === undefined && only && others.length === 0) return only;
  const named = sites.find((site) => site.name === name);
  if (named) return named;
  const known = sites.map((site) => site.name).join(", ");
  throw new BelayError(
    "usage",
    name === undefined ? "There are several sites in belay.yaml." : `There is no site "${name}" in belay.yaml.`,
    `Add --site NAME. Sites: ${known}`,
  );
}

export const runtime: Runtime = {
  now: () => Date.now(),
  sleep: async (ms, signal) => await pause(ms, undefined, { signal }),
  nonce: () => randomBytes(8).toString("hex"),
  sha256,
};

/** Renewing a lease must not keep a finished command alive. */
const quietPause: Runtime["sleep"] = async (ms, signal) => await pause(ms, undefined, { signal, ref: false });

/** A base is of one place: what was seen there says nothing of another site, or of another store under the same target's name. */
function baseOf(store: Store, { portableStores }: Config, site: Site): BaseBook {
  const book = openBaseBook({ store });
  const places = new Map(
    site.targets.map((target) => {
      const address = portableStores.get(target.store) ?? target.store;
      return [target.name, `${site.name}.${target.name}.${sha256OfText(address).slice(0, 8)}`];
    }),
  );
  const placeOf = (target: string): string => places.get(target) ?? target;
  return {
    load: async (target, paths, options) => await book.load(placeOf(target), paths, options),
    save: async (target, changes, options) => {
      await book.save(placeOf(target), changes, options);
    },
  };
}

/** What is not published is not there, also when it is named: `belay deploy staging .env` finds no such file. */
function publishedOnly(store: Store, isListed: (key: string) => boolean): Store {
  return {
    name: store.name,
    guarantees: async (options) => await store.guarantees(options),
    list: (prefix, options) => store.list(prefix, options),
    read: async (key, options) => (isListed(key) ? await store.read(key, options) : undefined),
    write: async (request, options) => await store.write(request, options),
    remove: async (request, options) => await store.remove(request, options),
  };
}

function siteFolder(site: Site, local: string): Store {
  const filters = published(site);
  const store = openDiskStore({
    name: asStoreName(`dir:${site.root}`),
    root: site.root,
    scratch: join(local, "scratch", "site"),
    keepsHeaders: false,
    digestCache: openDigestCache({ file: join(local, "cache", `${site.name}.site`), folder: site.root }),
    ...filters,
  });
  return publishedOnly(store, filters.isPublished);
}

function edgeOf({ cdn }: Target): Promise<undefined> {
  if (cdn === undefined) return Promise.resolve(undefined);
  throw new BelayError("not-supported", `${cdn}: this version of belay purges no CDN.`, "Leave `cdn:` out, or use a newer belay.");
}

function targetStore(site: Site, name: StoreName, local: string): Store {
  if (!name.startsWith("dir:")) {
    throw new BelayError(
      "not-supported",
      `${name}: this version of belay publishes to folders only.`,
      "Use a `dir:` target, or a newer belay.",
    );
  }
  const root = name.slice("dir:".length);
  return openDiskStore({
    name,
    root,
    scratch: scratchBeside(root),
    keepsHeaders: true,
    mayBeAbsent: true,
    digestCache: openDigestCache({ file: join(local, "cache", `${site.name}.${sha256OfText(root).slice(0, 16)}`), folder: root }),
    ...published(site),
  });
}

function stateStore({ stateStore: name }: Config): Store {
  if (!name.startsWith("dir:")) {
    throw new BelayError(
      "not-supported",
      `${name}: this version of belay keeps its state in folders only.`,
      "Use `state: .belay`, or a newer belay.",
    );
  }
  const root = name.slice("dir:".length);
  return plainStore(root, { scratch: join(root, "scratch", "state") });
}

interface PlainOptions {
  /** A folder of its own: two stores that shared one would wait for each other's lock. */
  readonly scratch: string;
  readonly isDurable?: boolean;
}

const plainStore = (root: string, { scratch, isDurable = true }: PlainOptions): Store =>
  openDiskStore({ name: asStoreName(`dir:${root}`), root, scratch, keepsHeaders: false, mayBeAbsent: true, isDurable });

function published(site: Site): { isPublished: (key: string) => boolean; entersFolder: (folder: string) => boolean } {
  const [isIgnored, isIncluded] = [matcher(site.ignore), matcher(site.include)];
  const hasIncludes = site.include.length > 0;
  return {
    isPublished: (key) => isPublished(key, isIgnored, isIncluded),
    entersFolder: (folder) => hasIncludes || !isPrivate(folder),
  };
}

function onceByName(open: (name: StoreName) => Store): (name: StoreName) => Promise<Store> {
  const opened = new Map<StoreName, Store>();
  return (name) => {
    const store = opened.get(name) ?? open(name);
    opened.set(name, store);
    return Promise.resolve(store);
  };
}

/** Later rules win, header by header. */
function headersOf(site: Site): (key: string) => Headers {
  const rules = site.headers.map(({ match, headers }) => ({ matches: matcher([match]), headers }));
  return (key) => Object.assign({}, ...rules.filter((rule) => rule.matches(key)).map((rule) => rule.headers));
}

function exceptions(site: Site): (target: string, key: string) => boolean {
  const byTarget = new Map(Object.entries(site.except).map(([target, globs]) => [target, matcher(globs)]));
  return (target, key) => byTarget.get(target)?.(key) === true;
}

/** Git is asked only when some path needs its history. */
function lazyHistory(folder: string): SourceHistory {
  let opening: Promise<SourceHistory> | undefined;
  let opened: SourceHistory | undefined;
  const open = async (signal: AbortSignal): Promise<SourceHistory> => {
    opening ??= openGitHistory({ folder }, { signal });
    opened = await opening;
    return opened;
  };
  const ancestries = new Map<string, Promise<boolean>>();
  // Many paths were published from one commit, and each of them asks.
  const isAncestor: SourceHistory["isAncestor"] = async (commit, options) => {
    const known = ancestries.get(commit) ?? open(options.signal).then(async (history) => await history.isAncestor(commit, options));
    ancestries.set(commit, known);
    // A question that was interrupted has no answer to remember.
    known.catch(() => ancestries.delete(commit));
    return await known;
  };
  return {
    head: async (options) => await (await open(options.signal)).head(options),
    isClean: async (options) => await (await open(options.signal)).isClean(options),
    versionsOf: async (paths, limit, options) => await (await open(options.signal)).versionsOf(paths, limit, options),
    // Content ids are compared with those of versions, so the history is open by then.
    contentId: (bytes) => opened?.contentId(bytes) ?? "",
    read: async (version, options) => await (await open(options.signal)).read(version, options),
    isAncestor,
    changedSince: async (commit, options) => await (await open(options.signal)).changedSince(commit, options),
  };
}

/** One file per ledger; a cache that cannot be read or written costs time only. */
function ledgerCache(folder: string, config: Config): StateCache {
  const file = join(folder, `ledger.${sha256OfText(config.stateStore).slice(0, 16)}.json`);
  return {
    load: () => {
      try {
        const state: unknown = JSON.parse(readFileSync(file, "utf8"));
        return Promise.resolve({ state });
      } catch {
        return Promise.resolve(undefined);
      }
    },
    save: (state) => {
      try {
        mkdirSync(folder, { recursive: true });
        const temporary = `${file}.${process.pid}`;
        writeFileSync(temporary, JSON.stringify(state));
        renameSync(temporary, file);
      } catch {
        // The next command folds the entries again.
      }
      return Promise.resolve();
    },
  };
}

/** Variables by which coding agents and CI runners show themselves to the commands they start. */
const agentVariables = [
  "CLAUDECODE",
  "CLAUDE_CODE_ENTRYPOINT",
  "CODEX_SANDBOX",
  "CODEX_THREAD_ID",
  "CURSOR_AGENT",
  "GEMINI_CLI",
  "OPENCODE",
  "AI_AGENT",
];
const ciVariables = ["GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "BUILDKITE", "CI"];

/** Who acts, as far as anybody can claim it: `--by`, the environment, git's configuration, the operating system. */
export async function detectActor(
  env: NodeJS.ProcessEnv,
  { by, folder }: { readonly by?: string | undefined; readonly folder: string },
): Promise<Actor> {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "" && env[name] !== "0" && env[name] !== "false";
  const agent = agentVariables.find(isSet);
  const ci = ciVariables.find(isSet);
  const kind = kindOf(agent, ci);
  if (by !== undefined) return { name: by, kind, proof: "claimed", from: "--by" };
  const ciActor = env["GITHUB_ACTOR"] ?? env["GITLAB_USER_LOGIN"];
  if (ci !== undefined && ciActor !== undefined) return { name: ciActor, kind, proof: "claimed", from: ci };
  return claimedActor(folder, kind);
}

/** Git is asked for the name when something is first recorded under it: looking costs no process. */
function claimedActor(folder: string, kind: Actor["kind"]): Actor {
  let known: Pick<Actor, "name" | "from"> | undefined;
  const ask = (): Pick<Actor, "name" | "from"> => {
    const git = gitActor(folder);
    return git ? { name: git.name, from: "git user.name" } : { name: userInfo().username, from: "operating system" };
  };
  return {
    kind,
    proof: "claimed",
    get name() {
      return (known ??= ask()).name;
    },
    get from() {
      return (known ??= ask()).from;
    },
  };
}

function kindOf(agent: string | undefined, ci: string | undefined): Actor["kind"] {
  if (agent !== undefined) return "agent";
  return ci === undefined ? "person" : "ci";
}
