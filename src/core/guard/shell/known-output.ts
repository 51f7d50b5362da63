/**
 * What small programs would print, where that follows from their arguments and their input. What `base64 -d` and its kin print is left unknown on
 * purpose: nobody hides a harmless command that way, and a place that is hidden is better written out.
 */

import type { Invocation } from "../invocation.ts";
import { hole, isKnown, type Word } from "../word.ts";
import type { CommandFiles } from "./command-files.ts";
import { formatted, translated, unescaped } from "./known-text.ts";
import { programName, resolvePath } from "./paths.ts";
import { substituted } from "./sed-text.ts";

interface Asked {
  readonly args: readonly Word[];
  readonly input: Word;
  readonly files: CommandFiles;
  readonly invocation: Invocation;
}

type Output = (asked: Asked) => Word | undefined;

/** Print nothing where all goes well. */
const silent: ReadonlySet<string> = new Set(
  [
    "mkdir",
    "rm",
    "cp",
    "mv",
    "ln",
    "touch",
    "chmod",
    "chown",
    "sleep",
    "rmdir",
    "install",
    "sync",
    "kill",
    "true",
    "false",
    "cd",
    "unlink",
    "tput",
  ].concat("clear", "reset", "stty"),
);

/** Print settings that are meant for `eval`; they export and define, and run nothing of the command's. */
const settings: readonly (readonly [string, RegExp | undefined])[] = [
  ["ssh-agent", undefined],
  ["dircolors", undefined],
  ["lesspipe", undefined],
  ["brew", /^shellenv$/],
  ["direnv", /^(?:hook|export)$/],
  ["mise", /^(?:activate|env|hook-env)$/],
  ["rtx", /^(?:activate|env)$/],
  ["pyenv", /^(?:init|virtualenv-init)$/],
  ["rbenv", /^init$/],
  ["nodenv", /^init$/],
  ["goenv", /^init$/],
  ["jenv", /^init$/],
  ["fnm", /^env$/],
  ["opam", /^env$/],
  ["conda", /^shell\./],
  ["mamba", /^shell/],
  ["micromamba", /^shell$/],
  ["starship", /^init$/],
  ["zoxide", /^init$/],
  ["atuin", /^init$/],
  ["minikube", /^docker-env$/],
  ["docker-machine", /^env$/],
  ["keychain", undefined],
  ["thefuck", /^--alias$/],
  ["register-python-argcomplete", undefined],
  ["luarocks", /^path$/],
  ["gpg-agent", undefined],
  ["resize", undefined],
  ["op", /^signin$/],
  ["rustup", /^(?:completions|env)$/],
  ["kubectl", /^completion$/],
  ["gh", /^completion$/],
  ["npm", /^completion$/],
  ["poetry", /^(?:completions|env)$/],
  ["aws", /^export-credentials$/],
  ["aws-vault", /^export$/],
];

const echo: Output = ({ args }) => {
  let start = 0;
  let isEscaped = false;
  let end = "\n";
  for (let word = args[start]; word !== undefined && /^-[neE]+$/.test(word); word = args[start]) {
    if (word.includes("n")) end = "";
    if (word.includes("e")) isEscaped = true;
    start += 1;
  }
  const text = args.slice(start).join(" ");
  return (isEscaped ? unescaped(text) : text) + end;
};

/** The text of all files that are named, or of the input. */
function contents({ args, input, files, invocation }: Asked): Word {
  const names = args.filter((word) => word === "-" || !word.startsWith("-"));
  if (names.length === 0) return input;
  const texts = names.map((name) => {
    if (name === "-" || name === "/dev/stdin") return input;
    const content = files.read(resolvePath(invocation.cwd, name));
    return content.kind === "text" ? content.text : hole;
  });
  return texts.join("");
}

/** What a filter makes of text and words that are known; a hole else. */
const filter =
  (change: (text: string, args: readonly Word[]) => Word | undefined, readsFiles = true): Output =>
  (asked) => {
    const text = readsFiles ? contents(asked) : asked.input;
    return isKnown(text) && asked.args.every(isKnown) ? (change(text, asked.args) ?? hole) : hole;
  };

const tee: Output = ({ args, input, files, invocation }) => {
  const isAppended = args.some((word) => word === "--append" || /^-\w*a/.test(word));
  for (const name of args.filter((word) => !word.startsWith("-"))) {
    const path = resolvePath(invocation.cwd, name);
    if (isAppended) files.append(path, input);
    else files.write(path, input);
  }
  return input;
};

const seq: Output = ({ args }) => {
  const numbers = args.map(Number);
  if (numbers.length === 0 || !numbers.every(Number.isInteger)) return hole;
  const [first, step, last] = numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers;
  if (first === undefined || step === undefined || last === undefined || step === 0 || Math.abs((last - first) / step) > 1000) return hole;
  const lines: string[] = [];
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) lines.push(`${String(value)}\n`);
  return lines.join("");
};

const basename: Output = ({ args }) => {
  const [path = "", suffix = ""] = args.filter((word) => !word.startsWith("-"));
  if (args.some((word) => word.startsWith("-"))) return hole;
  const name = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return `${name.endsWith(suffix) && suffix !== "" ? name.slice(0, -suffix.length) : name}\n`;
};

const dirname: Output = ({ args }) => {
  const [path = "", ...others] = args[0] === "--" ? args.slice(1) : args;
  if (others.length > 0 || path.startsWith("-")) return hole;
  const at = path.replace(/\/+$/, "").lastIndexOf("/");
  return `${at < 0 ? "." : path.slice(0, at).replace(/\/+$/, "") || "/"}\n`;
};

