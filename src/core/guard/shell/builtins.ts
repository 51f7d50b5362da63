/** The shell's own commands that change what comes after, or that run text. */

import { agentMarks } from "../agent-marks.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { branchOf, listValue, mergeInto, setVariable, textValue, unsetValue, type Environment } from "./environment.ts";
import { declare } from "./declare-builtin.ts";
import { flowBuiltins } from "./flow-builtins.ts";
import { formatted } from "./known-text.ts";
import { resolvePath } from "./paths.ts";
import type { Builtin, Flow, Frame, Shell } from "./walk.ts";

const nothing: Builtin = () => "";

/** Prints what it is asked for, where it is given nothing to set. */
const asked: Builtin = (words) => (words.slice(1).some((word) => !word.startsWith("-")) ? "" : hole);

/** Moves to a folder that `cd` names. */
function enter(frame: Frame, target: Word | undefined, shell: Shell): void {
  const { environment } = frame;
  const before = environment.folders;
  if (target === "-") environment.folders = environment.lastFolders ?? [hole];
  else {
    const path = target ?? shell.expander(frame).text([{ kind: "tilde", user: "" }]);
    environment.folders = [...new Set(before.map((folder) => resolvePath(folder, path)))];
  }
  environment.lastFolders = before;
}

const cd: Builtin = (words, frame, shell) => {
  const target = words.slice(1).find((word) => !/^-[LPe@]+$/.test(word) && word !== "--");
  enter(frame, target, shell);
  return target === "-" ? hole : "";
};

const pushd: Builtin = (words, frame, shell) => {
  const target = words.slice(1).find((word) => word !== "-n" && word !== "--");
  const { environment } = frame;
  const { folders, pushedFolders } = environment;
  // Without a folder the two on top change places; by a number the whole is turned.
  const isTurned = target === undefined || /^[-+]\d+$/.test(target);
  enter(frame, isTurned ? hole : target, shell);
  if (target === undefined) environment.folders = pushedFolders.at(-1) ?? folders;
  environment.pushedFolders = isTurned
    ? pushedFolders.map((_, at) => (target === undefined && at === pushedFolders.length - 1 ? folders : [hole]))
    : [...pushedFolders.slice(-20), folders];
  return hole;
};

const popd: Builtin = (_words, frame) => {
  const { environment } = frame;
  const { folders } = environment;
  // Where nothing was put away it fails and stays; the session may have put something away before.
  environment.folders = environment.pushedFolders.at(-1) ?? [...folders, hole];
  environment.pushedFolders = environment.pushedFolders.slice(0, -1);
  environment.lastFolders = folders;
  return hole;
};

/** `hash -p PATH NAME` gives a program another name. */
const hash: Builtin = (words, frame) => {
  const [, option, path, name] = words;
  if (option === "-p" && path !== undefined && name !== undefined) frame.environment.aliases.set(name, [path]);
  return "";
};

const unset: Builtin = (words, frame) => {
  for (const name of words.slice(1)) {
    if (words.includes("-f")) frame.environment.functions.delete(name);
    else if (/^[A-Za-z_]\w*$/.test(name)) setVariable(frame.environment, name, [unsetValue], agentMarks.has(name));
  }
  return "";
};

const set: Builtin = (words, { environment }) => {
  const args = words.slice(1);
  const named = (index: number): boolean => /^[-+][a-zA-Z]*o$/.test(args[index - 1] ?? "");
  const start = args.findIndex((word, index) => word === "--" || !(/^[-+]/.test(word) || named(index)));
  for (const [index, word] of args.slice(0, start < 0 ? undefined : start).entries()) {
    if (/^[-+][a-zA-Z]*a/.test(word)) environment.exportsAll = word.startsWith("-");
    else if (word === "allexport" && named(index)) environment.exportsAll = !args.slice(index - 1, index).includes("+o");
  }
  if (start >= 0) environment.positionals = args.slice(args[start] === "--" ? start + 1 : start);
  return args.length === 0 ? hole : "";
};

const alias: Builtin = (words, frame, shell) => {
  for (const word of words.slice(1)) {
    const at = word.indexOf("=");
    if (at > 0) frame.environment.aliases.set(word.slice(0, at), [word.slice(at + 1)]);
    if (word.startsWith("belay=")) {
      const destination = { kind: "guard" as const, about: "an alias named belay" };
      shell.walk.effect({ tool: "alias", verb: "write", destination, through: frame.through });
    }
  }
  return "";
};

