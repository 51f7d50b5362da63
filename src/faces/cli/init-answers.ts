/** What the flags of `belay init` say, and what looking at the folder adds. */

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Answers, TargetAnswers } from "../../config/write-config.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { CliSetup } from "./cli-setup.ts";
import { plain } from "./plain-text.ts";
import { listOf, textOf, type Words } from "./words.ts";

/** Where sites are usually built to, the likeliest first. */
const usualRoots: readonly string[] = ["public", "dist", "_site", "site", "build", "out", "www", "htdocs"];

/** Without targets where no flag names any. */
export async function answersFrom({ cwd }: Pick<CliSetup, "cwd">, words: Words): Promise<Answers> {
  const root = textOf(words, "root") ?? (await guessRoot(cwd));
  const targets = targetsFrom(words);
  const state = textOf(words, "state");
  return { root, targets, ...(state === undefined ? {} : { state }) };
}

/** Whether enough is known to go on without a question. */
export const isComplete = ({ targets }: Answers): boolean => targets.length > 0;

async function guessRoot(cwd: string): Promise<string> {
  for (const name of usualRoots) {
    const isFolder = await stat(join(cwd, name)).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isFolder) return name;
  }
  const names = await readdir(cwd);
  return names.some((name) => /\.html?$/iu.test(name)) ? "." : "public";
}

function targetsFrom(words: Words): TargetAnswers[] {
  const stores = new Map(listOf(words, "target").map((text) => pairFrom("--target", text)));
  const from = textOf(words, "from");
  if (from !== undefined && ![...stores.values()].includes(from)) stores.set("production", stores.get("production") ?? from);
  const cdns = namedPairs("--cdn", listOf(words, "cdn"), stores);
  const urls = namedPairs("--url", listOf(words, "url"), stores);
  const stages = namedPairs("--after", listOf(words, "after"), stores);
  return [...stores].map(([name, store]) => {
    const [cdn, url, after] = [cdns.get(name), urls.get(name), stages.get(name)];
    return {
      name,
      store,
      ...(cdn === undefined ? {} : { cdn: cdnFrom(cdn) }),
      ...(url === undefined ? {} : { url }),
      ...(after === undefined ? {} : { after }),
    };
  });
}

/** A distribution as belay.yaml spells it, from its id with or without `cloudfront:`. The parser judges what is neither. */
export const cdnFrom = (text: string): string => (text.includes(":") ? text : `cloudfront:${text}`);

function pairFrom(option: string, text: string): readonly [string, string] {
  const at = text.indexOf("=");
  const [name, value] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (name !== "" && value !== "") return [name, value];
  throw new BelayError("usage", `${option} takes NAME=VALUE, and “${plain(text)}” is none.`, "belay init --help");
}

function namedPairs(option: string, texts: readonly string[], stores: ReadonlyMap<string, string>): Map<string, string> {
  const pairs = new Map(texts.map((text) => pairFrom(option, text)));
  const stray = [...pairs.keys()].find((name) => !stores.has(name));
  if (stray === undefined) return pairs;
  throw new BelayError("usage", `${option} names ${plain(stray)}, which is no target here.`, `Add --target ${plain(stray)}=STORE`);
}
