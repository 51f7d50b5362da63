/** What is wrong with a belay.yaml, each with its line, told in one error. */

import { closestMatch } from "leven";

import { BelayError } from "../core/belay-error.ts";

/** Keys from the top of the file down; a number is a place in a list, from 0. */
export type KeyPath = readonly (string | number)[];

export interface Problem {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** Empty where the file as a whole, or its syntax, is meant. */
  readonly path: KeyPath;
  /** A clause that follows the key path: `must be text, but is 12`. */
  readonly says: string;
}

/** Notes one problem at the value under a path, or at the key itself. */
export type Report = (path: KeyPath, says: string, part?: "key" | "value") => void;

const problemsShownMax = 10;
const shownCharsMax = 80;
const suggestionDistanceMax = 3;
// Characters that a terminal obeys or that hide or reorder their neighbours.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Text from a file, fit for a terminal: control and invisible characters become `\uXXXX`. */
export const printable = (text: string): string =>
  text.replace(unprintable, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Text from a file in double quotes, printable and cut to one short line. */
export function quoted(text: string): string {
  const shown = text.length > shownCharsMax ? `${text.slice(0, shownCharsMax)}…` : text;
  return `"${printable(shown)}"`;
}

/** A value from a file in the words of a sentence: `"12"`, `12`, `a list`, `empty`. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "a map";
}

/** `site.targets.staging`, `site.headers[0].match`; parts that are not plain words stand in quotes. */
export function spelledPath(path: KeyPath): string {
  let spelled = "";
  for (const part of path) {
    if (typeof part === "number") spelled += `[${part}]`;
    else spelled += `${spelled === "" ? "" : "."}${/^[\w-]+$/u.test(part) ? part : quoted(part)}`;
  }
  return spelled;
}

/** Ends a sentence about an unknown name: the nearest known one where it is near, otherwise all of them. */
export function suggestion(name: string, known: readonly string[]): string {
  // A name that shares no letter with its nearest neighbour is not a slip of the finger.
  const near = known.filter((candidate) => closestMatch(name, [candidate], { maxDistance: Math.max(name.length, candidate.length) - 1 }));
  const closest = closestMatch(name, near, { maxDistance: suggestionDistanceMax });
  if (closest !== undefined) return `did you mean "${closest}"?`;
  return known.length === 0 ? "there are none" : `known here: ${known.join(", ")}`;
}

/** One `config-invalid` error for all problems, in the order of the file. `problems` holds at least one. */
export function invalidConfig(file: string, problems: readonly Problem[]): BelayError {
  const sorted = problems.toSorted((left, right) => left.line - right.line || left.column - right.column);
  const told = sorted.slice(0, problemsShownMax).map((problem) => asLine(file, problem));
  const rest = sorted.length - told.length;
  const [first] = sorted;
  const message =
    sorted.length === 1
      ? told.join("")
      : [`${file} has ${sorted.length} problems`, ...told.map((line) => `  ${line}`), ...(rest > 0 ? [`  …and ${rest} more`] : [])].join(
          "\n",
        );
  return new BelayError("config-invalid", message, `Correct ${file} at line ${first?.line ?? 1}, then run the command again.`);
}

function asLine(file: string, problem: Problem): string {
  const path = spelledPath(problem.path);
  return `${file}:${problem.line}:${problem.column}: ${path === "" ? "" : `${path} `}${problem.says}`;
}
