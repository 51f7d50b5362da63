/** How many written ranges are read right, beside two date libraries. The corpora are not part of this repository. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { en as chrono } from "chrono-node";
import { rolldown } from "rolldown";
import { root } from "./measure.mjs";

const data = join(root, "..", "shared", "data", "datetime");
const readJson = (path) => JSON.parse(readFileSync(join(data, path), "utf8").replace(/^\uFEFF/u, ""));

/** The grammar and its zones, bundled from the sources: they are no entry of their own in dist. */
async function grammar() {
  const folder = mkdtempSync(join(tmpdir(), "belay-clock-"));
  try {
    const source = join(root, "src", "core", "records", "clock-text", "find-clock-text.ts");
    const zones = join(root, "src", "codecs", "zones", "zone-rules.ts");
    const bundle = await rolldown({ input: { grammar: source, zones }, platform: "node" });
    await bundle.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs" });
    const load = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
    const [{ findClockText }, { zoneRules }] = [await load("grammar"), await load("zones")];
    return (text, day, dateOrder) => findClockText(text, { zones: zoneRules, zone: "UTC", today: day, dateOrder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const clock = (time) => time.slice(0, 5);

/** Distinct clock ranges (a start and an end in hours) that a suite expects: text, reference time, `16:30–19:30`. */
function suiteCases() {
  const cases = readJson("recognizers-text/TimePeriodParser.json").flatMap(({ Input: text, Context: context, Results: results }) => {
    const value = results?.[0]?.Value;
    if (value?.Timex?.startsWith("(T") !== true) return [];
    const { startTime, endTime } = value.FutureResolution;
    return [{ text, at: context.ReferenceDateTime, expected: `${clock(startTime)}–${clock(endTime)}` }];
  });
  return distinct(cases);
}

/** The English booking phrases whose gold parse is an interval with both times. */
function corpusCases() {
  const cases = readJson("ctparse/timeparse_corpus.json").flatMap(({ text, ref_time: at, gold_parse: gold, language }) => {
    const times = /Interval\[\]\{\S+ (\d\d:\d\d) \([^)]*\) - \S+ (\d\d:\d\d)/u.exec(gold);
    return language === "en" && times ? [{ text, at, expected: `${times[1]}–${times[2]}` }] : [];
  });
  return distinct(cases);
}

const distinct = (cases) => [...new Map(cases.map((one) => [one.text, one])).values()];

/** Every range that belay reads in a text, all readings of an ambiguous one. */
const readingsOf = (mentions) =>
  mentions
    .filter(({ readings }) => readings.some(({ start, end }) => start.time !== undefined && end?.time !== undefined))
    .map(({ readings }) => readings.map(({ start, end }) => `${start.time}–${end?.time}`));

const two = (value) => String(value).padStart(2, "0");
const byChrono = ({ text, at }) =>
  chrono.GB.parse(text, new Date(at))
    .filter(({ end }) => end)
    .map(({ start, end }) => [start, end].map((one) => `${two(one.get("hour"))}:${two(one.get("minute"))}`).join("–"));

const isRight = ({ expected, ranges }) => ranges.length === 1 && ranges[0].length === 1 && ranges[0][0] === expected;
const isListed = (one) => !isRight(one) && one.ranges.length === 1 && one.ranges[0].includes(one.expected);
const isMissed = ({ ranges }) => ranges.length === 0;

/** Right: one range, read one way, and it is the expected one. Listed: ambiguous, with the expected one among its readings. */
function counted(cases, read) {
  const found = cases.map((one) => ({ expected: one.expected, ranges: read(one) }));
  const [right, listed, missed] = [isRight, isListed, isMissed].map((is) => found.filter(is).length);
  return { right, listed, missed, wrong: cases.length - right - listed - missed };
}

/** Measured once with @microsoft/recognizers-text-date-time 1.3.2 on the same cases; it is not installed here. Its own suite is the first set. */
const recognizers = { suite: "39 (3 more listed)", corpus: "19 among its values" };

export const clockTextColumns = ["reader", "right", "ambiguous, listed", "nothing found", "wrong"];

export async function clockTextRanges() {
  if (!existsSync(data)) return [[`skipped: the corpora are not at ${data}`, "", "", "", ""]];
  const find = await grammar();
  const rows = [];
  for (const [name, cases, measured] of [
    ["ranges of Recognizers-Text's TimePeriodParser suite", suiteCases(), recognizers.suite],
    ["English ranges of ctparse's corpus", corpusCases(), recognizers.corpus],
  ]) {
    const own = counted(cases, ({ text, at }) => readingsOf(find(text, at.slice(0, 10), "dmy")));
    const other = counted(cases, (one) => byChrono(one).map((range) => [range]));
    rows.push([`**${String(cases.length)} ${String(name)}**`, "", "", "", ""]);
    rows.push(["belay", own.right, own.listed, own.missed, own.wrong]);
    rows.push(["chrono-node", other.right, other.listed, other.missed, other.wrong]);
    rows.push(["Recognizers-Text 1.3.2", measured, "", "", ""]);
  }
  return rows;
}
