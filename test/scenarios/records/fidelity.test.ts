/** Pitfall 35 at the level of a whole reconcile: pages of every make, from the bucket through plan, vault and write to the bucket. */

import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decided, openIncident, run, runUntilDone, sunset, wordOf, written } from "../../simulation/records/incident-run.ts";
import { randomFrom } from "../../support/random-from.ts";
import { incident } from "./records-world.ts";

const alone = { ...decided, keep: undefined };
const record = (incident["record"]?.["S2FJLN"] ?? "").replace("jonah-afternoon", "jonah-sunset");

/** Pieces of a page by turns: what says a time, before and after, and what says none. */
interface Pieces {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const times: readonly (readonly [string, string])[] = [
  ["<p>Saturday, May 30, 2026, 4:30–7:30 PM</p>", "<p>Saturday, May 30, 2026, 3:30–6:30 PM</p>"],
  ["<p><b>4:30</b>&ndash;<i>7:30</i> PM</p>", "<p><b>3:30</b>&ndash;<i>6:30</i> PM</p>"],
  ["<p>Please arrive at 4:00 PM</p>", "<p>Please arrive at 3:00 PM</p>"],
  ["<p>16:30–19:30</p>", "<p>15:30–18:30</p>"],
  [
    '<script type="application/ld+json">{"@type":"Event","startDate":"2026-05-30T16:30:00-07:00"}</script>',
    '<script type="application/ld+json">{"@type":"Event","startDate":"2026-05-30T15:30:00-07:00"}</script>',
  ],
];
const asides: readonly string[] = [
  "<p>Jonah Reed, guest code S2FJLN</p>",
  "<!-- kept   as it is -->",
  "<P CLASS=loose>Ünïcödé &amp; &lt;script&gt; &#8212; ends nowhere",
  "<p>Pay $430, call (619) 555-0430</p>",
  "<img src=a.png alt='it''s'>",
  "<style>p{margin:4px 30px}</style>",
  "\t <br/>  ",
];

function generate(seed: number, line: string): Pieces {
  const random = randomFrom(seed);
  const pick = <Item>(items: readonly Item[]): readonly Item[] => {
    const item = items[Math.floor(random() * items.length)];
    return item === undefined ? [] : [item];
  };
  const before: string[] = ["<!doctype html>", '<meta charset="utf-8">', "<title>Jonah Reed</title>", "<p>Guest code S2FJLN</p>"];
  const after = [...before];
  const put = ([one, other]: readonly [string, string]): void => {
    before.push(one);
    after.push(other);
  };
  for (const said of times.slice(0, 1)) put(said);
  for (let at = 0; at < 6; at += 1) {
    for (const said of pick(times)) put(said);
    for (const aside of pick(asides)) put([aside, aside]);
  }
  return { before: [before.join(line)], after: [after.join(line)] };
}

const utf16 = (text: string, isBig: boolean): Uint8Array => {
  const bytes = Buffer.from(`\u{feff}${text}`, "utf16le");
  return new Uint8Array(isBig ? bytes.swap16() : bytes);
};
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const torn = Uint8Array.of(0xff, 0xc3, 0x28, 0x80);
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const makes: readonly { readonly name: string; readonly line: string; readonly bytes: (text: string) => Uint8Array }[] = [
  { name: "LF and a final newline", line: "\n", bytes: (text) => utf8(`${text}\n`) },
  { name: "CRLF", line: "\r\n", bytes: (text) => utf8(`${text}\r\n`) },
  { name: "a byte order mark", line: "\n", bytes: (text) => joined(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(text)) },
  { name: "no final newline", line: "\n", bytes: utf8 },
  { name: "UTF-16, little end first", line: "\r\n", bytes: (text) => utf16(text, false) },
  { name: "UTF-16, big end first", line: "\n", bytes: (text) => utf16(text, true) },
  { name: "bytes that are no UTF-8", line: "\n", bytes: (text) => joined(utf8(`${text}<p>`), torn, utf8("</p>\n")) },
];

const seeds = Number(process.env["BELAY_PAGES"] ?? 3);

describe.each(makes)("pages with $name", ({ line, bytes }) => {
  test("change where they say a time that changes, and in no other byte", async () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { before, after } = generate(seed, line);
      const stage = openIncident("plain", {
        held: { record: { S2FJLN: record }, pages: { [sunset]: bytes(before.join("")) }, calendar: {}, listing: {} },
      });
      expect([seed, wordOf(await run(stage, alone))]).toEqual([seed, "done"]);
      expect([seed, Buffer.from((await stage.bytesAt("pages", sunset)) ?? []).toString("latin1")]).toEqual([
        seed,
        Buffer.from(bytes(after.join(""))).toString("latin1"),
      ]);
      expect(await runUntilDone(stage, alone)).toEqual(["nothing-to-do"]);
    }
  });
});

test("a page whose encoding nobody names, and whose bytes are no UTF-8, is refused rather than edited by a guess", async () => {
  const page = joined(utf8("<title>Jonah Reed</title><p>S2FJLN, Saturday, May 30, 2026, 4:30–7:30 PM</p>"), torn);
  const stage = openIncident("plain", { held: { record: { S2FJLN: record }, pages: { [sunset]: page }, calendar: {}, listing: {} } });
  expect(wordOf(await run(stage, alone))).toBe("refused");
  expect(await stage.bytesAt("pages", sunset)).toEqual(page);
});

test("a page that lies packed is packed again, with its headers, and says the new time inside", async () => {
  const { before, after } = generate(4, "\n");
  const headers = { "content-type": "text/html; charset=utf-8", "content-encoding": "gzip", "cache-control": "max-age=60" };
  const held = {
    record: { S2FJLN: record },
    pages: { [sunset]: new Uint8Array(gzipSync(utf8(before.join("")))) },
    calendar: {},
    listing: {},
  };
  const stage = openIncident("plain", { held });
  await stage.giveHeaders("pages", sunset, headers);
  expect(wordOf(await run(stage, alone))).toBe("done");
  expect(gunzipSync((await stage.bytesAt("pages", sunset)) ?? new Uint8Array()).toString("utf8")).toBe(after.join(""));
  expect(await stage.headersAt("pages", sunset)).toEqual(headers);
});

test("a page whose headers say gzip and whose bytes are none is left alone, and so is every other system", async () => {
  const stage = openIncident("plain", { held: { ...incident, pages: { [sunset]: "no gzip at all, S2FJLN 2026-05-30 4:30 PM" } } });
  await stage.giveHeaders("pages", sunset, { "content-encoding": "gzip" });
  const word = wordOf(await run(stage, alone));
  expect(await stage.textAt("pages", sunset)).toBe("no gzip at all, S2FJLN 2026-05-30 4:30 PM");
  expect(written(stage).filter((one) => one.startsWith("pages"))).toEqual([]);
  expect(word).not.toContain("crashed");
});
