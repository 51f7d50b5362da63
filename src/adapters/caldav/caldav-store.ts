import { BelayError } from "../../core/belay-error.ts";
import { asStoreName, type StoreName } from "../../core/brand.ts";
import { keyProblem } from "../../core/paths/key.ts";
import type { ChangeFeed, FeedChanges } from "../../ports/change-feed.ts";
import type { CallOptions, Store } from "../../ports/store.ts";
import { isLoopback } from "../shared/web/web-exchange.ts";
import { openWire, type CalDavWire } from "./caldav-call.ts";
import { changesSince, type CalendarChanges } from "./caldav-changes.ts";
import { openGuard, type CalDavGuard } from "./caldav-guard.ts";
import type { CalDavPlace, Canonical } from "./caldav-place.ts";
import { batchedReader, listCollection } from "./caldav-reader.ts";
import { removeEvent, writeEvent } from "./caldav-writer.ts";
import { openCredentials } from "./credentials.ts";
import { findCollection } from "./find-collection.ts";

export interface CalDavSetup {
  /** A calendar's collection, or any address of the server: then the calendars of the user are looked for. */
  readonly url: string;
  readonly user?: string;
  /** Basic, or Digest where the server asks for that. */
  readonly password?: string;
  /** Bearer, instead of user and password. */
  readonly token?: string;
  /** Which calendar, by name or by the last part of its address, where the address leads to several. */
  readonly calendar?: string;
  /** Whether guests may be told of changes; no unless asked for. */
  readonly isNotifying?: boolean;
  /** The form of which digests are taken (`canonicalCalendar` of the codec). */
  readonly canonical: Canonical;
  /** As belay.yaml spells it; made of the address unless given. */
  readonly name?: StoreName;
  /** Of one request; 30 seconds unless given. */
  readonly timeoutMs?: number;
  /** Of one answer; 64 MiB unless given. */
  readonly bodyBytesMax?: number;
}

export interface CalDavStore extends Store {
  /** What has changed since a token that an earlier call gave; without one, everything. */
  changesSince(token: string | undefined, options: CallOptions): Promise<CalendarChanges>;
  readonly feed: ChangeFeed;
}

/**
 * Events of one CalDAV calendar: a key is the last part of an event's address, a body the canonical form of its ICS, a revision its
 * entity tag. `sizeBytes` of a listing is the server's own count, of the form in which it keeps the event. Headers and provenance are
 * not kept. Nothing is asked of the server before the first call. Throws `config-invalid` for an address that carries credentials
 * over a network in the clear.
 */
export function openCalDavStore(setup: CalDavSetup): CalDavStore {
  const start = addressOf(setup);
  const wire = openWire({
    credentials: openCredentials(setup),
    timeoutMs: setup.timeoutMs ?? 30_000,
    bodyBytesMax: setup.bodyBytesMax ?? 64 * 1024 * 1024,
  });
  let opened: Promise<Opened> | undefined;
  const open = async (options: CallOptions): Promise<Opened> => {
    options.signal.throwIfAborted();
    // Found once for all calls: one that is aborted must not abort it for the others.
    opened ??= openPlace(start, wire, setup).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return await opened;
  };
  return {
    name: setup.name ?? asStoreName(`caldav:${start.href}`),
    isRemote: true,
    serverNowMs: () => wire.serverNowMs(),
    guarantees: async (options) => await (await open(options)).guard.guarantees(options),
    list: async function* list(prefix, options) {
      const { place } = await open(options);
      for (const observed of await listCollection(place, prefix, options)) {
        options.signal.throwIfAborted();
        yield observed;
      }
    },
    read: async (key, options) => await (await opening(key, open, options)).read(key, options),
    write: async (request, options) => {
      const { place, guard } = await opening(request.key, open, options);
      return await writeEvent(place, guard, request, options);
    },
    remove: async (request, options) => {
      const { place, guard } = await opening(request.key, open, options);
      return await removeEvent(place, guard, request, options);
    },
    changesSince: async (token, options) => await changesSince((await open(options)).place, token, options),
    feed: { changesSince: async (token, options) => await told((await open(options)).place, token, options) },
  };
}

/** Without a token all events are told, which is no news: it is what brings the first token. */
async function told(place: CalDavPlace, token: string | undefined, options: CallOptions): Promise<FeedChanges> {
  const first = await changesSince(place, token, options);
  // A token that is forgotten costs one more question, for a new one.
  const changes = first.kind === "resync" && token !== undefined ? await changesSince(place, undefined, options) : first;
  if (changes.kind === "resync") return { kind: "look-at-all", why: changes.why };
  if (changes !== first || token === undefined)
    return { kind: "look-at-all", why: first.kind === "resync" ? first.why : "nothing was seen before", token: changes.token };
  return { kind: "changes", keys: [...changes.changed.map(({ key }) => key), ...changes.removed], token: changes.token };
}

interface Opened {
  readonly place: CalDavPlace;
  readonly guard: CalDavGuard;
  readonly read: ReturnType<typeof batchedReader>;
}

async function openPlace(start: URL, wire: CalDavWire, { calendar, canonical, isNotifying = false }: CalDavSetup): Promise<Opened> {
  const search = { wire, options: { signal: new AbortController().signal }, ...(calendar !== undefined && { calendar }) };
  const collection = await findCollection(start, search);
  const place = { wire, collection, canonical, isNotifying, hrefs: new Map<string, string>() };
  return { place, guard: openGuard(place), read: batchedReader(place) };
}

async function opening(key: string, open: (options: CallOptions) => Promise<Opened>, options: CallOptions): Promise<Opened> {
  const problem = keyProblem(key);
  if (problem !== undefined)
    throw new BelayError(
      "key-invalid",
      `${JSON.stringify(key)} cannot be an event's key because ${problem}`,
      "Use a name such as `4711.ics`.",
    );
  return await open(options);
}

function addressOf({ url: text, password, token }: CalDavSetup): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (!url || !isWeb) throw wrong("the address of a calendar is no http or https address", "Write `store: caldav:https://HOST/PATH/`.");
  if (url.username !== "" || url.password !== "")
    throw wrong(`the address of the calendar at ${url.host} holds credentials`, "Put them into `user:` and `password: env:NAME`.");
  if (url.protocol === "http:" && !isLoopback(url) && (password !== undefined || token !== undefined))
    throw wrong(`the password for ${url.host} would go over the network in the clear`, "Write the address with https.");
  return url;
}

const wrong = (what: string, remedy: string): BelayError => new BelayError("config-invalid", `belay.yaml: ${what}.`, remedy);
