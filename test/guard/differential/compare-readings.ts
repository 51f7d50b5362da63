/** Whether the guard sees whatever the other parser found. */

import { parseScript } from "../../../src/codecs/shell-script/parse-script.ts";
import { effectsOfCommand } from "../../../src/core/guard/effects-of-command.ts";
import { builtins } from "../../../src/core/guard/shell/builtins.ts";
import { hole } from "../../../src/core/guard/word.ts";
import { factsOf, folder } from "../shell/seen.ts";
import { peelScript, type PeeledCall } from "./peel-script.ts";

interface GuardSight {
  readonly programs: readonly (readonly string[])[];
  /** Absolute paths; a hole where a descriptor or anything else that is no file is meant. */
  readonly files: readonly string[];
}

/** Programs are told and not followed: what `sudo` or `xargs` start is a matter of other tests. */
export function guardSight(text: string): GuardSight {
  const programs: (readonly string[])[] = [];
  const effects = effectsOfCommand(
    text,
    { cwd: folder },
    {
      parse: parseScript,
      facts: factsOf(),
      read: ({ argv }) => {
        programs.push(argv);
        return { effects: [], nested: [] };
      },
    },
  );
  return { programs, files: effects.flatMap(({ destination }) => (destination.kind === "file" ? [destination.path] : [])) };
}

interface Lost {
  readonly what: string;
  readonly isInFunction: boolean;
}

/**
 * What the other parser finds in a text and the guard does not see, as lines of text. The guard may leave out what it has decided that it is not
 * run, and nothing else: where every decision is left to a program that nobody knows, it must see all. And it may leave out the body of a
 * function that is not called, which it must see where that is read by itself.
 */
export function lostIn(text: string): readonly string[] {
  if (lost(text).length === 0) return [];
  const open = withOpenDecisions(text);
  const left = lost(open);
  const inBodies = left.some(({ isInFunction }) => isInFunction) ? peelScript(open).functions.flatMap(({ body }) => lostIn(body)) : [];
  return [...left.flatMap(({ what, isInFunction }) => (isInFunction ? [] : [what])), ...inBodies].map((line) => line.replaceAll(hole, "□"));
}

function lost(text: string): readonly Lost[] {
  const found = peelScript(text);
  const sight = guardSight(text);
  const replaced = new Set([...found.functions.map(({ name }) => name), ...aliasesIn(text)]);
  const programs = found.calls.flatMap((call) => {
    const words = programWords(call, replaced);
    if (words === undefined || sight.programs.some((argv) => fits(words, argv))) return [];
    return [{ what: words.join(" "), isInFunction: call.functions.length > 0 }];
  });
  const files = found.writes.flatMap(({ path, functions }) =>
    isSink(path) || sight.files.some((file) => isWritten(path, file)) ? [] : [{ what: `> ${path}`, isInFunction: functions.length > 0 }],
  );
  const unread = found.unread.map((part) => ({ what: `cannot be taken apart: ${part}`, isInFunction: false }));
  return [...programs, ...files, ...unread];
}

/** Tests of `[[ ]]` and sums stay as they are; nothing is decided by them where a program follows. */
const whole = /(\[\[\s[\s\S]*?\s\]\]|\(\([\s\S]*?\)\))/;

/** The same text with `maybe`, of which nobody knows how it ends, wherever something is decided, and instead of what ends a way. */
function withOpenDecisions(text: string): string {
  return text
    .split(whole)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/&&|\|\|/g, "; maybe $&")))
    .join("")
    .replaceAll(/([;\n]\s*)then\b/g, "$1maybe; then")
    .replaceAll(/\b(while|until)\b([\s\S]*?[;\n]\s*)do\b/g, "$1$2maybe; do")
    .replaceAll(/\bcase\s+(?:"[^"]*"|'[^']*'|\S+)\s+in\b/g, 'case "$maybe" in')
    .replaceAll(/(?<![\w./$'"-])(?:exit|return|break|continue|exec)(?=[\s;)&|]|$)/g, "maybe");
}

const aliasesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\balias(?:\s+[\w-]+=(?:'[^']*'|"[^"]*"|\S+))+/g)].flatMap(([words]) =>
    [...words.matchAll(/([\w-]+)=/g)].flatMap(([, name]) => name ?? []),
  );

/** These run what follows their options. */
const forwards: ReadonlySet<string> = new Set(["command", "builtin", "exec", "noglob", "nocorrect", "-"]);

/** The program that a call must show up as; `undefined` where the shell does the work itself: its own commands, functions, aliases. */
function programWords(call: PeeledCall, replaced: ReadonlySet<string>): readonly string[] | undefined {
  const { words } = call;
  const [name = "", ...rest] = words;
  if (replaced.has(name)) return undefined;
  if (forwards.has(name)) {
    const at = rest.findIndex((word) => !word.startsWith("-"));
    const isAsked = name === "command" && rest.slice(0, Math.max(at, 0)).some((word) => /^-\w*[vV]/.test(word));
    return at < 0 || isAsked || name === "exec" ? undefined : programWords({ ...call, words: rest.slice(at) }, replaced);
  }
  const isOwn = name === "printf" ? rest[0] === "-v" : builtins.has(name);
  return isOwn ? undefined : words;
}

const separator = "\u0001";

/** Whether `argv` is a filling of the words. A hole of the words may be any part of it, also several words or none. */
function fits(words: readonly string[], argv: readonly string[]): boolean {
  // A word that is nothing but a hole takes the separators beside it.
  const pattern = words
    .join(separator)
    .replaceAll(new RegExp(`${separator}?(?<=^|${separator})${hole}+(?=${separator}|$)${separator}?`, "g"), hole);
  const text = argv.join(separator);
  const [first = "", ...pieces] = pattern.split(hole);
  const last = pieces.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces) {
    const next = text.indexOf(piece, at);
    if (next < 0) return false;
    at = next + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

const isSink = (path: string): boolean => /^\/dev\/(?:null|stdin|stdout|stderr|tty|zero|fd\/\d+)$/.test(path);

/** The guard knows the folder, so of a path that climbs its last part is compared. */
function isWritten(path: string, file: string): boolean {
  const own = path.replaceAll(/(?:^|(?<=\/))\.{1,2}\//g, "");
  return own.startsWith("/") || own.startsWith(hole) ? fits([own], [file]) : fits([`${hole}/${own}`], [file]);
}
