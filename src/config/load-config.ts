/** belay.yaml → configuration. Pure: the caller finds the file and reads it. */

import { dirname, resolve } from "node:path";

import { invariant } from "../core/belay-error.ts";
import type { StoreName } from "../core/brand.ts";
import { defaultLimits, type Limits, type Site, type Target } from "../core/site.ts";
import { checkPlaces, sitesOf } from "./check-places.ts";
import { checkShape } from "./check-shape.ts";
import { checkLimits, checkSite, normalUrl } from "./check-site.ts";
import { localStateFolder, type Config } from "./config.ts";
import { readGuardNames } from "./guard-names.ts";
import { invalidConfig, type Problem, type Report } from "./problem.ts";
import { readRecords } from "./read-records.ts";
import { readYaml } from "./read-yaml.ts";
import type { RawConfig, RawLimits, RawSite, RawTarget } from "./raw-config.ts";
import { parseSize } from "./size.ts";
import { parseState, parseStore, portableSpelling, storeName, type StoreAddress } from "./store-address.ts";

/** What the one site of `site:` is called. */
const defaultSiteName = "default";

/**
 * Reads the text of the belay.yaml at `file`, whose folder is what relative paths count from (an absolute path,
 * or one from the working folder). Throws one `config-invalid` that lists what is wrong, in line order.
 */
export function parseConfig(text: string, file: string): Config {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) throw invalidConfig(file, yaml.problems);
  const problems: Problem[] = [];
  const report: Report = (path, says, part = "value") => problems.push({ path, says, ...yaml.place(path, part) });
  const folder = dirname(resolve(file));
  const raw = yaml.value === null ? reportEmpty(report) : checkShape(yaml.value, report);
  const read = raw === undefined ? undefined : checkRules(raw, folder, report);
  if (raw === undefined || read === undefined || problems.length > 0) throw invalidConfig(file, problems);
  return built(raw, { file, folder, read });
}

function reportEmpty(report: Report): undefined {
  report([], "is empty; `belay init` writes a first one");
}

/** The sections that are turned into values while they are checked. */
type Checked = Pick<Config, "guard" | "records">;

function checkRules(raw: RawConfig, folder: string, report: Report): Checked {
  if (raw.site === undefined && raw.sites === undefined) report([], "needs a site: add `site:`, or `sites:` for several");
  if (raw.site !== undefined && raw.sites !== undefined) report(["sites"], "stands beside site; use one of them", "key");
  checkLimits(raw.limits, ["limits"], report);
  for (const { site, path } of sitesOf(raw)) checkSite(site, path, report);
  checkPlaces(raw, folder, report);
  const records = readRecords(raw, folder, report);
  return { records, guard: readGuardNames(raw, folder, { records, report }) };
}

function built(raw: RawConfig, { file, folder, read }: { readonly file: string; readonly folder: string; readonly read: Checked }): Config {
  const state = raw.state ?? localStateFolder;
  const sites = sitesOf(raw).map(({ path, site }) =>
    siteFrom(site, String(path[1] ?? defaultSiteName), { folder, limits: limitsFrom(raw.limits, defaultLimits) }),
  );
  const spellings = sitesOf(raw).flatMap(({ site }) => Object.values(site.targets).map(({ store }) => store));
  return {
    file,
    folder,
    state,
    stateStore: named(parseState(state, folder)),
    sites,
    ...read,
    notify: raw.notify ?? {},
    ...(raw.signers === undefined ? {} : { signers: raw.signers }),
    portableStores: new Map(spellings.map((spelling) => [named(parseStore(spelling, folder)), portableSpelling(spelling, folder)])),
  };
}

function siteFrom(raw: RawSite, name: string, { folder, limits }: { readonly folder: string; readonly limits: Limits }): Site {
  return {
    name,
    root: resolve(folder, raw.root),
    ignore: raw.ignore ?? [],
    include: raw.include ?? [],
    unit: raw.unit ?? "page",
    except: raw.except ?? {},
    headers: (raw.headers ?? []).map(({ match, ...headers }) => ({ match, headers })),
    targets: Object.entries(raw.targets).map(([targetName, target]) => targetFrom(target, targetName, folder)),
    tokens: Object.entries(raw.tokens ?? {}).map(([token, { file, contains, absent }]) =>
      contains === undefined
        ? { name: token, file, rule: "absent", text: absent ?? "" }
        : { name: token, file, rule: "contains", text: contains },
    ),
    limits: limitsFrom(raw.limits, limits),
  };
}

function targetFrom(raw: RawTarget, name: string, folder: string): Target {
  return {
    name,
    store: named(parseStore(raw.store, folder)),
    ...(raw.cdn === undefined ? {} : { cdn: raw.cdn }),
    ...(raw.url === undefined ? {} : { url: normalUrl(raw.url) }),
    ...(raw.after === undefined ? {} : { after: raw.after }),
    approvals: raw.approvals ?? 0,
    keys: raw.keys ?? "security-key",
    approvers: raw.approvers ?? "anyone",
    ...(raw.unversioned === undefined ? {} : { unversioned: raw.unversioned }),
    guard: raw.guard ?? true,
  };
}

function limitsFrom(raw: RawLimits | undefined, otherwise: Limits): Limits {
  const requestsMax = raw?.requests ?? otherwise.requestsMax;
  return {
    ...(requestsMax === undefined ? {} : { requestsMax }),
    deletesMax: raw?.deletes ?? otherwise.deletesMax,
    filesMax: raw?.files ?? otherwise.filesMax,
    bytesMax: raw?.bytes === undefined ? otherwise.bytesMax : (parseSize(raw.bytes) ?? otherwise.bytesMax),
  };
}

function named(address: StoreAddress | string): StoreName {
  invariant(typeof address !== "string", "addresses are checked before they are built");
  return storeName(address);
}
