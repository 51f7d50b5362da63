/** One run of the command line: its options, and what verbs open when they need it. */

import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { Target } from "../../core/site.ts";
import type { RecordsBench } from "../../operations/records/records-bench.ts";
import type { Context, Workbench } from "../../operations/workbench.ts";
import type { CliSetup } from "./cli-setup.ts";
import type { StartsWriting } from "./interruption.ts";
import { nearest } from "./nearest.ts";
import { plain, shellWord } from "./plain-text.ts";
import type { Screen } from "./screen.ts";

/** The options that every verb takes. */
export interface Globals {
  readonly isJson: boolean;
  readonly site: string | undefined;
  readonly config: string | undefined;
  readonly by: string | undefined;
  /** How long to wait for a lease that somebody else holds. */
  readonly waitMs: number;
}

export interface Session {
  readonly setup: CliSetup;
  readonly globals: Globals;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Called right before a target is written to, so that an interruption is told rightly. */
  readonly startsWriting: StartsWriting;
  /** belay.yaml, found from the working folder upwards; read once. */
  readonly config: () => Promise<Config>;
  /** The site's stores and state; opened once. */
  readonly bench: () => Promise<Workbench>;
  readonly context: () => Promise<Context>;
  /** A kind of record as belay.yaml names it, with its systems and the state. */
  readonly records: (kind: string) => Promise<RecordsBench>;
}

export type SessionSetup = Pick<Session, "setup" | "globals" | "screen" | "signal" | "startsWriting">;

export function openSession({ setup, globals, screen, signal, startsWriting }: SessionSetup): Session {
  let reading: Promise<Config> | undefined;
  let opening: Promise<Workbench> | undefined;
  const config = (): Promise<Config> => (reading ??= readConfig(setup, globals.config));
  const bench = (): Promise<Workbench> =>
    (opening ??= config().then((found) => {
      if (found.sites.length > 1 && globals.site !== undefined) screen.nameSite(globals.site);
      return setup.openWorkbench(found, globals.site, { env: setup.env, ...(globals.by === undefined ? {} : { by: globals.by }) });
    }));
  const context = async (): Promise<Context> => {
    const { actor } = await bench();
    return { signal, report: screen.report, isAttended: hasTerminal(setup) && actor.kind !== "agent" };
  };
  const records = async (kind: string): Promise<RecordsBench> => {
    const found = await config();
    const opened = await setup.openRecords(found, kind, { env: setup.env, ...(globals.by === undefined ? {} : { by: globals.by }) });
    if (found.sites.length > 1) screen.nameSite(globals.site ?? opened.home.site.name);
    return opened;
  };
  return { setup, globals, screen, signal, startsWriting, config, bench, context, records };
}

/** Somebody can read a question and type an answer. */
export const hasTerminal = ({ stdin, stderr }: CliSetup): boolean => stdin.isTTY === true && stderr.isTTY === true;

/** The parsers load only with the first file that is read. */
async function readConfig({ cwd }: CliSetup, named: string | undefined): Promise<Config> {
  const [{ findConfig, findConfigsBelow }, { parseConfig }] = await Promise.all([
    import("../../config/find-config.ts"),
    import("../../config/load-config.ts"),
  ]);
  const file = named === undefined ? await findConfig(cwd, isFile) : resolve(cwd, named);
  if (file === undefined) {
    const below = await findConfigsBelow(cwd, { foldersIn, exists: isFile });
    throw noConfig(
      cwd,
      below.map((one) => dirname(relative(cwd, one))),
    );
  }
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new BelayError("config-missing", `${plain(file)} cannot be read.`, "Name a belay.yaml that can be read: --config FILE", {
      cause,
    });
  });
  return parseConfig(text, file);
}

const shownMax = 3;

function noConfig(cwd: string, below: readonly string[]): BelayError {
  const message = `There is no belay.yaml in ${plain(cwd)} or above it`;
  const [first] = below;
  if (first === undefined) return new BelayError("config-missing", `${message}.`, "belay init");
  const shown = [...below.slice(0, shownMax), ...(below.length > shownMax ? ["…"] : [])].map(plain).join(", ");
  return new BelayError("config-missing", `${message}; below it: ${shown}.`, `cd ${shellWord(first)}   (and run it there)`);
}

const foldersIn = async (path: string): Promise<readonly string[]> => {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
};

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** The one target of a command (D2). */
export function targetOf({ setup }: Pick<Session, "setup">, bench: Workbench, name: string): Target {
  const { targets } = bench.site;
  const target = targets.find((one) => one.name === name);
  if (target) return target;
  const names = targets.map((one) => one.name);
  const near = nearest(name, names);
  const first = near ?? names[0] ?? "TARGET";
  throw new BelayError(
    "usage",
    `There is no target “${plain(name)}” in belay.yaml. Its targets: ${names.join(", ")}.`,
    commandLine(setup, { replaced: name, by: first }),
  );
}

/** The command that is running, as it can be pasted: with a word replaced, or words left out and others added. */
export function commandLine(
  { argv }: Pick<CliSetup, "argv">,
  change: {
    readonly replaced?: string;
    readonly by?: string;
    readonly without?: readonly string[];
    readonly added?: readonly string[];
  } = {},
): string {
  const words: string[] = [];
  const { replaced, by = "", without = [], added = [] } = change;
  for (const [at, word] of argv.entries()) {
    const isValueOfDropped = without.includes(`${argv[at - 1] ?? ""} VALUE`) || without.includes(`${word.split("=", 1)[0] ?? ""} VALUE`);
    if (without.includes(word) || without.includes(`${word} VALUE`) || isValueOfDropped) continue;
    words.push(word === replaced ? by : word);
  }
  return ["belay", ...words.map(shellWord), ...added].join(" ");
}

/** A path as a person in this folder would type it. */
export function shownPath({ cwd }: Pick<CliSetup, "cwd">, path: string): string {
  const near = relative(cwd, path);
  return plain(near === "" ? "." : near.startsWith("../../..") ? path : near);
}
