/** What a tool of an MCP server would do, told by its name and by the strings that it is given. Nobody's annotations are believed. */

import type { Effect, EffectVerb, Place } from "../../core/guard/effect.ts";
import type { GuardScope } from "../../core/guard/scope.ts";
import type { FileChange } from "../../core/guard/agent-call.ts";

/** Texts inside a tool's input that run in their turn. */
export interface RunText {
  readonly kind: "shell" | "code";
  readonly text: string;
}

export interface McpReading {
  readonly effects: readonly Effect[];
  readonly runs: readonly RunText[];
  readonly files: readonly FileChange[];
  /** There was more of it than is looked through. */
  readonly isCutShort: boolean;
}

/** Strings of one input that are looked at. */
const stringsMax = 20_000;
const depthMax = 64;

const deletes = /^(?:delete|remove|rm|drop|destroy|purge|erase|empty|unlink|truncate|terminate)/u;
const purges = /^(?:invalidate|purge)/u;
const writes =
  /^(?:put|write|upload|create|make|update|upsert|set|save|sync|copy|cp|move|mv|rename|replace|insert|append|add|edit|modify|patch|overwrite|publish|deploy|push|restore|import|batch|transact|execute|exec|run|call|invoke|apply|post|send|complete|store|enable|disable|configure|attach|detach|tag|untag|transfer|mirror|promote|rollback)/u;
const reads =
  /^(?:get|list|describe|read|head|search|find|query|scan|show|view|fetch|download|check|validate|test|count|stat|exists|select|lookup|explain|help|ls|cat|diff|compare|preview|plan|suggest)/u;

/** Words of a name: `aws_s3PutObject` is aws, s3, put, object. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter((word) => word !== "");

/** Words that no reading has in its name: `find_and_replace`, `get_or_put_object`. Nouns (`list_tags`, `get_copy`) are not among them. */
const surelyWrites =
  /^(?:put|write|upload|replace|update|upsert|delete|remove|insert|append|overwrite|rename|move|edit|modify|create|publish|deploy)$/u;

/** `undefined` where the name speaks of reading alone. A word that surely writes outranks those that read; else the first verb decides; a name without any could do anything. */
export function verbOfTool(tool: string): EffectVerb | undefined {
  const words = wordsOf(tool);
  for (const word of words) {
    if (purges.test(word)) return "purge";
    if (deletes.test(word)) return "delete";
    if (reads.test(word)) return words.some((other) => surelyWrites.test(other)) ? "write" : undefined;
    if (writes.test(word)) return "write";
  }
  return "write";
}

