/** Calls that start programs, with a text for a shell or with words. */

import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import { namedOf, wordsAt } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import { wordLists } from "./findings.ts";
import type { Call, Findings, StartPlace } from "./findings.ts";
import { own } from "./own.ts";
import { bareNames, byName, byPath, either, words } from "./program-starters.ts";
import type { Starter } from "./program-starters.ts";
import { wordsOf } from "./value.ts";
import type { Values } from "./value.ts";

function starterOf(call: Call): Starter | undefined {
  const { path, name } = call;
  const known = own(byPath, path.replace(/^(?:execa|nano-spawn|zx|bun)\.(?=\w)/, ""));
  if (known !== undefined) {
    const languages = own(bareNames, path.replace(/^execa\./, ""));
    return languages === undefined || languages.includes(call.language) ? known : undefined;
  }
  // `os.execvp("aws", ["aws", …])`, `os.spawnlp(mode, "aws", "aws", …)`.
  if (/^(?:os|posix)\.(?:exec[lv]p?e?|posix_spawnp?)$/.test(path)) return { style: "words", from: 1 };
  if (/^(?:os|posix)\.spawn[lv]p?e?$/.test(path)) return { style: "words", from: 2 };
  const named = own(byName, name);
  if (named !== undefined && !call.isOwn) return named;
  if (name === "exec" && /Runtime/.test(path)) return either;
  return undefined;
}

const single = (values: Values): Word => {
  const found = wordsOf(values);
  return found.length === 1 ? (found[0] ?? hole) : hole;
};

/** Words one by one and lists, flattened: every possibility of one decisive list. */
function wordsFrom(args: Arguments, from: number): readonly (readonly Word[])[] {
  const rest = args.positional.slice(from).filter((values) => !values.some((value) => value.kind === "dict" || value.kind === "function"));
  const [first] = rest;
  const lists = first === undefined ? [] : wordLists(first, single);
  if (rest.length === 1 && lists.length > 0) return lists;
  const flat = rest.flatMap((values) => wordLists(values, single)[0] ?? [single(values)]);
  return [args.isOpen ? [...flat, hole] : flat];
}

/** Where the program would start, and what it would read. */
function placeOf(args: Arguments): StartPlace {
  const cwd = wordsAt(args, ["cwd", "chdir", "workingdirectory"])?.find((word) => isKnown(word));
  const input = wordsAt({ ...args, isOpen: false }, ["input", "stdindata"])?.[0];
  const isPiped = namedOf(args).entries.has("stdin");
  const stdin = input ?? (isPiped ? hole : undefined);
  return { ...(cwd === undefined ? {} : { cwd }), ...(stdin === undefined ? {} : { stdin }) };
}

/** Whether words that are run as such are put into a shell: `shell=True`. */
function usesShell(args: Arguments): boolean {
  const found = namedOf(args).entries.get("shell");
  if (found === undefined) return false;
  return !found.every((value) => value.kind === "symbol" && /^(?:False|false|None|undefined|null)$/.test(value.path));
}

function startWords(call: Call, found: Findings, starter: Starter, through: string): void {
  const { args } = call;
  const from = starter.from ?? 0;
  for (const argv of wordsFrom(args, from)) {
    // `os.execl(path, "aws", …)` names the program once more, as its own first argument: that is where it is read.
    if (usesShell(args) && argv.length > 0) found.shell(argv.join(" "), through, placeOf(args));
    else found.argv(argv, through, placeOf(args));
  }
}

function startProgramList(call: Call, found: Findings, through: string): void {
  const { args } = call;
  const programs = wordsAt(args, [], 0) ?? [hole];
  const listed = namedOf(args).entries.get("args") ?? args.positional[1];
  const lists = listed === undefined ? [[]] : wordLists(listed, single);
  const rest =
    lists.length > 0
      ? lists
      : listed?.some((value) => value.kind === "dict" || value.kind === "function") === true
        ? [[]]
        : textList(call, listed);
  for (const program of programs) {
    for (const list of rest) {
      if (usesShell(args)) found.shell([program, ...list].join(" "), through, placeOf(args));
      else found.argv([program, ...list], through, placeOf(args));
    }
  }
}

/** R's `system2("aws", "s3 rm …")`: the second text is a stretch of command line. */
const textList = (call: Call, listed: Values | undefined): readonly (readonly Word[])[] =>
  call.path === "system2" ? wordsOf(listed ?? []).map((word) => word.split(/\s+/)) : [[hole]];

/** A bare text: a program's name for Python without a shell, a command line for everybody else. */
function startEither(call: Call, found: Findings, through: string): void {
  const { args } = call;
  const { entries } = namedOf(args);
  const command = entries.get("args") ?? entries.get("cmd") ?? args.positional[0];
  if (command === undefined) return;
  const lists = isProgramAndWords(call) ? [] : wordLists(command, single);
  for (const list of lists) {
    if (usesShell(args)) found.shell(list.join(" "), through, placeOf(args));
    else found.argv(list, through, placeOf(args));
  }
  if (lists.length > 0) return;
  if (isProgramAndList(call)) startProgramList(call, found, through);
  else if (isProgramAndWords(call)) startWords(call, found, words, through);
  // Without a shell Python takes the text as the program's name; who writes a command line there means it to be one.
  else for (const text of wordsOf(command)) if (isTelling(call, text)) found.shell(text, through, placeOf(args));
}

const isProgramAndList = ({ language, path, args }: Call): boolean =>
  language === "javascript" && args.positional.length > 1 && (path === "spawn" || wordLists(args.positional[1] ?? [], single).length > 0);
