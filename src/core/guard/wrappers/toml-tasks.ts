/** Tasks in TOML: what the tables of poe, pdm, hatch, pixi, mise and their like hand to a shell. */

/** Texts for a shell by the task's name, in the file's order. */
export type Tasks = ReadonlyMap<string, readonly string[]>;

const key = /(?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*(?=[ \t]*=)/y;
const header = /\[{1,2}([^\]\n]+)\]{1,2}/y;
const token =
  /"""(?:[^"\\]|\\[\s\S]|"(?!""))*(?:"""|$)|'''(?:[^']|'(?!''))*(?:'''|$)|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[\w-]+[ \t]*=(?!=)|[[\]{}\n]|[^"'#[\]{}\n\w-]+|[\w-]+|["']/y;

/** Keys whose values a shell gets, or that name other tasks. What tasks say about themselves stands under other keys. */
const commandKeys: ReadonlySet<string> = new Set(
  "cmd command commands shell composite sequence parallel switch run chain ref all depends deps depends-on depends_on wait_for".split(" "),
);
const moduleKeys: ReadonlySet<string> = new Set(["script", "call"]);
const tasksMax = 500;

/** Of every table whose dotted name `tables` matches as a whole, and of the tables of tasks below it. */
export function tomlTasks(text: string, tables: RegExp): Tasks {
  const tasks = new Map<string, string[]>();
  let path: readonly string[] = [];
  let at = 0;
  while (at < text.length && tasks.size < tasksMax) {
    const head = stickyAt(header, text, at);
    const name = head === null ? stickyAt(key, text, at) : null;
    if (head !== null) {
      path = partsOf(head[1] ?? "");
      at = lineEnd(text, at);
    } else if (name === null) at = lineEnd(text, at);
    else {
      const equals = text.indexOf("=", at + name[0].length);
      const value = readValue(text, equals + 1);
      addTask(tasks, taskIn([...path, ...partsOf(name[0])], tables), value.strings);
      at = value.end;
    }
  }
  return tasks;
}

function stickyAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Where the next line begins, blanks left out. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  if (end < 0) return text.length;
  const next = /[ \t\r]*/y;
  next.lastIndex = end + 1;
  return end + 1 + (next.exec(text)?.[0].length ?? 0);
}

const partsOf = (dotted: string): readonly string[] =>
  [...dotted.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map((part) => part[1] ?? part[2] ?? part[3] ?? "");

interface TaskKey {
  readonly name: string;
  /** What the value is of the task; "" where it is the task itself. */
  readonly key: string;
}

function taskIn(path: readonly string[], tables: RegExp): TaskKey | undefined {
  for (let length = path.length - 1; length > 0; length -= 1) {
    if (tables.test(path.slice(0, length).join("."))) return { name: path[length] ?? "", key: path.slice(length + 1).at(-1) ?? "" };
  }
  return undefined;
}

interface Held {
  /** Of an inline table; "" outside of one. */
  readonly key: string;
  readonly text: string;
  readonly isListed: boolean;
}

/** Every string of a value, up to the end of its line, or to the brackets' end. */
function readValue(text: string, start: number): { readonly strings: readonly Held[]; readonly end: number } {
  const strings: Held[] = [];
  let depth = 0;
  let lists = 0;
  let inner = "";
  let at = start;
  for (let found = stickyAt(token, text, at); found !== null; found = stickyAt(token, text, at)) {
    const [word] = found;
    at += word.length;
    if (word === "\n" && depth === 0) break;
    if (word === "[") lists += 1;
    if (word === "]") lists -= 1;
    if (word === "[" || word === "{") depth += 1;
    else if (word === "]" || word === "}") depth -= 1;
    else if (/^["']./.test(word)) strings.push({ key: inner, text: stringOf(word), isListed: lists > 0 });
    else if (word.endsWith("=")) inner = word.slice(0, -1).trim();
  }
  return { strings, end: at };
}

function stringOf(word: string): string {
  const isLong = /^(?:"""|''')/.test(word);
  const inside = isLong ? word.slice(3, -3) : word.slice(1, -1);
  if (word.startsWith("'")) return inside;
  return inside.replaceAll(/\\(\n|[\s\S])/g, (_, sign: string) => (sign === "n" ? "\n" : sign === "t" ? "\t" : sign === "\n" ? "" : sign));
}

/** A list may be several commands, or the words of one: it is read as both. */
function addTask(tasks: Map<string, string[]>, task: TaskKey | undefined, strings: readonly Held[]): void {
  if (task === undefined) return;
  const texts = tasks.get(task.name) ?? [];
  tasks.set(task.name, texts);
  const keyed = strings.map((held) => ({ ...held, key: held.key === "" ? task.key : held.key }));
  const commands = keyed.filter((held) => held.key === "" || commandKeys.has(held.key));
  texts.push(...commands.map((held) => held.text));
  const words = commands.filter((held) => held.isListed).map((held) => held.text);
  if (words.length > 1) texts.push(words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "")}'`)).join(" "));
  for (const held of keyed) {
    const module = moduleKeys.has(held.key) ? /^[\w.]+(?=[:(]|$)/.exec(held.text)?.[0] : undefined;
    if (module !== undefined) texts.push(`python3 -m ${module}`);
  }
}