interface Found {
  /** The name of the field it stands in; of a list, the list's. */
  readonly field: string;
  readonly text: string;
  /** The object that it stands in. */
  readonly beside: Readonly<Record<string, unknown>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `resolve` makes a path of the input absolute. */
export function readMcpCall(
  { server, tool, input }: { readonly server: string; readonly tool: string; readonly input: unknown },
  scope: GuardScope,
  resolve: (path: string) => string,
): McpReading {
  const { found, isCutShort } = stringsOf(input);
  const runs = runsIn(found);
  const verb = verbOfTool(tool);
  const of = { tool: server === "" ? tool : `${server} ${tool}`, through: [] };
  // What a statement does, it does under any name: `query`, `read_sql`.
  const stated = found.flatMap((one) =>
    tablesChangedBy(one.text, scope).map((destination): Effect => ({ ...of, verb: "write", destination })),
  );
  if (verb === undefined) return { effects: stated, runs, files: [], isCutShort: false };
  const isStorage = [...wordsOf(server), ...wordsOf(tool)].some((word) => ofStorage.test(word));
  const naming = isStorage ? found : found.filter(({ field }) => !proseField.test(field));
  const effects = naming.flatMap((one) => placesIn(one, scope).map((destination): Effect => ({ ...of, verb, destination })));
  return { effects: [...effects, ...stated], runs, files: fileChangesIn(found, verb, resolve), isCutShort };
}

/** Tools that keep bytes somewhere: there any field may say where. */
const ofStorage =
  /^(?:s3|aws|amazon|buckets?|objects?|storage|blobs?|minio|r2|gcs|rclone|dynamo\w*|tables?|items?|cloud\w*|cdn|distributions?|upload\w*|sync|mirror|deploy\w*|publish)$/u;

/** What people or models read, by the names of fields: an issue's labels, a text to be found or typed, the name of a note. */
const proseField =
  /^(?:name|names|title|text|body|contents?|messages?|description|summary|subject|comments?|caption|notes?|observations?|labels?|tags?|environment|release|prompt|query|q|search|entity_?types?|relation_?types?|(?:old|new|find|search|replace)_?(?:text|str|string|content)?)$/iu;

/** All strings, without recursion: how deep an input goes is its sender's choice. */
function stringsOf(input: unknown): { found: Found[]; isCutShort: boolean } {
  const found: Found[] = [];
  const open: { readonly field: string; readonly value: unknown; readonly beside: Found["beside"]; readonly depth: number }[] = [
    { field: "", value: input, beside: {}, depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { field, value, beside, depth } = next;
    if (found.length >= stringsMax || depth > depthMax) return { found, isCutShort: true };
    if (typeof value === "string") found.push({ field, text: value, beside });
    else if (Array.isArray(value)) for (const item of value) open.push({ field, value: item, beside, depth: depth + 1 });
    else if (isObject(value))
      for (const [key, inner] of Object.entries(value)) open.push({ field: key, value: inner, beside: value, depth: depth + 1 });
  }
  return { found, isCutShort: false };
}

const shellField = /^(?:cmd|command|commands|cli_?command|shell|shell_?command|script|bash)$/iu;
const codeField = /^(?:code|source_?code|python|javascript|expression)$/iu;

/** `{command: "aws", args: ["s3", …]}` is one command; so is a list of words. */
function runsIn(found: readonly Found[]): RunText[] {
  const runs: RunText[] = [];
  const listed = new Set<unknown>();
  for (const { field, text, beside } of found) {
    if (codeField.test(field)) runs.push({ kind: "code", text });
    if (!shellField.test(field)) continue;
    const value = beside[field];
    const args = beside["args"] ?? beside["arguments"] ?? beside["argv"];
    if (Array.isArray(value)) {
      if (!listed.has(value)) runs.push({ kind: "shell", text: quoted(value) });
      listed.add(value);
    } else if (Array.isArray(args)) runs.push({ kind: "shell", text: `${text} ${quoted(args)}` });
    else runs.push({ kind: "shell", text: typeof args === "string" ? `${text} ${args}` : text });
  }
  return runs;
}

/** Words as a shell would have to be given them. */
export const quoted = (words: readonly unknown[]): string =>
  words.map((word) => `'${(typeof word === "string" ? word : (JSON.stringify(word) ?? "")).replaceAll("'", String.raw`'\''`)}'`).join(" ");

/** The guarded places that a string names as a whole. Prose that mentions one is no place. */
function placesIn({ field, text, beside }: Found, scope: GuardScope): Place[] {
  const name = text.trim();
  if (name === "" || name.length > 2048 || /\s/u.test(name)) return [];
  const address = /^s3a?:\/\/([^/]+)\/?(.*)$/iu.exec(name);
  if (address !== null) return [{ kind: "bucket", name: address[1] ?? "", key: address[2] ?? "" }];
  if (/^https?:\/\//iu.test(name)) return [{ kind: "url", url: name }];
  return [
    ...scope.buckets.flatMap((bucket) => bucketIn(name, bucket.name, beside)),
    ...scope.distributions.filter((one) => isNamed(name, one.name)).map((one): Place => ({ kind: "distribution", id: one.name })),
    // A file may well be called like a table.
    ...scope.tables
      .filter((one) => isNamed(name, one.name) && !/path|file/iu.test(field))
      .map((one): Place => ({ kind: "table", name: one.name })),
  ];
}

function bucketIn(text: string, bucket: string, beside: Found["beside"]): Place[] {
  if (text.startsWith(`${bucket}/`)) return [{ kind: "bucket", name: bucket, key: text.slice(bucket.length + 1) }];
  const isIt = text === bucket || (text.startsWith("arn:aws") && text.includes(`:${bucket}`));
  return isIt ? [{ kind: "bucket", name: text, ...keyBeside(beside) }] : [];
}

/** The name itself, or an ARN that ends in it. */
const isNamed = (text: string, name: string): boolean => text === name || (text.startsWith("arn:aws") && text.endsWith(`/${name}`));

function keyBeside(beside: Found["beside"]): { key?: string } {
  for (const [field, value] of Object.entries(beside)) {
    if (typeof value === "string" && /^(?:key|object_?key|object_?name|object|s3_?key)$/iu.test(field)) return { key: value };
  }
  return {};
}

const changing = /^\s*(?:insert|update|delete|drop|alter|truncate|merge|replace)\s/iu;

function tablesChangedBy(statement: string, scope: GuardScope): Place[] {
  if (!changing.test(statement)) return [];
  const words = new Set(statement.split(/[^A-Za-z0-9_.-]+/u));
  return scope.tables.filter(({ name }) => words.has(name)).map(({ name }): Place => ({ kind: "table", name }));
}

const pathField =
  /^(?:path|file|file_?path|filename|absolute_?path|target|target_?file|destination|dest|to|new_?path|output|output_?path)$/iu;
const contentField = /^(?:content|contents|text|file_?text|data)$/iu;

/** Files that a tool such as `write_file` is given: absolute paths, or relative ones with a slash or an ending. */
function fileChangesIn(found: readonly Found[], verb: EffectVerb, resolve: (path: string) => string): FileChange[] {
  return found.flatMap(({ field, text, beside }): FileChange[] => {
    if (!pathField.test(field) || !isPath(text)) return [];
    const [, content] = Object.entries(beside).find(([name, value]) => contentField.test(name) && typeof value === "string") ?? [];
    const path = resolve(text);
    if (verb === "delete") return [{ path, verb }];
    return [{ path, verb: "write", ...(typeof content === "string" ? { after: content } : {}) }];
  });
}

const isPath = (text: string): boolean =>
  text.length <= 4096 &&
  !/[\n\0]/u.test(text) &&
  !/^[a-z][a-z0-9+.-]*:/iu.test(text) &&
  (/^(?:\/|~\/|\.{1,2}\/)/u.test(text) || /^[^\s]+(?:\/[^\s]+|\.[A-Za-z0-9]{1,8})$/u.test(text));
