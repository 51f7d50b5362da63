/** `guard:` of belay.yaml: the other names under which a guarded store can be written to. */

import { normalize } from "node:path";

import type { StoreName } from "../core/brand.ts";
import type { RecordKind } from "../core/records/kind.ts";
import { sitesOf } from "./check-places.ts";
import type { GuardNames } from "./config.ts";
import { quoted, suggestion, type KeyPath, type Report } from "./problem.ts";
import type { RawConfig } from "./raw-config.ts";
import { parseState, parseStore, storeName } from "./store-address.ts";

interface Known {
  readonly folder: string;
  /** Buckets of this belay.yaml. */
  readonly buckets: readonly string[];
}

/** What is read is complete only where nothing was reported. */
export function readGuardNames(
  config: RawConfig,
  folder: string,
  { records, report }: { readonly records: readonly RecordKind[]; readonly report: Report },
): GuardNames {
  const known: Known = { folder, buckets: bucketsOf(config, records, folder) };
  const { aliases, "access-points": accessPoints, mounts } = config.guard ?? {};
  for (const mount of Object.keys(mounts ?? {})) {
    if (!mount.startsWith("/")) report(["guard", "mounts", mount], "must be an absolute path", "key");
  }
  const read = (names: Readonly<Record<string, string>> | undefined, key: string): Map<string, StoreName> =>
    new Map(
      Object.entries(names ?? {}).flatMap(([name, leadsTo]) => entryOf(name, leadsTo, { path: ["guard", key, name], known, report })),
    );
  return {
    aliases: read(aliases, "aliases"),
    accessPoints: read(accessPoints, "access-points"),
    mounts: new Map([...read(mounts, "mounts")].map(([mount, store]) => [normalize(mount).replace(/(?<=.)\/$/u, ""), store])),
  };
}

interface Entry {
  readonly path: KeyPath;
  readonly known: Known;
  readonly report: Report;
}

function entryOf(name: string, leadsTo: string, { path, known, report }: Entry): [string, StoreName][] {
  const address = parseStore(leadsTo.includes(":") ? leadsTo : `s3://${leadsTo}`, known.folder);
  if (typeof address === "string") {
    report(path, address);
    return [];
  }
  // A slip here would leave the name unguarded without a word.
  if (address.kind === "s3" && !known.buckets.includes(address.bucket)) {
    report(
      path,
      `leads to ${quoted(address.bucket)}, which is no bucket of a target, of a system or of the state; ${suggestion(address.bucket, known.buckets)}`,
    );
  }
  return [[name, storeName(address)]];
}

function bucketsOf(config: RawConfig, records: readonly RecordKind[], folder: string): string[] {
  const targets = sitesOf(config).flatMap(({ site }) => Object.values(site.targets).map(({ store }) => parseStore(store, folder)));
  const state = config.state === undefined ? [] : [parseState(config.state, folder)];
  const systems = records.flatMap((kind) =>
    kind.systems.flatMap(({ store, medium }) => (medium === "pages" ? [parseStore(store, folder)] : [])),
  );
  const buckets = [...targets, ...systems, ...state].flatMap((address) =>
    typeof address !== "string" && address.kind === "s3" ? [address.bucket] : [],
  );
  return [...new Set(buckets)];
}
