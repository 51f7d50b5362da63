/** Pages of somebody else's site as a store that is only looked at. */

import { BelayError } from "../../core/belay-error.ts";
import { bodyOf } from "../../core/body.ts";
import { asRevision, asStoreName, type Sha256, type StoreName } from "../../core/brand.ts";
import { compareKeys, keyProblem } from "../../core/paths/key.ts";
import type { Headers, Observed } from "../../core/plan/plan.ts";
import type { Probe, Sight } from "../../ports/probe.ts";
import type { CallOptions, Guarantees, ListOptions, Reading, Store, WriteOutcome } from "../../ports/store.ts";
import { standsInFor } from "./challenge.ts";

export interface WebPageOptions {
  /** The address that the paths hang on, `https://market.example.com/listings/`; the only host that is asked. */
  readonly base: string;
  /** Pages by path below the base, or from the host's root with a slash; a query may follow. Empty: the base itself. */
  readonly paths: readonly string[];
  readonly probe: Probe;
  readonly sha256: Sha256;
  /** Larger pages are refused, in bytes; 5 MiB unless given. */
  readonly pageBytesMax?: number;
}

const pageBytesUsual = 5 * 1024 * 1024;
/** What of an answer belongs to the page, and not to one reply. */
const kept = ["content-type", "content-language", "last-modified"] as const;

/**
 * Opens pages that others keep; nothing is sent before the first call. A key is a page's path without its leading slash, percent
 * encoded where a key could not hold it. The list is the configured pages, each looked at. Whatever is not an answer of 200 with
 * a page of its own throws: 404 alone is absence, and a wall, a bot check or a busy server is never taken for it.
 */
export const openWebPage = (options: WebPageOptions): Store => new WebPages(options);

class WebPages implements Store {
  readonly name: StoreName;
  readonly isRemote = true;
  readonly #options: WebPageOptions;
  readonly #urls: ReadonlyMap<string, string>;

  constructor(options: WebPageOptions) {
    this.#options = options;
    this.name = asStoreName(`web:${options.base}`);
    this.#urls = urlsOf(options);
  }

  async guarantees({ signal }: CallOptions): Promise<Guarantees> {
    signal.throwIfAborted();
    return await Promise.resolve({ create: "none", replace: "none", delete: "none" });
  }

  async *list(prefix: string, options: ListOptions): AsyncIterable<Observed> {
    const keys = [...this.#urls.keys()].filter((key) => key.startsWith(prefix)).toSorted(compareKeys);
    let count = 0;
    options.signal.throwIfAborted();
    for (const key of keys) {
      if (options.limit !== undefined && count >= options.limit) return;
      const reading = await this.read(key, options);
      if (!reading) continue;
      count += 1;
      yield reading.observed;
    }
    options.signal.throwIfAborted();
  }

  async read(key: string, options: CallOptions): Promise<Reading | undefined> {
    options.signal.throwIfAborted();
    const problem = keyProblem(key);
    if (problem !== undefined)
      throw new BelayError("key-invalid", `${JSON.stringify(key)} cannot be a page because ${problem}.`, "Correct the path in belay.yaml.");
    const url = this.#urls.get(key);
    // Only what belay.yaml names is asked for.
    if (url === undefined) return undefined;
    const { probe, sha256, pageBytesMax = pageBytesUsual } = this.#options;
    const sight = await probe.look(url, { ...options, keepBytesMax: pageBytesMax });
    const body = pageIn(sight, { url, pageBytesMax });
    if (!body) return undefined;
    const digest = sha256(body);
    const observed: Observed = { key, revision: asRevision(digest), sizeBytes: body.byteLength, digest, ...aboutOf(sight) };
    return { observed, body: bodyOf(body, digest) };
  }

  async write(request: { readonly key: string }): Promise<WriteOutcome> {
    return await this.#refuse(request.key);
  }

  async remove(request: { readonly key: string }): Promise<WriteOutcome> {
    return await this.#refuse(request.key);
  }

  async #refuse(key: string): Promise<WriteOutcome> {
    const where = this.#urls.get(key) ?? this.#options.base;
    return await Promise.reject(
      new BelayError(
        "not-supported",
        `belay cannot write ${where}: it is somebody else's page.`,
        "It is a manual task: a person makes the change there, and belay looks whether it shows.",
      ),
    );
  }
}

/** Keys and addresses. Throws `config-invalid` for a path that leads off the configured host. */
function urlsOf({ base, paths }: WebPageOptions): ReadonlyMap<string, string> {
  const home = new URL(base);
  const urls = new Map<string, string>();
  for (const path of paths.length === 0 ? [""] : paths) {
    const url = URL.canParse(path, base) ? new URL(path, base) : undefined;
    if (url?.origin !== home.origin) {
      throw new BelayError(
        "config-invalid",
        `The path ${JSON.stringify(path)} does not lie on ${home.host}.`,
        "Name paths of that host only; other hosts are systems of their own.",
      );
    }
    url.hash = "";
    urls.set(keyOf(url), url.href);
  }
  return urls;
}

/** The path as a key: a folder's page is called `index.html`, a query stays beside its path. */
function keyOf({ pathname, search }: URL): string {
  const path = `${pathname.slice(1)}${pathname.endsWith("/") ? "index.html" : ""}`;
  const key = `${path}${search}`.replaceAll(/\/{2,}/gu, "/");
  return keyProblem(key) === undefined ? key : encodeURIComponent(key);
}

/** The page's bytes; `undefined` where the server says that there is none. Throws where nothing was learned of the page. */
function pageIn(sight: Sight, { url, pageBytesMax }: { readonly url: string; readonly pageBytesMax: number }): Uint8Array | undefined {
  if (sight.kind === "unreachable") throw unseen(url, sight.cause);
  const { status, headers, body } = sight;
  if (status === 404 || status === 410) return undefined;
  if (status === 401 || status === 403 || status === 407) {
    throw new BelayError(
      "store-denied",
      `${url} is not shown without signing in, or not to programs (status ${status}).`,
      "Let a person attest the change (`attest: true` under `manual`), or name a public page.",
    );
  }
  if (status !== 200) throw unseen(url, `status ${status}`);
  if (!body) throw unseen(url, `it is larger than ${Math.floor(pageBytesMax / 1024)} KiB, or encoded in a way that is not known`);
  const instead = standsInFor(headers, body);
  if (instead === undefined) return body;
  throw new BelayError(
    "store-denied",
    `${url} answers with ${instead} in place of the page.`,
    "Let a person attest the change (`attest: true` under `manual`), or name a page that is shown to everybody.",
  );
}

const unseen = (url: string, why: string): BelayError =>
  new BelayError(
    "store-unreachable",
    `${url} could not be seen: ${why}.`,
    "Nothing was concluded from that; run the same command again later.",
  );

function aboutOf(sight: Sight): { readonly headers: Headers; readonly modifiedAtMs?: number } {
  if (sight.kind !== "seen") return { headers: {} };
  const headers = Object.fromEntries(kept.flatMap((name) => (sight.headers[name] === undefined ? [] : [[name, sight.headers[name]]])));
  const modifiedAtMs = Date.parse(sight.headers["last-modified"] ?? "");
  return { headers, ...(Number.isFinite(modifiedAtMs) && { modifiedAtMs }) };
}
