/** The real command line over the second incident in memory: one booking in a table, on two pages, in a calendar, at a marketplace. */

import { openAttacker } from "../../src/compose/open-attacker.ts";
import { openInstaller } from "../../src/compose/open-installer.ts";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { openSightingBook } from "../../src/adapters/disk/sighting-book.ts";
import { runCli } from "../../src/faces/cli/run-cli.ts";
import { RecordsWorld, type RecordsWorldOptions } from "../scenarios/records/records-world.ts";
import type { Finished } from "./cli-world.ts";

export interface RecordsRun {
  /** What a person types, line by line, each once the one before was read; with it, all streams are terminals. */
  readonly typed?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
}

export interface RecordsCli {
  readonly world: RecordsWorld;
  /** Where the command runs, with a belay.yaml in it. */
  readonly folder: string;
  run(words: readonly string[], options?: RecordsRun): Promise<Finished>;
  close(): Promise<void>;
}

const config = `version: 1
site:
  root: public
  targets:
    production: { store: dir:../srv }
records:
  booking:
    zone: America/Los_Angeles
    fields:
      start: datetime
      code: key
    systems:
      pages: { store: dir:../pages, match: ["g/*.html"] }
`;

export async function openRecordsCli(options: RecordsWorldOptions = {}): Promise<RecordsCli> {
  const world = new RecordsWorld(options);
  const folder = await mkdtemp(join(tmpdir(), "belay-records-"));
  await writeFile(join(folder, "belay.yaml"), config);
  return {
    world,
    folder,
    run: async (words, about = {}) => await runIn(world, folder, words, about),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function runIn(
  world: RecordsWorld,
  folder: string,
  argv: readonly string[],
  { typed, env = {}, columns }: RecordsRun,
): Promise<Finished> {
  const isTty = typed !== undefined;
  const typing = new PassThrough();
  const left = [...(typed ?? [])];
  const [stdout, stderr] = [collector(isTty, columns), collector(isTty, columns)];
  // A question ends without a line end: then the next line is typed.
  stderr.onText = (text) => {
    if (text.endsWith("\n") || !text.endsWith(" ")) return;
    const line = left.shift();
    setImmediate(() => (line === undefined ? typing.end() : typing.write(`${line}\n`)));
  };
  const exit = await runCli({
    argv,
    env: { NO_COLOR: "1", ...env },
    cwd: folder,
    stdin: Object.assign(isTty ? typing : Readable.from([]), { isTTY: isTty }),
    stdout: stdout.stream,
    stderr: stderr.stream,
    version: "0.0.0",
    now: () => world.world.nowMs,
    openWorkbench: async () => await Promise.resolve(world.copy.bench),
    openRecords: async () =>
      await Promise.resolve(world.open(openSightingBook({ folder: join(folder, ".belay", "records"), version: "test" }))),
    detectActor: async () => await Promise.resolve(world.copy.bench.actor),
    startSandbox: () => Promise.reject(new Error("no sandbox here")),
    runGuard: async () => await Promise.resolve(),
    openInstaller: async (about) => await Promise.resolve(openInstaller(about)),
    openAttacker: async (about) => await Promise.resolve(openAttacker(about)),
    onInterrupt: () => () => undefined,
    exitNow: () => undefined,
    program: ["belay"],
    packageFolder: folder,
  });
  return { exit, stdout: stdout.text(), stderr: stderr.text() };
}

interface Collector {
  readonly stream: Writable & { isTTY: boolean; columns?: number };
  readonly text: () => string;
  onText: (text: string) => void;
}

function collector(isTty: boolean, columns: number | undefined): Collector {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const text = chunk.toString("utf8");
      chunks.push(text);
      found.onText(text);
      done();
    },
  });
  const found: Collector = {
    stream: Object.assign(stream, { isTTY: isTty, ...(columns === undefined ? {} : { columns }) }),
    text: () => chunks.join(""),
    onText: () => undefined,
  };
  return found;
}
