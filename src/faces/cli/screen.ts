/** Where the command line writes: data to stdout, prose and progress to stderr. */

import picocolors from "picocolors";
import type { Progress } from "../../operations/workbench.ts";
import { plain } from "./plain-text.ts";
import { cutTo } from "./text-width.ts";

export type Paint = ReturnType<typeof picocolors.createColors>;

/** What the command line needs of a stream; `process.stdout` is one. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a renderer needs to know of the place where its lines will stand. */
export interface View {
  readonly columns: number;
  readonly paint: Paint;
  readonly nowMs: number;
  readonly isVerbose: boolean;
  /** The site that commands to be pasted have to name; absent where belay.yaml has one, or it is not known yet. */
  readonly site?: string | undefined;
}

export interface Screen {
  /** Data: lines on stdout. */
  print(lines: string | readonly string[]): void;
  /** Prose for people: lines on stderr. */
  tell(lines: string | readonly string[]): void;
  /** A question on stderr, without a line end. */
  ask(question: string): void;
  /** Shows one line of progress in place, where stderr is a terminal. */
  readonly report: (progress: Progress) => void;
  /** How data looks, and how prose does: each stream decides on colour for itself. */
  readonly data: View;
  readonly prose: View;
  /** Commands that are shown from now on name this site. */
  readonly nameSite: (site: string) => void;
}

export interface ScreenSetup {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: NodeJS.ProcessEnv;
  readonly wantsColour: boolean;
  readonly isVerbose: boolean;
  readonly now: () => number;
}

const columnsMin = 60;
const columnsDefault = 80;
/** Prose in longer lines is hard to read. */
const columnsMax = 100;
const progressPauseMs = 84;
/** Short work shows no progress at all: nothing flickers. */
const progressAfterMs = 250;

export function openScreen({ stdout, stderr, env, wantsColour, isVerbose, now }: ScreenSetup): Screen {
  const startedAtMs = now();
  let shownAtMs = 0;
  let isShown = false;
  let named: string | undefined;
  const erase = (): void => {
    if (isShown) stderr.write("\r\u001b[2K");
    isShown = false;
  };
  const viewOf = (stream: OutputStream): View => ({
    columns: columnsOf(stream, env),
    paint: picocolors.createColors(wantsColour && isColoured(stream, env)),
    nowMs: startedAtMs,
    isVerbose,
    get site() {
      return named;
    },
  });
  return {
    data: viewOf(stdout),
    prose: viewOf(stderr),
    nameSite: (site) => {
      named = site;
    },
    print: (lines) => {
      erase();
      stdout.write(ended(lines));
    },
    tell: (lines) => {
      erase();
      stderr.write(ended(lines));
    },
    ask: (question) => {
      erase();
      stderr.write(question);
    },
    report: (progress) => {
      const nowMs = now();
      if (stderr.isTTY !== true || nowMs - startedAtMs < progressAfterMs || nowMs - shownAtMs < progressPauseMs) return;
      shownAtMs = nowMs;
      isShown = true;
      stderr.write(`\r\u001b[2K${cutTo(progressText(progress), columnsOf(stderr, env) - 1)}`);
    },
  };
}

const ended = (lines: string | readonly string[]): string =>
  typeof lines === "string" ? `${lines}\n` : lines.map((line) => `${line}\n`).join("");

function progressText({ phase, done, total, path }: Progress): string {
  const count = total === undefined ? "" : ` ${done}/${total}`;
  return `${phase}${count}${path === undefined ? "" : `  ${plain(path)}`}`;
}

function columnsOf(stream: OutputStream, env: NodeJS.ProcessEnv): number {
  const told = stream.columns ?? Number(env["COLUMNS"] ?? "");
  const columns = Number.isFinite(told) && told > 0 ? told : columnsDefault;
  return Math.min(Math.max(columns, columnsMin), columnsMax);
}

/** https://no-color.org and FORCE_COLOR, then whether anybody sees it. */
function isColoured(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
