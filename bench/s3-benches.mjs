/** What is measured of buckets, beside the tools that people use today. The counts of requests are the claims; times are shown. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { belay, ratio, run, shownMs } from "./measure.mjs";
import { openSandbox } from "./s3-sandbox.mjs";
import { addBucketCopy, bucketsOf, pages, publishAndWarm, smallFiles } from "./s3-site.mjs";
import { comparers, publishers } from "./s3-tools.mjs";
import { keyOf, openGround, pageOf, put } from "./site.mjs";
import { medians, runUsing } from "./usage.mjs";

/** The columns of the tables that compare tools. */
export const s3Columns = ["what", "median", "least", "ratio", "CPU", "peak memory", "requests", ""];
/** The columns of the table of one changed page. */
export const pageColumns = ["what", "time", "S3", "CloudFront", "by operation"];

/** S3 gives at most so many keys in one answer (ListObjectsV2, MaxKeys). */
const keysPerList = 1000;

/** The counts that are CloudFront's, or those that are not. */
const partOf = (counts, isEdge) =>
  Object.fromEntries(Object.entries(counts).filter(([operation]) => /Invalidation|Distribution/u.test(operation) === isEdge));
const sumOf = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const spelled = (counts) =>
  Object.entries(counts)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(", ");
const grouped = (count) => count.toLocaleString("en-US");
const shownCpu = (ms) => (ms === undefined ? "?" : shownMs(ms));
const shownMiB = (bytes) => (bytes === undefined ? "?" : `${(bytes / 1024 ** 2).toFixed(0)} MiB`);

/** Runs one program and adds what the sandbox was asked meanwhile. */
async function counted(sandbox, program) {
  await sandbox.forget();
  const cpuBefore = sandbox.cpuMs();
  const used = runUsing(program);
  const serverMs = cpuBefore === undefined ? undefined : sandbox.cpuMs() - cpuBefore;
  return { ...used, serverMs, requests: await sandbox.requests() };
}

/** One row: times and ratios as medians and least times of the runs, requests as the last run made them. */
function row(name, runs, belayRuns, note) {
  const [mine, its] = [medians(belayRuns), medians(runs)];
  const cpu = its.cpuMs === undefined ? "?" : `${shownMs(its.cpuMs)} (${ratio(its.cpuMs, mine.cpuMs)})`;
  return [
    name,
    shownMs(its.medianMs),
    shownMs(its.leastMs),
    ratio(its.leastMs, mine.leastMs),
    cpu,
    shownMiB(its.peakBytes),
    grouped(sumOf(runs.at(-1).requests)),
    note,
  ];
}

/** `belay status` of an unchanged site in a bucket beside what others need to see that. One site after the other. */
export async function unchangedInBucket({ rounds, counts }) {
  const rows = [];
  for (const count of counts) rows.push(...(await unchangedSite(count, count > 20_000 ? Math.min(rounds, 3) : rounds)));
  return rows;
}

async function unchangedSite(count, rounds) {
  const ground = openGround();
  const bucket = "harbor";
  const sandbox = await openSandbox({ buckets: bucketsOf(bucket) });
  try {
    const { copy, site } = addBucketCopy(ground, { bucket, files: pages(count) });
    publishAndWarm(copy, sandbox.env);
    const own = { ...belay("`belay status`", ["status"], { cwd: copy, env: sandbox.env }), hasWork: saysOtherThanSame };
    const results = await takeTurns([own, ...comparers(sandbox, { site, bucket, cwd: copy })], rounds, async (tool) => {
      const ran = await counted(sandbox, tool);
      if (tool.hasWork(ran)) throw new Error("it takes the site for changed");
      return ran;
    });
    const belayRuns = results[0].runs;
    const { requests } = belayRuns.at(-1);
    const needed = Math.ceil(count / keysPerList);
    const claim = `${requests.ListObjectsV2} lists, ${needed} necessary for the site; ${sumOf(requests)} in all, the limit is ${Math.floor(1.2 * needed + 5)}`;
    return results.map(({ name, runs, failure }, at) =>
      failure === undefined
        ? row(`${name}, ${grouped(count)} objects`, runs, belayRuns, at === 0 ? claim : spelled(runs.at(-1).requests))
        : skipped(name, failure),
    );
  } finally {
    await sandbox.close();
    ground.remove();
  }
}

const saysOtherThanSame = ({ stdout }) => !stdout.includes("everything is the same as live");

