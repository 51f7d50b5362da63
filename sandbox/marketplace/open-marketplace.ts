/**
 * A marketplace as others run them: pages for visitors, a form for the owner behind a sign-in, and no interface for programs. What an
 * owner saves shows to visitors only after a while.
 */

import type { Clock, SandboxHandler, SandboxRequest, SandboxResponse } from "../wire.ts";
import { fieldNames, formProblem, Listing, type ListingFields } from "./listing.ts";
import { frontPage, listingPage, missingPage, signInPage, staffForm } from "./listing-page.ts";

export interface NewListing extends ListingFields {
  readonly id: string;
}

export interface MarketplaceOptions {
  readonly clock: Clock;
  /** From a saved form to what visitors see, in milliseconds. */
  readonly lagMs: number;
  readonly listings?: readonly NewListing[];
  /** What an owner signs in with, as HTTP Basic; `harbor` and `market-secret` unless given. */
  readonly owner?: { readonly user: string; readonly password: string };
}

export interface MarketplaceService {
  readonly handle: SandboxHandler;
  /** Puts a listing up, or another in its place, as if it had always been there. */
  put(listing: NewListing): void;
  /** As its owner last saved it; `undefined` where there is none. */
  saved(id: string): ListingFields | undefined;
  /** As visitors see it now. */
  shown(id: string): ListingFields | undefined;
}

const formBytesMax = 16 * 1024;
const usualOwner = { user: "harbor", password: "market-secret" };

/** Opens it with its listings. It holds no connection and no timer. */
export function openMarketplace({ clock, lagMs, listings = [], owner = usualOwner }: MarketplaceOptions): MarketplaceService {
  const held = new Map<string, Listing>();
  const put = ({ id, ...fields }: NewListing): void => void held.set(id, new Listing(id, fields, clock.now()));
  for (const listing of listings) put(listing);
  const pass = `Basic ${Buffer.from(`${owner.user}:${owner.password}`).toString("base64")}`;

  const edit = async (listing: Listing, request: SandboxRequest): Promise<SandboxResponse> => {
    if (request.headers["authorization"] !== pass) return html(401, signInPage(), { "www-authenticate": 'Basic realm="Harbor Market"' });
    if (request.method === "GET") return html(200, staffForm(listing));
    const form = await formOf(request);
    if (!form) return html(413, staffForm(listing, "That is too much."));
    const { fields } = listing.latest;
    const filled = Object.fromEntries(fieldNames.map((name) => [name, form.get(name) ?? fields[name]]));
    const next: ListingFields = { ...fields, ...filled };
    const problem = formProblem(next);
    if (problem !== undefined) return html(422, staffForm(listing, problem));
    listing.save(next, clock.now());
    return { status: 303, headers: { location: `/staff/${encodeURIComponent(listing.id)}` } };
  };

  const handle: SandboxHandler = async (request) => {
    const { method, path } = request;
    const isRead = method === "GET" || method === "HEAD";
    const [, kind, name = ""] = /^\/(listings|staff)\/([^/]+)$/u.exec(path) ?? [];
    const listing = held.get(decoded(name));
    if (path === "/" && isRead) {
      return html(200, frontPage([...held.values()].map((one) => ({ id: one.id, fields: one.shownAt(clock.now(), lagMs).fields }))));
    }
    if (!listing) return html(404, missingPage());
    if (kind === "staff" && (isRead || method === "POST")) return await edit(listing, request);
    if (!isRead) return { status: 405, headers: { allow: kind === "staff" ? "GET, HEAD, POST" : "GET, HEAD" } };
    const { fields, savedAtMs } = listing.shownAt(clock.now(), lagMs);
    return html(200, listingPage(listing.id, fields), { "last-modified": new Date(savedAtMs).toUTCString() });
  };

  return {
    handle,
    put,
    saved: (id) => held.get(id)?.latest.fields,
    shown: (id) => held.get(id)?.shownAt(clock.now(), lagMs).fields,
  };
}

const html = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): SandboxResponse => ({
  status,
  headers: { ...headers, "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" },
  body: Buffer.from(text),
});

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return "";
  }
}

async function formOf({ body }: SandboxRequest): Promise<URLSearchParams | undefined> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body()) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > formBytesMax) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}
