/** Editors and pagers with commands on their command line or their input: vim, ex, ed, emacs, less. */

import type { Effect } from "../effect.ts";
import type { Invocation, Nested } from "../invocation.ts";
import { nothing } from "../reading.ts";
import type { Reading } from "../reading.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { absolutePath } from "../absolute-path.ts";
import { startOf } from "./code-start.ts";
import { readLisp } from "./lisp.ts";
import { own } from "./own.ts";
import { joined } from "./readings.ts";

interface Session {
  readonly invocation: Invocation;
  readonly program: string;
  readonly effects: Effect[];
  readonly nested: Nested[];
  /** Files that are open, and so written by `:w`. */
  readonly files: readonly Word[];
}

const shell = (session: Session, text: Word): void => {
  if (text.trim() !== "") session.nested.push({ kind: "shell", text: text.trim(), at: {}, through: session.program });
};

function writes(session: Session, paths: readonly Word[]): void {
  for (const path of paths) {
    session.effects.push({
      tool: `${session.program} :w`,
      verb: "write",
      destination: { kind: "file", path: absolutePath(session.invocation.cwd, path) },
      through: session.invocation.through,
    });
  }
}

const range = /^(?:[%.$\d,;+\-\s]|'[a-z<>]|\/(?:[^/\\]|\\.)*\/|\?[^?]*\?)*/;
const modifiers =
  /^(?:sil(?:ent)?!?|verb(?:ose)?|noa(?:utocmd)?|keepj(?:umps)?|bufdo|argdo|windo|tabdo|cdo|cfdo|lockm(?:arks)?|vert(?:ical)?|tab|exe(?:cute)?|g(?:lobal)?!?\/(?:[^/\\]|\\.)*\/|v\/(?:[^/\\]|\\.)*\/)\s*/;
const codeWords: Readonly<Record<string, "python" | "ruby" | "perl" | "other">> = {
  py: "python",
  py3: "python",
  python: "python",
  python3: "python",
  pyx: "python",
  ruby: "ruby",
  rub: "ruby",
  perl: "perl",
  perld: "perl",
  lua: "other",
};
const depthMax = 12;

/** One command of vim or ex, without its colon. */
function viCommand(session: Session, command: Word, depth: number): void {
  const text = command.replace(/^[\s:]+/, "");
  if (depth > depthMax || text === "" || text.startsWith('"')) return;
  const modified = modifiers.exec(text)?.[0];
  if (modified === undefined) {
    plainCommand(session, text.slice(range.exec(text)?.[0].length ?? 0));
    return;
  }
  const rest = text.slice(modified.length);
  // `:exe '!aws …'`: literal texts one behind the other.
  viCommand(session, modified.startsWith("exe") ? unquoted(rest) : rest, depth + 1);
}

const escapes = /^(?:(?:r(?:ead)?\s*|w(?:rite)?\s+)?!+|(?:ter(?:minal)?|sh(?:ell)?|make?!?|cex(?:pr)?)\s+)([\s\S]*)$/;
const writing =
  /^(?:w(?:rite|q)?|wq?a(?:ll)?|x(?:it|a|all)?|up(?:date)?|exi?t?|sav(?:eas)?|wn(?:ext)?)!?(?:\s+(?:>>\s*|\+\+\w+\s+)?(\S[\s\S]*))?$/;

/** A command without range and modifiers. */
function plainCommand(session: Session, bare: Word): void {
  const escape = escapes.exec(bare)?.[1];
  if (escape !== undefined) {
    shell(session, escape.replaceAll(/(?<!\\)%/g, session.files[0] ?? hole));
    return;
  }
  systemCalls(session, bare);
  const [, word = "", code = ""] = /^(\w+)\s+([\s\S]+)$/.exec(bare) ?? [];
  const language = own(codeWords, word);
  if (language !== undefined) session.nested.push({ kind: "code", language, text: code, through: session.program });
  const written = writing.exec(bare);
  if (written !== null) writes(session, written[1] === undefined ? session.files : [written[1].trim()]);
}

/** `'a' . 'b'` → ab; what is no literal stays open. */
function unquoted(text: Word): Word {
  const pieces = [...text.matchAll(/'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)"|([^'"\s.]+)/g)];
  return pieces.map((piece) => piece[1] ?? piece[2]?.replaceAll(/\\(.)/g, "$1") ?? hole).join("");
}

const systemCall = /\b(?:system|systemlist|job_start|jobstart|termopen|term_start|os\.execute|io\.popen|libcall)\s*\(([^)]*)/g;

function systemCalls(session: Session, text: Word): void {
  for (const found of text.matchAll(systemCall)) {
    const list = /^\s*\[([\s\S]*)\]?/.exec(found[1] ?? "");
    if (list === null) shell(session, unquoted(found[1] ?? ""));
    else session.nested.push({ kind: "argv", argv: (list[1] ?? "").split(",").map(unquoted), at: {}, through: session.program });
  }
}

/** Commands of one line: `|` parts them, except behind `!`, which takes the rest. */
function viLine(session: Session, line: Word): void {
  let rest = line;
  for (let taken = 0; taken < 200 && rest !== ""; taken += 1) {
    const bar = /^(?:[^|\\"'!]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|"|')*/.exec(rest)?.[0].length ?? rest.length;
    if (rest.charAt(bar) === "!") {
      viCommand(
        session,
        rest.includes("|") && /^[\s:]*(?:w|wq|x|up|sil(?:ent)?|q|qa|wa|e|b|n|noh)!\s*\|/.test(rest)
          ? rest.slice(0, rest.indexOf("|"))
          : rest,
        0,
      );
      if (!/^[\s:]*(?:w|wq|x|up|q|qa|wa|e|b|n)!\s*\|/.test(rest)) return;
      rest = rest.slice(rest.indexOf("|") + 1);
      continue;
    }
    viCommand(session, rest.slice(0, bar), 0);
    rest = rest.slice(bar + 1);
  }
}

const valuedOfVi = new Set(["-u", "-U", "-i", "-T", "-w", "-W", "-s", "-t", "-q", "--listen", "--server", "--startuptime"]);

/** vim, ex and their kin. */
export function viReading(invocation: Invocation, program: string): Reading {
  const line: ViLine = { commands: [], files: [], scripts: [], isSilent: program === "ex" };
  const words = invocation.argv.slice(1);
  for (let at = 0; at < words.length;) at += viWord(words[at] ?? "", words[at + 1] ?? "", line);
  const nested = line.scripts.map((path): Nested => ({
    kind: "file",
    path: absolutePath(invocation.cwd, path),
    as: "other",
    args: [],
    through: program,
  }));
  const session: Session = { invocation, program, effects: [], nested, files: line.files };
  const typed = line.isSilent ? (invocation.stdin ?? "").split("\n").slice(0, 2000) : [];
  for (const command of [...line.commands.flatMap((each) => each.split("\n")), ...typed]) viLine(session, command);
  return session;
}

interface ViLine {
  readonly commands: Word[];
  readonly files: Word[];
  readonly scripts: Word[];
  isSilent: boolean;
}

const commandOptions = new Set(["-c", "--cmd", "--remote-send", "--remote-expr"]);

/** Gives how many words were taken. */
function viWord(word: Word, next: Word, line: ViLine): number {
  const clustered = /^-[eEsR]{1,3}c$/.test(word);
  if (clustered) line.isSilent = true;
  if (commandOptions.has(word) || clustered) line.commands.push(next);
  else if (word === "-S") line.commands.push(`source ${next}`);
  else if (word === "-l") line.scripts.push(next);
  else if (!valuedOfVi.has(word) || /^-[eEs]{1,3}$/.test(word)) {
    if (/^-c./.test(word)) line.commands.push(word.slice(2));
    else if (word.startsWith("+")) line.commands.push(word.slice(1));
    else if (/^-[eEs]{1,3}$/.test(word)) line.isSilent = true;
    else if (!word.startsWith("-")) line.files.push(word);
    return 1;
  }
  return 2;
}

/** ed: commands on its input; what is put in between `a` and `.` is text. */
export function edReading(invocation: Invocation): Reading {
  const files = invocation.argv.slice(1).filter((word) => !word.startsWith("-"));
  const session: Session = { invocation, program: "ed", effects: [], nested: [], files };
  for (const file of files) if (file.startsWith("!")) shell(session, file.slice(1));
  let isText = false;
  for (const line of (invocation.stdin ?? "").split("\n").slice(0, 20_000)) {
    if (isText) {
      isText = line !== ".";
      continue;
    }
    const bare = line.slice(range.exec(line)?.[0].length ?? 0);
    isText = /^[aic]$/.test(bare.trim());
    const escape = /^(?:[rewW]\s*)?!([\s\S]*)$/.exec(bare);
    if (escape !== null) shell(session, escape[1] ?? "");
    else if (/^[wW]q?(?:\s|$)/.test(bare)) writes(session, bare.trim().length <= 2 ? files : [bare.replace(/^[wW]q?\s+/, "").trim()]);
    else if (line === hole) writes(session, files);
  }
  return session;
}

/** `less +!cmd file`, `more '+!cmd'`, `man -P cmd`. */
export function pagerReading(invocation: Invocation): Reading {
  const texts = invocation.argv.slice(1).flatMap((word) => {
    const found = /^\+{1,2}[\s\d]*!([\s\S]+)$/.exec(word)?.[1];
    return found === undefined ? [] : [found];
  });
  const piped = /^\|-?(.*)$/.exec(invocation.env.get("LESSOPEN") ?? "")?.[1];
  const all = piped === undefined ? texts : [...texts, piped];
  return { effects: [], nested: all.map((text): Nested => ({ kind: "shell", text, at: {}, through: "less" })) };
}

/** emacs: `--eval EXPR`, `--script FILE`. */
export function emacsReading(invocation: Invocation): Reading {
  const words = invocation.argv.slice(1);
  const start = startOf(invocation, "emacs", []);
  const readings: Reading[] = [];
  const files: Word[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const attached = /^--?(?:eval|execute)=([\s\S]*)$/.exec(word)?.[1];
    const text = attached ?? (/^--?(?:eval|execute)$|^-e$/.test(word) ? words[(at += 1)] : undefined);
    if (!word.startsWith("-") && !word.startsWith("+")) files.push(word);
    if (text !== undefined) readings.push(readLisp(text, start));
    else if (/^(?:-l|--load|--script|-x)$/.test(word)) {
      readings.push({
        effects: [],
        nested: [{ kind: "file", path: absolutePath(invocation.cwd, words[(at += 1)] ?? ""), as: "other", args: [], through: "emacs" }],
      });
    }
  }
  const saved: Session = { invocation, program: "emacs", effects: [], nested: [], files };
  if (words.some((word) => savesBuffers.test(word))) writes(saved, files);
  return readings.length === 0 && saved.effects.length === 0 ? nothing : joined([...readings, saved]);
}

const savesBuffers = /\b(?:basic-save-buffer|save-(?:some-)?buffers?(?:-kill-emacs|-kill-terminal)?)\b/;
