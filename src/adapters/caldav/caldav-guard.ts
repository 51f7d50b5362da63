/** Whether a CalDAV server keeps the conditions of writes: tried out once, before the first of them. */

import { randomUUID } from "node:crypto";
import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions, Guarantees } from "../../ports/store.ts";
import { WebFailure, type WebAnswer } from "../shared/web/web-exchange.ts";
import { canaryPrefix, isStrong, type CalDavPlace } from "./caldav-place.ts";

export interface CalDavGuard {
  guarantees(options: CallOptions): Promise<Guarantees>;
  /** Throws `store-unguarded` where the server would not keep the condition of such a write. */
  require(operation: keyof Guarantees, options: CallOptions): Promise<void>;
}

interface Trial {
  readonly guarantees: Guarantees;
  readonly why: Readonly<Record<keyof Guarantees, string | undefined>>;
}

const calendarType = { "content-type": "text/calendar; charset=utf-8" };

/** In the past, transparent, without attendees or alarms: nobody is told, and nothing is booked. */
const canary = (uid: string): Uint8Array =>
  new TextEncoder().encode(
    [
      "BEGIN:VCALENDAR",
      "PRODID:-//belay//canary//EN",
      "VERSION:2.0",
      "BEGIN:VEVENT",
      "CLASS:PRIVATE",
      "DTEND:19700101T000100Z",
      "DTSTAMP:19700101T000000Z",
      "DTSTART:19700101T000000Z",
      "SUMMARY:belay tries out this calendar",
      "TRANSP:TRANSPARENT",
      `UID:${uid}`,
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ].join("\r\n"),
  );

/**
 * Asks the server with an event of belay's own, which is taken away again: a creation over it, a replacement and a deletion at an
 * entity tag that it does not have must all be refused. What is kept is called *checked*: no trial shows what a race does.
 */
export function openGuard(place: CalDavPlace): CalDavGuard {
  let trial: Promise<Trial> | undefined;
  const tried = async (options: CallOptions): Promise<Trial> => {
    trial ??= tryOut(place, options).catch((error: unknown) => {
      trial = undefined;
      throw error;
    });
    return await trial;
  };
  return {
    guarantees: async (options) => (await tried(options)).guarantees,
    require: async (operation, options) => {
      const { guarantees, why } = await tried(options);
      if (guarantees[operation] !== "none") return;
      throw new BelayError(
        "store-unguarded",
        `The calendar at ${place.collection.url.host} does not keep the condition of a ${operation}: ${why[operation] ?? "it ignores it"}.`,
        "Make this calendar read only in belay.yaml (`read-only: true`): its changes become tasks for a person.",
      );
    },
  };
}

async function tryOut(place: CalDavPlace, options: CallOptions): Promise<Trial> {
  const name = `${canaryPrefix}${randomUUID()}`;
  const url = new URL(`${name}.ics`, place.collection.url);
  const body = canary(name);
  const ask = async (method: "PUT" | "DELETE", condition: Readonly<Record<string, string>>): Promise<WebAnswer> => {
    const headers = { ...condition, ...(method === "PUT" ? calendarType : { "schedule-reply": "F" }) };
    return await place.wire.send({ method, url, headers, isRead: false, ...(method === "PUT" && { body }) }, options);
  };
  try {
    requireMade(await ask("PUT", { "if-none-match": "*" }), url);
    const look = await place.wire.send({ method: "GET", url, isRead: true }, options);
    const again = await ask("PUT", { "if-none-match": "*" });
    const replaced = await ask("PUT", { "if-match": '"belay-0"' });
    const deleted = await ask("DELETE", { "if-match": '"belay-0"' });
    const tagless = isStrong(look.headers["etag"]) ? undefined : "its entity tags are missing or weak";
    return judged({
      create: isRefused(again) ? undefined : "If-None-Match is ignored",
      replace: tagless ?? (isRefused(replaced) ? undefined : "If-Match is ignored when an event is replaced"),
      delete: tagless ?? (isRefused(deleted) ? undefined : "If-Match is ignored when an event is deleted"),
    });
  } catch (error) {
    if (!(error instanceof WebFailure)) throw error;
    throw new BelayError("store-unreachable", `The calendar at ${url.host} cannot be tried out: ${error.message}.`, "Run it again.", {
      cause: error,
    });
  } finally {
    // Whatever came of the trial, its event goes. It is never listed, so that one which stays is in nobody's way.
    await place.wire.send({ method: "DELETE", url, headers: { "schedule-reply": "F" }, isRead: false }, options).catch(() => undefined);
  }
}

function requireMade({ status }: WebAnswer, { host }: URL): void {
  if (status === 403 || status === 405)
    throw new BelayError(
      "store-denied",
      `The calendar at ${host} may not be written to (${status}).`,
      "Give this user write access, or make the calendar read only in belay.yaml.",
    );
  if (status >= 300)
    throw new BelayError(
      "store-unreachable",
      `The calendar at ${host} took no event to try it out (${status}).`,
      "Run it again; if it stays so, make the calendar read only in belay.yaml.",
    );
}

type Problems = Readonly<Record<keyof Guarantees, string | undefined>>;

const kept = (problem: string | undefined): "checked" | "none" => (problem === undefined ? "checked" : "none");

function judged(why: Problems): Trial {
  return { guarantees: { create: kept(why.create), replace: kept(why.replace), delete: kept(why.delete) }, why };
}

const isRefused = ({ status }: WebAnswer): boolean => status === 412;
