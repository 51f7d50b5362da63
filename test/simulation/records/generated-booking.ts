/** Bookings by chance, each in systems that write its times in ways of their own; what every object must say for a start is known here. */

import { item } from "../../scenarios/records/records-world.ts";

/** What an object says: only these two ever change by belay's hand. */
export interface Said {
  /** Minutes since midnight. */
  readonly start: number;
  readonly slug: string;
}

/** One object as somebody wrote it: a text with holes, and what it says in them. */
export interface Written {
  readonly said: Said;
  readonly render: (said: Said) => string;
}

export interface GeneratedObject {
  readonly place: "record" | "pages" | "calendar";
  readonly key: string;
  /** A stranger's text, by its number: the same holes in other surroundings. */
  readonly variant: (number: number) => (said: Said) => string;
}

export interface GeneratedBooking {
  readonly code: string;
  readonly date: string;
  /** `undefined` where there is one page. */
  readonly keep: string | undefined;
  readonly duplicate: string | undefined;
  readonly slug: string;
  readonly first: Said;
  readonly objects: readonly GeneratedObject[];
}

const guests = ["Jonah Reed", "Petra Lind", "Omar Haddad", "Ylva Strand", "Tomás Vega"];
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const two = (value: number): string => String(value).padStart(2, "0");
const h24 = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const h12 = (minutes: number): string => `${((Math.floor(minutes / 60) + 11) % 12) + 1}:${two(minutes % 60)}`;
const half = (minutes: number): string => (minutes < 720 ? "AM" : "PM");

/** Ranges as people write them; every start by chance is after noon, and every end before midnight. */
const ranges: readonly ((start: number, end: number) => string)[] = [
  (start, end) => `${h12(start)}–${h12(end)} PM`,
  (start, end) => `${h12(start)} PM – ${h12(end)} PM`,
  (start, end) => `${h12(start)}pm-${h12(end)}pm`,
  (start, end) => `${h24(start)}–${h24(end)}`,
  (start, end) => `<b>${h12(start)}</b>&ndash;<i>${h12(end)}</i> PM`,
  (start, end) => `${h12(start)}&nbsp;PM&#8211;${h12(end)}\u{202F}PM`,
  (start, end) => `${h12(start)} PM to ${h12(end)} PM`,
];

export function generateBooking(index: number, pick: <Item>(items: readonly Item[]) => Item): GeneratedBooking {
  const guest = guests[index % guests.length] ?? "";
  const code = `K${index}${pick(["QXTRA", "WENMO", "ZULIP"])}`;
  const date = `2026-05-${two(10 + index * 4)}`;
  const day = new Date(`${date}T00:00:00Z`);
  const long = `${weekdays[day.getUTCDay()]}, ${months[day.getUTCMonth()]} ${day.getUTCDate()}, 2026`;
  const range = pick(ranges);
  const other = pick(ranges);
  const line = pick(["\n", "\r\n"]);
  const end = pick(["", line]);
  const hasData = pick([true, false]);
  const [slug, second] = [`${date}-${guest.split(" ")[0]?.toLowerCase()}-sail`, `${date}-${guest.split(" ")[0]?.toLowerCase()}-again`];
  const first: Said = { start: pick([14 * 60, 14 * 60 + 30, 15 * 60]), slug };
  const hasDuplicate = pick([true, true, false]);
  const rich =
    (number: number) =>
    (said: Said): string =>
      [
        "<!doctype html>",
        `<html lang="en"><head><meta charset="utf-8"><title>${guest} – ${long}</title>`,
        ...(hasData
          ? [
              `<script type="application/ld+json">{"@type":"Event","startDate":"${date}T${h24(said.start)}:00-07:00","endDate":"${date}T${h24(said.start + 180)}:00-07:00"}</script>`,
            ]
          : []),
        `</head><body><h1>Welcome ${guest}</h1><p>${long}, ${range(said.start, said.start + 180)}</p>`,
        `<p>Please arrive at ${h12(said.start - 30)} ${half(said.start - 30)}. Guest code ${code}. Deposit $430.</p>`,
        `<p>Note ${number}: call (619) 555-0430.</p><form action="/api/photos"><input type="file" name="photo"></form>`,
        `</body></html>${end}`,
      ].join(line);
  const poor =
    (number: number) =>
    (said: Said): string =>
      `<h1>${guest}</h1><p>${long}, ${other(said.start, said.start + 180)}</p><p>Guest code ${code}, note ${number}</p>${end}`;
  const row =
    (number: number) =>
    (said: Said): string =>
      item({
        guest_code: code,
        guest_name: guest,
        charter_date: date,
        start_time: h24(said.start),
        page_slug: said.slug,
        note: `note ${number}`,
      });
  const ics =
    (number: number) =>
    (said: Said): string =>
      `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//cal//EN\r\nBEGIN:VEVENT\r\nUID:${code}@example.org\r\nDTSTAMP:20260509T120000Z\r\nSEQUENCE:1\r\nDTSTART;TZID=America/Los_Angeles:${date.replaceAll("-", "")}T${h24(said.start).replace(":", "")}00\r\nDTEND;TZID=America/Los_Angeles:${date.replaceAll("-", "")}T${h24(said.start + 180).replace(":", "")}00\r\nSUMMARY:Charter ${guest} (${code})\r\nX-NOTE:${number}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  const [keep, duplicate] = [`g/${slug}.html`, `g/${second}.html`];
  return {
    code,
    date,
    slug,
    keep: hasDuplicate ? keep : undefined,
    duplicate: hasDuplicate ? duplicate : undefined,
    first,
    objects: [
      { place: "record", key: code, variant: row },
      { place: "pages", key: keep, variant: rich },
      ...(hasDuplicate ? [{ place: "pages", key: duplicate, variant: poor } as const] : []),
      { place: "calendar", key: `${code}.ics`, variant: ics },
    ],
  };
}

/** What belay owns of an event, taken out. */
export const withoutOwned = (text: string): string =>
  text
    .replace(/DTSTAMP:[^\r]*\r\n/u, "")
    .replace(/SEQUENCE:\d+\r\n/u, "")
    .replace(/LAST-MODIFIED:[^\r]*\r\n/u, "");
