/** From `records:` in belay.yaml to what operations on records work with. */

import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { openMemoryStore } from "../adapters/memory/memory-store.ts";
import { openSightingBook } from "../adapters/disk/sighting-book.ts";
import { localStateFolder, type Config } from "../config/config.ts";
import { matcher } from "../config/glob.ts";
import { googleEventCodec } from "../codecs/google-event/google-event-codec.ts";
import { openHtmlCodec, type Packing } from "../codecs/html-document/html-codec.ts";
import { icalendarCodec } from "../codecs/icalendar/icalendar-codec.ts";
import { itemCodec } from "../codecs/item-document/item-codec.ts";
import { BelayError } from "../core/belay-error.ts";
import { asStoreName, type StoreName } from "../core/brand.ts";
import type { BaseEntry } from "../core/lineage/base.ts";
import { recordsSitePrefix, type RecordKind, type RecordSystem } from "../core/records/kind.ts";
import { defaultLimits, type Site, type Target } from "../core/site.ts";
import type { RecordPlace, RecordsBench } from "../operations/records/records-bench.ts";
import type { Workbench } from "../operations/workbench.ts";
import type { BaseBook } from "../ports/base-book.ts";
import type { Store } from "../ports/store.ts";
import { edgesOf } from "./open-edge.ts";
import { openRecordStore } from "./open-record-store.ts";
import { openPlainWorkbench, type WorkbenchOptions } from "./plain-workbench.ts";
import type { Surroundings } from "./surroundings.ts";

declare const __BELAY_VERSION__: unknown;
const version = typeof __BELAY_VERSION__ === "string" ? __BELAY_VERSION__ : "unbuilt";

/** Throws `usage` where belay.yaml has no such kind. */
export async function openRecords(config: Config, kindName: string, options: WorkbenchOptions): Promise<RecordsBench> {
  const kind = kindNamed(config, kindName);
  const benches = new Map<string, Promise<Workbench>>();
  const benchOf = (site: string): Promise<Workbench> => {
    const opening = benches.get(site) ?? openPlainWorkbench(config, site, options);
    benches.set(site, opening);
    return opening;
  };
  const home = await benchOf(kind.systems.find(({ target }) => target)?.target?.site ?? config.sites[0]?.name ?? "default");
  const local = join(config.folder, localStateFolder);
  const about: Surroundings = { env: options.env, local, concurrency: home.concurrency, runtime: home.runtime };
  const own = ownBench(kind, home, about);
  const globs = new Map(
    kind.systems.map((system) => [system.name, { match: matcher(system.match), templates: matcher(system.templates) }]),
  );
  return {
    kind,
    home,
    placeOf: async (system) => await placeOf(system, { own, benchOf }),
    isMatch: (system, key) => system.match.length === 0 || globs.get(system.name)?.match(key) === true,
    isTemplate: (system, key) => globs.get(system.name)?.templates(key) === true,
    codecOf: ({ medium, store }) => {
      if (medium === "pages" || medium === "web-page") return html;
      if (medium === "feed" || store.startsWith("caldav:")) return icalendarCodec;
      return store.startsWith("google-calendar:") ? googleEventCodec : itemCodec;
    },
    book: openSightingBook({ folder: join(local, "records", kind.name), version }),
    acceptsEmpty: new Set(),
  };
}

function kindNamed({ records }: Config, name: string): RecordKind {
  const found = records.find((kind) => kind.name === name);
  if (found) return found;
  const known = records.map((kind) => kind.name).join(", ");
  throw new BelayError(
    "usage",
    `There is no kind of record called "${name}" in belay.yaml.`,
    known === "" ? "belay records learn PAGE…   (proposes one from example pages)" : `Kinds: ${known}`,
  );
}

const packing: Packing = {
  gunzip: (bytes, sizeMax) => {
    try {
      return gunzipSync(bytes, { maxOutputLength: sizeMax });
    } catch {
      return undefined;
    }
  },
  gzip: (bytes) => gzipSync(bytes),
};
const html = openHtmlCodec(packing);

interface Places {
  readonly own: Workbench;
  readonly benchOf: (site: string) => Promise<Workbench>;
}

async function placeOf(system: RecordSystem, { own, benchOf }: Places): Promise<RecordPlace> {
  const bench = system.target ? await benchOf(system.target.site) : own;
  const name = system.target?.target ?? system.name;
  const target = bench.site.targets.find((one) => one.name === name);
  if (!target) throw new Error(`belay bug: ${system.name} has no target`);
  return { bench, target };
}

/** A site whose targets are the systems that no other site publishes. Nothing of it lies in a working copy. */
function ownBench(kind: RecordKind, home: Workbench, about: Surroundings): Workbench {
  const systems = kind.systems.filter(({ target }) => target === undefined);
  const site: Site = {
    name: `${recordsSitePrefix}${kind.name}`,
    root: home.site.root,
    ignore: [],
    include: [],
    unit: "any",
    except: {},
    headers: [],
    targets: systems.map(targetOf),
    tokens: [],
    limits: defaultLimits,
  };
  const opened = new Map<StoreName, Promise<Store>>();
  const storeOf = async (name: StoreName): Promise<Store> => {
    const system = systems.find(({ store }) => store === name);
    if (!system) return await home.storeOf(name);
    const opening = opened.get(name) ?? openRecordStore(system, home, about);
    opened.set(name, opening);
    // A connection that failed is tried again.
    opening.catch(() => opened.delete(name));
    return await opening;
  };
  return {
    ...home,
    site,
    storeOf,
    edgeOf: edgesOf(about),
    folder: openMemoryStore({ name: asStoreName("memory:records"), now: () => home.runtime.now(), sha256: home.runtime.sha256 }),
    base: nothingSeen,
    headersFor: () => ({}),
    defaultHeadersFor: () => ({}),
    isExcepted: () => false,
  };
}

const targetOf = ({ name, store, cdn, url }: RecordSystem): Target => ({
  name,
  store,
  ...(cdn !== undefined && { cdn }),
  ...(url !== undefined && { url }),
  approvals: 0,
  keys: "any",
  approvers: "anyone",
  guard: true,
});

/** Records have no working copy, so there is no base: expectations are the revisions of the bytes that were read and edited. */
const nothingSeen: BaseBook = {
  load: async () => await Promise.resolve(new Map<string, BaseEntry>()),
  entries: async function* entries() {
    // Nothing was ever seen here.
  },
  save: async () => {
    await Promise.resolve();
  },
};
