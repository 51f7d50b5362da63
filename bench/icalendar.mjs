/** Reading calendars beside ical.js: a generated one, and the files of other libraries' tests where they are at hand. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ICAL from "ical.js";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const samples = join(root, "..", "shared", "data", "ics");

/** Both readers on the same bytes, the median of several rounds, as megabytes a second of processor time; and what the samples' files are taken for. */
export async function icalendar({ rounds }) {
  const { icalendarCodec } = await codec();
  const bytes = Buffer.from(generated(4000), "utf8");
  const ours = median(rounds, () => icalendarCodec.read(bytes, {}));
  const theirs = median(rounds, () => new ICAL.Component(ICAL.parse(bytes.toString("utf8"))).getAllSubcomponents("vevent").length);
  const speed = (ms) => `${(bytes.byteLength / 1e6 / (ms / 1000)).toFixed(1)} MB/s`;
  const lines = [
    ["belay, 4,000 events", speed(ours), `${(theirs / ours).toFixed(1)} ×`, "every property with its bytes"],
    [`ical.js ${version("ical.js")}, the same`, speed(theirs), "1 ×", "without positions"],
  ];
  return [
    ...lines,
    ...(existsSync(samples) ? counted(icalendarCodec) : [["files of ical4j and node-ical", "", "", "not here: ../shared/data/ics"]]),
  ];
}

async function codec() {
  const bundle = await rolldown({ input: join(root, "src", "codecs", "icalendar", "icalendar-codec.ts"), logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm" });
  return await import(`data:text/javascript;base64,${Buffer.from(output[0].code, "utf8").toString("base64")}`);
}

const version = (name) => JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;

/** Milliseconds of processor time, so that what else runs on the machine counts little. */
function median(rounds, work) {
  work();
  const times = Array.from({ length: Math.max(5, rounds) }, () => {
    const start = process.cpuUsage();
    work();
    return process.cpuUsage(start).user / 1000;
  });
  return times.toSorted((left, right) => left - right)[times.length >> 1];
}

function generated(count) {
  const events = Array.from({ length: count }, (_, at) =>
    [
      "BEGIN:VEVENT",
      `UID:trip-${at}@example.org`,
      "DTSTAMP:20260501T100000Z",
      `DTSTART;TZID=America/Los_Angeles:202605${String((at % 28) + 1).padStart(2, "0")}T163000`,
      "DURATION:PT3H",
      "SEQUENCE:2",
      `SUMMARY:Sunset sail\\, party of ${at % 9}`,
      "DESCRIPTION:Boarding at 4:15 PM from berth 7.\\nBring a jacket\\; it gets cold on t",
      " he water after sunset\\, even in summer. Café on board.",
      "END:VEVENT",
    ].join("\r\n"),
  );
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//harbour//EN", ...events, "END:VCALENDAR", ""].join("\r\n");
}

/** By folder: how many files are read, read with something amiss, and not read, with the reasons. */
function counted(icalendarCodec) {
  return ["ical4j/valid", "ical4j/invalid", "node-ical"].map((folder) => {
    const files = readdirSync(join(samples, folder)).filter((name) => name.endsWith(".ics"));
    const reads = files.map((name) => icalendarCodec.read(readFileSync(join(samples, folder, name)), {}));
    const unreadable = reads.flatMap((read) => (read.kind === "unreadable" ? [read.why] : []));
    const amiss = reads.filter((read) => read.kind === "document" && read.document.flaws !== undefined);
    return [
      folder,
      `${reads.length - unreadable.length} of ${files.length} read`,
      "",
      [`${amiss.length} with something amiss`, ...unreadable].join("; "),
    ];
  });
}
