/** Lisps: `(shell-command "…")`, `(sh "aws" …)`, files that are written. */

import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import type { Reading } from "../reading.ts";
import type { CodeStart } from "./code-start.ts";
import { escapeAt } from "./escapes.ts";
import { Findings } from "./findings.ts";

type Form = string | { readonly text: Word } | readonly Form[];

const token = /\s+|;[^\n]*|"(?:[^"\\]|\\[\s\S])*"?|[()[\]{}]|'|[^\s()[\]{}";']+/gy;
const depthMax = 60;
const tokensMax = 20_000;

function unescaped(body: string): Word {
  let text = "";
  for (let at = 0; at < body.length;) {
    if (body.charAt(at) !== "\\") {
      text += body.charAt(at);
      at += 1;
      continue;
    }
    const escape = escapeAt(body, at);
    text += escape.text;
    at += escape.length;
  }
  return text;
}

/** All lists of a text, inner ones too; what is too deep is left flat. */
function formsOf(text: Word): readonly (readonly Form[])[] {
  const all: Form[][] = [];
  const open: Form[][] = [[]];
  let taken = 0;
  for (const [piece] of text.matchAll(token)) {
    taken += 1;
    if (taken > tokensMax) break;
    if (/^\s|^;|^'/.test(piece)) continue;
    const current = open.at(-1) ?? [];
    if (/^[([{]$/.test(piece)) {
      if (open.length > depthMax) continue;
      const list: Form[] = [];
      current.push(list);
      open.push(list);
      all.push(list);
    } else if (/^[)\]}]$/.test(piece)) {
      if (open.length > 1) open.pop();
    } else if (piece.startsWith('"'))
      current.push({ text: unescaped(piece.slice(1, piece.length > 1 && piece.endsWith('"') ? -1 : undefined)) });
    else current.push(piece);
  }
  return all;
}

function wordOf(form: Form | undefined): Word {
  if (form === undefined || typeof form === "string") return hole;
  if ("text" in form) return form.text;
  const [head, ...rest] = form;
  if (head === "concat" || head === "str" || head === "string-append") return rest.map(wordOf).join("");
  if (head === "format") return wordOf(rest[0]).replaceAll(/%[sd]/g, hole);
  return hole;
}

const shellCalls = new Set([
  "shell-command",
  "shell-command-to-string",
  "async-shell-command",
  "call-process-shell-command",
  "compile",
  "shell",
  "system",
  "uiop:run-program",
  "process-file-shell-command",
]);
const programCalls: Readonly<Record<string, number>> = {
  sh: 0,
  "clojure.java.shell/sh": 0,
  "shell/sh": 0,
  "p/shell": 0,
  "babashka.process/shell": 0,
  process: 0,
  "process-lines": 0,
  "system*": 0,
  "call-process": 0,
  "process-file": 0,
  "start-process": 2,
};
const fileCalls: Readonly<Record<string, readonly [number, "write" | "delete"]>> = {
  "write-file": [0, "write"],
  "append-to-file": [2, "write"],
  "write-region": [2, "write"],
  "delete-file": [0, "delete"],
  "delete-directory": [0, "delete"],
  "copy-file": [1, "write"],
  "rename-file": [1, "write"],
  spit: [0, "write"],
};

function program(head: string, args: readonly Form[], findings: Findings): void {
  const from = programCalls[head] ?? 0;
  const [first, ...rest] = args.slice(from);
  const name = wordOf(first);
  // Emacs puts input, buffer and display before the arguments.
  const words = /^(?:call-process|process-file)$/.test(head) ? rest.slice(3) : rest;
  const argv = [name, ...words.filter((word) => !(typeof word === "string" && word.startsWith(":"))).map(wordOf)];
  if (argv.length === 1 && /\s/.test(name)) findings.shell(name, head);
  else findings.argv(argv, head);
}

/** What a text in a Lisp starts and writes. */
export function readLisp(text: Word, start: CodeStart): Reading {
  const findings = new Findings(start);
  for (const [head, ...args] of formsOf(text)) {
    if (typeof head !== "string") continue;
    if (shellCalls.has(head) && args.length > 0 && !Array.isArray(args[0])) {
      if (args.length > 1 && head === "shell" && typeof args[1] === "object") program("sh", args, findings);
      else findings.shell(wordOf(args[0]), head);
    } else if (shellCalls.has(head)) findings.shell(wordOf(args[0]), head);
    else if (Object.hasOwn(programCalls, head)) program(head, args, findings);
    else if (Object.hasOwn(fileCalls, head)) {
      const [at, verb] = fileCalls[head] ?? [0, "write"];
      findings.file(head, verb, [wordOf(args[at])]);
    }
  }
  return findings;
}
