/** Working copies whose target and whose state are buckets of the sandbox. */

import { join } from "node:path";
import { belay, run } from "./measure.mjs";
import { keyOf, pageOf, put } from "./site.mjs";

/** Its state lies in a bucket of its own, as a team would have it. */
export const stateBucketOf = (bucket) => `${bucket}-state`;

/** What `openSandbox` is to make for a site. */
export const bucketsOf = (bucket, isVersioned = false) => [
  isVersioned ? bucket : `${bucket}:unversioned`,
  `${stateBucketOf(bucket)}:unversioned`,
];

/** Writes belay.yaml, and the site's files where `files` gives some, as pairs of path and content. */
export function addBucketCopy(ground, { bucket, files, distribution }) {
  const copy = join(ground.folder, bucket);
  for (const [path, content] of files) put(join(copy, "public", path), content);
  const cdn = distribution === undefined ? "" : `      cdn: cloudfront:${distribution}\n`;
  const target = `    staging:\n      store: s3://${bucket}\n${cdn}`;
  put(
    join(copy, "belay.yaml"),
    `version: 1\nstate: s3://${stateBucketOf(bucket)}/belay\nsite:\n  root: public\n  unit: any\n  targets:\n${target}`,
  );
  return { copy, site: join(copy, "public") };
}

/** So many pages of 600 bytes, in folders of a hundred. */
export function* pages(count) {
  for (let at = 0; at < count; at += 1) yield [keyOf(at), pageOf(at)];
}

/** So many files from 1 to 4 KiB: three pages to each style sheet. */
export function* smallFiles(count) {
  for (let at = 0; at < count; at += 1) {
    const sizeBytes = 1024 + ((at * 797) % 3073);
    const [path, text] =
      at % 4 === 3 ? [keyOf(at).replace(/html$/u, "css"), `.tour-${at} { color: teal; }\n`] : [keyOf(at), pageOf(at).slice(0, 500)];
    yield [path, text.padEnd(sizeBytes, `/* line ${at} of the tide table */\n`)];
  }
}

/** Publishes the whole site with belay, and lets its caches settle: times younger than two seconds are not believed. */
export function publishAndWarm(copy, env) {
  const { ms } = run(belay("first deploy", ["deploy", "staging", "--yes", "--change", "all"], { cwd: copy, env }));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
  for (let look = 0; look < 2; look += 1) run(belay("warming", ["status"], { cwd: copy, env }));
  return ms;
}

/** A stage and a production behind it, and a target beside them that takes the same files from the folder: one page, assets otherwise. */
export function promotionSite(ground, { buckets: { stage, production, mirror, state }, count }) {
  const copy = join(ground.folder, "promotion");
  put(join(copy, "public", "index.html"), pageOf(0));
  for (let at = 1; at < count; at += 1) {
    put(join(copy, "public", "assets", String(at % 100), `photo-${at}.jpg`), `photo ${at} of the harbour\n`.repeat(100 + (at % 100)));
  }
  const targets = [
    `    staging:\n      store: s3://${stage}\n`,
    `    production:\n      store: s3://${production}\n      after: staging\n      approvals: 0\n`,
    `    mirror:\n      store: s3://${mirror}\n`,
  ];
  put(
    join(copy, "belay.yaml"),
    `version: 1\nstate: s3://${state}/belay\nsite:\n  root: public\n  unit: any\n  targets:\n${targets.join("")}`,
  );
  return { copy };
}
