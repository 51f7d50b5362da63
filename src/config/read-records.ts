/** `records:` of belay.yaml: kinds of record, as values that rules and operations take. */

import { resolve } from "node:path";

import type { Field, Pointer, RecordKind, RecordSystem, WatchRules } from "../core/records/kind.ts";
import type { FieldType } from "../core/records/value.ts";
import { sitesOf } from "./check-places.ts";
import type { NamedTarget } from "./check-record-system.ts";
import { localStateFolder } from "./config.ts";
import { quoted, spelledPath, suggestion, type KeyPath, type Report } from "./problem.ts";
import type { RawConfig } from "./raw-config.ts";
import type { RawKind, RawWatch } from "./raw-records.ts";
import { readRecordFields } from "./read-record-fields.ts";
import { readRecordSystem } from "./read-record-systems.ts";
import { placeProblem } from "./record-place.ts";
import type { RecordStore } from "./record-store.ts";
import { meeting, parseState, parseStore, type StoreAddress } from "./store-address.ts";
import { parseTimeSpan } from "./time-span.ts";
import { zoneProblem } from "./zone-problem.ts";

/** A place of another section that no system may name for itself. */
interface Taken {
  readonly address: StoreAddress;
  readonly says: string;
}
interface Facts {
  readonly folder: string;
  readonly targets: readonly NamedTarget[];
  readonly taken: readonly Taken[];
  readonly report: Report;
}
/** A system with where it stands in belay.yaml and what its store is. */
interface Placed {
  readonly system: RecordSystem;
  readonly at: RecordStore;
  readonly path: KeyPath;
}

/** What is read is complete only where nothing was reported. */
export function readRecords(config: RawConfig, folder: string, report: Report): RecordKind[] {
  if (config.records === undefined) return [];
  const targets = targetsOf(config);
  const facts: Facts = { folder, targets, taken: takenPlaces(config, targets, folder), report };
  return Object.entries(config.records).map(([name, kind]) => readKind(name, kind, facts));
}

/** What `site:` is called in `target: SITE/TARGET`, as everywhere. */
const targetsOf = (config: RawConfig): NamedTarget[] =>
  sitesOf(config).flatMap(({ path, site }) =>
    Object.entries(site.targets).map(([target, { store, cdn, url }]) => ({
      site: String(path[1] ?? "default"),
      target,
      store,
      ...(cdn === undefined ? {} : { cdn }),
      ...(url === undefined ? {} : { url }),
    })),
  );

function takenPlaces({ state }: RawConfig, targets: readonly NamedTarget[], folder: string): Taken[] {
  const ofTargets = targets.map(({ site, target, store }) => ({
    address: parseStore(store, folder),
    says: `the store of the target ${target}; write \`target: ${site === "default" ? target : `${site}/${target}`}\`, so that its rules hold`,
  }));
  const local = {
    address: parseStore(`dir:${resolve(folder, localStateFolder)}`, folder),
    says: "belay's own folder; choose another place",
  };
  const shared = state === undefined ? [] : [{ address: parseState(state, folder), says: "belay's state; choose another place" }];
  return [...ofTargets, local, ...shared].flatMap(({ address, says }) => (typeof address === "string" ? [] : [{ address, says }]));
}

function readKind(name: string, raw: RawKind, facts: Facts): RecordKind {
  const { report } = facts;
  const path = ["records", name];
  const zoneSays = zoneProblem(raw.zone);
  if (zoneSays !== undefined) report([...path, "zone"], zoneSays);
  const fields = readRecordFields(raw, path, report);
  // A field with a problem of its own is a field all the same: whoever names it is not wrong.
  const types = new Map<string, FieldType | undefined>(
    Object.keys(raw.fields).map((field) => [field, fields.find((one) => one.name === field)?.type]),
  );
  const placed = Object.entries(raw.systems).flatMap(([system, written]): Placed[] => {
    const at = [...path, "systems", system];
    if (system === "newest" || system === "ask") report(at, "cannot name a system: as an authority it means something else", "key");
    const read = readRecordSystem(system, written, { path: at, facts: { ...facts, types } });
    return read === undefined ? [] : [{ ...read, path: at }];
  });
  for (const [at, one] of placed.entries()) {
    checkTaken(one, facts);
    for (const earlier of placed.slice(0, at)) checkPair(one, earlier, report);
  }
  for (const field of fields) checkAuthority(field, { raw, path, report });
  return {
    name,
    zone: raw.zone,
    ...(raw["date-order"] === undefined ? {} : { dateOrder: raw["date-order"] }),
    fields,
    systems: placed.map(({ system }) => system),
    pointers: readPointers(raw, placed, { path: [...path, "pointers"], report }),
    identity: readIdentity(raw, fields, { path: [...path, "identity"], report }),
    features: Object.entries(raw.features ?? {}).map(([feature, contains]) => ({ name: feature, contains })),
    watch: readWatch(raw.watch, [...path, "watch"], report),
  };
}

function checkTaken({ system, at, path }: Placed, { taken, report }: Facts): void {
  if (system.target !== undefined || at.address === undefined) return;
  for (const { address, says } of taken) {
    const how = meeting(at.address, address);
    if (how !== undefined) report([...path, "store"], `${how} ${says}`);
  }
}

