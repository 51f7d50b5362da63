/** No two places of a belay.yaml may meet: one's deploy would be another's loss. */

import { relative, resolve } from "node:path";

import { isPrivate } from "../core/paths/publishable.ts";
import { localStateFolder } from "./config.ts";
import { normalUrl } from "./check-site.ts";
import { matcher } from "./glob.ts";
import { spelledPath, type KeyPath, type Report } from "./problem.ts";
import type { RawConfig, RawSite, RawTarget } from "./raw-config.ts";
import { meeting, parseState, parseStore, type StoreAddress } from "./store-address.ts";

interface Place {
  readonly path: KeyPath;
  readonly target: RawTarget;
  readonly address: StoreAddress;
}
interface NamedSite {
  readonly path: KeyPath;
  readonly site: RawSite;
}
interface StatePlace {
  readonly address: StoreAddress;
  /** How a message calls it. */
  readonly called: string;
}

/** The sites of a configuration with their paths, whether it has one or several. */
export function sitesOf(config: RawConfig): readonly NamedSite[] {
  const several = Object.entries(config.sites ?? {}).map(([name, site]) => ({ path: ["sites", name], site }));
  return config.site === undefined ? several : [{ path: ["site"], site: config.site }, ...several];
}

export function checkPlaces(config: RawConfig, folder: string, report: Report): void {
  const sites = sitesOf(config);
  const places = sites.flatMap((site) => placesOf(site, folder, report));
  const states = statesOf(config, folder, report);
  for (const [at, place] of places.entries()) {
    for (const earlier of places.slice(0, at)) checkPair(place, earlier, report);
    for (const { site, path } of sites) checkAgainstRoot(place, { root: resolve(folder, site.root), path }, report);
    for (const state of states) checkAgainstState(place, state, report);
  }
  for (const site of sites) for (const state of states) checkRoot(site, state, { folder, report });
}

function placesOf({ site, path }: NamedSite, folder: string, report: Report): Place[] {
  return Object.entries(site.targets).flatMap(([name, target]) => {
    const address = parseStore(target.store, folder);
    if (typeof address !== "string") return [{ path: [...path, "targets", name], target, address }];
    report([...path, "targets", name, "store"], address);
    return [];
  });
}

/** The configured state, and the folder that every working copy has beside its belay.yaml. */
function statesOf(config: RawConfig, folder: string, report: Report): StatePlace[] {
  const local: StatePlace = {
    address: { kind: "dir", path: resolve(folder, localStateFolder) },
    called: `belay's folder ${localStateFolder}`,
  };
  if (config.state === undefined) return [local];
  const address = parseState(config.state, folder);
  if (typeof address === "string") {
    report(["state"], address);
    return [local];
  }
  return meeting(address, local.address) === "is" ? [local] : [local, { address, called: "the state" }];
}

function checkPair(place: Place, earlier: Place, report: Report): void {
  const other = spelledPath(earlier.path);
  const how = meeting(place.address, earlier.address);
  if (how !== undefined) report([...place.path, "store"], `${how} the store of ${other}; each target needs a place of its own`);
  if (place.target.cdn !== undefined && place.target.cdn === earlier.target.cdn) {
    report([...place.path, "cdn"], `is the distribution of ${other}; each target needs its own`);
  }
  const [url, earlierUrl] = [place.target.url, earlier.target.url];
  if (url === undefined || earlierUrl === undefined || !URL.canParse(url) || !URL.canParse(earlierUrl)) return;
  if (normalUrl(url) === normalUrl(earlierUrl))
    report([...place.path, "url"], `is the address of ${other}; verify would look at the wrong target`);
}

function checkAgainstRoot(place: Place, { root, path }: { readonly root: string; readonly path: KeyPath }, report: Report): void {
  const how = meeting(place.address, { kind: "dir", path: root });
  if (how !== undefined)
    report([...place.path, "store"], `${how} ${spelledPath(path)}.root; what is live must lie apart from what is edited`);
}

function checkAgainstState(place: Place, state: StatePlace, report: Report): void {
  const how = meeting(place.address, state.address);
  if (how !== undefined) report([...place.path, "store"], `${how} ${state.called}; visitors must not reach it, nor deploys touch it`);
}

/** A state folder may lie inside the root only where nothing of it can be published. */
function checkRoot(
  { site, path }: NamedSite,
  state: StatePlace,
  { folder, report }: { readonly folder: string; readonly report: Report },
): void {
  if (state.address.kind !== "dir") return;
  const root = resolve(folder, site.root);
  const how = meeting({ kind: "dir", path: root }, state.address);
  if (how === undefined) return;
  if (how !== "contains") return report([...path, "root"], `${how} ${state.called}; choose another folder`);
  const key = relative(root, state.address.path);
  // Where only the case differs, the relative path climbs out: its dots make nothing private.
  if (key.startsWith("..") || !isPrivate(key))
    return report([...path, "root"], `contains ${state.called}, which would be published; move it out or begin its name with a dot`);
  if (matcher(site.include ?? [])(`${key}/any`)) report([...path, "include"], `would publish ${state.called}`);
}
