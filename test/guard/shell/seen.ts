/** What the guard sees of a command, for tests: every invocation as a line of text, and every effect. */

import { parseScript } from "../../../src/codecs/shell-script/parse-script.ts";
import type { Effect, Place } from "../../../src/core/guard/effect.ts";
import { effectsOfCommand } from "../../../src/core/guard/effects-of-command.ts";
import type { Invocation } from "../../../src/core/guard/invocation.ts";
import { readInvocation } from "../../../src/core/guard/read-invocation.ts";
import type { ReaderFacts } from "../../../src/core/guard/reading.ts";
import { hole } from "../../../src/core/guard/word.ts";
import { wrapperReader } from "../../../src/core/guard/wrappers/wrapper-reader.ts";

export type Files = Readonly<Record<string, string>>;

export const folder = "/work/site";

/** `files`: by absolute path, or relative to the working folder. */
export function factsOf(files: Files = {}): ReaderFacts {
  const texts = new Map(Object.entries(files).map(([path, text]) => [path.startsWith("/") ? path : `${folder}/${path}`, text]));
  return {
    readFile: (path) => {
      const text = texts.get(path);
      return text === undefined ? undefined : { kind: "text", text };
    },
    listFolder: (path) => [
      ...new Set(
        [...texts.keys()].filter((each) => each.startsWith(`${path}/`)).map((each) => each.slice(path.length + 1).split("/")[0] ?? ""),
      ),
    ],
    homeFolder: "/home/ann",
  };
}

const shown = (word: string): string => word.replaceAll(hole, "□");

/** Holes are shown as □. Programs are told, not followed, unless they are wrappers. */
export function programsOf(text: string, files: Files = {}, isFollowed = true): readonly Invocation[] {
  const seen: Invocation[] = [];
  effectsOfCommand(
    text,
    { cwd: folder },
    {
      parse: parseScript,
      facts: factsOf(files),
      read: (invocation, facts) => {
        seen.push(invocation);
        return isFollowed ? wrapperReader(invocation, facts) : undefined;
      },
    },
  );
  return seen;
}

export const linesOf = (text: string, files: Files = {}): readonly string[] =>
  programsOf(text, files).map(({ argv }) => argv.map(shown).join(" "));

export const effectsOf = (text: string, files: Files = {}): readonly Effect[] =>
  effectsOfCommand(text, { cwd: folder }, { parse: parseScript, facts: factsOf(files), read: readInvocation });

/** One line for each effect that changes something: `delete bucket shop-live/x`. What a program is handed is not yet a change. */
export const changesOf = (text: string, files: Files = {}): readonly string[] =>
  effectsOf(text, files)
    .filter(({ verb, destination }) => verb !== "read" && !(verb === "delegate" && destination.kind === "file"))
    .map(({ verb, destination }) => `${verb} ${destination.kind}${placeOf(destination)}`);

function placeOf(destination: Place): string {
  if (destination.kind === "bucket")
    return ` ${shown(destination.name)}${destination.key === undefined ? "" : `/${shown(destination.key)}`}`;
  return destination.kind === "file" ? ` ${shown(destination.path)}` : "";
}
