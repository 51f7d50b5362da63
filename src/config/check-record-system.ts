/** What must hold within one system of `records:`. */

import type { RecordSystem } from "../core/records/kind.ts";
import type { FieldType } from "../core/records/value.ts";
import { globProblem } from "./glob.ts";
import { described, quoted, suggestion, type KeyPath, type Report } from "./problem.ts";
import type { RawSystem } from "./raw-records.ts";
import { namesIn } from "./record-place.ts";
import { webAddressProblem, type Service } from "./record-store.ts";

/** A target that this belay.yaml deploys to, as a system of pages may name it. */
export interface NamedTarget {
  readonly site: string;
  readonly target: string;
  /** As `store` would spell it. */
  readonly store: string;
  readonly cdn?: string;
  readonly url?: string;
}

export interface SystemFacts {
  readonly folder: string;
  readonly targets: readonly NamedTarget[];
  /** Of every field of the kind; `undefined` where it could not be read. */
  readonly types: ReadonlyMap<string, FieldType | undefined>;
  readonly report: Report;
}

type Key = keyof RawSystem;
const everywhere: readonly Key[] = ["store", "fields", "read-only", "lag", "manual", "requests"];
/** Which keys beside those a service reads; any other would be without effect, which nobody means. */
const keysOf: Readonly<Record<Service, readonly Key[]>> = {
  pages: ["target", "match", "templates", "paths", "cdn", "url"],
  dynamodb: ["key", "version", "region"],
  caldav: ["user", "password", "token", "notify"],
  "google-calendar": ["key-file", "subject", "client-id", "client-secret", "refresh-token", "notify"],
  ics: [],
  web: ["paths"],
};
const called: Readonly<Record<Service, string>> = {
  pages: "pages",
  dynamodb: "a DynamoDB table",
  caldav: "a CalDAV collection",
  "google-calendar": "a Google calendar",
  ics: "a feed",
  web: "a web page",
};
/** Reports keys that mean nothing for what the system is. */
export function checkSystemKeys(
  raw: RawSystem,
  path: KeyPath,
  { service, report }: { readonly service: Service; readonly report: Report },
): void {
  const allowed: readonly string[] = [...everywhere, ...keysOf[service]];
  for (const key of Object.keys(raw)) {
    if (!allowed.includes(key)) report([...path, key], `means nothing for ${called[service]}`, "key");
  }
  for (const key of ["cdn", "url"] as const) {
    if (raw.target !== undefined && raw[key] !== undefined) report([...path, key], "is the target's own; leave it out here", "key");
  }
}

interface Checked {
  readonly path: KeyPath;
  readonly service: Service;
  readonly facts: SystemFacts;
}

/** What must hold within one system, beyond the shape of its keys and places. */
export function checkSystem(raw: RawSystem, system: RecordSystem, checked: Checked): void {
  const { path, service, facts } = checked;
  if (service === "pages") checkPages(raw, system, checked);
  if (service === "dynamodb") checkTable(raw, system, checked);
  if (service === "caldav") checkCaldav(raw, checked);
  if (service === "google-calendar") checkGoogle(raw, checked);
  for (const [at, shown] of system.paths.entries()) checkPath(shown, [...path, "paths", at], checked);
  for (const key of ["link", "note"] as const) {
    const stray = namesIn(system.manual?.[key] ?? "").find((name) => !facts.types.has(name));
    if (stray !== undefined)
      facts.report(
        [...path, "manual", key],
        `names no field: {${quoted(stray).slice(1, -1)}}; ${suggestion(stray, [...facts.types.keys()])}`,
      );
  }
  const link = system.manual?.link;
  const linkSays = link === undefined ? undefined : webAddressProblem(link.replaceAll(/[{}]/gu, ""));
  if (linkSays !== undefined) facts.report([...path, "manual", "link"], linkSays);
}

function checkPages(raw: RawSystem, system: RecordSystem, { path, facts }: Checked): void {
  if (raw.match === undefined) facts.report(path, 'needs `match`: globs over the pages that may hold a record, such as "g/*.html"');
  for (const [at, glob] of system.match.entries()) {
    const problem = globProblem(glob);
    if (problem !== undefined) facts.report([...path, "match", ...(typeof raw.match === "string" ? [] : [at])], problem);
  }
  for (const [at, glob] of system.templates.entries()) {
    const problem = globProblem(glob);
    if (problem !== undefined) facts.report([...path, "templates", at], problem);
  }
  const urlSays =
    raw.url === undefined ? undefined : (webAddressProblem(raw.url) ?? (raw.url.includes("?") ? "must not hold a query" : undefined));
  if (urlSays !== undefined) facts.report([...path, "url"], urlSays);
}

function checkPath(shown: string, path: KeyPath, { service, facts }: Checked): void {
  if (!/^\/[^\s\\?#]*$/u.test(shown) || shown.split("/").includes(".."))
    facts.report(path, `must be a path that begins with a slash, without query or fragment, but is ${described(shown)}`);
  const stray = namesIn(shown).find((name) => service === "web" || (name !== "name" && !facts.types.has(name)));
  if (stray === undefined) return;
  const spelled = `{${quoted(stray).slice(1, -1)}}`;
  if (service === "web") facts.report(path, `must be the path of one page, without ${spelled}`);
  else facts.report(path, `names no field: ${spelled}; ${suggestion(stray, ["name", ...facts.types.keys()])}`);
}

function checkTable(raw: RawSystem, system: RecordSystem, { path, facts: { report } }: Checked): void {
  if (raw.key === undefined) report(path, "needs `key`: the attributes of the table's primary key, partition key first");
  else if (system.key.length > 2) report([...path, "key"], "must be one attribute, or two: the partition key and the sort key");
  for (const [at, attribute] of system.key.entries()) {
    const where = [...path, "key", ...(typeof raw.key === "string" ? [] : [at])];
    if (!/^[^:]{1,255}(?::N)?$/u.test(attribute))
      report(where, `must be an attribute's name, or NAME:N for a number, but is ${quoted(attribute)}`);
  }
  if (Object.keys(raw.fields ?? {}).length === 0) report(path, "needs `fields`: which attribute holds which field");
}

function checkCaldav(raw: RawSystem, { path, facts: { report } }: Checked): void {
  if (raw.token !== undefined && (raw.user ?? raw.password) !== undefined)
    report([...path, "token"], "stands beside user or password; use one way to sign in", "key");
  else if ((raw.user === undefined) !== (raw.password === undefined))
    report(path, raw.user === undefined ? "has a password and no user" : "has a user and no password: add password: env:NAME");
}

function checkGoogle(raw: RawSystem, { path, facts: { report } }: Checked): void {
  const oauth = (["client-id", "client-secret", "refresh-token"] as const).filter((key) => raw[key] !== undefined);
  const isService = raw["key-file"] !== undefined;
  if (isService ? oauth.length > 0 : oauth.length < 3)
    report(path, "needs either key-file (a service account), or client-id, client-secret and refresh-token (OAuth)");
  else if (raw.subject !== undefined && !isService) report([...path, "subject"], "is for a service account, so it needs key-file", "key");
}
