/** Incident 2 as it ships with the package: one booking on two pages, in a table, in a calendar and at a marketplace. Guests are made up. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A text of a page and what takes its place. */
export type Correction = readonly [before: string, after: string];

export interface RecordsCase {
  readonly code: string;
  /** Keys in the bucket. */
  readonly rich: string;
  readonly poor: string;
  /** The page with everything that guests use, as it was first published and as it is now. */
  readonly richPages: readonly [first: string, now: string];
  /** The page that was made later, from a simpler template, since nobody looked for the first. */
  readonly poorPage: string;
  /** A page that nobody books: what the others were made from. */
  readonly template: string;
  readonly event: string;
  /** In DynamoDB's typed JSON. */
  readonly item: Readonly<Record<string, { readonly S: string }>>;
  readonly listing: Listing;
}

/** What a marketplace shows of the booking. Times are wall clocks of the place. */
export interface Listing {
  readonly id: string;
  readonly title: string;
  readonly date: string;
  readonly start: string;
  readonly end: string;
  readonly guest: string;
  readonly price: string;
}

const code = "R7KM2P";
const slug = "2026-05-30-odile";

/** Every text of the rich page that says the old time, or what follows from it, in the order of the page. */
export const richCorrections: readonly Correction[] = [
  ["May 30, 2026, 4:30 PM: Larkmoor", "May 30, 2026, 3:30 PM: Larkmoor"],
  ["4:30–7:30 PM", "3:30–6:30 PM"],
  ['"startDate": "2026-05-30T16:30:00-07:00"', '"startDate": "2026-05-30T15:30:00-07:00"'],
  ['"endDate": "2026-05-30T19:30:00-07:00"', '"endDate": "2026-05-30T18:30:00-07:00"'],
  ['datetime="2026-05-30T16:30:00-07:00"', 'datetime="2026-05-30T15:30:00-07:00"'],
  ["<b>4:30</b>&ndash;<i>7:30</i> PM", "<b>3:30</b>&ndash;<i>6:30</i> PM"],
  ["16:30&#8211;19:30", "15:30&#8211;18:30"],
  ["arrive at 4:00 PM", "arrive at 3:00 PM"],
  ["cast off at 4:30 PM sharp", "cast off at 3:30 PM sharp"],
  ["at the pier by 7:30 PM", "at the pier by 6:30 PM"],
  ["Monday, June 1, 2026, 8:00 PM", "Monday, June 1, 2026, 7:00 PM"],
  ['"2026-06-02T03:00:00Z"', '"2026-06-02T02:00:00Z"'],
];

/** Texts that look like the old time and are something else: nobody may touch them. */
export const lookalikes: readonly string[] = ["Low water that day is at 4:30 AM", "$430 of $1,430", "(619) 555-0143", "three hours"];

/** Every text once, in its place: what the page has to be afterwards, byte for byte, found without belay. */
export function corrected(page: string, corrections: readonly Correction[]): string {
  return corrections.reduce((text, [before, after]) => {
    const at = text.indexOf(before);
    if (at < 0 || text.indexOf(before, at + 1) >= 0) throw new Error(`The demo's page has to hold this text once: ${before}`);
    return text.slice(0, at) + after + text.slice(at + before.length);
  }, page);
}

/** `assets` is the folder `demo/`. */
export async function recordsCase(assets: string): Promise<RecordsCase> {
  const page = (name: string): Promise<string> => readFile(join(assets, "incident-2", name), "utf8");
  const now = await page("sunset.html");
  return {
    code,
    rich: `g/${slug}-sunset.html`,
    poor: `g/${slug}-afternoon.html`,
    richPages: [now.replace("dock C", "dock B"), now],
    poorPage: await page("afternoon.html"),
    template: await page("_template.html"),
    event: eventLines.map((line) => `${line}\r\n`).join(""),
    item: Object.fromEntries(Object.entries(attributes).map(([name, text]) => [name, { S: text }])),
    listing,
  };
}

const attributes: Readonly<Record<string, string>> = {
  guest_code: code,
  guest_name: "Odile Marchetti",
  charter_date: "2026-05-30",
  start_time: "15:30",
  boat: "Jada",
  page_slug: `${slug}-afternoon`,
  updated_at: "2026-05-20T17:05:00Z",
  updated_by: "crew desk",
};

const eventLines = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//Larkmoor Sail//Office//EN",
  "BEGIN:VEVENT",
  "UID:charter-0530@larkmoor.example",
  "DTSTAMP:20260509T174000Z",
  "LAST-MODIFIED:20260509T174000Z",
  "SEQUENCE:0",
  "DTSTART;TZID=America/Los_Angeles:20260530T163000",
  "DTEND;TZID=America/Los_Angeles:20260530T193000",
  "SUMMARY:Sunset charter Odile Marchetti (R7KM2P)",
  "LOCATION:Larkmoor harbor\\, guest pier",
  "X-LARKMOOR-CREW:two",
  "END:VEVENT",
  "END:VCALENDAR",
];

const listing: Listing = {
  id: code,
  title: "Sunset charter aboard Jada",
  date: "2026-05-30",
  start: "16:30",
  end: "19:30",
  guest: "Odile Marchetti",
  price: "$1,430",
};
