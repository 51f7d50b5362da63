/** belay.yaml → what the guard watches: every store, distribution and system in it, except targets with `guard: false`. */

import type { StoreName } from "../core/brand.ts";
import type { GuardedBucket, GuardedName, GuardedSite, GuardScope } from "../core/guard/scope.ts";
import type { RecordKind, RecordSystem } from "../core/records/kind.ts";
import type { Site, Target } from "../core/site.ts";
import { localStateFolder, type Config } from "./config.ts";
import { parseState, parseStore, type StoreAddress } from "./store-address.ts";

/** One place under guard before other names of it are added. */
interface GuardedStore {
  readonly address: StoreAddress;
  readonly label: string;
  readonly target?: string;
}

export function guardScopeOf(config: Config): GuardScope {
  const isSingle = config.sites.length === 1;
  const labelOf = (site: Site, { name }: Target): string => (isSingle ? name : `${site.name}/${name}`);
  const targets = config.sites.flatMap((site) => site.targets.map((target) => ({ target, label: labelOf(site, target) })));
  const open = targets.flatMap(({ target }) => (target.guard ? [] : [addressOf(target.store)])).filter((one) => one !== undefined);
  const systems = config.records.flatMap((kind) => kind.systems.map((system) => ({ kind, system })));
  const stores = uniqueStores([
    ...targets.flatMap(storeOfTarget),
    ...systems.flatMap((one) => storeOfSystem(one, open)),
    ...stateStore(config),
  ]);
  const buckets = stores.flatMap((store) => bucketOf(store, open));
  return {
    folder: config.folder,
    buckets: [...buckets, ...otherNames(config, buckets)],
    distributions: unique([...targets.flatMap(distributionOfTarget), ...systems.flatMap((one) => distributionOfSystem(one, targets))]),
    tables: unique(systems.flatMap((one) => named(one, "dynamodb:"))),
    urls: unique(
      systems.flatMap((one) => [...named(one, "caldav:"), ...named(one, "web:"), ...named(one, "ics:"), ...googleCalendar(one)]),
    ).map(withoutSlash),
    folders: unique([...stores.flatMap(folderOf), ...mounts(config, stores)]),
    sites: config.sites.map(siteOf),
    stateFolders: stateFolders(config),
    hasRecords: config.records.length > 0,
  };
}

interface LabelledTarget {
  readonly target: Target;
  readonly label: string;
}

interface KindSystem {
  readonly kind: RecordKind;
  readonly system: RecordSystem;
}

function addressOf(store: StoreName): StoreAddress | undefined {
  // The names of a configuration are resolved already, so that the folder decides nothing.
  const address = parseStore(store, "/");
  return typeof address === "string" ? undefined : address;
}

function storeOfTarget({ target, label }: LabelledTarget): GuardedStore[] {
  const address = target.guard ? addressOf(target.store) : undefined;
  return address === undefined ? [] : [{ address, label, target: target.name }];
}

/** Pages of a target are guarded with it; others by themselves. */
function storeOfSystem({ kind, system }: KindSystem, open: readonly StoreAddress[]): GuardedStore[] {
  const address = system.medium === "pages" && system.target === undefined ? addressOf(system.store) : undefined;
  return address === undefined || open.some((one) => isSame(one, address)) ? [] : [{ address, label: labelOfSystem(kind, system) }];
}

const labelOfSystem = (kind: RecordKind, system: RecordSystem): string => `${kind.name} ${system.name}`;

function stateStore({ stateStore: store, folder }: Config): GuardedStore[] {
  const address = parseState(store, folder);
  return typeof address !== "string" && address.kind === "s3" ? [{ address, label: "state" }] : [];
}

function bucketOf({ address, label, target }: GuardedStore, open: readonly StoreAddress[]): GuardedBucket[] {
  if (address.kind !== "s3") return [];
  const { bucket, prefix } = address;
  const except = open.flatMap((one) =>
    one.kind === "s3" && one.bucket === bucket && liesIn(one.prefix, prefix) ? [`${one.prefix}/`] : [],
  );
  return [{ name: bucket, label, ...(target === undefined ? {} : { target }), prefix: prefix === "" ? "" : `${prefix}/`, except }];
}

/** Aliases and access points, once for each guarded part of the bucket that they lead to. */
function otherNames({ guard }: Config, buckets: readonly GuardedBucket[]): GuardedBucket[] {
  return [...guard.aliases, ...guard.accessPoints].flatMap(([name, store]) => {
    const address = addressOf(store);
    if (address?.kind !== "s3") return [];
    return buckets
      .filter((bucket) => bucket.name === address.bucket && meets(bucket.prefix, address.prefix))
      .map((bucket) => ({ ...bucket, name }));
  });
}

function distributionOfTarget({ target, label }: LabelledTarget): GuardedName[] {
  const id = target.guard ? distributionId(target.cdn) : undefined;
  return id === undefined ? [] : [{ name: id, label, target: target.name }];
}