/** Each tool once a round. One that fails says why in its row and is not asked again; belay, the first, ends the bench. */
async function takeTurns(tools, rounds, measure) {
  const results = tools.map(({ name }) => ({ name, runs: [], failure: undefined }));
  const turns = Array.from({ length: rounds }, () => tools.map((tool, at) => ({ tool, result: results[at] }))).flat();
  for (const { tool, result } of turns) {
    if (result.failure !== undefined) continue;
    try {
      result.runs.push(await measure(tool));
    } catch (error) {
      if (result === results[0]) throw error;
      result.failure = error.message;
    }
  }
  return results;
}

const skipped = (name, failure) => [
  name,
  ...Array.from({ length: s3Columns.length - 2 }, () => ""),
  `left out: ${failure.trim().split("\n").slice(0, 3).join(" ").replaceAll("|", "/").slice(0, 200)}`,
];

/** One page by its path: what S3 and CloudFront are asked, with and without versions, in a small and in a large site. */
export async function onePageInBucket({ rounds, siteCounts }) {
  const rows = [];
  for (const isVersioned of [false, true]) {
    const seen = [];
    for (const count of siteCounts) {
      const { rounds: asked, leastMs } = await onePageOf(count, isVersioned, rounds);
      const [s3, cloudfront] = [false, true].map((isEdge) => sumOf(partOf(asked.at(-1), isEdge)));
      seen.push(...asked.map(spelled));
      const told = new Set(seen).size > 1 ? `not always the same: ${spelled(asked.at(-1))}` : seen.length > rounds ? "the same" : seen[0];
      const name = `one page of ${grouped(count)}, versions ${isVersioned ? "kept" : "not kept"}`;
      rows.push([name, shownMs(leastMs), s3, cloudfront, told]);
    }
  }
  return rows;
}

async function onePageOf(count, isVersioned, rounds) {
  const ground = openGround();
  const bucket = "harbor";
  const sandbox = await openSandbox({ buckets: bucketsOf(bucket, isVersioned), distributions: [`EHARBOR=${bucket}`] });
  try {
    const { copy, site } = addBucketCopy(ground, { bucket, files: pages(count), distribution: "EHARBOR" });
    publishAndWarm(copy, sandbox.env);
    const runs = [];
    for (let edit = 1; edit <= rounds; edit += 1) {
      put(join(site, keyOf(7)), pageOf(7, `edit ${edit}`));
      runs.push(await counted(sandbox, belay("deploy", ["deploy", "staging", keyOf(7), "--yes"], { cwd: copy, env: sandbox.env })));
    }
    return { rounds: runs.map(({ requests }) => requests), leastMs: medians(runs).leastMs };
  } finally {
    await sandbox.close();
    ground.remove();
  }
}

/** The first publish of a site of small files. Each run has an empty sandbox of its own, made warm by another site. */
export async function firstPublishToBucket({ rounds, publishCount, faults = [] }) {
  const ground = openGround();
  try {
    const bucket = "harbor";
    const { copy, site } = addBucketCopy(ground, { bucket, files: smallFiles(publishCount) });
    const warming = addBucketCopy(ground, { bucket: "warming", files: pages(300) });
    const toolsOf = (sandbox) => [
      belay("`belay deploy`", ["deploy", "staging", "--yes", "--change", "all"], { cwd: copy, env: sandbox.env }),
      ...publishers(sandbox, { site, bucket, cwd: copy }),
    ];
    const names = toolsOf({ endpoint: "", env: {} });
    const results = await takeTurns(names, rounds, async ({ name }) => {
      const sandbox = await openSandbox({ buckets: [...bucketsOf(bucket), ...bucketsOf("warming")], faults });
      try {
        for (const folder of [copy, warming.copy]) rmSync(join(folder, ".belay"), { recursive: true, force: true });
        run(belay("warming", ["deploy", "staging", "--yes", "--change", "all"], { cwd: warming.copy, env: sandbox.env }));
        const ran = await counted(
          sandbox,
          toolsOf(sandbox).find((tool) => tool.name === name),
        );
        const found = await sandbox.objectsIn(bucket);
        if (found !== publishCount) throw new Error(`${found} of ${publishCount} objects arrived`);
        return ran;
      } finally {
        await sandbox.close();
      }
    });
    const belayRuns = results[0].runs;
    return results.map(({ name, runs, failure }) => {
      if (failure !== undefined) return skipped(name, failure);
      const { requests, serverMs } = runs.at(-1);
      return row(
        `${name}, ${grouped(publishCount)} files`,
        runs,
        belayRuns,
        `${spelled(requests)}; the sandbox used ${shownCpu(serverMs)}`,
      );
    });
  } finally {
    ground.remove();
  }
}

/** As if S3 were some way off: each answer waits so long. */
export const firstPublishFromAfar = async (options) => await firstPublishToBucket({ ...options, faults: ["delay:20ms"] });
