/**
 * Access logs that were given, read once for a whole kind: who fetched and linked its pages, and who wrote its objects (decision 37).
 * What no log tells of stays unknown: silence of a log counts only for a place that it covers.
 */

import { readLog, type LogRecord } from "../../codecs/access-log/read-log.ts";
import { BelayError } from "../../core/belay-error.ts";
import { visitorPathsOf } from "../../core/paths/key.ts";
import { addFetch, noUse, sumOf, type Fetch, type PathUse } from "../../core/records/page-use.ts";
import type { RecordSystem } from "../../core/records/kind.ts";
import type { WriteEvent } from "../../core/timeline/write-event.ts";
import type { Sighting } from "../../core/records/claim.ts";
import type { EventSource } from "../history/timeline.ts";
import type { Context } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";
import { visitorPaths } from "./visitor-paths.ts";

export interface LogTally {
  readonly files: number;
  /** Fetches of pages, and writes, of the kind's own systems. */
  readonly fetches: number;
  readonly writes: number;
  readonly broken: number;
  /** There were more paths or writes than are held at once; what is missing is told as unknown. */
  readonly isCut: boolean;
}

/** Of one page: what is known of its use. */
export interface PageUse {
  readonly key: string;
  /** Under its own addresses. */
  readonly use: PathUse;
  /** Under addresses that another page of the record has too: `/g/CODE`. */
  readonly shared: readonly { readonly path: string; readonly use: PathUse }[];
}

export interface SystemUse {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly pages: readonly PageUse[];
}

export interface AccessLogs {
  readonly tally: LogTally;
  /** What could not be read, a sentence each. */
  readonly gaps: readonly string[];
  /** `undefined` where no log tells of the system: its use is unknown. */
  usesOf(system: RecordSystem, pages: readonly Sighting[], record: readonly Sighting[]): SystemUse | undefined;
  /** Of one object, oldest first. */
  writesTo(system: string, key: string): readonly WriteEvent[];
}

const pathsMax = 200_000;
const writesMax = 20_000;

/** Streams every file, and holds counts only. A file that ends badly counts as broken from there. */
export async function readLogs(records: RecordsBench, sources: AsyncIterable<EventSource>, context: Context): Promise<AccessLogs> {
  const reader = new LogReader(await placesOf(records));
  let files = 0;
  for await (const source of sources) {
    files += 1;
    if (files % 20 === 0) context.report({ phase: "looking", done: files, path: source.name });
    try {
      for await (const record of readLog(source.open())) reader.take(record, source.name);
      context.signal.throwIfAborted();
    } catch (error) {
      if (!(error instanceof BelayError)) throw error;
      reader.broken += 1;
      reader.gaps.push(error.message);
    }
  }
  return reader.ended(files);
}

/** Where a system's objects lie, and how visitors ask for them. */
interface Place {
  readonly system: string;
  readonly bucket?: string;
  /** With a slash at its end, or empty. */
  readonly prefix: string;
  readonly host?: string;
  /** Of the address, before a page's own path: `/site`, or empty. */
  readonly base: string;
  /** A log file's name begins with it where the log does not tell a host. */
  readonly distribution?: string;
  readonly isMatch: (key: string) => boolean;
  readonly isPages: boolean;
}

async function placesOf(records: RecordsBench): Promise<readonly Place[]> {
  return await Promise.all(
    records.kind.systems.map(async (system): Promise<Place> => {
      const { target } = await records.placeOf(system);
      const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/u.exec(target.store) ?? [];
      const url = target.url !== undefined && URL.canParse(target.url) ? new URL(target.url) : undefined;
      const distribution = /^cloudfront:(\w+)$/u.exec(target.cdn ?? "")?.[1];
      return {
        system: system.name,
        prefix: prefix === "" ? "" : `${prefix}/`,
        base: url ? decodedPath(url.pathname).replace(/\/$/u, "") : "",
        isMatch: (key) => records.isMatch(system, key),
        isPages: system.medium === "pages",
        ...(bucket !== undefined && { bucket }),
        ...(url && { host: url.hostname }),
        ...(distribution !== undefined && { distribution }),
      };
    }),
  );
}

interface Covered {
  firstMs: number;
  lastMs: number;
}

