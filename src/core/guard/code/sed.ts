/** sed's ways out: the command `e`, the flag `e` of `s`, and files written by `w`. */

import type { Effect } from "../effect.ts";
import type { Invocation, Nested } from "../invocation.ts";
import type { Reading } from "../reading.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { absolutePath } from "../absolute-path.ts";

interface Found {
  readonly shells: Word[];
  readonly writes: Word[];
}

/** From `at`, the next place where `mark` stands unescaped; the text's end where it does not. */
function markAt(text: Word, at: number, mark: string): number {
  for (let index = at; index < text.length; index += 1) {
    if (text.charAt(index) === "\\") index += 1;
    else if (text.charAt(index) === mark) return index;
  }
  return text.length;
}

/** Reads `s/a/b/flags` from its mark on; gives the place behind. */
function substitution(text: Word, at: number, found: Found): number {
  const mark = text.charAt(at);
  const middle = markAt(text, at + 1, mark);
  const end = markAt(text, middle + 1, mark);
  const flags = /[a-zA-Z0-9]*/y;
  flags.lastIndex = end + 1;
  const given = flags.exec(text)?.[0] ?? "";
  const lineEnd = text.indexOf("\n", end);
  const written = given.indexOf("w");
  if (/e/.test(written < 0 ? given : given.slice(0, written)))
    found.shells.push(
      text
        .slice(middle + 1, end)
        .replaceAll(/\\[0-9]|(?<!\\)&/g, hole)
        .replaceAll(/\\(.)/g, "$1"),
    );
  if (written < 0) return end + 1 + given.length;
  const file = text.slice(end + 1 + written + 1, lineEnd < 0 ? text.length : lineEnd).trim();
  if (file !== "") found.writes.push(file);
  return lineEnd < 0 ? text.length : lineEnd;
}

const address = /(?:\d+|\$|\/(?:[^/\\\n]|\\.)*\/[IM]*)(?:~\d+)?(?:,\s*[+~]?(?:\d+|\$|\/(?:[^/\\\n]|\\.)*\/[IM]*))?\s*!?\s*/y;

/** What a script of sed runs and writes. */
function commandsOf(script: Word): Found {
  const found: Found = { shells: [], writes: [] };
  let at = 0;
  while (at < script.length) {
    address.lastIndex = at;
    at += address.exec(script)?.[0].length ?? 0;
    at = commandAt(script, at, found);
  }
  return found;
}

/** Reads the command there; gives the place behind. */
function commandAt(script: Word, at: number, found: Found): number {
  const command = script.charAt(at);
  const mark = script.charAt(at + 1);
  if (command === "s" && /[^\w\s]/.test(mark)) return substitution(script, at + 1, found);
  if (command === "y") return markAt(script, markAt(script, at + 2, mark) + 1, mark) + 1;
  if (!/^[ewWaicrR]$/.test(command)) return at + 1;
  const newline = script.indexOf("\n", at);
  const end = newline < 0 ? script.length : newline;
  const rest = script.slice(at + 1, end).trim();
  if (command === "e") found.shells.push(rest === "" ? hole : rest);
  else if (command === "w" || command === "W") found.writes.push(rest);
  return end;
}

/** The scripts and files of a command line. */
function sedLine(words: readonly Word[]): {
  readonly scripts: readonly Word[];
  readonly files: readonly Word[];
  readonly isInPlace: boolean;
} {
  const scripts: Word[] = [];
  const rest: Word[] = [];
  let isInPlace = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const attached = /^(?:-[nErsuz]*e|--expression=)([\s\S]+)$/.exec(word)?.[1];
    if (attached !== undefined) scripts.push(attached);
    else if (/^(?:-[nErsuz]*e|--expression)$/.test(word)) scripts.push(words[(at += 1)] ?? "");
    else if (/^(?:-f|--file|-l)$/.test(word)) at += 1;
    else if (/^-[nErsuz]*i|^--in-place/.test(word)) isInPlace = true;
    else if (!word.startsWith("-") || word === "-") rest.push(word);
  }
  return scripts.length > 0 ? { scripts, files: rest, isInPlace } : { scripts: rest.slice(0, 1), files: rest.slice(1), isInPlace };
}

/** `undefined` where sed only edits text: that is for the reader of file tools. */
export function sedReading(invocation: Invocation): Reading | undefined {
  const line = sedLine(invocation.argv.slice(1));
  const found = line.scripts.map(commandsOf);
  const shells = found.flatMap((one) => one.shells);
  const writes = found.flatMap((one) => one.writes).filter((path) => !path.startsWith("/dev/std"));
  if (shells.length === 0 && writes.length === 0) return undefined;
  const file = (tool: string, path: Word): Effect => ({
    tool,
    verb: "write",
    destination: { kind: "file", path: absolutePath(invocation.cwd, path) },
    through: invocation.through,
  });
  return {
    effects: [...writes.map((path) => file("sed w", path)), ...(line.isInPlace ? line.files.map((path) => file("sed -i", path)) : [])],
    nested: shells.map((text): Nested => ({ kind: "shell", text, at: {}, through: "sed" })),
  };
}
