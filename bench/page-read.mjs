/**
 * Pages a second on one core: the look at bytes, the reading into segments, and a plain full parse of the same pages with positions.
 *
 *   node bench/page-read.mjs [FOLDER-OF-PAGES]
 *
 * Without a folder, or where it is missing, only generated pages are read. Built first, so that what ships is what is measured.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "parse5";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = process.argv[2] ?? join(root, "..", "shared", "data", "html");

/** A booking page of some 25 KB: markup, style, script, structured data. */
function bookingPage(at) {
  const guest = `Guest${String(at).padStart(6, "0")}`;
  const cards = Array.from(
    { length: 60 },
    (_, card) =>
      `<li class="card"><a href="/trips/${card}"><img src="/i/${card}.jpg" alt="Trip ${card}" loading="lazy"></a><p>What to bring on trip ${card}: shoes, a jacket and water.</p></li>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${guest}'s sunset trip</title>
<style>${Array.from({ length: 60 }, (_, rule) => `.card-${rule} { margin: ${rule}px; color: #${String(rule).padStart(6, "0")}; }`).join("\n")}</style>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Event","name":"Sunset","startDate":"2026-05-30T16:30:00-07:00"}</script></head>
<body><main><h1>${guest}</h1><p>Saturday, May 30, 2026 · <b>4:30</b>&ndash;7:30 PM</p><ul>${cards.join("\n")}</ul></main>
<script>const CUTOFF_UTC = "2026-06-02T03:00:00Z"; ${Array.from({ length: 80 }, (_, line) => `function step${line}(a, b) { return a * ${line} + b / 2 > 3 ? "more" : "less"; }`).join("\n")}</script></body></html>`;
}

async function codecs() {
  const entry = "belay-page-read";
  const source = ["html-codec", "page-signs"]
    .map((name) => `export * from ${JSON.stringify(join(root, "src/codecs/html-document", `${name}.ts`))};`)
    .join("\n");
  const bundle = await rolldown({
    input: entry,
    platform: "node",
    plugins: [{ name: "entry", resolveId: (id) => (id === entry ? id : undefined), load: (id) => (id === entry ? source : undefined) }],
  });
  const { output } = await bundle.generate({ format: "esm", codeSplitting: false });
  await bundle.close();
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString("base64")}`);
}

/** The least milliseconds of processor that each way took for all pages: they take turns, so that a busy moment hits all of them. */
function leastMs(pages, ways, rounds = 9) {
  const least = ways.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, [, read]] of ways.entries()) {
      const before = process.cpuUsage();
      for (const page of pages) read(page);
      const { user, system } = process.cpuUsage(before);
      least[at] = Math.min(least[at] ?? Infinity, (user + system) / 1000);
    }
  }
  return least;
}

const { openHtmlCodec, openPageLook } = await codecs();
const codec = openHtmlCodec({ gunzip: () => undefined, gzip: (bytes) => bytes });
const decoder = new TextDecoder();
/** @type {[string, Uint8Array[]][]} */
const sets = [["generated booking pages", Array.from({ length: 200 }, (_, at) => new TextEncoder().encode(bookingPage(at)))]];
if (existsSync(folder)) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
  const real = files.map((name) => new Uint8Array(readFileSync(join(folder, name))));
  sets.push(["real pages", Array.from({ length: 5 }, () => real).flat()]);
} else console.log(`${folder} is missing, so only generated pages are read`);

console.log("| pages | what | pages a second and core | MB a second | over a full parse |\n| --- | --- | --- | --- | --- |");
for (const [name, pages] of sets) {
  const mb = pages.reduce((sum, page) => sum + page.byteLength, 0) / 1e6;
  const look = openPageLook(new Set(["guest000007", "s2fjln"]));
  const readSigned = (page) => {
    const { mayHold, signs } = look(page);
    return mayHold && codec.read(page, {}, { signs: () => signs, names: new Set(["startDate", "endDate"]) });
  };
  /** @type {[string, (page: Uint8Array) => unknown][]} */
  const ways = [
    ["parse5, full parse with positions", (page) => parse(decoder.decode(page), { sourceCodeLocationInfo: true })],
    ["read into segments", (page) => codec.read(page, {})],
    ["look at bytes", (page) => look(page)],
    ["look, then read the pieces that may hold a claim", readSigned],
  ];
  const least = leastMs(pages, ways);
  const rows = ways.map(([what], at) => ({ what, ms: least[at] ?? 0 }));
  for (const { what, ms } of rows) {
    const full = rows[0]?.ms ?? 0;
    console.log(
      `| ${pages.length} ${name} | ${what} | ${Math.round((pages.length / ms) * 1000)} | ${((mb / ms) * 1000).toFixed(1)} | ${(full / ms).toFixed(1)}× |`,
    );
  }
}
const before = process.memoryUsage().heapUsed;
globalThis.gc?.();
for (let round = 0; round < 20; round += 1) for (const [, pages] of sets) for (const page of pages) codec.read(page, {});
globalThis.gc?.();
console.log(
  `heap after reading all of them 20 times more: ${((process.memoryUsage().heapUsed - before) / 1e6).toFixed(1)} MB more${globalThis.gc ? "" : " (garbage included; node --expose-gc leaves it out)"}`,
);
