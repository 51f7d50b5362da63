/** `make TARGET`: the recipes that it would run. */

import type { Nested } from "../invocation.ts";
import type { Reading, ReaderFacts } from "../reading.ts";
import { nothing } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { parseMakefile, reachable, recipeText, type Makefile } from "./makefile.ts";
import { parseOptions, takeAssignments, unread, type WrapperReader } from "./options.ts";

const values = "C f I o W E directory file makefile include-dir old-file assume-old what-if new-file assume-new eval";
const includesMax = 20;

const asks = ["n", "q", "t", "v", "h", "just-print", "dry-run", "recon", "question", "touch", "version", "help"];

interface MakeWords {
  readonly targets: readonly Word[];
  readonly given: ReadonlyMap<string, Word>;
  readonly files: readonly Word[];
  readonly cwd: Word;
  readonly onlyAsks: boolean;
}

/** Options, variables and targets stand in any order. */
function makeWords(args: readonly Word[], start: Word): MakeWords {
  const given = new Map<string, Word>();
  const targets: Word[] = [];
  const found: (readonly [string, Word])[] = [];
  for (let rest = args; rest.length > 0;) {
    const parsed = parseOptions(rest, values);
    found.push(...parsed.values);
    const [word = "", ...others] = parsed.rest;
    const [assignment] = takeAssignments([word.replace(/^([A-Za-z_]\w*):{1,3}=/, "$1=")]).assignments;
    if (assignment !== undefined) given.set(...assignment);
    else if (word !== "") targets.push(word);
    rest = others;
  }
  const named = (...names: readonly string[]): readonly Word[] => found.filter(([name]) => names.includes(name)).map(([, value]) => value);
  const cwd = named("C", "directory").reduce<Word>((folder, next) => resolvePath(folder, next), start);
  return { targets, given, files: named("f", "file", "makefile"), cwd, onlyAsks: named(...asks).length > 0 };
}

export const readMake: WrapperReader = ({ program, args, invocation, facts }) => {
  const { targets, given, files, cwd, onlyAsks } = makeWords(args, invocation.cwd);
  if (onlyAsks) return nothing;
  const more = (invocation.env.get("MAKEFILES") ?? "").split(/\s+/).filter((file) => file !== "" && isKnown(file));
  const own =
    files.length > 0 ? files : ["GNUmakefile", "makefile", "Makefile"].filter((name) => isThere(resolvePath(cwd, name), facts)).slice(0, 1);
  const found = files.includes("-") ? fromInput(invocation.stdin) : makefileOf(more.length > 0 ? [...more, ...own] : files, cwd, facts);
  if (found === undefined) return nothing;
  if (typeof found === "string") return unread(program, found, invocation);
  return run({ makefile: found, targets, overrides: new Map([...invocation.env, ...given]), cwd });
};

const isThere = (path: Word, facts: ReaderFacts): boolean => isKnown(path) && facts.readFile(path) !== undefined;

const fromInput = (stdin: Word | undefined): Makefile | string =>
  stdin === hole ? "a makefile that only running would tell" : parseMakefile(stdin ?? "");

interface Run {
  readonly makefile: Makefile;
  readonly targets: readonly Word[];
  readonly overrides: ReadonlyMap<string, Word>;
  readonly cwd: Word;
}

function run({ makefile, targets, overrides, cwd }: Run): Reading {
  const env = new Map([...[...makefile.variables].filter(([, value]) => isKnown(value) && !value.includes("$")), ...overrides]);
  const shells = makefile.shells.map((text): Nested => ({ kind: "shell", text, at: { cwd, env }, through: "make" }));
  const recipes = reachable(makefile, targets, overrides).flatMap((at) =>
    at.rule.recipe
      .flatMap((line) => recipeText(line, at, makefile, overrides).split("\n"))
      .filter((text) => text.replaceAll(hole, "").trim() !== "")
      .map((text): Nested => ({
        kind: "shell",
        text: text.replace(/^[\s@+-]+/, ""),
        at: { cwd, env },
        through: `make ${isKnown(at.target) ? at.target : ""}`.trim(),
      })),
  );
  return { effects: [], nested: [...shells, ...recipes] };
}

/** The path of the one that cannot be read, where there is such. */
function makefileOf(files: readonly Word[], cwd: Word, facts: ReaderFacts): Makefile | string | undefined {
  const queue = (files.length > 0 ? files : ["GNUmakefile", "makefile", "Makefile"]).map((file) => resolvePath(cwd, file));
  const parts: Makefile[] = [];
  const seen = new Set<string>();
  for (let path = queue.shift(); path !== undefined && seen.size < includesMax; path = queue.shift()) {
    if (seen.has(path) || !isKnown(path)) continue;
    seen.add(path);
    const found = facts.readFile(path);
    if (found?.kind === "unreadable") return path;
    if (found?.kind === "text") {
      const parsed = parseMakefile(found.text);
      parts.push(parsed);
      queue.push(...parsed.includes.filter((name) => !name.includes("$")).map((name) => resolvePath(cwd, name)));
      if (files.length === 0 && parts.length === 1) queue.splice(0, queue.length, ...parsed.includes.map((name) => resolvePath(cwd, name)));
    }
  }
  if (parts.length === 0) return undefined;
  return {
    variables: new Map(parts.flatMap((part) => [...part.variables])),
    rules: parts.flatMap((part) => part.rules),
    includes: [],
    shells: parts.flatMap((part) => part.shells),
    spent: { expansions: 0 },
  };
}