const realpath: Output = ({ args, invocation }) => {
  if (args.some((word) => word.startsWith("--relative"))) return hole;
  const paths = args.filter((word) => !word.startsWith("-"));
  return paths.map((path) => `${resolvePath(invocation.cwd, path)}\n`).join("");
};

const git: Output = ({ args, files, invocation }) =>
  args[0] === "rev-parse" && args[1] === "--show-toplevel" ? `${files.folderWith(".git", invocation.cwd)}\n` : undefined;

/** Without a command it prints its words. */
const xargs: Output = ({ args, input }) =>
  // Quotation marks and backslashes are taken out.
  args.length === 0 && isKnown(input) && !/["'\\]/.test(input) ? `${input.trim().split(/\s+/).join(" ")}\n` : undefined;

/** Somewhere, if it is there at all. */
const lookUp: Output = ({ args }) => {
  const names = args.filter((word) => !word.startsWith("-"));
  return `${names.map((name) => (name.includes("/") ? name : `${hole}/${name}`)).join("\n")}\n`;
};

const mktemp: Output = ({ files }) => `${files.temporary()}\n`;

interface Options {
  /** By letter. */
  readonly values: ReadonlyMap<string, string>;
  readonly names: readonly Word[];
}

/** Values of `-x VALUE`, `-xVALUE` and `--long=VALUE`, and the files. `undefined` where there is any other option: it may change everything. */
function optionsOf(args: readonly Word[], long: Readonly<Record<string, string>>): Options | undefined {
  const values = new Map<string, string>();
  const names: Word[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    const [, name, given] = /^--([a-z]+)=([\s\S]*)$/.exec(word) ?? [];
    const letter = name === undefined ? word.charAt(1) : Object.keys(long).find((each) => long[each] === name);
    if (!word.startsWith("-") || word === "-") names.push(word);
    else if (letter === undefined || long[letter] === undefined) return undefined;
    else if (given !== undefined) values.set(letter, given);
    else if (word.length > 2) values.set(letter, word.slice(2));
    else {
      at += 1;
      values.set(letter, args[at] ?? "");
    }
  }
  return { values, names };
}

/** `head` and `tail`, of one text. */
const someLines =
  (fromEnd: boolean): Output =>
  (asked) => {
    const args = asked.args.map((word) => (/^-\d+$/.test(word) ? `-n${word.slice(1)}` : word));
    const options = optionsOf(args, { n: "lines" });
    const count = options?.values.get("n") ?? "10";
    if (options === undefined || options.names.length > 1 || !/^\d{1,6}$/.test(count)) return undefined;
    return filter((text) => {
      const lines = text.replace(/\n$/, "").split("\n");
      const kept = fromEnd ? lines.slice(Math.max(0, lines.length - Number(count))) : lines.slice(0, Number(count));
      return kept.length === 0 ? "" : `${kept.join("\n")}\n`;
    })({ ...asked, args: options.names });
  };

/** One field of each line. */
const cut: Output = (asked) => {
  const options = optionsOf(asked.args, { d: "delimiter", f: "fields" });
  const delimiter = options?.values.get("d") ?? "\t";
  const field = options?.values.get("f") ?? "";
  if (options === undefined || delimiter.length !== 1 || !isKnown(delimiter) || !/^[1-9]\d{0,5}$/.test(field)) return undefined;
  const chosen = (line: string): string => (line.includes(delimiter) ? (line.split(delimiter)[Number(field) - 1] ?? "") : line);
  return filter((text) => `${text.replace(/\n$/, "").split("\n").map(chosen).join("\n")}\n`)({ ...asked, args: options.names });
};

const outputs: ReadonlyMap<string, Output> = new Map<string, Output>([
  ["echo", echo],
  ["printf", ({ args }) => formatted(args[args[0] === "--" ? 1 : 0] ?? "", args.slice(args[0] === "--" ? 2 : 1))],
  ["cat", contents],
  ["bat", contents],
  ["rev", filter((text) => text.replaceAll(/[^\n]+/g, (line) => Array.from(line).toReversed().join("")))],
  ["tac", filter((text) => text.replace(/\n$/, "").split("\n").toReversed().join("\n"))],
  ["tr", filter(translated, false)],
  ["sed", (asked) => filter((text) => substituted(text, asked.args), false)(asked)],
  ["head", someLines(false)],
  ["tail", someLines(true)],
  ["cut", cut],
  ["tee", tee],
  ["seq", seq],
  ["basename", basename],
  ["dirname", dirname],
  ["realpath", realpath],
  ["readlink", ({ args, ...asked }) => (/^-[ef]/.test(args[0] ?? "") ? realpath({ args, ...asked }) : undefined)],
  ["git", git],
  ["xargs", xargs],
  ["which", lookUp],
  ["mktemp", mktemp],
  ["pwd", ({ invocation }) => `${invocation.cwd}\n`],
]);

/** `undefined`: nothing is known of its output. */
export function knownOutput(invocation: Invocation, files: CommandFiles): Word | undefined {
  const [program = "", ...args] = invocation.argv;
  const name = programName(program);
  const output = outputs.get(name)?.({ args, input: invocation.stdin ?? "", files, invocation });
  if (output !== undefined) return output;
  if (silent.has(name)) return "";
  const printer = settings.find(([printing]) => printing === name);
  // A comment: nothing runs in it, and what it says is not known.
  return printer !== undefined && (printer[1] === undefined || args.some((word) => printer[1]?.test(word))) ? `# ${hole}` : undefined;
}