class LogReader {
  readonly gaps: string[] = [];
  broken = 0;
  readonly #places: readonly Place[];
  /** By system and path. */
  readonly #uses = new Map<string, PathUse>();
  readonly #covered = new Map<string, Covered>();
  readonly #writes = new Map<string, WriteEvent[]>();
  #fetches = 0;
  #written = 0;
  #isCut = false;

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  take(record: LogRecord, file: string): void {
    if (record.kind === "broken") this.broken += 1;
    else if (record.kind === "fetch") this.#takeFetch(record.fetch, file);
    else this.#takeWrite(record.event);
  }

  #takeFetch(fetch: Fetch, file: string): void {
    for (const place of this.#places) {
      const path = place.isPages ? pathIn(place, fetch, file) : undefined;
      if (path === undefined) continue;
      const covered = this.#covered.get(place.system) ?? { firstMs: Infinity, lastMs: -Infinity };
      this.#covered.set(place.system, covered);
      covered.firstMs = Math.min(covered.firstMs, fetch.atMs);
      covered.lastMs = Math.max(covered.lastMs, fetch.atMs);
      if (!mayBePage.test(path)) continue;
      const name = `${place.system} ${path}`;
      const use = this.#uses.get(name) ?? noUse();
      if (!this.#uses.has(name) && this.#uses.size >= pathsMax) {
        this.#isCut = true;
        continue;
      }
      this.#uses.set(name, use);
      addFetch(use, fetch, (host) => host === place.host);
      this.#fetches += 1;
    }
  }

  #takeWrite(event: WriteEvent): void {
    for (const { system, bucket, prefix, isMatch } of this.#places) {
      if (bucket !== event.bucket) continue;
      const key = event.names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])).find((name) => isMatch(name));
      if (key === undefined) continue;
      this.#written += 1;
      if (this.#written > writesMax) this.#isCut = true;
      else this.#writes.set(`${system} ${key}`, [...(this.#writes.get(`${system} ${key}`) ?? []), event]);
    }
  }

  ended(files: number): AccessLogs {
    const tally = { files, fetches: this.#fetches, writes: this.#written, broken: this.broken, isCut: this.#isCut };
    return {
      tally,
      gaps: [...new Set(this.gaps)],
      usesOf: (system, pages, record) => this.#usesOf(system, pages, record),
      writesTo: (system, key) => (this.#writes.get(`${system} ${key}`) ?? []).toSorted((one, other) => one.atMs - other.atMs),
    };
  }

  #usesOf(system: RecordSystem, pages: readonly Sighting[], record: readonly Sighting[]): SystemUse | undefined {
    const covered = this.#covered.get(system.name);
    if (!covered || this.#isCut) return undefined;
    const paths = pages.map(({ at: { key } }) => ({ key, all: pathsOf(system, key, record) }));
    const use = (path: string): PathUse => this.#uses.get(`${system.name} ${path}`) ?? noUse();
    return {
      ...covered,
      pages: paths.map(({ key, all }): PageUse => {
        const isShared = (path: string): boolean => paths.some((other) => other.key !== key && other.all.includes(path));
        const shared = all.filter(isShared).map((path) => ({ path, use: use(path) }));
        return {
          key,
          use: sumOf(all.filter((path) => !isShared(path)).map(use)),
          shared: shared.filter((one) => one.use.fetches > 0),
        };
      }),
    };
  }
}

/** Pictures and scripts of a site are most of its log, and no record's page. */
const mayBePage = /(?:\/|\.x?html?|\/[^./]*)$/iu;

/** Every path that leads visitors to a page, decoded as a log's are. */
const pathsOf = (system: RecordSystem, key: string, record: readonly Sighting[]): readonly string[] => [
  ...new Set([...visitorPathsOf(key), ...visitorPaths(system, key, record)].map(decodedPath)),
];

function pathIn({ bucket, prefix, host, base, distribution }: Place, { at }: Fetch, file: string): string | undefined {
  if (at.kind === "bucket") {
    const name = at.bucket === bucket ? at.names.find((one) => one.startsWith(prefix)) : undefined;
    return name === undefined ? undefined : `/${name.slice(prefix.length)}`;
  }
  const isAsked = host !== undefined && at.hosts.includes(host);
  const isNamed = distribution !== undefined && file.slice(file.lastIndexOf("/") + 1).startsWith(`${distribution}.`);
  if (!(isAsked || isNamed) || !at.path.startsWith(`${base}/`)) return undefined;
  return at.path.slice(base.length);
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
