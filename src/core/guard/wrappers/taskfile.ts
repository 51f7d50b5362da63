/** `task NAME`: the commands of a Taskfile. */

import type { Nested } from "../invocation.ts";
import { nothing } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import { hole, type Word } from "../word.ts";
import { nearestFile } from "./nearest-file.ts";
import { parseOptions, takeAssignments, type WrapperReader } from "./options.ts";

/** The lines below a key of a YAML file, by their indentation. */
function blockOf(lines: readonly string[], key: string, indent: number): readonly string[] {
  const head = new RegExp(`^ {${String(indent)}}['"]?${key.replaceAll(/[^\w-]/g, String.raw`\$&`)}['"]?:`);
  const start = lines.findIndex((line) => head.test(line));
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex(
    (line) =>
      line.trim() !== "" &&
      !line.trim().startsWith("#") &&
      line.search(/\S/) <= indent &&
      !(line.search(/\S/) === indent && line.trim().startsWith("- ")),
  );
  const own = (lines[start] ?? "").replace(head, "").trim();
  return [...(own === "" || /^[|>]/.test(own) ? [] : [own]), ...(end < 0 ? rest : rest.slice(0, end))];
}

const taskNames = ["Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml", "Taskfile.dist.yml", "Taskfile.dist.yaml"];
const otherKeys =
  /^(?:desc|summary|deps|aliases|vars|env|dir|sources|generates|status|preconditions|silent|internal|method|prefix|ignore_error|run|platforms|requires|label|interactive|dotenv|prompt|set|shopt|msg|for|if|watch|short|cmds|cmd|task|sh|defer)\s*:/;

const asks = ["l", "a", "n", "h", "list", "list-all", "dry", "summary", "status", "help", "version", "i", "init"];

/** `task [options] [NAME …] [NAME=value …]`. */
export const readTask: WrapperReader = ({ program, args, invocation, facts }) => {
  const { options, rest } = parseOptions(args, "d t dir taskfile o output C concurrency I interval");
  if (asks.some((name) => options.has(name))) return nothing;
  const cwd = resolvePath(invocation.cwd, options.get("d") ?? options.get("dir") ?? ".");
  const file = options.get("t") ?? options.get("taskfile");
  const found = nearestFile(file === undefined ? taskNames : [file], cwd, facts);
  if (found === undefined || !/^tasks:/m.test(found.text)) return program === "go-task" ? nothing : undefined;
  const given = new Map([...invocation.env, ...rest.flatMap((word) => takeAssignments([word]).assignments)]);
  const names = rest.filter((word) => !word.includes("=") && word !== "--");
  const lines = found.text.split(/\r?\n/).slice(0, 5000);
  return { effects: [], nested: nestedOf(lines, names.length === 0 ? ["default"] : names, given, found.folder) };
};

/** What the named tasks run, and those that they need. */
function nestedOf(lines: readonly string[], names: readonly string[], given: ReadonlyMap<string, Word>, cwd: Word): Nested[] {
  const tasks = blockOf(lines, "tasks", 0);
  const indent = Math.max(1, tasks.find((line) => line.trim() !== "")?.search(/\S/) ?? 2);
  const shared = [...yamlPairs(blockOf(lines, "vars", 0)), ...yamlPairs(blockOf(lines, "env", 0))];
  const queue = [...names];
  const seen = new Set<string>();
  const nested: Nested[] = [];
  for (let name = queue.shift(); name !== undefined && seen.size < 200; name = queue.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const block = blockOf(tasks, name, indent);
    queue.push(...namesIn(block));
    const own = [...yamlPairs(blockOf(block, "vars", indent + 2)), ...yamlPairs(blockOf(block, "env", indent + 2))];
    const env = new Map([...shared, ...own, ...given]);
    const at = { cwd: resolvePath(cwd, folderOf(block, indent + 2)), env };
    const fill = (text: string): Word => text.replaceAll(/\{\{\s*\.?([^{}]*?)\s*\}\}/g, (_, key: string) => env.get(key) ?? hole);
    nested.push(...commandsIn(block).map((text): Nested => ({ kind: "shell", text: fill(text), at, through: `task ${name ?? ""}` })));
  }
  return nested;
}

/** `dir:` of a task; a name in it that only running would tell is a hole. */
const folderOf = (block: readonly string[], indent: number): Word =>
  unquoted(blockOf(block, "dir", indent)[0] ?? ".").replaceAll(/\{\{[^{}]*\}\}/g, () => hole);

const yamlPairs = (lines: readonly string[]): readonly (readonly [string, Word])[] =>
  lines.flatMap((line) => {
    const [, key, value] = /^\s*([A-Za-z_]\w*):\s*(\S.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, unquoted(value)] as const];
  });

const unquoted = (value: string): string => /^(["'])([\s\S]*)\1\s*(?:#.*)?$/.exec(value)?.[2] ?? value;

const namesIn = (block: readonly string[]): readonly string[] =>
  block.flatMap((line) => {
    const [, one] = /^\s*-?\s*task:\s*['"]?([\w:.-]+)/.exec(line) ?? [];
    const [, list] = /^\s*deps:\s*\[(.*)\]/.exec(line) ?? [];
    const [, item] = /^\s*-\s+['"]?([\w:.-]+)['"]?\s*$/.exec(line) ?? [];
    return [one, item, ...(list ?? "").split(",").map((name) => name.trim().replaceAll(/['"]/g, ""))].flatMap((name) =>
      name === undefined || name === "" ? [] : [name],
    );
  });

/** Every line that may be text of a command: items of lists, values of `cmd`, lines of block texts. */
function commandsIn(block: readonly string[]): readonly string[] {
  const texts: string[] = [];
  let isText = false;
  for (const line of block) {
    const text = line.trim().replace(/^-\s+/, "");
    const [, command] = /^(?:cmd|defer|sh|cmds):\s*(.*)$/.exec(text) ?? [];
    const value = command ?? text;
    const isItem = line.trim().startsWith("- ") || command !== undefined || line === block[0];
    const isOther = command === undefined && otherKeys.test(text);
    if (/^[|>][-+]?$/.test(value)) isText = true;
    else if (isOther) isText = false;
    else if ((isItem || isText) && value !== "") texts.push(...listed(value));
  }
  return texts;
}

/** `[a, b]` on one line are several. */
function listed(value: string): readonly string[] {
  const inner = /^\[(.*)\]$/.exec(value)?.[1];
  return inner === undefined ? [unquoted(value)] : inner.split(/,\s*/).map(unquoted);
}
