/** Made-up bookings of a harbour: an item of a table and a page for each, and the other pages of the site around them. */

const first = "Ada Ben Cleo Dara Emil Fay Gus Hana Ivo June Kai Lena Milo Nora Otis Pia Quin Rosa Sven Tess".split(" ");
const last =
  "Abel Brandt Castell Dorn Eklund Farrow Gantz Holm Ibsen Jarvi Kober Lund Moreau Nagy Oster Pell Quast Rahn Sorel Thorne".split(" ");
const boats = ["Sea Lark", "Morning Star", "Petrel"];

/** Three letters and four digits, each once. */
export const codeOf = (at) => `B${(at * 7919 + 104_729).toString(36).toUpperCase().padStart(6, "0")}`;
const guestOf = (at) => `${first[at % 20]} ${last[Math.floor(at / 20) % 20]} ${last[Math.floor(at / 400) % 20]}`;
const startOf = (at) => new Date(Date.UTC(2026, 0, 2 + Math.floor(at / 12), 9 + 2 * (at % 6)));
const dateOf = (at) => startOf(at).toISOString().slice(0, 10);
const hourOf = (at, later = 0) => startOf(at).getUTCHours() + later;
const shown = (hour) => `${((hour + 11) % 12) + 1}:00 ${hour < 12 ? "AM" : "PM"}`;
const long = (at) =>
  startOf(at).toLocaleDateString("en-US", { timeZone: "UTC", weekday: "long", month: "long", day: "numeric", year: "numeric" });

export const bookingKey = (at) => `g/${dateOf(at)}-${codeOf(at).toLowerCase()}.html`;

/** In the table's typed JSON. Every fiftieth says an hour more than its page. */
export const itemOf = (at, { guest = guestOf(at) } = {}) => ({
  guest_code: { S: codeOf(at) },
  guest_name: { S: guest },
  charter_date: { S: dateOf(at) },
  start_time: { S: `${String(hourOf(at, at % 50 === 0 ? 1 : 0)).padStart(2, "0")}:00` },
  boat: { S: boats[at % 3] },
  page_slug: { S: bookingKey(at).slice(2, -5) },
  party: { N: String(2 + (at % 9)) },
});

/** What every page of the site has around its text: styles, navigation, a script, a footer. About 9 KB. */
const styles = Array.from(
  { length: 60 },
  (_, at) =>
    `.c${at} .item { margin: ${at % 7}px ${at % 11}px; color: #${((at * 5417) % 4096).toString(16).padStart(3, "0")}; padding: 4px; }`,
).join("\n");
const menu = Array.from(
  { length: 24 },
  (_, at) => `<li class="c${at} item"><a href="/tours/tour-${at}.html" title="Tour number ${at}">Around the harbour, route ${at}</a></li>`,
).join("\n");
const script = Array.from(
  { length: 24 },
  (_, at) =>
    `function step${at}(element, options) { const size = element.offsetWidth * ${at}; if (options.isWide) element.classList.add("c${at}"); return size; }`,
).join("\n");
const shell = (title, body) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>
${styles}
</style></head><body><nav><ul>
${menu}
</ul></nav><main>
${body}
</main><footer><p>Harbour Sails, Pier 4. Call (619) 555-0430.</p></footer>
<script>
${script}
</script></body></html>
`;

export const bookingPage = (at) =>
  shell(
    `Your charter on the ${boats[at % 3]}`,
    `<h1>Welcome aboard, ${guestOf(at)}</h1>
<p>${long(at)}, <b>${shown(hourOf(at))}</b> &ndash; ${shown(hourOf(at, 3))}</p>
<p>You sail on the ${boats[at % 3]}. Please arrive at ${shown(hourOf(at) - 1).replace(":00", ":30")}. Your code is ${codeOf(at)}.</p>
<p>Bring a jacket, and shoes with soft soles. The galley has water, fruit and a small stove.</p>
<script type="application/ld+json">{"@type":"Event","name":"Charter","startDate":"${startOf(at).toISOString().slice(0, 19)}"}</script>`,
  );

const sentences = [
  "The wind comes up after lunch, and the bay is calm in the morning.",
  "Children sail for less, and dogs are welcome on the lower deck.",
  "We leave from the second pontoon, past the chandlery and the ice house.",
  "Whoever wants to steer may steer; whoever wants to rest finds a cushion.",
];
export const otherKey = (at) => `tours/area-${at % 97}/route-${at}.html`;
export const otherPage = (at) =>
  shell(
    `Route ${at}`,
    Array.from({ length: 14 }, (_, line) => `<p>${sentences[(at + line) % 4]} Route ${at} has ${line + 2} buoys.</p>`).join("\n"),
  );

export const belayYaml = ({ bucket, table }) => `version: 1
site:
  root: public
  targets:
    production: { store: s3://${bucket} }
records:
  booking:
    zone: UTC
    fields:
      start: datetime
      end: start + 3h
      arrival: { derive: start - 30m, words: [arrive] }
      guest: person
      boat: text
      code: key
    identity: { keys: [code], match: [guest], one-to-one: [record] }
    systems:
      record:
        store: dynamodb:${table}
        key: guest_code
        fields: { start: { date: charter_date, time: start_time }, code: guest_code, guest: guest_name, boat: boat }
      pages: { target: production, match: ["**/*.html"] }
    pointers:
      - record.page_slug -> pages
`;
