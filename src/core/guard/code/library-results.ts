/** What functions of standard libraries give, by their names. Data. */

import { hole } from "../word.ts";
import { namedOf, wordsAt } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import {
  attribute,
  bytes,
  characters,
  environmentOf,
  first,
  firstOf,
  joinedList,
  joinedPath,
  module,
  range,
  single,
} from "./result-parts.ts";
import type { Surroundings } from "./result-parts.ts";
import { byCodec, percentFormatted, reversedText, textMethod } from "./text-methods.ts";
import { text, thing, unknownValue, unknownValues, wordOf, wordsOf } from "./value.ts";
import type { Value, Values } from "./value.ts";

const listOf = (args: Arguments): Value => ({ kind: "list", items: args.positional, isOpen: args.isOpen });
const itself = (args: Arguments): Values => firstOf(args);

type Known = (args: Arguments, at: Surroundings) => Values;

const pathOf: Known = (args) => joinedPath(args).map((value) => thing("path", { path: wordOf(value) }));
const outside: Known = () => [thing("outside")];
const fileText: Known = (args) => wordsOf(firstOf(args)).map((path) => thing("file-text", { path }));
const formatted: Known = (args) => wordsOf(firstOf(args)).map((word) => text(percentFormatted(word, args.positional.slice(1).map(single))));
const client: Known = (args) => (wordsAt(args, ["servicename", "service"], 0) ?? [hole]).map((service) => thing("client", { service }));
const resource: Known = (args) => (wordsAt(args, ["servicename", "service"], 0) ?? [hole]).map((service) => thing("resource", { service }));
/** Bun's client belongs to one bucket. */
const bunClient: Known = (args) => (wordsAt(args, ["bucket"]) ?? [hole]).map((bucket) => thing("bucket", { bucket }));
const concatenated: Known = (args) => [text(args.positional.map((values) => wordOf(single(values))).join(""))];

/** `join(SEPARATOR, LIST)`, `String.join(SEPARATOR, A, B)`. */
const joinedBy: Known = (args) => {
  const separator = wordOf(first(args));
  if (first(args, 1).kind === "list") return [joinedList(first(args, 1), separator)];
  const words = args.positional.slice(1).map((values) => wordOf(single(values)));
  return [text(words.join(separator))];
};

