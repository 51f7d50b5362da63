/** The marketplace's pages. */

import type { Listing, ListingFields } from "./listing.ts";
import { fieldNames } from "./listing.ts";

const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const page = (title: string, body: string): string =>
  `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${escaped(title)} · Harbor Market</title></head>\n<body>\n${body}\n</body>\n</html>\n`;

/** `4:30`, and whether it is after noon. */
function clock(time: string): { readonly text: string; readonly half: "AM" | "PM" } {
  const hours = Number(time.slice(0, 2));
  return { text: `${hours % 12 === 0 ? 12 : hours % 12}:${time.slice(3)}`, half: hours < 12 ? "AM" : "PM" };
}

/** `4:30–7:30 PM`: the half of the day is said once where it is the same. */
function range(start: string, end: string): string {
  const [from, to] = [clock(start), clock(end)];
  return from.half === to.half ? `${from.text}–${to.text} ${to.half}` : `${from.text} ${from.half} – ${to.text} ${to.half}`;
}

function longDate(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  return `${days[day.getUTCDay()] ?? ""}, ${months[day.getUTCMonth()] ?? ""} ${day.getUTCDate()}, ${day.getUTCFullYear()}`;
}

/** What visitors see of one listing. */
export function listingPage(id: string, fields: ListingFields): string {
  const { title, date, start, end, guest, price } = fields;
  const event = {
    "@context": "https://schema.org",
    "@type": "Event",
    identifier: id,
    name: title,
    startDate: `${date}T${start}`,
    endDate: `${date}T${end}`,
  };
  const lines = [
    `<script type="application/ld+json">${JSON.stringify(event).replaceAll("<", String.raw`\u003c`)}</script>`,
    "<main>",
    `<h1>${escaped(title)}</h1>`,
    `<p class="when"><time datetime="${date}T${start}">${longDate(date)} · ${range(start, end)}</time></p>`,
    `<p class="guest">Booked by ${escaped(guest)}</p>`,
    `<p class="price">${escaped(price)}</p>`,
    `<p class="reference">Booking ${escaped(id)}</p>`,
    "</main>",
  ];
  return page(title, lines.join("\n"));
}

export const frontPage = (listings: readonly { readonly id: string; readonly fields: ListingFields }[]): string =>
  page(
    "Charters",
    `<ul>\n${listings.map(({ id, fields }) => `<li><a href="/listings/${encodeURIComponent(id)}">${escaped(fields.title)}</a></li>`).join("\n")}\n</ul>`,
  );

/** The form that an owner fills in, and no program: there is no other way to change a listing. */
export function staffForm(listing: Listing, problem?: string): string {
  const inputs = fieldNames.map((name) => `<label>${name} <input name="${name}" value="${escaped(listing.latest.fields[name])}"></label>`);
  const said = problem === undefined ? [] : [`<p role="alert">${escaped(problem)}</p>`];
  const form = ['<form method="post">', ...inputs, "<button>Save</button>", "</form>"];
  return page(`Edit ${listing.latest.fields.title}`, [...said, ...form].join("\n"));
}

export const signInPage = (): string =>
  page("Sign in", '<form method="post"><input name="user"><input name="password" type="password"><button>Sign in</button></form>');
export const missingPage = (): string => page("Not found", "<p>There is no such listing.</p>");
