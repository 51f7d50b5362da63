/** Consoles of databases and debuggers, and languages that are little more than command lines: Tcl, AppleScript, cmd.exe. */

import type { Effect } from "../effect.ts";
import type { Invocation, Nested } from "../invocation.ts";
import type { Reading } from "../reading.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { absolutePath } from "../absolute-path.ts";
import type { CodeStart } from "./code-start.ts";

const linesMax = 20_000;

const nestedShell = (text: Word, through: string): Nested => ({ kind: "shell", text, at: {}, through });
const fileWrite = (tool: string, path: Word, { cwd, through }: Pick<CodeStart, "cwd" | "through">): Effect => ({
  tool,
  verb: "write",
  destination: { kind: "file", path: absolutePath(cwd, path) },
  through,
});
const linesOf = (text: Word): readonly Word[] => text.split("\n").slice(0, linesMax);
const quotedText = (text: string): Word => text.replace(/^(["'])([\s\S]*)\1$/, "$2");

/** Values of options named `names`, attached or not. */
function optionValues(words: readonly Word[], names: RegExp): readonly Word[] {
  const values: Word[] = [];
  for (const [at, word] of words.entries()) {
    if (names.test(word)) values.push(words[at + 1] ?? "");
    else {
      const attached = /^(--?[\w-]+)=([\s\S]*)$/.exec(word);
      if (attached?.[1] !== undefined && names.test(attached[1])) values.push(attached[2] ?? "");
    }
  }
  return values;
}

/** psql's `\!`, `\o |cmd`, `COPY … TO PROGRAM`; MySQL's `\!` and `system`. */
function sqlEscapes(text: Word): readonly Word[] {
  const escapes = linesOf(text).flatMap((line) => {
    const found = /^\s*(?:\\!|system\s|\\(?:o|g|gx|w)\s*\|)\s*(.+)$/.exec(line)?.[1] ?? /\\!\s*([^\n]+)/.exec(line)?.[1];
    return found === undefined ? [] : [found];
  });
  const programs = [...text.matchAll(/\b(?:to|from)\s+program\s+'((?:[^']|'')*)'/gi)].map((found) =>
    (found[1] ?? "").replaceAll("''", "'"),
  );
  return [...escapes, ...programs];
}

/** psql, mysql, mariadb. */
export function sqlReading(invocation: Invocation, program: string): Reading {
  const words = invocation.argv.slice(1);
  const attached = words.flatMap((word) => (/^-[ce]./.test(word) ? [word.slice(2)] : []));
  const texts = [
    ...optionValues(words, /^(?:-c|-e|--command|--execute)$/),
    ...attached,
    ...(invocation.stdin === undefined ? [] : [invocation.stdin]),
  ];
  return { effects: [], nested: texts.flatMap(sqlEscapes).map((text) => nestedShell(text, program)) };
}

/** sqlite3: `.shell`, `.system`, `.once |cmd`, `.output FILE`, on the command line or its input. */
export function sqliteReading(invocation: Invocation): Reading {
  const words = invocation.argv.slice(1);
  const texts = [...words.filter((word) => word.trimStart().startsWith(".")), ...linesOf(invocation.stdin ?? "")];
  const effects: Effect[] = [];
  const nested: Nested[] = [];
  for (const text of texts) {
    const shell = /^\s*\.(?:shell|system)\s+([\s\S]+)$/.exec(text)?.[1];
    const output = /^\s*\.(?:output|once|log|backup|save|clone)\s+(\S[\s\S]*)$/.exec(text)?.[1]?.trim();
    if (shell !== undefined) nested.push(nestedShell(shell, "sqlite3"));
    else if (output?.replace(/^["']/, "").startsWith("|") === true) nested.push(nestedShell(quotedText(output).slice(1), "sqlite3"));
    else if (output !== undefined) {
      const path = quotedText(output.split(/\s+(?=\S+$)/).at(-1) ?? output);
      effects.push(fileWrite("sqlite3 .output", path, invocation));
    }
  }
  return { effects, nested };
}

/** gdb and lldb: `shell`, `!`, `platform shell`, `python`. */
export function debuggerReading(invocation: Invocation, program: string): Reading {
  const words = invocation.argv.slice(1);
  const commands = [
    ...optionValues(words, /^-{1,2}(?:ex|iex|eval-command|init-eval-command|o|O|k|one-line|one-line-before-file)$/),
    ...linesOf(invocation.stdin ?? ""),
  ];
  const nested: Nested[] = [];
  for (const command of commands) {
    const shell = /^\s*(?:shell|platform\s+shell|!|make|pipe\s[^|]*\||\|[^|]*\|)\s*([\s\S]+)$/.exec(command)?.[1];
    const code = /^\s*(?:python|py|script)\s+([\s\S]+)$/.exec(command)?.[1];
    if (shell !== undefined) nested.push(nestedShell(shell.replace(/^-h\s+/, ""), program));
    if (code !== undefined) nested.push({ kind: "code", language: "python", text: code, through: program });
  }
  const inferior = words.findIndex((word) => word === "--args" || (program === "lldb" && word === "--"));
  if (inferior >= 0 && inferior + 1 < words.length)
    nested.push({ kind: "argv", argv: words.slice(inferior + 1), at: {}, through: program });
  return { effects: [], nested };
}

/** `cmd /c TEXT`: read as a shell would, its own quoting taken off. */
export function cmdReading(invocation: Invocation): Reading {
  const words = invocation.argv.slice(1);
  const at = words.findIndex((word) => /^\/[ckr]$/i.test(word));
  if (at < 0) return { effects: [], nested: [] };
  const text = words
    .slice(at + 1)
    .join(" ")
    .replaceAll(/\^(?=\S)/g, "")
    .replaceAll(/%\w+%/g, hole)
    .replaceAll("\\", "/");
  return { effects: [], nested: text === "" ? [] : [nestedShell(quotedText(text), "cmd /c")] };
}

const tclVariable = /^\s*set\s+(\w+)\s+(?:"([^"$[]*)"|\{([^}]*)\}|([^\s"{[;]+))\s*$/;

/** Tcl and expect: `exec …`, `spawn …`, `system …`, what is sent to a shell. */
export function readTcl(text: Word, start: CodeStart): Reading {
  const env = new Map<string, Word>(start.env);
  const nested: Nested[] = [];
  const effects: Effect[] = [];
  for (const line of linesOf(text.replaceAll(/\\\n\s*/g, " "))) {
    if (/^\s*#/.test(line)) continue;
    const set = tclVariable.exec(line);
    if (set?.[1] !== undefined) env.set(set[1], set.slice(2).find((value) => value !== undefined) ?? hole);
    for (const command of tclCommands(line))
      nested.push({ kind: "shell", text: command.replace(/^\{(.*)\}$/, "$1"), at: { env }, through: "tcl" });
    const opened = /\bopen\s+"?([^\s"|{}\]]+)"?\s+"?[wa]/.exec(line)?.[1];
    if (opened === undefined || opened.startsWith("$")) continue;
    effects.push(fileWrite("open", opened, start));
  }
  return { effects, nested };
}

/** What a line of Tcl starts, and what it types into a shell that it started. */
function tclCommands(line: string): readonly Word[] {
  const run = /(?:^|[;[{\s])(?:exec|spawn|system)\s+((?:-\w+\s+(?!-))*)([^;\]\n]+)/.exec(line)?.[2];
  const sent = /(?:^|[;{\s])(?:send|exp_send)\s+(?:-\w+\s+)*(?:--\s+)?"((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  const piped = /\bopen\s+"?\{?\|([^"}\]]+)/.exec(line)?.[1];
  const typed = sent?.replaceAll(/\\[rn]/g, "\n").replaceAll(/\\(.)/g, "$1");
  return [run?.replace(/[}\s]+$/, ""), typed, piped].filter((command) => command !== undefined);
}

/** AppleScript: `do shell script "…" & x`, `do script "…"`. */
export function readAppleScript(text: Word): Reading {
  const nested: Nested[] = [];
  const variables = new Map<string, Word>();
  for (const found of text.matchAll(/\bset\s+(\w+)\s+to\s+"((?:[^"\\]|\\.)*)"/g))
    variables.set(found[1] ?? "", (found[2] ?? "").replaceAll(/\\(.)/g, "$1"));
  for (const found of text.matchAll(
    /\bdo\s+(?:shell\s+)?script\s+((?:"(?:[^"\\]|\\.)*"|[\w ]+?|\s*&\s*|\((?:[^()]*)\))+?)(?=$|\n|\s+with\b|\s+without\b|\s+in\b|\s+user\b)/gm,
  )) {
    const pieces = [...(found[1] ?? "").matchAll(/"((?:[^"\\]|\\.)*)"|([^&"\s][^&"]*)/g)];
    const command = pieces.map((piece) => piece[1]?.replaceAll(/\\(.)/g, "$1") ?? variables.get(piece[2]?.trim() ?? "") ?? hole).join("");
    nested.push(nestedShell(command, "osascript"));
  }
  return { effects: [], nested };
}
