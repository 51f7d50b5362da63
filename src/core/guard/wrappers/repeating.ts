/** Programs that run a command for each of many words: `xargs`, `parallel`, `find -exec`, `fd -x`. */

import type { Effect } from "../effect.ts";
import { interpreterOf } from "../code/interpreters.ts";
import type { Nested } from "../invocation.ts";
import type { Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import { programName, resolvePath } from "../shell/paths.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { foundFiles } from "./found-files.ts";
import { joinReadings, commandOf, parseOptions, shellOf, type WrapperReader, type Wrapped } from "./options.ts";
import { shellNames } from "./shells.ts";

const itemsMax = 32;

const xargsValues = "a d E I J L n P R S s arg-file delimiter max-lines max-args max-procs max-chars replace process-slot-var";

/** The words that its input holds; one hole where nobody knows them. */
function inputItems({ invocation, facts }: Wrapped, file: Word | undefined, byLine: boolean): readonly Word[] {
  const found = file === undefined ? undefined : facts.readFile(resolvePath(invocation.cwd, file));
  const text = file === undefined ? (invocation.stdin ?? hole) : found?.kind === "text" ? found.text : hole;
  const items = text.split(byLine ? /[\n\r]+/ : /\s+/).map((item) => item.trim());
  const known = items.filter((item) => item !== "").map((item) => item.replaceAll(/^(["'])(.*)\1$/g, "$2"));
  return known.length > itemsMax ? [...known.slice(0, itemsMax), hole] : known;
}

/** What is replaced by each item; `undefined`: items stand at the end. */
function replaced(options: ReadonlyMap<string, Word>): Word | undefined {
  const named = options.get("I") ?? options.get("J") ?? options.get("replace");
  return named === undefined ? (options.has("i") ? "{}" : undefined) : named || "{}";
}

export const readXargs: WrapperReader = (wrapped) => {
  const { program, args } = wrapped;
  const { options, rest } = parseOptions(args, xargsValues);
  if (rest.length === 0) return nothing;
  const mark = replaced(options);
  const delimiter = options.get("d") ?? options.get("delimiter");
  const byLine = mark !== undefined || delimiter !== undefined;
  const isOdd = delimiter !== undefined && delimiter !== String.raw`\n`;
  const items = isOdd ? [hole] : inputItems(wrapped, options.get("a") ?? options.get("arg-file"), byLine);
  const at = { stdin: "" };
  if (mark !== undefined) {
    const fill = (item: Word): readonly Word[] => rest.map((word) => word.replaceAll(mark, () => item));
    return joinReadings((items.length === 0 ? [hole] : items).map((item) => commandOf(fill(item), program, at)));
  }
  const isOneByOne = ["n", "L", "max-args", "max-lines"].some((name) => options.get(name) === "1");
  if (isOneByOne) return joinReadings(items.map((item) => commandOf([...rest, item], program, at)));
  return commandOf([...rest, ...items], program, at);
};

const parallelValues =
  "j a I S q-none d n N L s colsep delimiter jobs arg-file sshlogin results joblog delay retries timeout tmpdir tagstring workdir wd max-args max-lines load memfree env halt eta-none trc transfer return basefile";

/** `parallel [options] COMMAND ::: WORDS`, or with words from its input; the command is shell text. */
export const readParallel: WrapperReader = (wrapped) => {
  const { program, args } = wrapped;
  const { options, rest } = parseOptions(args, parallelValues);
  const mark = options.get("I") ?? "{}";
  const at = rest.findIndex((word) => /^:::[:+]*$/.test(word));
  const command = (at < 0 ? rest : rest.slice(0, at)).join(" ");
  const isFile = (rest[at] ?? "").startsWith("::::");
  const given = at < 0 || isFile ? inputItems(wrapped, isFile ? rest[at + 1] : options.get("a"), true) : rest.slice(at + 1);
  const several = rest.slice(at + 1).some((word) => /^:::[:+]*$/.test(word));
  const items = several || given.length === 0 ? [hole] : given.slice(0, itemsMax);
  return joinReadings(
    items.map((item) => {
      const filled = command.replaceAll(mark, () => item).replaceAll(/\{[^{}\s,]{0,8}\}/g, () => hole);
      const isMarked = filled !== command;
      return shellOf(command === "" ? item : isMarked ? filled : `${command} ${item}`, program);
    }),
  );
};

/** What `{}` stands for: something below one of the folders that are searched. */
const found = (folders: readonly Word[]): readonly Word[] => folders.slice(0, 4).map((folder) => `${folder.replace(/\/+$/, "")}/${hole}`);

function foldersOf(args: readonly Word[]): readonly Word[] {
  const rest = args.slice(args.findIndex((word) => !/^-(?:[HLP]+|O\d|D)$/.test(word)));
  const end = rest.findIndex((word) => /^[-(!,)]/.test(word) && word !== "-");
  const folders = end < 0 ? rest : rest.slice(0, end);
  return folders.length === 0 ? ["."] : folders;
}

/** Tests of `find` by which nobody knows what they leave. */
const otherTests =
  /^-(?:[acm]?(?:time|min)|[ac]?newer\w*|size|empty|type|perm|user|group|regex|iregex|i?path|i?wholename|links|inum|used|executable)$/;

const isNegated = (args: readonly Word[], index: number): boolean => /^(?:!|-not)$/.test(args[index - 1] ?? "");

/** What `-name` and `-iname` ask for. What is negated takes away, and nobody looks what. */
const namesGiven = (args: readonly Word[]): readonly Word[] =>
  args.flatMap((word, index) => (/^-i?name$/.test(word) && !isNegated(args, index) ? (args[index + 1] ?? []) : []));

/** Names that are looked for; all of them where nothing says which. */
function namesSought(args: readonly Word[]): readonly string[] {
  const names = namesGiven(args);
  if (names.length > 0) return names.filter(isKnown);
  return args.some((word, index) => otherTests.test(word) && !isNegated(args, index)) ? [] : ["*"];
}

/** What runs: the found file itself, or an interpreter that is given it. */
const runsFound = (command: readonly Word[]): boolean =>
  command.includes("{}") &&
  (command[0] === "{}" || shellNames.has(programName(command[0] ?? "")) || interpreterOf(programName(command[0] ?? "")) !== undefined);

/** What `{}` stands for: the very files, where they are run and can be looked up. */
function placesFound({ args, invocation, facts }: Wrapped, command: readonly Word[]): readonly Word[] {
  const folders = foldersOf(args);
  const given = namesGiven(args);
  // Any name, where case does not count or nobody knows which.
  const names = args.includes("-iname") || !given.every(isKnown) ? [] : given;
  const depth = args[args.indexOf("-maxdepth") + 1] ?? "";
  const sought = {
    folders,
    cwd: invocation.cwd,
    names,
    ...(args.includes("-maxdepth") && /^\d{1,3}$/.test(depth) && { levels: Number(depth) }),
  };
  return (runsFound(command) ? foundFiles(sought, facts) : undefined) ?? found(folders);
}

export const readFind: WrapperReader = (wrapped): Reading => {
  const { program, args, invocation } = wrapped;
  const folders = foldersOf(args);
  const nested: Nested[] = [];
  const effects: Effect[] = [];
  const names = namesSought(args);
  const patternsOf = (path: Word): readonly string[] => names.map((name) => `${path.slice(0, -1)}**/${name}`);
  const touch = (verb: "write" | "delete", path: Word): void => {
    const patterns = path.endsWith(hole) ? patternsOf(path).map((pattern) => resolvePath(invocation.cwd, pattern)) : [];
    const place = { kind: "file" as const, path: resolvePath(invocation.cwd, path), ...(patterns.length > 0 && { patterns }) };
    effects.push({ tool: program, verb, destination: place, through: invocation.through });
  };
  for (const [index, word] of args.entries()) {
    if (/^-(?:exec|execdir|ok|okdir)$/.test(word)) {
      const end = args.findIndex((other, at) => at > index && (other === ";" || (other === "+" && args[at - 1] === "{}")));
      const command = args.slice(index + 1, end < 0 ? undefined : end);
      for (const path of placesFound(wrapped, command)) {
        nested.push({
          kind: "argv",
          argv: command.map((part) => part.replaceAll("{}", () => path)),
          at: isKnown(path) ? {} : { patterns: new Map([[path, patternsOf(path)]]) },
          through: `${program} ${word}`,
        });
      }
    } else if (word === "-delete") for (const path of found(folders)) touch("delete", path);
    else if (/^-f(?:print0?|ls|printf)$/.test(word)) touch("write", args[index + 1] ?? hole);
  }
  return { effects, nested: nested.filter((each) => each.kind !== "argv" || each.argv.length > 0) };
};

const fdExec = /^(?:-[a-zA-Z]*[xX]|--exec(?:-batch)?)$/;

export const readFd: WrapperReader = ({ program, args }) => {
  const at = args.findIndex((word) => fdExec.test(word));
  if (at < 0) return nothing;
  const end = args.indexOf(";", at);
  const command = args.slice(at + 1, end < 0 ? undefined : end);
  const filled = command.map((word) => word.replaceAll(/\{(?:\/\/?|\.|\/\.)?\}/g, () => hole));
  return commandOf(filled.every((word) => isKnown(word)) ? [...filled, hole] : filled, program);
};
