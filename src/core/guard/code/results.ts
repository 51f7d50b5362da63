/** What calls give: clients, buckets and paths of libraries, texts of methods, elements of lists. */

import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import { wordsAt } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { CodeStart } from "./code-start.ts";
import { byName, byPath } from "./library-results.ts";
import { envValue, isEnvironment } from "./members.ts";
import { own } from "./own.ts";
import { characters, first, firstOf, joinedList, single } from "./result-parts.ts";
import type { Surroundings } from "./result-parts.ts";
import { decoded, textMethod } from "./text-methods.ts";
import { text, thing, unknownValue, unknownValues, wordOf, wordsOf } from "./value.ts";
import type { Thing, Value, Values } from "./value.ts";

const services = /^(?:s3|dynamodb|cloudfront|s3control|[a-z][a-z0-9-]{1,40})$/;

/** Methods that hand out clients, buckets and the like. */
function handedOut(of: Value, name: string, args: Arguments): Values | undefined {
  const make = own(makers, name);
  if (make !== undefined) return make(of, args);
  if (of.kind === "thing" && ownParts.test(name)) return [of];
  return /^Bucket[A-Z][A-Za-z]+$/.test(name)
    ? (wordsAt(args, ["bucketname"], 0) ?? [hole]).map((bucket) => thing("object", { bucket }))
    : undefined;
}

/** Parts of a bucket or object that are changed by themselves. */
const ownParts = /^(?:Acl|Policy|Versioning|Cors|Lifecycle|LifecycleConfiguration|Logging|Website|Tagging|Notification)$/;

const firstWords = (args: Arguments): readonly Word[] => wordsAt(args, [], 0) ?? [hole];

const clientsOf = (_: Value, args: Arguments): Values =>
  firstWords(args).map((service) => thing("client", { service: services.test(service) ? service : hole }));
const bucketsOf = (_: Value, args: Arguments): Values | undefined =>
  args.positional.length === 0 && args.named.size === 0
    ? undefined
    : (wordsAt(args, ["name"], 0) ?? [hole]).map((bucket) => thing("bucket", { bucket }));
const tablesOf = (_: Value, args: Arguments): Values =>
  (wordsAt(args, ["name", "tablename"], 0) ?? [hole]).map((table) => thing("table", { table }));

const makers: Readonly<Record<string, (of: Value, args: Arguments) => Values | undefined>> = {
  client: clientsOf,
  create_client: clientsOf,
  resource: (_, args) => firstWords(args).map((service) => thing("resource", { service })),
  Bucket: bucketsOf,
  bucket: bucketsOf,
  Table: tablesOf,
  table: tablesOf,
  Object: objectOf,
  object: objectOf,
  ObjectSummary: objectOf,
  MultipartUpload: objectOf,
  ObjectAcl: objectOf,
};

function objectOf(of: Value, args: Arguments): Values | undefined {
  if (of.kind === "thing" && of.type === "bucket")
    return (wordsAt(args, ["key"], 0) ?? [hole]).map((key) => thing("object", { ...of.at, key }));
  if (of.kind === "symbol" && of.path === "Object") return undefined;
  const buckets = wordsAt(args, ["bucketname", "bucket"], 0) ?? [hole];
  const keys = wordsAt(args, ["key"], 1) ?? [hole];
  return buckets.flatMap((bucket) => keys.map((key) => thing("object", { bucket, key })));
}

function ofThing(of: Thing, name: string, args: Arguments): Values | undefined {
  const { type } = of;
  if (type === "path" || type === "cloud-path") return ofPath(of, name, args);
  if (type === "request") return [{ ...of, at: { ...of.at, [name]: wordOf(single(firstOf(args))) } }];
  return staying[type]?.test(name) === true ? [of] : undefined;
}

/** Methods that hand the thing itself on. */
const staying: Readonly<Partial<Record<Thing["type"], RegExp>>> = {
  objects: /^(?:all|filter|limit|page_size|pages|each|select|to_a|list|reject|sort_by|first)$/,
  table: /^batch_writer$/,
  bucket: /^load$/,
  "file-text": /^/,
  outside: /^/,
};

function ofPath(of: Thing, name: string, args: Arguments): Values | undefined {
  if (name === "joinpath" || name === "join" || name === "resolve") {
    const words = args.positional.map((values) => wordOf(single(values)));
    return [{ ...of, at: { ...of.at, path: [of.at["path"] ?? hole, ...words].join("/") } }];
  }
  if (/^(?:absolute|expanduser|as_posix|to_s|toString|normalize)$/.test(name)) return [of];
  return /^(?:read_text|read_bytes|read)$/.test(name) ? [thing("file-text", of.at)] : undefined;
}

function ofList(of: ListValue, name: string, args: Arguments): Values {
  return own(listMethods, name)?.(of, args) ?? unknownValues;
}

type ListValue = Extract<Value, { kind: "list" }>;
type ListMethod = (of: ListValue, args: Arguments) => Values;

const sameList: ListMethod = (of) => [of];
const reversed: ListMethod = (of) => [of.isOpen ? unknownValue : { ...of, items: of.items.toReversed() }];
const anyItem: ListMethod = (of) => (of.items.length === 0 ? unknownValues : of.items.map(single));
const asText: ListMethod = (of) => [characters({ positional: [[of]], named: new Map(), isOpen: false })];