const isProgramAndWords = ({ language, args }: Call): boolean =>
  args.positional.length > 1 && (language === "ruby" || language === "perl" || language === "other");

/** Whether Deno's or Bun's `$` and zx's made a text for a shell. */
function tagged(call: Call, found: Findings): boolean {
  if (!call.isTagged || !/^(?:\$|\$\$|sh|bash|execa|execaCommand)$/.test(call.name)) return false;
  for (const text of wordsOf(call.args.positional[0] ?? [])) found.shell(text, `${call.name}\`…\``);
  return true;
}

/** `sh.aws("s3", "rm", …)` of the library sh: any name is a program. */
function shLibrary(call: Call, found: Findings): boolean {
  if (call.language !== "python" || !/^sh\.\w+$/.test(call.path)) return false;
  const [argv] = wordsFrom(call.args, 0);
  found.argv([call.name.replaceAll("_", "-"), ...(argv ?? [])], "sh");
  return true;
}

/** The AWS CLI from within: `create_clidriver().main([…])`; without a list it goes by the program's own arguments. */
function awsCli(call: Call, found: Findings): boolean {
  if (call.path !== "awscli.clidriver.main") return false;
  const lists = wordLists(call.args.positional[0] ?? [], single);
  for (const list of lists.length > 0 ? lists : [[hole]]) found.argv(["aws", ...list], call.path);
  return true;
}

/** `runner.run(["aws", …])`, `c.run("aws …")`, `local("aws …")`: methods of runners that nobody knows by name. */
function unknownRunner(call: Call, found: Findings): boolean {
  if (call.isOwn || !/^(?:run|call|exec|execute|sudo|local|spawn|cmd|command|shell)$/.test(call.name) || call.receiver === undefined)
    return false;
  const [first] = call.args.positional;
  if (first === undefined) return false;
  const lists = wordLists(first, single).filter((list) => /^(?:[\w./-]*\/)?[a-z][\w.-]*$/.test(list[0] ?? "") && list.length > 1);
  for (const list of [...lists, ...clientWords(call.args)]) found.argv(list, call.name);
  const isRunner = ["unknown", "symbol", "member"].includes(call.receiver.kind);
  for (const text of isRunner ? wordsOf(first) : []) {
    // Only what begins as a command line does; `regex.exec("…")` and `db.execute("…")` take texts of other kinds.
    if (/^(?:sudo |env )?(?:aws|rclone|s3cmd|s5cmd|mc|gsutil|bash|sh|curl|terraform|python3?|node|npx|make)\s/.test(text))
      found.shell(text, call.name);
  }
  return false;
}

/** `session.run("aws", "s3", …)`: a client that is known, and its words one by one. */
const clientWords = (args: Arguments): readonly (readonly Word[])[] =>
  (args.positional.length > 1 ? wordsFrom(args, 0) : []).filter((argv) =>
    /^(?:[\w./-]*\/)?(?:aws|rclone|s3cmd|s5cmd|mc|gsutil|bash|sh|python3?|node|npx|make|terraform)$/.test(argv[0] ?? ""),
  );

/** A command of which nothing is known is somebody's own affair, unless the program has something to hide. */
const isTelling = (call: Call, text: Word): boolean => call.mayHide || text.replaceAll(hole, "").trim() !== "";

/** Starts of programs; says whether the call was one. */
export function processCall(call: Call, found: Findings): boolean {
  if (tagged(call, found) || shLibrary(call, found) || textMethod(call, found)) return true;
  if (awsCli(call, found)) return true;
  const starter = starterOf(call);
  if (starter === undefined) return unknownRunner(call, found);
  if (call.isOwn && own(byPath, call.path) === undefined) return false;
  start(call, found, starter);
  return true;
}

/** Groovy's `"aws …".execute()`. */
function textMethod({ language, receiver, name }: Call, found: Findings): boolean {
  if (language !== "other" || receiver?.kind !== "text" || !/^(?:execute|exec|run)$/.test(name)) return false;
  found.shell(receiver.word, name);
  return true;
}

function start(call: Call, found: Findings, starter: Starter): void {
  const through = call.path === "" ? call.name : call.path;
  switch (starter.style) {
    case "shell":
      for (const text of wordsAt(call.args, ["cmd", "command", "args"], 0) ?? []) {
        if (isTelling(call, text)) found.shell(text, through, placeOf(call.args));
      }
      return;
    case "words":
      startWords(call, found, starter, through);
      return;
    case "program-list":
      startProgramList(call, found, through);
      return;
    case "either":
      startEither(call, found, through);
      return;
    case "script":
      for (const path of wordsAt(call.args, [], 0) ?? []) found.script(path, "javascript", through);
  }
}

/** What `open` is told to run: Perl's `open(F, "-|", "cmd")`, Ruby's `open("|cmd")`. */
export function openedCommand(call: Call, found: Findings): boolean {
  if (call.name !== "open" || (call.language !== "perl" && call.language !== "ruby")) return false;
  const texts = call.args.positional.map((values) => single(values));
  const piped = texts.findIndex((text) => text === "-|" || text === "|-");
  if (piped >= 0) {
    const rest = texts.slice(piped + 1);
    if (rest.length === 1) found.shell(rest[0] ?? hole, "open");
    else found.argv(rest, "open");
    return true;
  }
  const command = texts.find((text) => text.startsWith("|") || (call.language === "perl" && text.endsWith("|")));
  if (command === undefined) return false;
  found.shell(command.replace(/^\||\|$/g, ""), "open");
  return true;
}