/** Two systems never hold the same objects: a value would count twice, and agree with itself. */
function checkPair(one: Placed, earlier: Placed, report: Report): void {
  const path = [...one.path, one.system.target === undefined ? "store" : "target"];
  if (one.at.address === undefined || earlier.at.address === undefined) {
    const isSame = one.system.store === earlier.system.store && one.system.settings["region"] === earlier.system.settings["region"];
    const isOtherPage = one.system.medium === "web-page" && !one.system.paths.some((shown) => earlier.system.paths.includes(shown));
    const hasPaths = one.system.paths.length > 0 && earlier.system.paths.length > 0;
    if (isSame && !(isOtherPage && hasPaths)) report(path, `is the store of ${spelledPath(earlier.path)}`);
    return;
  }
  const theirs = globsFrom(earlier);
  if (globsFrom(one).some((glob) => theirs.includes(glob)))
    report(path, `holds the same pages as ${spelledPath(earlier.path)}: store and match are equal`);
}

/** Globs with the store before them, so that `s3://b` with `g/*` and `s3://b/g` with `*` are seen to be one. */
const globsFrom = ({ system, at: { address } }: Placed): string[] =>
  system.match.map((glob) =>
    address?.kind === "s3"
      ? [address.bucket, address.prefix, glob].filter((part) => part !== "").join("/")
      : `${address?.path ?? ""}/${glob}`,
  );

/** A table says only what its `fields` name, so as an authority it must name the field. */
function checkAuthority({ name, authority }: Field, { raw, path, report }: Where & { readonly raw: RawKind }): void {
  if (authority.kind !== "system") return;
  const { store, fields } = raw.systems[authority.system] ?? {};
  if (store?.startsWith("dynamodb:") !== true || Object.hasOwn(fields ?? {}, name)) return;
  const place = spelledPath([...path, "systems", authority.system, "fields"]);
  report([...path, "fields", name, "authority"], `is ${authority.system}, which keeps no ${name}: add it to ${place}`);
}

interface Where {
  readonly path: KeyPath;
  readonly report: Report;
}

function readPointers({ pointers, systems }: RawKind, placed: readonly Placed[], { path, report }: Where): Pointer[] {
  const names = Object.keys(systems);
  return (pointers ?? []).flatMap((spelling, index): Pointer[] => {
    const here = [...path, index];
    const { from, at, to } = /^(?<from>[a-z][a-z0-9-]*)\.(?<at>\S(?:.*\S)?)\s*(?:->|→)\s*(?<to>\S+)$/u.exec(spelling.trim())?.groups ?? {};
    if (from === undefined || at === undefined || to === undefined) {
      report(here, `must be SYSTEM.PLACE -> SYSTEM, such as record.page_slug -> pages, but is ${quoted(spelling)}`);
      return [];
    }
    const stray = [from, to].find((name) => !names.includes(name));
    if (stray !== undefined) report(here, `names no system: ${quoted(stray)}; ${suggestion(stray, names)}`);
    else if (from === to) report(here, `leads from ${from} to itself`);
    const source = placed.find(({ system }) => system.name === from);
    if (source === undefined || stray !== undefined) return [];
    if (source.system.isReadOnly) report(here, `begins in ${from}, which is read-only: belay could not keep it right`);
    const problem = placeProblem(at, source.at.service);
    if (problem !== undefined) report(here, `has a place that ${problem}`);
    return [{ from, at, to }];
  });
}

const evidenceTypes: ReadonlySet<FieldType> = new Set(["person", "people", "email", "phone"]);

function readIdentity(
  { identity, systems, fields: written }: RawKind,
  fields: readonly Field[],
  { path, report }: Where,
): RecordKind["identity"] {
  const [fieldNames, systemNames] = [Object.keys(written), Object.keys(systems)];
  const keys = identity?.keys ?? fields.filter(({ type }) => type === "key").map(({ name }) => name);
  const match = identity?.match ?? fields.filter(({ type }) => evidenceTypes.has(type)).map(({ name }) => name);
  const oneToOne = identity?.["one-to-one"] ?? [];
  const checked = [
    { names: keys, key: "keys", known: fieldNames, what: "field" },
    { names: match, key: "match", known: fieldNames, what: "field" },
    { names: oneToOne, key: "one-to-one", known: systemNames, what: "system" },
  ];
  for (const { names, key, known, what } of checked) {
    for (const [at, name] of names.entries()) {
      if (!known.includes(name)) report([...path, key, at], `names no ${what}: ${quoted(name)}; ${suggestion(name, known)}`);
    }
  }
  const isTimed = fields.some(({ type }) => type === "datetime" || type === "date");
  if (keys.length === 0 && (match.length === 0 || !isTimed))
    report(path, "leaves nothing to tell records by: name a field of type key, or a date and fields to match");
  return { keys, match, oneToOne };
}

const everyLeastMs = 5000;

function readWatch(raw: RawWatch | undefined, path: KeyPath, report: Report): WatchRules {
  const everyMs = raw?.every === undefined ? 60_000 : (parseTimeSpan(raw.every) ?? 0);
  if (everyMs < everyLeastMs) report([...path, "every"], `must be ${everyLeastMs / 1000}s or longer, but is ${quoted(raw?.every ?? "")}`);
  return { everyMs, perHourMax: raw?.["per-hour"] ?? 30, flapsMax: raw?.flaps ?? 3 };
}
