/** Conditional writes of events, and what became of one whose answer was lost. */

import { setTimeout as pause } from "node:timers/promises";
import { BelayError } from "../../core/belay-error.ts";
import { bytesOf } from "../../core/body.ts";
import type { CallOptions, Reading, RemoveRequest, WriteOutcome, WriteRequest } from "../../ports/store.ts";
import { plainText } from "../shared/aws/plain-text.ts";
import { sha256 } from "../shared/sha256.ts";
import { WebFailure, type WebAnswer } from "../shared/web/web-exchange.ts";
import type { CalDavGuard } from "./caldav-guard.ts";
import { conditionOf, isStrong, requireKey, revisionOf, urlOf, type CalDavPlace } from "./caldav-place.ts";
import { readEvent } from "./caldav-reader.ts";
import { readConditions } from "./dav-xml.ts";

const bodyBytesMax = 16 * 1024 * 1024;
const attemptsMax = 3;
const waitMs = 200;
const attendee = /^ATTENDEE[;:]/imu;

interface Attempt {
  readonly key: string;
  /** The digest of what must stand there afterwards; absent for a deletion. */
  readonly wanted?: string;
  /** What stood there when the plan was made; absent for a creation. */
  readonly was?: string;
  readonly options: CallOptions;
  readonly send: () => Promise<WebAnswer>;
}

/** Writes an event where the expectation holds. */
export async function writeEvent(
  place: CalDavPlace,
  guard: CalDavGuard,
  request: WriteRequest,
  options: CallOptions,
): Promise<WriteOutcome> {
  const { key, expect } = request;
  options.signal.throwIfAborted();
  requireKey(key);
  requireNoHeaders(request);
  const bytes = await wholeBody(request);
  const canonical = place.canonical(bytes);
  requireQuiet(place, key, canonical);
  await guard.require(expect.kind === "absent" ? "create" : "replace", options);
  if (request.confirm && !(await request.confirm())) return { kind: "conflict", found: undefined };
  const condition = expect.kind === "absent" ? { "if-none-match": "*" } : { "if-match": conditionOf(expect.revision) };
  const headers = { ...condition, "content-type": "text/calendar; charset=utf-8" };
  const send = async (): Promise<WebAnswer> =>
    await place.wire.send({ method: "PUT", url: urlOf(place, key), headers, body: canonical, isRead: false }, options);
  return await settled(place, {
    key,
    wanted: sha256(canonical),
    options,
    send,
    ...(expect.kind === "unchanged" && { was: expect.revision }),
  });
}

/** Deletes an event where the expectation holds. Guests are told only where the calendar is configured to tell them. */
export async function removeEvent(
  place: CalDavPlace,
  guard: CalDavGuard,
  request: RemoveRequest,
  options: CallOptions,
): Promise<WriteOutcome> {
  const { key, expect } = request;
  options.signal.throwIfAborted();
  requireKey(key);
  await guard.require("delete", options);
  if (request.confirm && !(await request.confirm())) return { kind: "conflict", found: undefined };
  const headers = { "if-match": conditionOf(expect.revision), ...(!place.isNotifying && { "schedule-reply": "F" }) };
  const send = async (): Promise<WebAnswer> =>
    await place.wire.send({ method: "DELETE", url: urlOf(place, key), headers, isRead: false }, options);
  return await settled(place, { key, options, send, was: expect.revision });
}

async function wholeBody({ key, body }: WriteRequest): Promise<Uint8Array> {
  if (body.sizeBytes > bodyBytesMax)
    throw new BelayError("input-invalid", `${key} is larger than ${bodyBytesMax / 1024 / 1024} MiB, which is no event.`, "Leave it out.");
  const bytes = await bytesOf(body);
  if (sha256(bytes) !== body.digest || bytes.byteLength !== body.sizeBytes)
    throw new BelayError("input-changed", `${key} changed while it was being sent.`, "Run the command again.");
  return bytes;
}

/** A calendar keeps no headers beside an event; its type goes without saying. */
function requireNoHeaders({ key, headers }: WriteRequest): void {
  const [other] = Object.keys(headers).filter((name) => name !== "content-type");
  if (other !== undefined)
    throw new BelayError(
      "not-supported",
      `${key} cannot have the header ${plainText(other)}: a calendar keeps none beside an event.`,
      "Leave the header out.",
    );
}

/** A server that sends invitations by itself would write to guests behind the user's back. */
function requireQuiet({ isNotifying, collection }: CalDavPlace, key: string, bytes: Uint8Array): void {
  if (isNotifying || !collection.isScheduling || !attendee.test(new TextDecoder().decode(bytes))) return;
  throw new BelayError(
    "person-needed",
    `${key} has attendees, and the calendar at ${collection.url.host} would send them invitations by itself.`,
    "Set `notify: true` for this system if they shall be told, or change the event there by hand.",
  );
}

