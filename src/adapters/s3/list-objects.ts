import { compareKeys, keyProblem } from "../../core/paths/key.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { CallOptions, ListOptions } from "../../ports/store.ts";
import { childrenOf, childText, type XmlNode } from "../shared/aws/xml.ts";
import { askForPage, nameIn, unreadable } from "./bucket-page.ts";
import { isCanaryKey } from "./canary-key.ts";
import { bareEtag, formatRevision, secondOf } from "./revision.ts";
import type { S3Place } from "./s3-place.ts";

/** ListObjectsV2 gives at most so many keys a page. */
const pageKeysMax = 1000;

interface Listed {
  readonly name: string;
  readonly etag: string;
  readonly second: number;
  readonly sizeBytes: number;
}

interface Page {
  readonly listed: readonly Listed[];
  /** Present where there is more. */
  readonly token?: string;
}

interface Listing {
  readonly place: S3Place;
  readonly prefix: string;
  readonly isPublished: (key: string) => boolean;
}

/**
 * Lists by UTF-8 byte order of key; the next page is under way while one is consumed. Leaves out what belay cannot
 * address (folder markers, `//`, control characters), its own canaries and what is not published.
 * Throws `store-unreachable` where a page is cut, out of order or names no continuation: it never ends early.
 */
export async function* listObjects(listing: Listing, options: ListOptions): AsyncGenerator<Observed, void, undefined> {
  const { signal, limit = Infinity } = options;
  if (limit <= 0) return;
  const stop = new AbortController();
  const call: CallOptions = { signal: AbortSignal.any([signal, stop.signal]) };
  let remaining = limit;
  let last: string | undefined;
  // A first page of just the limit; where it holds much that is left out, whole pages after it.
  let upcoming: Promise<Page> | undefined = askForKeys(listing, { max: Math.min(limit, pageKeysMax) }, call);
  try {
    while (upcoming) {
      const page: Page = await upcoming;
      const observed = await keptOf(listing, page, last);
      last = page.listed.at(-1)?.name ?? last;
      const isEnough = observed.length >= remaining || page.token === undefined;
      upcoming = isEnough ? undefined : ahead(askForKeys(listing, { max: pageKeysMax, token: page.token }, call));
      for (const seen of observed.slice(0, remaining)) {
        signal.throwIfAborted();
        yield seen;
      }
      remaining -= observed.length;
    }
    signal.throwIfAborted();
  } finally {
    stop.abort(new Error("nobody reads this listing any more"));
  }
}

/** A page that is asked for before anybody waits for it: its failure is met when its turn comes, or never. */
function ahead(page: Promise<Page>): Promise<Page> {
  page.catch(() => undefined);
  return page;
}

async function keptOf(listing: Listing, { listed }: Page, before: string | undefined): Promise<Observed[]> {
  const kept: Observed[] = [];
  let last = before;
  for (const one of listed) {
    if (last !== undefined && compareKeys(last, one.name) >= 0) throw await unreadable(listing.place, "its keys are out of order");
    last = one.name;
    const observed = observe(listing, one);
    if (observed) kept.push(observed);
  }
  return kept;
}

function observe({ place, isPublished }: Listing, { name, etag, second, sizeBytes }: Listed): Observed | undefined {
  const key = place.keyOf(name);
  if (keyProblem(key) !== undefined || isCanaryKey(key) || !isPublished(key)) return undefined;
  return { key, revision: formatRevision(place.fresh.markOf(key, { etag, second })), sizeBytes, modifiedAtMs: second * 1000 };
}

interface Turn {
  readonly max: number;
  readonly token?: string;
}

async function askForKeys({ place, prefix }: Listing, { max, token }: Turn, options: CallOptions): Promise<Page> {
  const name = place.inBucket(prefix);
  const query = {
    "list-type": "2",
    "encoding-type": "url",
    "max-keys": String(max),
    ...(name !== "" && { prefix: name }),
    ...(token !== undefined && { "continuation-token": token }),
  };
  const root = await askForPage(place, { action: "s3:ListBucket", query }, "ListBucketResult", options);
  const listed: Listed[] = [];
  for (const node of childrenOf(root, "Contents")) {
    const one = readListed(root, node);
    if (!one?.name.startsWith(name)) throw await unreadable(place, "an object lacks its key, ETag, time or size, or was not asked for");
    listed.push(one);
  }
  const isTruncated = childText(root, "IsTruncated");
  if (isTruncated !== "true" && isTruncated !== "false") throw await unreadable(place, "it does not say whether there is more");
  if (isTruncated === "false") return { listed };
  const next = childText(root, "NextContinuationToken") ?? "";
  if (next === "" || next === token) throw await unreadable(place, "there is more, but it does not say how to go on");
  return { listed, token: next };
}

function readListed(page: XmlNode, node: XmlNode): Listed | undefined {
  const name = nameIn(page, childText(node, "Key") ?? "");
  const etag = bareEtag(childText(node, "ETag"));
  const second = secondOf(childText(node, "LastModified"));
  const size = childText(node, "Size");
  if (name === undefined || name === "" || etag === undefined || second === undefined || size === undefined || !/^\d{1,15}$/u.test(size))
    return undefined;
  return { name, etag, second, sizeBytes: Number(size) };
}
