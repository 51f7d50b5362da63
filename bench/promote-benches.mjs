/** A release taken from one bucket to another: what passes through the machine that asks for it, beside sending it once more. */

import { belay, ratio, run, shownMs } from "./measure.mjs";
import { openSandbox } from "./s3-sandbox.mjs";
import { promotionSite } from "./s3-site.mjs";
import { syncers, toolBucketsOf } from "./s3-tools.mjs";
import { openGround } from "./site.mjs";
import { medians, runUsing } from "./usage.mjs";

export const promoteColumns = ["what", "median", "least", "ratio", "content through this machine", "requests", ""];

const [stage, production, mirror, state] = ["harbor-stage", "harbor", "harbor-mirror", "harbor-state"];
/** GET and PUT both count: what is fetched to be sent passes twice. */
const shownBytes = (bytes) => (bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(0)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`);
const spelled = (counts) =>
  Object.entries(counts)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(", ");

/** Each round has a sandbox of its own, in which the stage holds the release and nothing else is live. */
export async function promotedRelease({ rounds, publishCount }) {
  const results = new Map();
  for (let round = 0; round < rounds; round += 1) {
    const ground = openGround();
    const sandbox = await openSandbox({ buckets: [stage, production, mirror, `${state}:unversioned`, ...toolBucketsOf(stage)] });
    try {
      const { copy } = promotionSite(ground, { buckets: { stage, production, mirror, state }, count: publishCount });
      const about = { cwd: copy, env: sandbox.env };
      run(belay("deploy staging", ["deploy", "staging", "--yes", "--change", "all"], about));
      // Production takes nothing without its plan's id.
      const offered = { ...about, exits: [0, 2, 3, 8] };
      const { id } = JSON.parse(run(belay("the plan", ["promote", "production", "--json"], offered)).stdout);
      const programs = [
        { into: production, ...belay("`belay promote`", ["promote", "production", "--confirm", id], about) },
        { into: mirror, ...belay("`belay deploy` of the same files", ["deploy", "mirror", "--yes", "--change", "all"], about) },
      ];
      for (const program of programs) note(results, program, await counted(sandbox, program, publishCount));
      for (const { bucket, tool } of syncers(sandbox, { from: stage, cwd: copy })) {
        note(results, tool, await counted(sandbox, { into: bucket, ...tool }, publishCount));
      }
    } finally {
      await sandbox.close();
      ground.remove();
    }
  }
  return rowsOf(results, publishCount);
}

function note(results, { name }, ran) {
  results.set(name, [...(results.get(name) ?? []), ran]);
}

async function counted(sandbox, program, count) {
  await sandbox.forget();
  const used = runUsing(program);
  const { operations, contentBytes } = await sandbox.counts();
  const found = await sandbox.objectsIn(program.into);
  if (found !== count) throw new Error(`${program.name}: ${found} of ${count} objects arrived`);
  // The record and the vault lie in a bucket of their own, and are no part of the site.
  const bytes = Object.entries(contentBytes).reduce((sum, [bucket, each]) => (bucket === state ? sum : sum + each), 0);
  return { ...used, operations, bytes };
}

function rowsOf(results, count) {
  const [[, mine]] = results;
  const own = medians(mine);
  return [...results].map(([name, runs]) => {
    const its = medians(runs);
    const { operations, bytes } = runs.at(-1);
    const requests = Object.values(operations).reduce((sum, each) => sum + each, 0);
    const times = [shownMs(its.medianMs), shownMs(its.leastMs), ratio(its.leastMs, own.leastMs)];
    return [
      `${name}, ${count.toLocaleString("en-US")} files`,
      ...times,
      shownBytes(bytes),
      requests.toLocaleString("en-US"),
      spelled(operations),
    ];
  });
}
