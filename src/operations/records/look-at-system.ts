/** One system: listed once, and read where something is new. What was seen is kept for the next look, also of a look that broke off. */

import { wordHashesOf, type PageLook } from "../../codecs/html-document/page-signs.ts";
import { BelayError } from "../../core/belay-error.ts";
import { bytesOf } from "../../core/body.ts";
import { canonicalBytes } from "../../core/canonical-json.ts";
import { compareKeys } from "../../core/paths/key.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { Sighting } from "../../core/records/claim.ts";
import { readKnownDays, stirredBy, writeKnownDays, type Stirred } from "../../core/records/claims/known-days.ts";
import { mayHoldWord, wordFilter } from "../../core/records/claims/word-filter.ts";
import type { RecordSystem } from "../../core/records/kind.ts";
import { sketchOf } from "../../core/records/sketch.ts";
import type { SightingEdition, SightingMark, SightingMarks } from "../../ports/sighting-book.ts";
import type { Reading, Store } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import type { Context } from "../workbench.ts";
import { followFeed, rememberFeed, type Followed } from "./follow-feed.ts";
import { openPageFilter } from "./page-filter.ts";
import type { Known, SystemView } from "./system-view.ts";
import { lastListing, rememberListing } from "./last-listing.ts";
import type { RecordsBench } from "./records-bench.ts";
import { sightDocument, yearMonth } from "./sight-document.ts";

/** A system that is about to be looked at. */
export interface OpenLook {
  readonly system: RecordSystem;
  readonly store: Store;
  readonly width: number;
  readonly fingerprint: string;
  readonly last: SightingMarks;
  /** Under way from the beginning; absent where the store brings its bytes along, or has told what changed. */
  readonly listing?: Promise<readonly Observed[]>;
  /** What the system has told by itself, where it was asked. */
  readonly followed?: Followed;
}

export type Seen = Omit<SystemView, "system" | "failure">;

/** Rules of reading: another number has everything read again. */
const readingVersion = 5;

/** Asks for the listing at once, since all systems can be listed while the first of them are read. */
export async function openLook(records: RecordsBench, system: RecordSystem, context: Context): Promise<OpenLook> {
  const { book, placeOf } = records;
  const { target, bench } = await placeOf(system);
  const store = await bench.storeOf(target.store);
  const fingerprint = systemFingerprint(records, system);
  const list = (): Promise<readonly Observed[]> | undefined => {
    const listing = store.readAll ? undefined : listed(records, system, store, context);
    // Its failure is met when its turn comes.
    listing?.catch(() => undefined);
    return listing;
  };
  const mayFollow = records.followsFeeds === true && store.feed !== undefined;
  const early = mayFollow ? undefined : list();
  const last = await book.marks(system.name, fingerprint, context);
  const followed = mayFollow ? await followFeed(records, { system, store, last }, context) : undefined;
  // Listed only once the feed has given its token: what changes in between is in one of them.
  const listing = mayFollow && !followed?.keys ? list() : early;
  const width = Math.max(1, Math.min(bench.concurrency, system.requestsMax ?? bench.concurrency));
  return { system, store, width, fingerprint, last, ...(listing && { listing }), ...(followed && { followed }) };
}

/** What a system's sightings are remembered under. */
export const systemFingerprint = (records: RecordsBench, system: RecordSystem): string =>
  records.home.runtime.sha256(canonicalBytes(fingerprintOf(records, system)));

/** Sightings hang on these and on the bytes alone. */
function fingerprintOf({ kind }: RecordsBench, system: RecordSystem): unknown {
  const { zone, dateOrder, fields, pointers } = kind;
  return JSON.parse(JSON.stringify({ readingVersion, zone, dateOrder, fields, pointers, system }));
}

async function listed(records: RecordsBench, system: RecordSystem, store: Store, context: Context): Promise<readonly Observed[]> {
  const found: Observed[] = [];
  for await (const observed of store.list("", context)) {
    if (!records.isMatch(system, observed.key)) continue;
    found.push(observed);
    if (found.length % 500 === 0) context.report({ phase: "observing", done: found.length, path: system.name });
  }
  return found;
}

/** Throws where the listing cannot be the whole truth. */
export async function lookAtSystem(records: RecordsBench, look: OpenLook, known: Known | undefined, context: Context): Promise<Seen> {
  const gathering = new Gathering(records, look, known, context);
  try {
    const keys = await keysSeen(gathering, look);
    return await gathering.end(keys);
  } catch (error) {
    await gathering.breakOff();
    throw error;
  }
}