function distributionOfSystem({ kind, system }: KindSystem, targets: readonly LabelledTarget[]): GuardedName[] {
  const id = system.target === undefined ? distributionId(system.cdn) : undefined;
  const isOpen = targets.some(({ target }) => !target.guard && distributionId(target.cdn) === id);
  return id === undefined || isOpen ? [] : [{ name: id, label: labelOfSystem(kind, system) }];
}

const distributionId = (cdn: string | undefined): string | undefined =>
  cdn?.startsWith("cloudfront:") === true ? cdn.slice("cloudfront:".length) : undefined;

function named({ kind, system }: KindSystem, scheme: string): GuardedName[] {
  const rest = system.store.startsWith(scheme) ? system.store.slice(scheme.length) : "";
  return rest === "" || rest.startsWith("env:") ? [] : [{ name: rest, label: labelOfSystem(kind, system) }];
}

/** Under the address at which Google's API writes to it, in both spellings of the id. */
function googleCalendar(one: KindSystem): GuardedName[] {
  return named(one, "google-calendar:").flatMap(({ name, label }) =>
    [...new Set([name, encodeURIComponent(name)])].map((id) => ({ name: `https://www.googleapis.com/calendar/v3/calendars/${id}`, label })),
  );
}

const withoutSlash = ({ name, ...rest }: GuardedName): GuardedName => ({ ...rest, name: name.replace(/\/+$/u, "") });

const folderOf = ({ address, label, target }: GuardedStore): GuardedName[] =>
  address.kind === "dir" ? [{ name: address.path, label, ...(target === undefined ? {} : { target }) }] : [];

/** A mount of a guarded place, or the folder in it where only a part of what is mounted is guarded. */
function mounts({ guard }: Config, stores: readonly GuardedStore[]): GuardedName[] {
  return [...guard.mounts].flatMap(([folder, store]) => {
    const mounted = addressOf(store);
    if (mounted === undefined) return [];
    return stores.flatMap(({ address, label, target }) => {
      const inside = insideOf(mounted, address);
      if (inside === undefined) return [];
      return [
        { name: inside === "" ? folder : `${folder === "/" ? "" : folder}/${inside}`, label, ...(target === undefined ? {} : { target }) },
      ];
    });
  });
}

/** Where in what is mounted the guarded place begins; "" for all of it, `undefined` where they are apart. */
function insideOf(mounted: StoreAddress, guarded: StoreAddress): string | undefined {
  const [from, to] = [wordsOf(mounted), wordsOf(guarded)];
  if (from.root !== to.root) return undefined;
  if (liesIn(from.path, to.path)) return "";
  return liesIn(to.path, from.path) ? to.path.slice(from.path === "" ? 0 : from.path.length + 1) : undefined;
}

const wordsOf = (address: StoreAddress): { readonly root: string; readonly path: string } =>
  address.kind === "s3" ? { root: address.bucket, path: address.prefix } : { root: "/", path: address.path.replace(/^\//u, "") };

const liesIn = (prefix: string, outer: string): boolean => outer === "" || prefix === outer || prefix.startsWith(`${outer}/`);

const meets = (guardedPrefix: string, prefix: string): boolean => {
  const own = guardedPrefix.replace(/\/$/u, "");
  return liesIn(own, prefix) || liesIn(prefix, own);
};

const isSame = (first: StoreAddress, second: StoreAddress): boolean => {
  const [one, other] = [wordsOf(first), wordsOf(second)];
  return first.kind === second.kind && one.root === other.root && one.path === other.path;
};

function siteOf({ name, root, targets }: Site): GuardedSite {
  const isStage = (target: Target): boolean => targets.some(({ after }) => after === target.name);
  const guarded = targets.filter(({ guard }) => guard);
  return {
    name,
    root,
    liveTargets: guarded.filter((target) => !isStage(target)).map((target) => target.name),
    targets: targets.map((target) => target.name),
    guardedTargets: guarded.map((target) => target.name),
    after: Object.fromEntries(targets.flatMap((target) => (target.after === undefined ? [] : [[target.name, target.after]]))),
  };
}

function stateFolders({ folder, stateStore: store }: Config): string[] {
  const address = parseState(store, folder);
  const local = `${folder.replace(/\/$/u, "")}/${localStateFolder}`;
  return [...new Set([local, ...(typeof address !== "string" && address.kind === "dir" ? [address.path] : [])])];
}

function unique(names: readonly GuardedName[]): GuardedName[] {
  return names.filter((one, at) => names.findIndex(({ name }) => name === one.name) === at);
}

/** A place that two things name is one place, and the target's name says more than a record's. */
function uniqueStores(stores: readonly GuardedStore[]): GuardedStore[] {
  return stores.filter((one, at) => stores.findIndex(({ address }) => isSame(address, one.address)) === at);
}