const unalias: Builtin = (words, frame) => {
  for (const word of words.slice(1)) frame.environment.aliases.delete(word);
  if (words.includes("-a")) frame.environment.aliases.clear();
  return "";
};

const evaluate: Builtin = (words, frame, shell) => {
  const text = words.slice(words[1] === "--" ? 2 : 1).join(" ");
  if (text.trim() === hole) {
    shell.walk.opaque("eval of text that only running would tell", frame.through);
    return hole;
  }
  return shell.runText(text, { ...frame, through: [...frame.through, "eval"] });
};

/** Files that set up a shell, of the person and of the system: they define and export, and are not looked through. */
const isSetUp = (path: Word, home: string): boolean =>
  /^\/(?:etc|usr|opt|nix)\//.test(path) || path.startsWith(`${home}/.`) || (!isKnown(path) && setUpNames.test(path));

/** By these names where the folder stands in a variable of the session: `$NVM_DIR/nvm.sh`. */
const setUpNames =
  /\/(?:nvm\.sh|conda\.sh|mamba\.sh|asdf\.sh|sdkman-init\.sh|activate|env|bash_completion|setup\.(?:sh|bash)|\.(?:bash|zsh)(?:rc|_profile|env)|\.profile|completion\.bash)$/;

const source: Builtin = (words, frame, shell) => {
  const [file, ...args] = words.slice(words[1] === "--" ? 2 : 1);
  if (file === undefined) return "";
  const { environment } = frame;
  const { files, facts } = shell.walk;
  const path = resolvePath(environment.folders.length === 1 ? (environment.folders[0] ?? hole) : hole, file);
  if (/^\/dev\/(?:stdin|fd\/0)$/.test(path)) return frame.stdin === undefined ? "" : shell.runText(frame.stdin, frame);
  if (!files.isWritten(path) && isSetUp(path, facts.homeFolder)) return "";
  const content = files.read(path);
  if (content.kind === "missing") return "";
  if (content.kind === "unknown") {
    shell.walk.opaque(isKnown(file) ? `${file}, which is sourced` : "a sourced file that only running would tell", frame.through);
    return hole;
  }
  return runSourced({ path, text: content.text, args, name: file }, frame, shell);
};

interface Sourced {
  readonly path: Word;
  readonly text: Word;
  readonly args: readonly Word[];
  /** As written. */
  readonly name: Word;
}

/** In the very same shell; `return` comes out at its end. */
function runSourced({ path, text, args, name }: Sourced, frame: Frame, shell: Shell): Word {
  const { environment } = frame;
  const { positionals } = environment;
  const own = environment.variables.get("BASH_SOURCE");
  if (args.length > 0) environment.positionals = args;
  setVariable(environment, "BASH_SOURCE", [listValue([path])]);
  const returns: Environment[] = [];
  const flow: Flow = { exits: [], loops: [], ...frame.flow, returns };
  const output = shell.runText(text, { ...frame, flow, through: [...frame.through, `source ${name}`] });
  if (returns.length > 0) mergeInto(environment, [branchOf(environment), ...returns]);
  environment.positionals = positionals;
  if (own === undefined) environment.variables.delete("BASH_SOURCE");
  else environment.variables.set("BASH_SOURCE", own);
  return output;
}

/** `command`, `builtin`, `exec`, zsh's `noglob`, `nocorrect` and `-`: the words after their options are a command. */
const forward: Builtin = (words, frame, shell) => {
  const [name = "", ...args] = words;
  let at = 0;
  for (let word = args[at]; word?.startsWith("-") === true && word !== "-"; word = args[at]) {
    if (name === "command" && /^-[pvV]*[vV]/.test(word)) return located(args.slice(at + 1));
    at += name === "exec" && /^-[cl]*a$/.test(word) ? 2 : 1;
    if (word === "--") break;
  }
  return shell.runWords(args.slice(at), frame);
};

/** Paths of programs, as `command -v` prints them: somewhere, if they are there. */
const located = (names: readonly Word[]): Word => `${names.map((name) => (name.includes("/") ? name : `${hole}/${name}`)).join("\n")}\n`;

const trap: Builtin = (words, frame) => {
  const [text, ...signals] = words.slice(words[1] === "--" ? 2 : 1);
  if (text !== undefined && signals.length > 0 && text !== "-" && !text.startsWith("-")) {
    frame.environment.traps = [...frame.environment.traps, text];
  }
  return "";
};

const optionsWithValue = /^-[a-zA-Z]*[adinNptu]$/;

