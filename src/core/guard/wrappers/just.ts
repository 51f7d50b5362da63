/** `just RECIPE`: the lines of a justfile. */

import { whichLanguage } from "../code/which-language.ts";
import type { Nested } from "../invocation.ts";
import { nothing } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { nearestFile } from "./nearest-file.ts";
import { commandOf, parseOptions, takeAssignments, type WrapperReader } from "./options.ts";

interface Recipe {
  readonly parameters: readonly string[];
  readonly needs: readonly string[];
  readonly lines: readonly string[];
}

const recipeHead = /^@?([A-Za-z_][\w-]*)((?:\s+[+*$]*[A-Za-z_]\w*(?:\s*=\s*(?:'[^']*'|"[^"]*"|[^\s:]+))?)*)\s*:(?!=)(.*)$/;

interface Justfile {
  readonly recipes: Map<string, Recipe>;
  readonly variables: Map<string, Word>;
  first: string | undefined;
}

function parseJust(text: string): Justfile {
  const file: Justfile = { recipes: new Map(), variables: new Map(), first: undefined };
  let lines: string[] | undefined;
  for (const line of text.split(/\r?\n/).slice(0, 5000)) {
    if (/^[ \t]/.test(line)) lines?.push(line.replace(/^(?: {1,4}|\t)/, ""));
    else lines = readDefinition(line, file) ?? (line.trim() === "" || /^[#[]/.test(line) ? lines : undefined);
  }
  return file;
}

/** The lines of the recipe that begins here. */
function readDefinition(line: string, file: Justfile): string[] | undefined {
  const [, alias, target] = /^alias\s+([\w-]+)\s*:=\s*([\w-]+)/.exec(line) ?? [];
  if (alias !== undefined && target !== undefined) file.recipes.set(alias, { parameters: [], needs: [target], lines: [] });
  const [, variable, value] = /^(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(.*)$/.exec(line) ?? [];
  if (variable !== undefined && value !== undefined) file.variables.set(variable, plain(value));
  const [, name, parameters = "", needs = ""] = recipeHead.exec(line) ?? [];
  if (name === undefined) return undefined;
  const words = parameters.trim().split(/\s+(?=[+*$A-Za-z_])/);
  const lines: string[] = [];
  file.recipes.set(name, { parameters: words.filter((word) => word !== ""), needs: needNames(needs), lines });
  file.first ??= name;
  return lines;
}

const plain = (value: string): Word =>
  /^(?:'([^']*)'|"([^"\\]*)")\s*(?:#.*)?$/
    .exec(value.trim())
    ?.slice(1)
    .find((part) => part !== undefined) ?? hole;

const needNames = (text: string): string[] =>
  text
    .replace(/#.*$/, "")
    .replaceAll(/\(\s*([\w-]+)[^)]*\)/g, "$1")
    .split(/[\s&]+/)
    .filter((word) => /^[\w-]+$/.test(word));

const values = "f d justfile working-directory shell shell-arg dotenv-filename dotenv-path color command";
const asks = [
  "l",
  "n",
  "V",
  "h",
  "e",
  "s",
  "list",
  "dry-run",
  "show",
  "summary",
  "evaluate",
  "dump",
  "version",
  "help",
  "fmt",
  "variables",
  "groups",
];

/** `just [options] [NAME=value …] [RECIPE [ARGS …]]`. */
export const readJust: WrapperReader = ({ program, args, invocation, facts }) => {
  const { plainArgs, set } = withoutSet(args);
  const { options, rest } = parseOptions(plainArgs, values);
  if (asks.some((name) => options.has(name))) return nothing;
  const command = options.get("command");
  if (command !== undefined) return commandOf([command, ...rest], program);
  const file = options.get("f") ?? options.get("justfile");
  const found = nearestFile(file === undefined ? ["justfile", "Justfile", ".justfile", "JUSTFILE"] : [file], invocation.cwd, facts);
  if (found === undefined) return nothing;
  const justfile = parseJust(found.text);
  const { assignments, rest: words } = takeAssignments(rest);
  const known = new Map([...justfile.variables, ...set, ...assignments]);
  return { effects: [], nested: nestedOf(justfile, wantedRecipes(words, justfile), known, found.folder) };
};

interface Wanted {
  readonly name: string;
  readonly args: readonly Word[];
}

/** `--set NAME VALUE` takes two words. */
function withoutSet(args: readonly Word[]): { readonly plainArgs: readonly Word[]; readonly set: readonly (readonly [string, Word])[] } {
  const plainArgs: Word[] = [];
  const set: (readonly [string, Word])[] = [];
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === "--set") {
      set.push([args[at + 1] ?? "", args[at + 2] ?? hole]);
      at += 2;
    } else plainArgs.push(args[at] ?? "");
  }
  return { plainArgs, set };
}

/** What the recipes run, and those that they need. */
function nestedOf({ recipes }: Justfile, wanted: readonly Wanted[], known: ReadonlyMap<string, Word>, folder: Word): Nested[] {
  const queue = [...wanted];
  const nested: Nested[] = [];
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined && seen.size < 200; next = queue.shift()) {
    const recipe = recipes.get(next.name);
    if (recipe === undefined || seen.has(next.name)) continue;
    seen.add(next.name);
    queue.push(...recipe.needs.map((name) => ({ name, args: [] })));
    nested.push(...recipeNested(recipe, next, known, folder));
  }
  return nested;
}

function wantedRecipes(words: readonly Word[], { recipes, first }: Justfile): readonly Wanted[] {
  if (words.length === 0) return first === undefined ? [] : [{ name: first, args: [] }];
  const isOpen = !recipes.has(words[0] ?? "") && words.some((word) => !isKnown(word));
  if (isOpen) return [...recipes.keys()].map((name) => ({ name, args: [hole] }));
  // Each word that names a recipe may be one more of them, or an argument of the one before.
  return words.flatMap((word, index) => (recipes.has(word) ? [{ name: word, args: words.slice(index + 1) }] : []));
}

const expression = (text: string): Word => (/^['"]/.test(text) ? plain(text) : hole);

function argumentsOf(recipe: Recipe, args: readonly Word[], variables: ReadonlyMap<string, Word>): readonly (readonly [string, Word])[] {
  return recipe.parameters.map((parameter, index) => {
    const [, key = "", fallback = ""] = /^[+*$]*([A-Za-z_]\w*)\s*(?:=\s*(.*))?$/.exec(parameter) ?? [];
    const given = /^[+*]/.test(parameter) && args.length > index ? args.slice(index).join(" ") : args[index];
    return [key, given ?? variables.get(fallback) ?? expression(fallback)];
  });
}

function recipeNested(recipe: Recipe, { name, args }: Wanted, variables: ReadonlyMap<string, Word>, folder: Word): Nested[] {
  const env = new Map([...variables, ...argumentsOf(recipe, args, variables)]);
  const fill = (line: string): Word => line.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, key: string) => env.get(key) ?? expression(key));
  const text = recipe.lines.map(fill).join("\n");
  const through = `just ${name}`;
  const at = { cwd: folder, env };
  if (text.startsWith("#!")) {
    const language = whichLanguage("", text);
    if (language !== undefined && language !== "shell") return [{ kind: "code", language, text, through }];
    return [{ kind: "shell", text, args, at, through }];
  }
  const lines = text.replaceAll(/\\\n\s*/g, " ").split("\n");
  return lines.map((line) => ({ kind: "shell" as const, text: line.replace(/^[@-]+/, ""), args, at, through }));
}
