/** Events of Google Calendar as documents: the JSON of an item, read by the API's description of Event. */

import type { EventTimes, TimeContext } from "../../core/records/event-times.ts";
import type { Place, Read, RecordCodec, RecordDocument, Segment } from "../../core/records/document.ts";
import { markedSegments } from "../marked-text/marked-segments.ts";
import { itemCodec } from "../item-document/item-codec.ts";
import { googleTimes } from "./google-times.ts";

/**
 * Texts for people are title, description ("can contain HTML") and place. Everything else is data: it says a field only where belay.yaml places one at it,
 * or where the API says what it is. Guests and what Google calls read-only or immutable are read and never written.
 */
export const googleEventCodec: RecordCodec = {
  name: "item",
  read: (bytes, headers): Read => {
    const read = itemCodec.read(bytes, headers);
    return read.kind === "unreadable" ? read : { kind: "document", document: eventDocument(read.document) };
  },
};

const texts: ReadonlySet<string> = new Set(["summary", "description", "location"]);
/** A guest is changed where people are invited: answers belong to the address. */
const guest = /^attendees\[\d+\]\.(?:email|displayName)$/u;
/** "Read-only" and "immutable" in the API's description of Event; parts of them too. */
const unwritten =
  /^(?:attendeesOmitted|birthdayProperties|conferenceData|created|creator|etag|eventType|gadget|hangoutLink|htmlLink|iCalUID|id|kind|locked|organizer|originalStartTime|privateCopy|recurringEventId|sequence|updated)(?:[.[]|$)/u;

function eventDocument(document: RecordDocument): RecordDocument {
  const isLocked = document.segments.some(({ place, text }) => place.name === "locked" && text === "true");
  const segments = document.segments
    .map((segment) => eventSegment(segment, isLocked))
    .flatMap((segment) => (segment.place.name === "description" ? markedSegments(segment) : [segment]));
  return {
    ...document,
    segments,
    eventTimes: (part: string, context: TimeContext): EventTimes | undefined => (part === "" ? googleTimes(segments, context) : undefined),
  };
}

function eventSegment(segment: Segment, isLocked: boolean): Segment {
  const { text, place } = segment;
  const { name } = place;
  const isText = texts.has(name) || guest.test(name);
  const told: Place = isText ? place : { ...place, isDatum: true };
  const isFixed = isLocked || guest.test(name) || unwritten.test(name);
  return {
    text,
    place: told,
    spans: (from, to) => segment.spans(from, to),
    encode: (said) => (isFixed ? undefined : segment.encode(said)),
  };
}