/** Cut to a length, ended by another character, or with backslashes that mean something. */
const isReadOtherwise = (args: readonly Word[], lines: readonly string[]): boolean =>
  args.some((word) => /^-[a-zA-Z]*[nNdt]/.test(word)) ||
  (lines.some((line) => line.includes("\\")) && !args.some((word) => /^-[a-zA-Z]*r/.test(word)));

/** Each line of what is known may be the one that is read. */
const read: Builtin = (words, frame) => {
  const args = words.slice(1);
  const names = args.filter((word, index) => !word.startsWith("-") && !optionsWithValue.test(args[index - 1] ?? ""));
  const lines = frame.stdin === undefined || !isKnown(frame.stdin) ? undefined : frame.stdin.split("\n").filter((line) => line !== "");
  const array = args.findIndex((word) => /^-[a-zA-Z]*a$/.test(word));
  const isOther = isReadOtherwise(args, lines ?? []);
  if (array >= 0) setVariable(frame.environment, args[array + 1] ?? "", [textValue(hole)]);
  for (const [index, name] of names.entries()) {
    const values = lines?.map((line) => textValue(names.length === 1 ? line.trim() : fieldOf(line, index, names.length)));
    const isSplit = frame.environment.variables.has("IFS") && names.length > 1;
    setVariable(frame.environment, name, values === undefined || values.length === 0 || isSplit || isOther ? [textValue(hole)] : values);
  }
  return "";
};

/** The last name takes the rest of the line. */
function fieldOf(line: string, index: number, count: number): string {
  const fields = line.trim().split(/[ \t]+/);
  return index === count - 1 ? fields.slice(index).join(" ") : (fields[index] ?? "");
}

const mapfile: Builtin = (words, frame, shell) => {
  const callback = words[words.findIndex((word) => /^-[a-zA-Z]*C$/.test(word)) + 1];
  if (callback !== undefined && callback !== words[0])
    shell.runText(callback, { ...frame, environment: branchOf(frame.environment), flow: undefined });
  const name = words.slice(1).findLast((word) => /^[A-Za-z_]\w*$/.test(word)) ?? "MAPFILE";
  const { stdin } = frame;
  const lines = stdin === undefined || !isKnown(stdin) ? [hole] : stdin.replace(/\n$/, "").split("\n");
  const isCut = words.some((word) => /^-[a-zA-Z]*t/.test(word));
  const isPart = words.some((word) => /^-[a-zA-Z]*[nsOd]/.test(word));
  setVariable(frame.environment, name, [
    listValue(isPart ? [hole] : isCut ? lines : lines.map((line) => (line === hole ? hole : `${line}\n`))),
  ]);
  return "";
};

/** Only with `-v`; else it prints as the program does. */
const printf: Builtin = (words, frame, shell) => {
  const [, option, name, format = "", ...args] = words;
  if (option !== "-v" || name === undefined)
    return shell.walk.run({ argv: words, cwd: hole, env: new Map(), through: frame.through }, frame.depth);
  setVariable(frame.environment, name, [textValue(formatted(format, args))]);
  return "";
};

/** `bind -x '"KEY": command'` runs the command in this shell whenever the key is pressed. */
const bind: Builtin = (words, frame, shell) => {
  for (const word of words.includes("-x") ? words : []) {
    const [, command] = /^\s*(?:"(?:[^"\\]|\\.)*"|[^\s:]+)\s*:\s*([^]+)$/u.exec(word) ?? [];
    if (command !== undefined) shell.runText(command, { ...frame, environment: branchOf(frame.environment), flow: undefined });
  }
  return "";
};

const pwd: Builtin = (_words, frame) => {
  const [only = hole, ...others] = frame.environment.folders;
  return others.length > 0 ? hole : `${only}\n`;
};

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["cd", cd],
  ["chdir", cd],
  ["pushd", pushd],
  ["popd", popd],
  ["pwd", pwd],
  ["export", declare],
  ["declare", declare],
  ["typeset", declare],
  ["local", declare],
  ["readonly", declare],
  ["unset", unset],
  ["set", set],
  ["alias", alias],
  ["unalias", unalias],
  ["eval", evaluate],
  ["source", source],
  [".", source],
  ["command", forward],
  ["builtin", forward],
  ["exec", forward],
  ["noglob", forward],
  ["nocorrect", forward],
  ["-", forward],
  ["trap", trap],
  ["read", read],
  ["mapfile", mapfile],
  ["readarray", mapfile],
  ["printf", printf],
  ["hash", hash],
  ["bind", bind],
  ...flowBuiltins,
  ...[":", "true", "wait"].map((name) => [name, nothing] as const),
  ...["umask", "ulimit"].map((name) => [name, asked] as const),
]);
