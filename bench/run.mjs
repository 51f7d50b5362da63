/**
 * Times belay beside what people use today, on this machine, in one sitting. Nothing here passes or fails: it prints.
 *
 *   npm run bench                  everything but the largest
 *   npm run bench -- start-up s3   only the benches whose name holds one of these words
 *   npm run bench -- --large       also 100,000 files
 *   npm run bench -- --quick       one round of each, where there would be several
 *   npm run bench -- --small       a few hundred files: to see that it works, not to measure
 *   npm run bench -- --write       also writes what was measured into docs/benchmarks.md; other sections stay
 */

import { existsSync } from "node:fs";
import { auditColumns, wholeKind } from "./audit.mjs";
import { firstPublish, onePage, refusal, startUp, unchanged } from "./benches.mjs";
import { guardLatency } from "./guard.mjs";
import { identity, identityColumns } from "./identity.mjs";
import { icalendar } from "./icalendar.mjs";
import { clockTextColumns, clockTextRanges } from "./clock-text.mjs";
import { belayMain, hasProgram } from "./measure.mjs";
import { promoteColumns, promotedRelease } from "./promote-benches.mjs";
import { firstPublishFromAfar, firstPublishToBucket, onePageInBucket, pageColumns, s3Columns, unchangedInBucket } from "./s3-benches.mjs";
import { s3Tools } from "./s3-tools.mjs";
import { measuresUsage } from "./usage.mjs";
import { writeSections } from "./write-sections.mjs";

const words = process.argv.slice(2);
const flags = new Set(words.filter((word) => word.startsWith("--")));
const wanted = words.filter((word) => !word.startsWith("--"));
const [isQuick, isSmall, isLarge] = ["--quick", "--small", "--large"].map((flag) => flags.has(flag));
const most = isSmall ? 300 : 10_000;
const options = {
  runs: isQuick ? 1 : 5,
  rounds: isQuick ? 1 : 3,
  counts: isLarge ? [most, 100_000] : [most],
  siteCounts: isSmall ? [20, most] : [100, most],
  publishCount: most,
  auditCount: isSmall ? 300 : 20_000,
};
const columns = ["what", "median", "least", "ratio", ""];

const benches = [
  { name: "start-up", title: "Start-up", says: "What every command pays before it does anything.", bench: startUp },
  {
    name: "guard",
    title: "An agent's hook",
    says: "What an agent waits for before each call, over `node -e 0` and over `sh -c :`. A command that only looks is answered by the prefilter, a shell script; any other is parsed.",
    bench: guardLatency,
  },
  {
    name: "unchanged",
    title: "Looking at a site that has not changed",
    says: "`belay status` looks at the working copy and at live; `git status` looks at one tree. The cache of digests is warm.",
    bench: unchanged,
  },
  {
    name: "one-page",
    title: "One changed page, named by its path",
    says: "The work must not grow with the size of the site around it. Calls are those of Node's file system functions.",
    bench: onePage,
  },
  {
    name: "publish",
    title: "The first publish of a site of small files",
    says: "belay writes each file durably, reads it back and records what it did; a copy does none of that.",
    bench: firstPublish,
  },
  {
    name: "refusal",
    title: "Telling somebody that a page is stale",
    says: "A person edited live after four releases, and this copy was edited on top of the second: lineage, lines and page terms.",
    bench: refusal,
  },
  {
    name: "s3-unchanged",
    title: "S3: looking at a site that has not changed",
    says: "The sandbox is the server, in a process of its own. belay knows every file and every object by its SHA-256, the working copy's from a warm cache; behind each other tool stands what it compares. The lists of belay are those of the site and one of the record.",
    columns: s3Columns,
    bench: unchangedInBucket,
  },
  {
    name: "s3-one-page",
    title: "S3: one changed page, named by its path",
    says: "With the record, the vault and the lease in a bucket, and a CDN that is told. Its purge is done at once here; else belay asks again after a second, then ever less often, each time with one GetInvalidation.",
    columns: pageColumns,
    bench: onePageInBucket,
  },
  {
    name: "s3-publish",
    title: "S3: the first publish of a site of small files",
    says: "From 1 to 4 KiB each. belay sends each file on the condition that nothing is there, with its SHA-256 for S3 to check, looks afterwards whether all has arrived, and records it. Each run has a new sandbox that another site has made warm.",
    columns: s3Columns,
    bench: firstPublishToBucket,
  },
  {
    name: "s3-publish-afar",
    title: "S3: the same, each answer 20 ms later",
    says: "On one machine the sandbox is a fast client's limit; a little way off it is how many requests are under way at once.",
    columns: s3Columns,
    bench: firstPublishFromAfar,
  },
  {
    name: "s3-promote",
    title: "S3: taking a release from staging to production",
    says: "One page, assets otherwise. belay copies inside S3, each object pinned on both ends and compared by its SHA-256; what passes through this machine is the page, which is kept so that an interrupted promotion can be finished. The other lines send the same files once more, or copy without looking.",
    columns: promoteColumns,
    bench: promotedRelease,
  },
  {
    name: "clock-text",
    title: "Records: reading ranges of times",
    says: "Right is one range, read one way, as the corpus has it. A range that says neither AM nor PM has two readings, which belay lists and lets be settled by a rule; the libraries choose one.",
    columns: clockTextColumns,
    bench: clockTextRanges,
  },
  {
    name: "identity",
    title: "Finding what is one record",
    says: "Public sets with known answers, over pairs, by the one set of rules that belay uses for bookings: nothing is tuned per set. What it is not sure of is asked, and counts as not found.",
    columns: identityColumns,
    bench: identity,
  },
  {
    name: "audit",
    title: "Looking at all records of a kind",
    says: "A table, and the pages of a site in a bucket of which every tenth is a booking's, in the sandbox in a process of its own. A table's scan brings its items along; pages are asked for one by one, and not again while their ETag stays. Then how fast pages are read, in one process.",
    columns: auditColumns,
    bench: wholeKind,
  },
  {
    name: "icalendar",
    title: "Reading calendars",
    says: "A generated calendar, in one process; belay keeps where every value stands in the bytes. Then what other libraries' own test files are taken for.",
    columns: ["what", "speed", "ratio", ""],
    bench: icalendar,
  },
];

if (!existsSync(belayMain)) throw new Error(`${belayMain} is missing: node scripts/build.mjs`);
const sections = [];
for (const { name, title, says, bench, columns: own = columns } of benches) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  const rows = await bench(options);
  const lines = [own, own.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  const text = [says, "", ...lines].join("\n");
  console.log(`## ${title}\n\n${text}\n`);
  sections.push({ title, text });
}
const missing = ["git", ...s3Tools].filter((name) => !hasProgram(name));
if (missing.length > 0) console.log(`not installed here, so not compared with: ${missing.join(", ")}`);
if (!measuresUsage) console.log("CPU and memory are not shown: there is no GNU time here");
if (flags.has("--write") && isSmall) console.log("--write is for what was measured, not for --small");
else if (flags.has("--write"))
  writeSections(
    sections,
    benches.map(({ title }) => title),
  );