const listMethods: Readonly<Record<string, ListMethod>> = {
  join: (of, args) => [joinedList(of, args.positional.length === 0 ? "," : wordOf(first(args)))],
  reverse: reversed,
  toReversed: reversed,
  concat: (of, args) => [{ kind: "list", items: [...of.items, ...args.positional.flatMap(listItems)], isOpen: of.isOpen || args.isOpen }],
  flat: sameList,
  copy: sameList,
  to_a: sameList,
  values: sameList,
  stream: sameList,
  toList: sameList,
  pop: anyItem,
  shift: anyItem,
  decode: asText,
  toString: asText,
};

const listItems = (values: Values): readonly Values[] => values.flatMap((value) => (value.kind === "list" ? value.items : [[value]]));

function ofDict(of: Extract<Value, { kind: "dict" }>, name: string, args: Arguments): Values {
  const key = wordOf(first(args));
  if (/^(?:get|pop|fetch|setdefault|dig)$/.test(name)) {
    const found = of.entries.get(key);
    if (found !== undefined && isKnown(key)) return found;
    return isKnown(key) && !of.isOpen ? firstOf(args, 1) : unknownValues;
  }
  if (name === "values") return [{ kind: "list", items: [...of.entries.values()], isOpen: of.isOpen }];
  if (name === "keys") return [{ kind: "list", items: [...of.entries.keys()].map((each) => [text(each)]), isOpen: of.isOpen }];
  if (name === "items")
    return [
      {
        kind: "list",
        items: [...of.entries].map(([each, inner]) => [{ kind: "list", items: [[text(each)], inner], isOpen: false }]),
        isOpen: of.isOpen,
      },
    ];
  return name === "copy" ? [of] : unknownValues;
}

function ofSymbol(path: string, args: Arguments, at: Surroundings): Values {
  const known = own(byPath, path);
  if (known !== undefined) return known(args, at);
  const dot = path.lastIndexOf(".");
  const name = path.slice(dot + 1);
  const object = dot < 0 ? "" : path.slice(0, dot);
  const named = own(byName, name);
  if (named !== undefined) return named(args, at);
  if (isEnvironment({ kind: "symbol", path: object }) && /^(?:get|fetch)$/.test(name)) {
    return wordsOf(firstOf(args)).map((word) => envValue(at.start, word));
  }
  const made = requestOf(object, name);
  if (made !== undefined) return [made];
  const [argument = hole] = wordsOf(firstOf(args));
  const plain = decoded(name, argument);
  if (plain !== undefined) return [plain];
  return handedOut({ kind: "symbol", path: object }, name, args) ?? unknownValues;
}

/** `new PutObjectCommand(…)`, `&s3.PutObjectInput{…}`: read where they are made. `PutObjectRequest.builder()` grows. */
function requestOf(object: string, name: string): Value | undefined {
  if (/[a-z](?:Command|Input)$/.test(name) || /^[A-Z]\w+Request$/.test(name)) return thing("request");
  if (name !== "builder" || !object.endsWith("Request")) return undefined;
  return thing("request", { operation: object.slice(object.lastIndexOf(".") + 1, -"Request".length) });
}

/** What calling `callee` gives. */
export function resultOf(callee: Value, args: Arguments, at: Surroundings): Values {
  if (callee.kind === "symbol") return ofSymbol(callee.path, args, at);
  // Ruby's `bucket.objects(prefix: "x")`.
  if (callee.kind === "thing" && callee.type === "objects") return [callee];
  if (callee.kind !== "member") return unknownValues;
  const { of, name } = callee;
  // `s3.putObject.bind(s3)` is still what it was.
  if (name === "bind" && (of.kind === "member" || of.kind === "symbol")) return [of];
  const isRequest = of.kind === "thing" && of.type === "request";
  return (isRequest ? undefined : handedOut(of, name, args)) ?? ofMethod(of, name, args);
}

function ofMethod(of: Value, name: string, args: Arguments): Values {
  switch (of.kind) {
    case "text": {
      const named = new Map([...args.named].map(([key, values]) => [key, single(values)]));
      return [textMethod(name, { word: of.word, args: args.positional.map(single), named }) ?? unknownValue];
    }
    case "list":
      return ofList(of, name, args);
    case "dict":
      return ofDict(of, name, args);
    case "thing":
      return ofThing(of, name, args) ?? unknownValues;
    case "member":
      // Spark's `df.write.mode("overwrite").parquet(…)` stays a writer.
      return /^write(?:Stream)?$/.test(of.name) ? [of] : unknownValues;
    case "number":
    case "symbol":
    case "function":
    case "unknown":
      return unknownValues;
  }
}

/** Names with a meaning of their own: the arguments of the program. */
export function symbolValue(path: string, start: CodeStart): Value | undefined {
  if (start.args === undefined) return undefined;
  const words = start.args.map((word): Values => [text(word)]);
  switch (path) {
    case "sys.argv":
      return { kind: "list", items: [[text("-c")], ...words], isOpen: false };
    case "process.argv":
    case "Bun.argv":
      return { kind: "list", items: [[text("node")], ...(start.isInline === true ? [] : [[text("script")]]), ...words], isOpen: false };
    case "ARGV":
    case "Deno.args":
      return { kind: "list", items: words, isOpen: false };
    case "os.Args":
      return { kind: "list", items: [[text("main")], ...words], isOpen: false };
    default:
      return undefined;
  }
}
