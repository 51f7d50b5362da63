/** Keys of events: their ids, spelled so that any of them is a path. */

import { BelayError } from "../../core/belay-error.ts";
import { keyProblem } from "../../core/paths/key.ts";
import { plainText } from "./plain-text.ts";

/** What Google takes as the id of a new event. Source: the field `id` of Event in the API's description. */
const newId = /^[a-v0-9]{5,1024}$/u;

/** The key of an event. Ids of Google's own making hold letters, digits and `_`; any other character is percent-encoded. */
export const keyOfEvent = (id: string): string => encodeURIComponent(id).replaceAll(".", "%2E");

/** The id that a key stands for. Throws `key-invalid` for a text that is the key of no event. */
export function eventOfKey(key: string): string {
  const problem = keyProblem(key);
  if (problem !== undefined) throw invalid(key, problem);
  const id = decoded(key);
  if (id === undefined || id.length > 1024 || keyOfEvent(id) !== key) throw invalid(key, "it is not an id as Google Calendar gives them");
  return id;
}

/** Whether Google would take the key's id for a new event: base32hex only. */
export const isNewEvent = (key: string): boolean => newId.test(eventOfKey(key));

/** Throws `key-invalid` where it would not. */
export function requireNewEvent(key: string): void {
  if (!isNewEvent(key)) throw invalid(key, "a new event's id has 5 to 1024 characters, the letters a to v and digits");
}

function decoded(key: string): string | undefined {
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}

const invalid = (key: string, why: string): BelayError =>
  new BelayError(
    "key-invalid",
    `${JSON.stringify(plainText(key))} cannot be an event's key because ${why}.`,
    "Take the keys that the calendar's list gives.",
  );