/**
 * Sends a write and finds out what became of it. Whatever is unclear is settled by looking: what was wanted stands there, or what
 * stood there before still does, and then it is sent again, with the same condition; or somebody else was faster.
 */
async function settled(place: CalDavPlace, attempt: Attempt): Promise<WriteOutcome> {
  let cause: unknown;
  for (let count = 1; count <= attemptsMax; count += 1) {
    const sent = await sentOnce(place, attempt);
    if (sent.kind === "landed") return await landed(place, attempt, sent.answer);
    const look = await looked(place, attempt);
    cause = sent.cause;
    if (!look) return { kind: "unknown", cause };
    const found = look.found?.observed;
    // A condition that fails at the first try was met by somebody else's bytes, even where they are the same.
    const isOurs = holds(attempt, look.found) && !(sent.isRefused && count === 1);
    if (isOurs) return outcomeOf(look.found);
    if (sent.isRefused || found?.revision !== attempt.was) return { kind: "conflict", found };
    await pause(waitMs * count, undefined, { signal: attempt.options.signal }).catch(() => undefined);
  }
  return { kind: "unknown", cause };
}

type Sent =
  | { readonly kind: "landed"; readonly answer: WebAnswer }
  /** `isRefused`: the server says that the condition does not hold. */
  | { readonly kind: "unclear"; readonly isRefused: boolean; readonly cause: unknown };

async function sentOnce(place: CalDavPlace, attempt: Attempt): Promise<Sent> {
  try {
    const answer = await attempt.send();
    if (answer.status < 300) return { kind: "landed", answer };
    const refusal = refusalOf(place, attempt, answer);
    if (refusal) throw refusal;
    return {
      kind: "unclear",
      isRefused: [404, 410, 412].includes(answer.status),
      cause: new Error(`the server answered ${answer.status}`),
    };
  } catch (error) {
    if (!(error instanceof WebFailure)) throw error;
    return { kind: "unclear", isRefused: false, cause: error };
  }
}

const holds = ({ wanted }: Attempt, found: Reading | undefined): boolean => found?.observed.digest === wanted;
const outcomeOf = (found: Reading | undefined): WriteOutcome =>
  found ? { kind: "written", revision: found.observed.revision } : { kind: "removed" };

/** `undefined` where even that cannot be found out. */
async function looked(place: CalDavPlace, { key, options }: Attempt): Promise<{ readonly found: Reading | undefined } | undefined> {
  try {
    return { found: await readEvent(place, key, options) };
  } catch {
    return undefined;
  }
}

/** A write that the server says it has carried out: its revision is read back where the answer has none that can be trusted. */
async function landed(place: CalDavPlace, attempt: Attempt, { headers }: WebAnswer): Promise<WriteOutcome> {
  if (attempt.wanted === undefined) return { kind: "removed" };
  const etag = headers["etag"];
  if (isStrong(etag)) return { kind: "written", revision: revisionOf(etag) };
  const look = await looked(place, attempt);
  if (!look) return { kind: "unknown", cause: new Error("the server gave no entity tag, and the event could not be read back") };
  if (holds(attempt, look.found)) return outcomeOf(look.found);
  return { kind: "unknown", cause: new Error("the server gave no entity tag, and holds something else than what was sent") };
}

/** Answers that say for certain that nothing was written, and why a person has to do something. */
function refusalOf(place: CalDavPlace, { key }: Attempt, { status, body }: WebAnswer): BelayError | undefined {
  const { host } = place.collection.url;
  const conditions = readConditions(body);
  const said = conditions.length === 0 ? "" : `, ${conditions.map((each) => plainText(each)).join(", ")}`;
  if (conditions.includes("no-uid-conflict"))
    return new BelayError(
      "input-invalid",
      `The calendar at ${host} already holds an event with the UID of ${key}.`,
      "Change that event instead of making another one.",
    );
  if (status === 403 || status === 405)
    return new BelayError(
      "store-denied",
      `The calendar at ${host} denies the change of ${key} (${status}${said}).`,
      "Give this user write access, or make the calendar read only in belay.yaml.",
    );
  if (status === 507)
    return new BelayError("store-full", `The calendar at ${host} has no room left.`, "Make room there, then run it again.");
  if (status === 423)
    return new BelayError(
      "store-denied",
      `${key} is locked in the calendar at ${host} (423).`,
      "Wait until whoever locked it lets go, then run it again.",
    );
  if ([400, 413, 415, 422].includes(status))
    return new BelayError(
      "input-invalid",
      `The calendar at ${host} does not accept ${key} (${status}${said}).`,
      "Look at the event: the server takes it for no valid calendar.",
    );
  return undefined;
}
