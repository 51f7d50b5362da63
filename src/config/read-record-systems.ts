/** `systems:` of a kind of record: where each is, what it keeps, and how belay may act there. */

import type { FieldPlace, RecordSystem } from "../core/records/kind.ts";
import { normalUrl } from "./check-site.ts";
import { checkSystem, checkSystemKeys, type NamedTarget, type SystemFacts } from "./check-record-system.ts";
import { quoted, suggestion, type KeyPath } from "./problem.ts";
import type { RawManual, RawSystem } from "./raw-records.ts";
import { readPlace } from "./record-place.ts";
import { parseRecordStore, type RecordStore } from "./record-store.ts";
import { parseTimeSpan } from "./time-span.ts";

const secretKeys = ["password", "token", "key-file", "client-id", "client-secret", "refresh-token"] as const;
const settingKeys = ["user", "region", "subject"] as const;

/** One system and how it is spoken to; `undefined` after a report that leaves nothing to build. */
export function readRecordSystem(
  name: string,
  raw: RawSystem,
  { path, facts }: { readonly path: KeyPath; readonly facts: SystemFacts },
): { readonly system: RecordSystem; readonly at: RecordStore } | undefined {
  const found = readStore(raw, path, facts);
  if (found === undefined) return undefined;
  const { at, target } = found;
  checkSystemKeys(raw, path, { service: at.service, report: facts.report });
  const system: RecordSystem = {
    name,
    medium: at.medium,
    store: at.store,
    ...(target === undefined ? {} : { target: { site: target.site, target: target.target } }),
    ...addresses(target ?? raw),
    match: listOf(raw.match),
    templates: raw.templates ?? [],
    paths: raw.paths ?? [],
    fields: placesFrom(raw, at, { path: [...path, "fields"], facts }),
    key: listOf(raw.key).map((attribute) => attribute.replace(/:S$/u, "")),
    ...(raw.version === undefined ? {} : { version: raw.version }),
    isReadOnly: at.medium === "feed" || at.medium === "web-page" || raw["read-only"] === true,
    lagMs: parseTimeSpan(raw.lag ?? "0s") ?? 0,
    ...(raw.manual === undefined ? {} : { manual: manualFrom(raw.manual) }),
    isNotifying: raw.notify === true,
    ...(raw.requests === undefined ? {} : { requestsMax: raw.requests }),
    secrets: { ...variables(raw), ...(at.secretUrl === undefined ? {} : { url: at.secretUrl }) },
    settings: Object.fromEntries(settingKeys.flatMap((key) => (raw[key] === undefined ? [] : [[key, raw[key]]]))),
  };
  checkSystem(raw, system, { path, service: at.service, facts });
  return { system, at };
}

function placesFrom(
  raw: RawSystem,
  { service }: RecordStore,
  { path, facts }: { readonly path: KeyPath; readonly facts: SystemFacts },
): Record<string, FieldPlace> {
  const { types, report } = facts;
  const entries = Object.entries(raw.fields ?? {}).flatMap(([field, place]): [string, FieldPlace][] => {
    if (!types.has(field)) {
      report([...path, field], `names no field of this kind; ${suggestion(field, [...types.keys()])}`, "key");
      return [];
    }
    const read = readPlace(place, [...path, field], { field, service, types, report });
    return read === undefined ? [] : [[field, read]];
  });
  return Object.fromEntries(entries);
}

const addresses = ({ cdn, url }: Pick<RawSystem, "cdn" | "url">): Pick<RecordSystem, "cdn" | "url"> => ({
  ...(cdn === undefined ? {} : { cdn }),
  ...(url === undefined || !URL.canParse(url) ? {} : { url: normalUrl(url) }),
});

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

const variables = (raw: RawSystem): Record<string, string> =>
  Object.fromEntries(
    secretKeys.flatMap((key) => {
      const spelling = raw[key];
      return spelling === undefined ? [] : [[key, spelling.replace(/^env:/u, "")]];
    }),
  );

const manualFrom = ({ link, note, due, attest }: RawManual): NonNullable<RecordSystem["manual"]> => ({
  ...(link === undefined ? {} : { link }),
  ...(note === undefined ? {} : { note }),
  ...(due === undefined ? {} : { dueMs: parseTimeSpan(due) ?? 0 }),
  ...(attest === true ? { attest } : {}),
});

function readStore(
  raw: RawSystem,
  path: KeyPath,
  { folder, targets, report }: SystemFacts,
): { readonly at: RecordStore; readonly target?: NamedTarget } | undefined {
  if ((raw.store === undefined) === (raw.target === undefined)) {
    report(path, "must have exactly one of store and target");
    return undefined;
  }
  const named = raw.target === undefined ? undefined : targetNamed(raw.target, targets);
  if (typeof named === "string") {
    report([...path, "target"], named);
    return undefined;
  }
  const at = parseRecordStore(named?.store ?? raw.store ?? "", folder);
  if (typeof at !== "string") return named === undefined ? { at } : { at, target: named };
  // A target's own store is checked, and told, where it stands.
  if (named === undefined) report([...path, "store"], at);
  return undefined;
}

function targetNamed(spelling: string, targets: readonly NamedTarget[]): NamedTarget | string {
  const fitting = targets.filter(({ site, target }) => spelling === `${site}/${target}` || spelling === target);
  const [only] = fitting;
  if (only === undefined) {
    const isUnique = (name: string): boolean => targets.filter(({ target }) => target === name).length === 1;
    const known = targets.map(({ site, target }) => (isUnique(target) ? target : `${site}/${target}`));
    return `names no target: ${quoted(spelling)}; ${suggestion(spelling, known)}`;
  }
  if (fitting.length === 1) return only;
  return `could be ${fitting.map(({ site, target }) => `${site}/${target}`).join(" or ")}; write which`;
}
