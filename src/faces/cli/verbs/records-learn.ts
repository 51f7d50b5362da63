import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseRecordStore } from "../../../config/record-store.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { examplesMax, learnRecords, readExamplePages, type ExampleBytes, type LearnRequest } from "../../../operations/records/learn.ts";
import type { Workbench } from "../../../operations/workbench.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { gzipPacking } from "../gzip-packing.ts";
import { keysNamed } from "../locate-paths.ts";
import { plain } from "../plain-text.ts";
import { targetOf, type Session } from "../session.ts";
import { listOf, textOf, type Words } from "../words.ts";

/** Items of tables are at most 400 KB; a file of a scan may hold many of them. */
const itemFileBytesMax = 16 * 1024 * 1024;

/** Prints a proposal and writes nothing: a person puts it into belay.yaml, corrected. */
export async function runRecordsLearn(session: Session, words: Words): Promise<number> {
  const { screen, globals, setup } = session;
  const named = optionsOf(words);
  const files = listOf(words, "item");
  if (words.operands.length + files.length === 0)
    throw new BelayError(
      "usage",
      "There is nothing to learn from: name example pages, items, or both.",
      "belay records learn PAGE… --item FILE.json",
    );
  const from = textOf(words, "from");
  if (from !== undefined && words.operands.length === 0)
    throw new BelayError(
      "usage",
      `--from ${plain(from)} says where pages are read, and none is named.`,
      `belay records learn PAGE… --from ${plain(from)}   (a folder with a slash at its end reads the pages in it)`,
    );
  const bench = await session.bench();
  const config = await session.config();
  const systems = listOf(words, "system").map((text) => systemNamed(text, config.folder));
  const pages = await pagesNamed(session, bench, words);
  const target = from ?? bench.site.targets.at(-1)?.name ?? "";
  const { guess, yaml } = learnRecords({
    pages,
    items: await Promise.all(files.map((file) => readItems(setup.cwd, file))),
    packing: gzipPacking,
    systems,
    target: config.sites.length > 1 ? `${bench.site.name}/${target}` : target,
    here: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...named,
  });
  if (globals.isJson) printJson(screen, { kind: guess, yaml });
  else {
    screen.print(yaml.split("\n").map(plain));
    if (config.records.length > 0) screen.tell("belay.yaml has `records:` already: add this kind below it, without the line `records:`.");
  }
  return exits.done;
}

function optionsOf(words: Words): Pick<LearnRequest, "kind" | "zone"> {
  const [kind, zone] = [textOf(words, "kind"), textOf(words, "zone")];
  if (kind !== undefined && !/^[a-z][a-z0-9-]*$/u.test(kind))
    throw new BelayError(
      "usage",
      `“${plain(kind)}” cannot name a kind of record.`,
      "Use lower-case letters, digits and hyphens: --kind booking",
    );
  return { ...(kind === undefined ? {} : { kind }), ...(zone === undefined ? {} : { zone }) };
}

async function pagesNamed(session: Session, bench: Workbench, words: Words): Promise<ExampleBytes[]> {
  if (words.operands.length === 0) return [];
  const from = textOf(words, "from");
  const keys = await keysNamed(session, bench, { paths: words.operands });
  const store = from === undefined ? bench.folder : await bench.storeOf(targetOf(session, bench, from).store);
  return await readExamplePages(store, keys, { signal: session.signal });
}

/** `record=dynamodb:crew-dispatch`; the store is checked as belay.yaml's would be. */
function systemNamed(text: string, folder: string): LearnRequest["systems"][number] {
  const [, name = "", store = ""] = /^(?<name>[a-z][a-z0-9-]*)=(?<store>.+)$/su.exec(text) ?? [];
  const problem = name === "" ? "has no name before its store" : parseRecordStore(store, folder);
  if (typeof problem !== "string") return { name, store };
  throw new BelayError(
    "usage",
    `The system ${plain(name === "" ? text : name)} ${problem}.`,
    "For example: --system record=dynamodb:crew-dispatch",
  );
}

async function readItems(cwd: string, file: string): Promise<ExampleBytes> {
  const path = resolve(cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true)
    throw new BelayError("input-invalid", `There is no file ${plain(file)}.`, "Name a file with an item as JSON: --item FILE.json");
  if (found.size > itemFileBytesMax)
    throw new BelayError(
      "input-invalid",
      `${plain(file)} is too large.`,
      `Give at most ${examplesMax} items: they are enough to learn from.`,
    );
  return { name: plain(file), bytes: await readFile(path) };
}