/** By the whole path. */
export const byPath: Readonly<Record<string, Known>> = {
  __import__: module,
  require: module,
  import: module,
  "importlib.import_module": module,
  getattr: attribute,
  "Reflect.get": attribute,
  globals: () => [{ kind: "symbol", path: "globals" }],
  locals: () => [{ kind: "symbol", path: "globals" }],
  vars: () => [{ kind: "symbol", path: "globals" }],
  "globals.get": (args, at) => wordsOf(firstOf(args)).flatMap((word) => at.global(word)),
  "fsspec.filesystem": (args) =>
    wordsOf(firstOf(args)).map((word) => (word.startsWith("s3") ? thing("file-system", { scheme: "s3" }) : unknownValue)),
  "bun.S3Client": bunClient,
  "Bun.S3Client": bunClient,
  "boto3.client": client,
  "boto3.resource": resource,
  "boto3.Session": () => [thing("session")],
  "boto3.session.Session": () => [thing("session")],
  "aioboto3.Session": () => [thing("session")],
  "aiobotocore.session.get_session": () => [thing("session")],
  "botocore.session.get_session": () => [thing("session")],
  // What these give is known by its methods.
  get_ipython: () => [{ kind: "symbol", path: "get_ipython" }],
  "awscli.clidriver.create_clidriver": () => [{ kind: "symbol", path: "awscli.clidriver" }],
  str: itself,
  String: itself,
  Symbol: itself,
  bytes,
  bytearray: bytes,
  "Buffer.from": bytes,
  compile: itself,
  promisify: itself,
  "util.promisify": itself,
  partial: itself,
  "functools.partial": itself,
  "builtins.compile": itself,
  "os.fspath": itself,
  "os.fsencode": itself,
  list: itself,
  tuple: itself,
  set: itself,
  sorted: itself,
  iter: itself,
  "Array.from": itself,
  "Array.of": (args) => [listOf(args)],
  "List.of": (args) => [listOf(args)],
  "Set.of": (args) => [listOf(args)],
  "Arrays.asList": (args) => [listOf(args)],
  c: (args) => [listOf(args)],
  array: (args) => {
    const { entries } = namedOf(args);
    return entries.size > 0 ? [{ kind: "dict", entries: args.named, isOpen: args.isOpen }] : [listOf(args)];
  },
  dict: (args) => [{ kind: "dict", entries: args.named, isOpen: args.isOpen || args.positional.length > 0 }],
  range: (args) => [range(args)],
  chr: (args) => [characters(args)],
  "String.fromCharCode": (args) => [characters(args)],
  "String.fromCodePoint": (args) => [characters(args)],
  ord: (args) => {
    const value = first(args);
    return value.kind === "text" && value.word.length === 1 ? [{ kind: "number", value: value.word.codePointAt(0) ?? 0 }] : unknownValues;
  },
  "os.path.join": joinedPath,
  "posixpath.join": joinedPath,
  "path.join": joinedPath,
  "path.resolve": joinedPath,
  "path.posix.join": joinedPath,
  "File.join": joinedPath,
  "File.expand_path": joinedPath,
  "filepath.Join": joinedPath,
  "os.path.expanduser": itself,
  "os.path.abspath": itself,
  "os.path.realpath": itself,
  Path: pathOf,
  "pathlib.Path": pathOf,
  "pathlib.PosixPath": pathOf,
  "pathlib.PurePath": pathOf,
  Pathname: pathOf,
  "Paths.get": pathOf,
  "Path.of": pathOf,
  URL: itself,
  "url.URL": itself,
  Request: itself,
  "os.getenv": (args, at) => environmentOf(args, at.start),
  getenv: (args, at) => environmentOf(args, at.start),
  "os.Getenv": (args, at) => environmentOf(args, at.start),
  "System.getenv": (args, at) => environmentOf(args, at.start),
  "Sys.getenv": (args, at) => environmentOf(args, at.start),
  "codecs.decode": (args) => wordsOf(firstOf(args)).map((word) => text(byCodec(wordOf(first(args, 1)), word))),
  "codecs.encode": (args) => wordsOf(firstOf(args)).map((word) => text(byCodec(wordOf(first(args, 1)), word))),
  "shlex.split": (args) => wordsOf(firstOf(args)).map((word) => textMethod("split", { word, args: [], named: new Map() }) ?? unknownValue),
  "shlex.join": (args) => [joinedList(first(args), " ")],
  implode: (args) => [
    first(args).kind === "list" ? joinedList(first(args), wordOf(first(args, 1))) : joinedList(first(args, 1), wordOf(first(args))),
  ],
  join: joinedBy,
  "strings.Join": (args) => [joinedList(first(args), wordOf(first(args, 1)))],
  "String.join": joinedBy,
  "table.concat": (args) => [joinedList(first(args), args.positional.length > 1 ? wordOf(first(args, 1)) : "")],
  paste0: concatenated,
  "os.path.sep": () => [text("/")],
  paste: (args) => [text(args.positional.map((values) => wordOf(single(values))).join(wordsAt(args, ["sep"])?.[0] ?? " "))],
  sprintf: formatted,
  "fmt.Sprintf": formatted,
  "String.format": formatted,
  "string.format": formatted,
  "util.format": formatted,
  reverse: (args) => (first(args).kind === "text" ? [text(reversedText(wordOf(first(args))))] : unknownValues),
  scalar: itself,
  "sys.stdin.read": (_args, at) => [at.start.stdin === undefined ? thing("outside") : text(at.start.stdin)],
  input: outside,
  raw_input: outside,
  gets: outside,
  prompt: outside,
  "requests.get": outside,
  "requests.post": outside,
  "httpx.get": outside,
  "urllib.request.urlopen": outside,
  urlopen: outside,
  fetch: outside,
  "axios.get": outside,
  got: outside,
  open: fileText,
  "io.open": fileText,
  "fs.readFileSync": fileText,
  "fs.readFile": fileText,
  "File.read": fileText,
  "IO.read": fileText,
  file_get_contents: (args) =>
    /^https?:/.test(wordOf(first(args)))
      ? [thing("outside")]
      : fileText(args, { start: { cwd: hole, env: new Map(), through: [] }, global: () => [] }),
};

/** By the last name, whatever it hangs on. */
export const byName: Readonly<Record<string, Known>> = {
  S3Path: (args) => joinedPath(args).map((value) => thing("cloud-path", { path: wordOf(value) })),
  CloudPath: (args) => joinedPath(args).map((value) => thing("cloud-path", { path: wordOf(value) })),
  AnyPath: (args) => joinedPath(args).map((value) => thing("cloud-path", { path: wordOf(value) })),
  UPath: (args) => joinedPath(args).map((value) => thing("cloud-path", { path: wordOf(value) })),
  S3FileSystem: () => [thing("file-system", { scheme: "s3" })],
  // `aws.String("x")` of Go.
  String: itself,
  ToString: itself,
  Minio: () => [thing("client", { service: "minio" })],
};
