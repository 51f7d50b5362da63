import { setTimeout as sleep } from "node:timers/promises";
import picocolors from "picocolors";

const columns = 80;
/** The most lines of one command's output that are shown; what is left out is counted. */
const outputLinesMax = 120;

/** Tells the story: short plain sentences, at most 80 columns, and real output as it came. */
export interface Narrator {
  /** Begins an act. */
  act(title: string): Promise<void>;
  say(text: string): void;
  /** An empty line, unless there is one already. */
  gap(): void;
  /** A line that is not wrapped: an address, a path, a line of a file. */
  line(text: string): void;
  /** A command as a person would type it, in the folder called `where`; a brief one stands close to the line before. */
  command(where: string, argv: readonly string[], isBrief: boolean): void;
  /** What a command printed. */
  output(text: string): void;
  /** Says what is so; throws `ClaimFailed` if it is not. */
  claim(text: string, holds: boolean): void;
  /** Says what is so and bad for visitors; throws `ClaimFailed` if it is not so. */
  loss(text: string, holds: boolean): void;
  /** Says nothing unless it is not so: throws `ClaimFailed`. */
  check(text: string, holds: boolean): void;
  /** One thing that was seen, good or bad, without judging the demo by it. */
  seen(text: string, isGood: boolean): void;
  pause(): Promise<void>;
}

/** A claim of the demo did not hold: belay, or the demo, does not do what it says. */
export class ClaimFailed extends Error {
  override readonly name = "ClaimFailed";
}

export interface NarratorOptions {
  readonly out: NodeJS.WritableStream;
  readonly colour: boolean;
  /** How long to rest after a paragraph; 0 off a terminal. */
  readonly paceMs: number;
  readonly signal: AbortSignal;
}

/** A narrator that writes to a stream. */
export function narrate({ out, colour, paceMs, signal }: NarratorOptions): Narrator {
  const paint = picocolors.createColors(colour);
  let isOpen = true;
  const write = (text: string): void => {
    isOpen = text === "";
    out.write(`${text}\n`);
  };
  const gap = (): void => {
    if (!isOpen) write("");
  };
  const marked = (mark: string, text: string): void => {
    const [first = "", ...rest] = wrapped(text, "  ");
    write([`${mark} ${first.trimStart()}`, ...rest].join("\n"));
  };
  let acts = 0;
  const pause = async (): Promise<void> => {
    if (paceMs > 0) await sleep(paceMs, undefined, { signal });
  };
  return {
    pause,
    async act(title) {
      if (acts > 0) await pause();
      acts += 1;
      gap();
      // Neither cyan nor dim: both are hard to read on a light ground.
      write(paint.bold(`${acts}. ${title}`));
      gap();
    },
    say: (text) => write(wrapped(text, "").join("\n")),
    gap,
    line: (text) => write(`  ${printable(text)}`),
    command: (where, argv, isBrief) => {
      if (!isBrief) gap();
      const [first = "", ...rest] = commandLines(argv, `${where} $ `.length);
      write([`${where} $ ${paint.bold(first)}`, ...rest.map((line) => `    ${paint.bold(line)}`)].join("\n"));
    },
    output: (text) => {
      if (text.trim() === "") return;
      const lines = text.trimEnd().split("\n");
      for (const shown of lines.slice(0, outputLinesMax)) write(`  ${shown}`.trimEnd());
      if (lines.length > outputLinesMax) write(`  … and ${lines.length - outputLinesMax} more lines`);
      gap();
    },
    claim: (text, holds) => {
      check(text, holds);
      marked(paint.green("✔"), text);
    },
    loss: (text, holds) => {
      check(text, holds);
      marked(paint.red("✖"), text);
    },
    check,
    seen: (text, isGood) => write(`  ${isGood ? paint.green("✔") : paint.red("✖")} ${printable(text)}`),
  };
}

function check(text: string, holds: boolean): void {
  if (!holds) throw new ClaimFailed(text);
}

/** The text in lines of at most 80 columns; a word that is longer stays whole. */
export function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of printable(text).split(" ")) {
    const isFirst = line === indent;
    if (!isFirst && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = indent + word;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** A command in lines that a shell takes as one. A word that is longer than a line stays whole. */
function commandLines(argv: readonly string[], promptColumns: number): string[] {
  const words = argv.map(quoted);
  const whole = words.join(" ");
  if (promptColumns + widthOf(whole) <= columns) return [whole];
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const room = columns - (lines.length === 0 ? promptColumns : 4) - 2;
    if (line !== "" && widthOf(line) + 1 + widthOf(word) > room) {
      lines.push(`${line} \\`);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Code points, near enough to columns for the demo's own words. */
const widthOf = (text: string): number => Array.from(text).length;

/** Outside text may hold characters that terminals obey; they are shown as `?`. */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const printable = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, "?");

/** A word of a command line, quoted where a shell would need it. */
export const quoted = (word: string): string =>
  /^[\p{L}\p{N}_./:@%+=,-]+$/u.test(word) ? printable(word) : `'${printable(word).replaceAll("'", "'\\''")}'`;
