/** Shells: `-c` text, a script, or what is piped to them. */

import { nothing } from "../reading.ts";
import type { Reading } from "../reading.ts";
import { runsWhenShown, shownText } from "../shell/shown-text.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { interactive, joinReadings, shellOf, unread, type Wrapped } from "./options.ts";

export const shellNames: ReadonlySet<string> = new Set(
  [
    "bash",
    "sh",
    "zsh",
    "dash",
    "ksh",
    "ksh93",
    "mksh",
    "pdksh",
    "ash",
    "rbash",
    "fish",
    "tcsh",
    "csh",
    "yash",
    "oksh",
    "lksh",
    "rzsh",
    "osh",
  ].concat("git-bash"),
);

interface ShellWords {
  readonly command: Word | undefined;
  readonly words: readonly Word[];
  readonly readsInput: boolean;
  readonly onlyChecks: boolean;
}

const longWithValue: ReadonlySet<string> = new Set(["--rcfile", "--init-file", "--init-command", "--features", "--debug", "--profile"]);

function parseShell(args: readonly Word[]): ShellWords {
  const options: Word[] = [];
  let at = 0;
  for (let word = args[at]; word !== undefined && /^[-+]/.test(word); word = args[at]) {
    at += 1;
    if (word === "--" || word === "-") break;
    const [, inline] = /^--command=([\s\S]*)$/.exec(word) ?? [];
    if (inline !== undefined) return { command: inline, words: args.slice(at), readsInput: false, onlyChecks: false };
    options.push(word);
    if (longWithValue.has(word) || /^[-+][a-zA-Z]*[oO]$/.test(word)) at += 1;
  }
  const has = (pattern: RegExp): boolean => options.some((word) => pattern.test(word));
  const words = args.slice(at);
  const what = { readsInput: has(/^-[a-zA-Z]*s/), onlyChecks: has(/^-[a-zA-Z]*n|^--(?:version|help)$/) };
  if (!has(/^-[a-zA-Z]*c|^--command$/)) return { ...what, command: undefined, words };
  return { ...what, command: words[0] ?? "", words: words.slice(1) };
}

export function readShell({ program, args, invocation }: Wrapped): Reading {
  const { command, words, readsInput, onlyChecks } = parseShell(args);
  if (onlyChecks) return nothing;
  const isAlone = command === undefined && words.length === 0;
  const isInteractive = isAlone || args.some((word) => /^-[a-zA-Z]*i[a-zA-Z]*$/.test(word));
  const files = [
    ...startVariables(program, isInteractive).map((name) => invocation.env.get(name)),
    optionValue(args, "--rcfile"),
    optionValue(args, "--init-file"),
  ];
  const prompt = invocation.env.get("PROMPT_COMMAND");
  const traced = invocation.env.get("PS4") ?? "";
  const start = joinReadings([
    // They find what the script or the text finds: `$1` and on.
    ...files.map((path) => startFile(path, program, words.slice(1))),
    prompt === undefined ? nothing : shellOf(prompt, "PROMPT_COMMAND"),
    runsWhenShown(traced) ? shellOf(shownText(traced), "PS4") : nothing,
  ]);
  return joinReadings([
    start,
    command === undefined ? readScript({ program, words, readsInput }, invocation) : runText(command, words, program, invocation.stdin),
  ]);
}

function optionValue(args: readonly Word[], name: string): Word | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

const bashes: ReadonlySet<string> = new Set(["bash", "rbash", "git-bash"]);

/** Variables that name a file which it runs first: bash's where nobody types, the others' where somebody does; ksh88 always. */
function startVariables(program: string, isInteractive: boolean): readonly string[] {
  if (bashes.has(program)) return isInteractive ? ["ENV", "BASH_ENV"] : ["BASH_ENV"];
  return isInteractive || program === "ksh" ? ["ENV"] : [];
}

function startFile(path: Word | undefined, program: string, args: readonly Word[]): Reading {
  return path === undefined || path === ""
    ? nothing
    : { effects: [], nested: [{ kind: "file", path, as: "shell", args, through: program }] };
}

/** The first of `words` is `$0`. */
function runText(text: Word, words: readonly Word[], program: string, stdin: Word | undefined): Reading {
  const at = stdin === undefined ? {} : { stdin };
  const [name, ...args] = words;
  return { effects: [], nested: [{ kind: "shell", text, args, ...(name !== undefined && { name }), at, through: `${program} -c` }] };
}

function readScript(shell: { program: string; words: readonly Word[]; readsInput: boolean }, invocation: Wrapped["invocation"]): Reading {
  const { program, words, readsInput } = shell;
  const [path] = words;
  if (path !== undefined && !readsInput && !/^\/dev\/(?:stdin|fd\/0)$/.test(path)) {
    return { effects: [], nested: [{ kind: "file", path, as: "shell", args: words.slice(1), through: `${program} ${path}` }] };
  }
  const { stdin } = invocation;
  if (stdin === undefined) return interactive(program, invocation);
  if (!isKnown(stdin) && stdin.replaceAll(hole, "").trim() === "") {
    return unread(program, "text that only running would tell, piped to a shell", invocation);
  }
  // Its input is the script itself: what that starts finds nothing more to read there.
  return {
    effects: [],
    nested: [{ kind: "shell", text: stdin, args: words.slice(readsInput ? 0 : 1), at: { stdin: "" }, through: `| ${program}` }],
  };
}
