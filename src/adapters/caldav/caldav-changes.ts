/** What has changed in a collection since a token (RFC 6578). */

import { BelayError } from "../../core/belay-error.ts";
import type { Revision } from "../../core/brand.ts";
import type { CallOptions } from "../../ports/store.ts";
import { canaryPrefix, keyOf, revisionOf, type CalDavPlace } from "./caldav-place.ts";
import { wholeMultistatus } from "./caldav-reader.ts";
import { readConditions, syncBody, type DavResponse } from "./dav-xml.ts";

export type CalendarChanges =
  | {
      readonly kind: "changes";
      readonly changed: readonly { readonly key: string; readonly revision: Revision }[];
      /** Keys of what is gone. */
      readonly removed: readonly string[];
      /** For the next time. */
      readonly token: string;
    }
  /** The server has forgotten the token, or has no tokens: list everything, and ask with no token for a new one. */
  | { readonly kind: "resync"; readonly why: string };

const roundsMax = 1000;

/** Changes since a token; without one everything there is, with a first token. Answers that the server cuts (507) are gone on with. */
export async function changesSince(place: CalDavPlace, token: string | undefined, options: CallOptions): Promise<CalendarChanges> {
  if (!place.collection.hasSync) return { kind: "resync", why: "the server does not tell changes (sync-collection)" };
  const changed = new Map<string, Revision>();
  const removed = new Set<string>();
  let at = token ?? "";
  for (let round = 0; round < roundsMax; round += 1) {
    const step = await stepFrom(place, at, options);
    if (step.kind === "resync") return step;
    for (const response of step.responses) {
      const key = keyOf(place, response.href);
      if (key === undefined || key.startsWith(canaryPrefix) || response.properties.resourceTypes.includes("collection")) continue;
      const { etag } = response.properties;
      changed.delete(key);
      removed.delete(key);
      if (response.status === 404) removed.add(key);
      else if (etag !== undefined) changed.set(key, revisionOf(etag));
    }
    if (!step.isCut)
      return {
        kind: "changes",
        changed: [...changed].map(([key, revision]) => ({ key, revision })),
        removed: [...removed],
        token: step.token,
      };
    // A server that cuts an answer and does not go on would keep us for ever.
    if (step.token === at) break;
    at = step.token;
  }
  throw new BelayError(
    "store-unreachable",
    `The calendar at ${place.collection.url.host} does not come to an end with its changes.`,
    "Run it again; a full listing does not depend on them.",
  );
}

type Step =
  | { readonly kind: "step"; readonly responses: readonly DavResponse[]; readonly token: string; readonly isCut: boolean }
  | { readonly kind: "resync"; readonly why: string };

async function stepFrom(place: CalDavPlace, token: string, options: CallOptions): Promise<Step> {
  const { collection, wire } = place;
  const headers = { "content-type": "application/xml; charset=utf-8", depth: "0" };
  const answer = await wire.send({ method: "REPORT", url: collection.url, headers, body: syncBody(token), isRead: true }, options);
  const isForgotten =
    [403, 409, 410, 412].includes(answer.status) && (token !== "" || readConditions(answer.body).includes("valid-sync-token"));
  if (isForgotten) return { kind: "resync", why: `the server no longer knows the sync token (${answer.status})` };
  if (answer.status === 403)
    throw new BelayError(
      "store-denied",
      `The calendar's server denies the report of changes at ${collection.url.host} (403).`,
      "Give this user access to the calendar.",
    );
  const { responses, syncToken } = wholeMultistatus(place, answer, "what has changed");
  if (syncToken === undefined) return { kind: "resync", why: "the server gave no sync token" };
  const isOwn = ({ href, status }: DavResponse): boolean => status === 507 && keyOf(place, href) === undefined;
  return { kind: "step", responses: responses.filter((each) => each.status !== 507), token: syncToken, isCut: responses.some(isOwn) };
}
