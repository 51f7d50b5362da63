/** Working copies in a temporary folder, and the real command line run in them, in this process. */

import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable, Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { startSandbox } from "../../sandbox/start-sandbox.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { detectActor } from "../../src/compose/detect-actor.ts";
import { openAttacker } from "../../src/compose/open-attacker.ts";
import { openInstaller } from "../../src/compose/open-installer.ts";
import { openRecords } from "../../src/compose/open-records.ts";
import { openWorkbench } from "../../src/compose/open-workbench.ts";
import { runCli } from "../../src/faces/cli/run-cli.ts";
import type { Runtime } from "../../src/ports/runtime.ts";

export interface Finished {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What a person types; with it, all streams are terminals. */
  readonly answer?: string;
  /** A terminal on which somebody has not answered yet. */
  readonly typing?: Readable;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the interrupt listener once the command has begun. */
  readonly onStart?: (interrupt: () => void) => void;
  /** Called with what either stream got, as it comes: for commands that stay. */
  readonly onText?: (text: string) => void;
}

export interface CliWorld {
  readonly root: string;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  /** Runs the CLI in a folder of the world. */
  run(folder: string, words: readonly string[], options?: RunOptions): Promise<Finished>;
  /** A transcript: the command, both streams, the exit. */
  shown(folder: string, words: readonly string[], options?: RunOptions): Promise<string>;
  close(): Promise<void>;
}

/** Time that commands have rested without its passing on this machine; whoever answers them adds it to their own clock. */
export interface SkippedTime {
  ms: number;
}

/** Two working copies, `studio` and `laptop`, of one site with two folders as targets and a shared record. With `skipped`, commands do not sit out their pauses. */
export async function openCliWorld(extra: readonly string[] = [], skipped?: SkippedTime): Promise<CliWorld> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "belay-cli-")));
  const config = [
    "version: 1",
    "state: ../state",
    "site:",
    "  root: public",
    "  targets:",
    "    staging: { store: dir:../srv/staging }",
    "    live: { store: dir:../srv/live }",
    ...extra,
    "",
  ].join("\n");
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  for (const copy of ["studio", "laptop"]) {
    await write(`${copy}/belay.yaml`, config);
    await mkdir(join(root, copy, "public"));
  }
  const run = (folder: string, words: readonly string[], options: RunOptions = {}): Promise<Finished> =>
    runIn(join(root, folder), words, { ...options, ...(skipped && { runtime: hurried(skipped) }) });
  return {
    root,
    write,
    run,
    read: (path) => readFile(join(root, path), "utf8"),
    shown: async (folder, words, options) => {
      const { exit, stdout, stderr } = await run(folder, words, options);
      return normal(`${folder} $ belay ${words.join(" ")}\n${stdout}${stderr === "" ? "" : `[stderr]\n${stderr}`}[exit ${exit}]\n`, root);
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
}

/** Pauses take a hundredth of their time, and the clock goes on as if they had taken all of it. */
const hurried = (skipped: SkippedTime): Runtime => ({
  now: () => Date.now() + Math.round(skipped.ms),
  sleep: async (ms, signal) => {
    await pause(ms / 100, undefined, { signal });
    skipped.ms += ms * 0.99;
  },
  nonce: () => randomBytes(8).toString("hex"),
  sha256,
});

async function runIn(
  cwd: string,
  words: readonly string[],
  { answer, typing, env = {}, onStart, onText, runtime }: RunOptions & { readonly runtime?: Runtime },
): Promise<Finished> {
  const isTty = answer !== undefined || typing !== undefined;
  const [stdout, stderr] = [collector(isTty, onText), collector(isTty, onText)];
  const stdin = Object.assign(typing ?? Readable.from(answer === undefined ? [] : [answer]), { isTTY: isTty });
  const exit = await runCli({
    argv: words,
    env: { NO_COLOR: "1", GIT_CEILING_DIRECTORIES: dirname(dirname(cwd)), ...env },
    cwd,
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    version: "0.0.0",
    now: () => Date.now(),
    openWorkbench: (config, site, options) =>
      openWorkbench(config, site, { ...options, by: options.by ?? "Wren", ...(runtime && { runtime }) }),
    openRecords: (config, kind, options) =>
      openRecords(config, kind, { ...options, by: options.by ?? "Wren", ...(runtime && { runtime }) }),
    detectActor,
    startSandbox,
    runGuard: async () => await Promise.resolve(),
    openInstaller: async (about) => await Promise.resolve(openInstaller(about)),
    openAttacker: async (about) => await Promise.resolve(openAttacker(about)),
    onInterrupt: (listener) => {
      onStart?.(listener);
      return () => undefined;
    },
    exitNow: () => undefined,
    program: ["belay"],
    packageFolder: cwd,
  });
  return { exit, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(
  isTty: boolean,
  onText: (text: string) => void = () => undefined,
): { readonly stream: Writable & { isTTY: boolean }; readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const text = chunk.toString("utf8");
      chunks.push(text);
      onText(text);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY: isTty }), text: () => chunks.join("") };
}

/** Times, plan ids and the folder differ from run to run; everything else must not. */
const normal = (text: string, root: string): string =>
  text
    .replaceAll(root, "/world")
    .replaceAll(/\b\d{1,2} [A-Z][a-z]{2} \d{2}:\d{2} \(just now\)/gu, "TODAY (just now)")
    .replaceAll(/\b\d{1,2} [A-Z][a-z]{2} \d{2}:\d{2}\b/gu, "TODAY")
    .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z/gu, "UTC-TIME")
    .replaceAll(/(plan |--confirm |apply )[0-9a-f]{12}/gu, "$1PLAN-ID")
    .replaceAll(/\bw[0-9a-f]{6}\b/gu, "WARNING")
    // Days of one digit and of two set columns differently.
    .replaceAll(/^.*(?:TODAY| when ).*$/gmu, (line) => line.replaceAll(/(?<=\S) {2,}/gu, "  "));
