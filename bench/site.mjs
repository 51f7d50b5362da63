/** Sites of many small files, in a folder that is removed at the end. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const perFolder = 100;

export function openGround() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "belay-bench-")));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const pageOf = (at, words = "") =>
  `<!doctype html>\n<title>Page ${at}</title>\n<h1>Page ${at}</h1>\n<p>Harbour tour number ${at}. ${words}</p>\n<a href="page-${at + 1}.html">next</a>\n`.padEnd(
    600,
    "<!-- small -->\n",
  );

export const keyOf = (at) => `part-${Math.floor(at / perFolder)}/page-${at}.html`;

export function put(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A working copy with so many pages, one target and a state of its own. */
export function addCopy(ground, name, count, source = keyOf) {
  const copy = join(ground.folder, name);
  for (let at = 0; at < count; at += 1) put(join(copy, "public", source(at)), pageOf(at));
  put(
    join(copy, "belay.yaml"),
    `version: 1\nsite:\n  root: public\n  unit: any\n  targets:\n    staging:\n      store: dir:../${name}-live\n`,
  );
  return { copy, site: join(copy, "public"), live: join(ground.folder, `${name}-live`) };
}
