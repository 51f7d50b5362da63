/** One calendar of the sandbox: events by name, each with an entity tag, and the order in which they changed. */

import { hash } from "node:crypto";
import { normalised } from "./normalised.ts";

export interface StoredEvent {
  readonly name: string;
  readonly ics: string;
  /** With its quotes. */
  readonly etag: string;
  readonly modifiedAtMs: number;
}

interface Change {
  readonly revision: number;
  readonly name: string;
}

export interface Calendar {
  readonly name: string;
  readonly displayName: string;
  event(name: string): StoredEvent | undefined;
  events(): readonly StoredEvent[];
  put(name: string, ics: string, nowMs: number): StoredEvent;
  delete(name: string): void;
  /** What the calendar's state is called now. */
  token(): string;
  /** Names that changed after a token, oldest first; `undefined` for one that was forgotten. An empty token is the beginning. */
  changedSince(token: string): readonly { readonly name: string; readonly token: string }[] | undefined;
  /** Tokens given so far are no longer known. */
  forgetTokens(): void;
}

const tokenBase = "http://sandbox.example/sync/";
const uidLine = /^UID:(.*)$/mu;

/** The UID of an event; empty where it has none. */
export const uidOf = (ics: string): string => uidLine.exec(ics.replaceAll(/\r?\n[ \t]/gu, "").replaceAll("\r\n", "\n"))?.[1]?.trim() ?? "";

/** An empty calendar. `isNormalising`: it keeps events sorted and folded in its own way, as many servers do. */
export function openCalendar(name: string, displayName: string, isNormalising: boolean): Calendar {
  const events = new Map<string, StoredEvent>();
  let changes: Change[] = [];
  let revision = 0;
  let forgotten = -1;
  const note = (changed: string): void => {
    revision += 1;
    changes = [...changes.filter((change) => change.name !== changed), { revision, name: changed }];
  };
  const tokenOf = (at: number): string => `${tokenBase}${name}/${at}`;
  return {
    name,
    displayName,
    event: (key) => events.get(key),
    events: () => [...events.values()],
    put: (key, ics, nowMs) => {
      const kept = isNormalising ? normalised(ics) : ics;
      note(key);
      const etag = `"${hash("sha256", `${revision} ${kept}`, "hex").slice(0, 24)}"`;
      const event = { name: key, ics: kept, etag, modifiedAtMs: nowMs };
      events.set(key, event);
      return event;
    },
    delete: (key) => {
      if (events.delete(key)) note(key);
    },
    token: () => tokenOf(revision),
    changedSince: (token) => {
      const at =
        token === "" ? 0 : Number(token.startsWith(`${tokenBase}${name}/`) ? token.slice(`${tokenBase}${name}/`.length) : Number.NaN);
      if (!Number.isSafeInteger(at) || at > revision || (token !== "" && at <= forgotten)) return undefined;
      return changes
        .filter((change) => change.revision > at && (token !== "" || events.has(change.name)))
        .map((change) => ({ name: change.name, token: tokenOf(change.revision) }));
    },
    forgetTokens: () => {
      forgotten = revision;
    },
  };
}