async function keysSeen(gathering: Gathering, { followed, listing }: OpenLook): Promise<readonly string[]> {
  if (followed?.keys) return await gathering.readTold(followed.keys);
  return listing ? await gathering.readChanged(await listing) : await gathering.readAll();
}

/** So many objects that a listing lacks are asked for by name, to see whether they are gone. */
const probesMax = 4;

class Gathering {
  readonly #records: RecordsBench;
  readonly #look: OpenLook;
  readonly #known: Known | undefined;
  readonly #context: Context;
  readonly #edition: SightingEdition;
  readonly #stirred: Stirred;
  readonly #knew: string;
  readonly #today: string;
  readonly #pageLook: PageLook | undefined;
  readonly #marks = new Map<string, SightingMark>();
  #read = 0;

  constructor(records: RecordsBench, look: OpenLook, known: Known | undefined, context: Context) {
    this.#records = records;
    this.#look = look;
    this.#known = known;
    this.#context = context;
    this.#edition = records.book.edition(look.system.name, look.fingerprint);
    this.#today = new Date(records.home.runtime.now()).toISOString().slice(0, 10);
    const month = yearMonth(this.#today);
    const days = known ? writeKnownDays(known.days) : "";
    this.#knew = `${month}\n${days}`;
    const [lastMonth, lastDays = ""] = splitAtLine(look.last.knew);
    // "May 30" may be another year's by now.
    if (lastMonth !== month) this.#stirred = { kind: "everything" };
    else this.#stirred = !known || days === lastDays ? { kind: "nothing" } : stirredBy(readKnownDays(lastDays), known.days);
    this.#pageLook = openPageFilter(records.kind, look.system, known?.values);
  }

  async readChanged(all: readonly Observed[]): Promise<readonly string[]> {
    const keys = all.map(({ key }) => key);
    await this.#requireWhole(keys);
    const { width, system } = this.#look;
    const changed = all.filter((observed) => !this.#takeKept(observed));
    let done = all.length - changed.length;
    await concurrently(changed, width, async (observed) => {
      const reading = await this.#look.store.read(observed.key, this.#context);
      // Gone since it was listed: whoever deleted it was quicker, and the next look says so.
      if (reading) await this.#take({ ...reading, observed: { ...observed, ...reading.observed } });
      done += 1;
      if (done % 100 === 0) this.#context.report({ phase: "looking", done, total: all.length, path: system.name });
    });
    return keys.filter((key) => this.#marks.has(key));
  }

  async readAll(): Promise<readonly string[]> {
    const { store, system } = this.#look;
    for await (const reading of store.readAll?.("", this.#context) ?? []) {
      const { observed } = reading;
      if (!this.#records.isMatch(system, observed.key)) continue;
      if (!this.#takeKept(observed)) await this.#take(reading);
      if (this.#marks.size % 500 === 0) this.#context.report({ phase: "observing", done: this.#marks.size, path: system.name });
    }
    const keys = [...this.#marks.keys()].toSorted(compareKeys);
    await this.#requireWhole(keys);
    return keys;
  }

  /** What the system says has changed, and what has to hear news; all else stands as it was. What is told to be gone is looked for. */
  async readTold(told: readonly string[]): Promise<readonly string[]> {
    const { last, store, system, width } = this.#look;
    const due = new Set(told.filter((key) => this.#records.isMatch(system, key)));
    for (const mark of last.marks.values()) if (!due.has(mark.key) && !this.#takeKept(mark)) due.add(mark.key);
    await concurrently([...due], width, async (key) => {
      const reading = await store.read(key, this.#context);
      if (reading && !this.#takeKept(reading.observed)) await this.#take(reading);
    });
    const keys = [...this.#marks.keys()].toSorted(compareKeys);
    if (keys.length === 0 && last.marks.size > 0) throw emptied(this.#records, system, last.marks.size);
    return keys;
  }

  async end(keys: readonly string[]): Promise<Seen> {
    await this.#edition.close(this.#knew);
    const { followed, system } = this.#look;
    if (followed) await rememberFeed(this.#records, system.name, followed, this.#marks);
    await rememberListing(this.#records, system, keys, this.#context);
    const marks = keys.flatMap((key) => this.#marks.get(key) ?? []);
    return {
      objects: keys.length,
      read: this.#read,
      sketches: marks.flatMap(({ sketches }) => sketches),
      unreadable: marks.flatMap(({ key, unreadable: why }) => (why === undefined ? [] : [{ key, why }])),
    };
  }

  /** Keeps what was read so far, and of the rest what was known before. Whether all of it has heard the news is then unknown. */
  async breakOff(): Promise<void> {
    const { last } = this.#look;
    try {
      if (this.#read === 0) return await this.#edition.discard();
      for (const key of last.marks.keys()) this.#edition.carry(key);
      await this.#edition.close(last.marks.size === 0 ? this.#knew : last.knew);
    } catch {
      // What cannot be kept is read again; why the look broke off is what people have to know.
      await this.#edition.discard();
    }
  }

  #takeKept({ key, revision }: Pick<Observed, "key" | "revision">): boolean {
    const mark = this.#look.last.marks.get(key);
    if (!mark || mark.revision !== revision || isStirred(mark, this.#stirred)) return false;
    this.#edition.carry(key);
    this.#marks.set(key, mark);
    return true;
  }

  async #take({ observed, body }: Reading): Promise<void> {
    const { kind, codecOf, isTemplate } = this.#records;
    const { system } = this.#look;
    const { key, revision } = observed;
    const bytes = await bytesOf(body);
    const { sightings, unreadable } = sightDocument({
      kind,
      system,
      codec: codecOf(system),
      observed,
      bytes,
      isTemplate: isTemplate(system, key),
      today: this.#today,
      ...(this.#known && { known: this.#known.values }),
      ...(this.#pageLook && { look: this.#pageLook }),
    });
    const sketches = sightings.map(sketchOf);
    const days = daysOf(sightings);
    const isPage = system.medium === "pages" || system.medium === "web-page";
    const words = isPage && days.length === 0 && sketches.length > 0 ? wordHashesOf(bytes) : undefined;
    const mark: SightingMark = {
      key,
      revision,
      days,
      sketches,
      ...(words && { words: wordFilter(words) }),
      ...(unreadable !== undefined && { unreadable }),
    };
    this.#read += 1;
    this.#marks.set(key, mark);
    await this.#edition.put(mark, sightings);
  }

  /** An empty list, or half a list, is a fault of observation until a person says otherwise (pitfall 29). */
  async #requireWhole(keys: readonly string[]): Promise<void> {
    const { system, last, store } = this.#look;
    if (this.#records.acceptsEmpty.has(system.name)) return;
    const isForgotten = last.marks.size === 0;
    const before = isForgotten
      ? await lastListing(this.#records, system, this.#context)
      : { count: last.marks.size, keys: [...last.marks.keys()] };
    if (!before) return;
    if (keys.length === 0) throw emptied(this.#records, system, before.count);
    const there = new Set(keys);
    const missing = before.keys.filter((key) => !there.has(key));
    const stride = Math.max(1, Math.floor(missing.length / probesMax));
    const probed = missing.filter((_, at) => at % stride === 0).slice(0, probesMax);
    await concurrently(probed, this.#look.width, async (key) => {
      if (await store.read(key, this.#context)) throw cut(this.#records, system, key);
    });
  }
}

/** What was known, after the month in which it was read. */
function splitAtLine(text: string): readonly string[] {
  const at = text.indexOf("\n");
  return at < 0 ? ["", ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** Whether what was learnt elsewhere could have it read otherwise. What holds no sighting holds none whatever is known. */
function isStirred({ days, sketches, words }: SightingMark, stirred: Stirred): boolean {
  if (sketches.length === 0 || stirred.kind === "nothing") return false;
  if (stirred.kind === "everything") return true;
  if (days.length > 0) return days.some((day) => stirred.days.has(day));
  return words === undefined || stirred.words === undefined || [...stirred.words].some((word) => mayHoldWord(words, word));
}

function daysOf(sightings: readonly Pick<Sighting, "claims">[]): string[] {
  const days = sightings.flatMap(({ claims }) =>
    claims.flatMap(({ value, readings = [] }) =>
      [...(value ? [value] : []), ...readings].flatMap((one) => (one.kind === "moment" && one.date !== undefined ? [one.date] : [])),
    ),
  );
  return [...new Set(days)];
}

const emptied = ({ kind }: RecordsBench, system: RecordSystem, before: number): BelayError =>
  new BelayError(
    "observation-partial",
    `${system.name} (${system.store}) lists nothing, and held ${before} at the last look: it is taken for a failure, not for the truth.`,
    `If all of it was deleted on purpose, say so: belay audit ${kind.name} --accept-empty ${system.name}`,
  );

const cut = ({ kind }: RecordsBench, system: RecordSystem, key: string): BelayError =>
  new BelayError(
    "observation-partial",
    `${system.name} (${system.store}) does not list ${key}, which is still there: its listing is a part, not the whole.`,
    `Run it again; if the listing stays as it is and is right: belay audit ${kind.name} --accept-empty ${system.name}`,
  );
