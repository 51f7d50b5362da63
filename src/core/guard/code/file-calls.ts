/** Calls that change files, and the same calls with `s3://` addresses, which change buckets. */

import type { EffectVerb } from "../effect.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { namedOf, wordsAt } from "./arguments.ts";
import { byPath, copy, move, ofNode, ofPath, remove, write } from "./file-functions.ts";
import type { FileCall } from "./file-functions.ts";
import type { Call, Findings } from "./findings.ts";
import { own } from "./own.ts";
import { wordOf, wordsOf } from "./value.ts";
import type { Thing } from "./value.ts";

const isWritingMode = (mode: Word): boolean => /[wax+>]/.test(mode) && !/^\d|read/i.test(mode);
const scheme = /^(?:s3|s3a|s3n|s3fs|minio):\/\//i;

/** The bucket and key of `s3://bucket/key`, or of `bucket/key` where the library takes that. */
function bucketAt(word: Word): { readonly name: Word; readonly key: Word | undefined } {
  const bare = word.replace(scheme, "");
  const slash = bare.indexOf("/");
  return slash < 0 ? { name: bare, key: undefined } : { name: bare.slice(0, slash), key: bare.slice(slash + 1) };
}

/** A file, or an object where the path is an address of S3. */
function changed(tool: string, verb: EffectVerb, paths: readonly Word[], findings: Findings): void {
  for (const path of paths) {
    if (!scheme.test(path)) {
      findings.file(tool, verb, [path]);
      continue;
    }
    const { name, key } = bucketAt(path);
    findings.bucket(tool, verb, [name], key === undefined ? undefined : [key]);
  }
}

function apply(call: Call, found: FileCall, findings: Findings): void {
  const { args } = call;
  const tool = call.path === "" ? call.name : call.path;
  if (found.mode !== undefined && !opensForWriting(call, found.mode)) return;
  const names =
    found.at === 0
      ? ["path", "file", "filename", "filepath", "uri", "urlpath", "name", "src"]
      : ["dst", "dest", "destination", "target", "file"];
  const paths = found.at === 0 && call.language === "perl" && found.mode !== undefined ? perlPaths(call) : wordsAt(args, names, found.at);
  changed(tool.replace(/Sync$/, ""), found.verb, paths ?? [], findings);
  if (found.moves !== undefined) changed(tool, "delete", wordsAt(args, ["src", "source"], found.moves) ?? [], findings);
}

/** `open(my $f, ">", path)`, `open(F, ">path")`. */
function perlPaths(call: Call): readonly Word[] {
  const texts = call.args.positional.slice(1).map((values) => values.map(wordOf)[0] ?? hole);
  const [mode, path] = texts;
  if (mode === undefined) return [];
  return path === undefined ? [mode.replace(/^\+?>{1,2}\s*/, "")] : [path];
}

function opensForWriting(call: Call, place: number): boolean {
  const { args } = call;
  if (call.language === "perl")
    return args.positional.slice(1, 2).some((values) => values.some((value) => value.kind === "text" && /^\+?>/.test(value.word)));
  const modes = namedOf(args).entries.get("mode") ?? args.positional[place];
  if (modes === undefined) return false;
  // Flags by name: `os.O_WRONLY | os.O_CREATE`.
  return modes.some((value) =>
    value.kind === "text"
      ? isWritingMode(value.word.replaceAll(hole, ""))
      : value.kind === "unknown" && /OpenFile|os\.open$/.test(call.path),
  );
}

function pathMethod(call: Call, receiver: Thing, findings: Findings): boolean {
  const path = receiver.at["path"] ?? hole;
  const found = own(ofPath, call.name);
  const tool = `Path.${call.name}`;
  if (call.name === "open" && opensForWriting(call, 0)) changed(tool, "write", [path], findings);
  if (found === undefined) return call.name === "open";
  const isMove = /^(?:rename|replace|move)$/.test(call.name);
  if (isMove || call.name === "copy" || call.name === "copytree") changed(tool, "write", wordsAt(call.args, ["target"], 0) ?? [], findings);
  if (isMove) changed(tool, "delete", [path], findings);
  else if (!call.name.startsWith("copy")) changed(tool, found.verb, [path], findings);
  return true;
}

/** Methods of `s3fs` and `fsspec` file systems, whose paths need no scheme. */
function fileSystem(call: Call, findings: Findings): boolean {
  const { name, args } = call;
  const tool = `s3fs ${name}`;
  const at = (place: number): void => {
    for (const path of wordsAt(args, place === 0 ? ["path", "rpath"] : ["rpath", "path2"], place) ?? []) {
      const { name: bucket, key } = bucketAt(path);
      findings.bucket(tool, /^(?:rm|delete|rmdir)/.test(name) ? "delete" : "write", [bucket], key === undefined ? undefined : [key]);
    }
  };
  if (
    name === "open"
      ? opensForWriting(call, 1)
      : /^(?:rm|rm_file|rmdir|delete|touch|pipe|pipe_file|write_text|write_bytes|mkdir|makedirs|setxattr|chmod)$/.test(name)
  )
    at(0);
  else if (/^(?:put|put_file|upload|copy|cp|cp_file|mv|move|rename)$/.test(name)) at(1);
  else return false;
  if (/^(?:mv|move|rename)$/.test(name)) at(0);
  return true;
}

const writingName =
  /^(?:to_|write|save|dump|sink|upload|put|copy|cp|mv|move|rename|delete|remove|rm|unlink|touch|pipe|sync|store|insert_?into|create|export|mirror)/i;
/** What Spark's writers are finished with. */
const finishing = /^(?:csv|parquet|json|orc|text|save|start|delta|format)$/;
/** These take content, not a place. */
const contentName = /^(?:write|writelines|append|push|add|print|puts|dumps|text|create|createElement|store)$/i;
const readingName = /^(?:read|load|get|open|scan|exists|list|head|download|from|fetch|ls|glob|isfile|is)/i;

/** Anything else whose name says "write" and one of whose arguments is an address of S3. */
function addressed(call: Call, findings: Findings): boolean {
  if (!writesSomewhere(call)) return false;
  const all = [...call.args.positional, ...call.args.named.values()];
  const lists = all.map((values) =>
    values.flatMap((value) => (value.kind === "list" ? value.items.flatMap((item) => wordsOf(item)) : [wordOf(value)])),
  );
  const last = lists.findLastIndex((words) => words.some((word) => scheme.test(word)));
  if (last < 0) return false;
  // `copy("s3://…", "./local")` downloads.
  const isTransfer = /^(?:copy|cp|mv|move|sync|upload|rename|mirror)/i.test(call.name);
  if (isTransfer && last === 0 && call.args.positional.length > 1) return false;
  const verb: EffectVerb = /^(?:delete|remove|rm|unlink)/i.test(call.name) ? "delete" : "write";
  changed(
    call.name,
    verb,
    (lists[last] ?? []).filter((word) => scheme.test(word)),
    findings,
  );
  return true;
}

function writesSomewhere({ receiver, name, isOwn }: Call): boolean {
  if (receiver?.kind === "member" && /^write(?:Stream)?$/.test(receiver.name) && finishing.test(name)) return true;
  return writingName.test(name) && !readingName.test(name) && !contentName.test(name) && !isOwn;
}

/** `COPY t TO 's3://…'` of DuckDB, Redshift's `UNLOAD … TO`. */
function unloading(call: Call, findings: Findings): void {
  if (!/^(?:execute|sql|query|run|exec)$/.test(call.name)) return;
  for (const text of call.args.positional.flatMap((values) => wordsOf(values)).slice(0, 4)) {
    const found = /\b(?:copy|unload)\b[\s\S]{0,4000}?\bto\s+'(s3[an]?:\/\/[^']*)'/i.exec(text);
    if (found?.[1] !== undefined) changed("SQL COPY TO", "write", [found[1]], findings);
  }
}

/** Changes of files and addresses; says whether the call was one. */
export function fileCall(call: Call, findings: Findings): boolean {
  const { receiver } = call;
  unloading(call, findings);
  if (receiver?.kind === "thing") {
    if (receiver.type === "path" || receiver.type === "cloud-path") return pathMethod(call, receiver, findings);
    if (receiver.type === "file-system") return fileSystem(call, findings);
  }
  const found = own(byPath, call.path) ?? nodeCall(call) ?? bareCall(call);
  if (found === undefined) return addressed(call, findings);
  apply(call, found, findings);
  return true;
}

/** Names that are functions of their own only in some languages: File::Copy's of Perl, Julia's. */
function bareCall({ language, path }: Call): FileCall | undefined {
  if (language === "perl") return path === "copy" ? copy : path === "move" ? move : undefined;
  return language === "other" ? own({ rm: remove, cp: copy, mv: move, write: write() }, path) : undefined;
}

/** Names such as `rm` and `cp` need `fs` before them; `writeFileSync` does not. */
function nodeCall(call: Call): FileCall | undefined {
  const found = own(ofNode, call.name);
  if (found === undefined || call.isOwn || call.language !== "javascript") return undefined;
  const isFs = /^(?:fs|fs-extra|graceful-fs|fse|fsp|memfs|original-fs)(?:\.|$)/.test(call.path);
  if (isFs) return found;
  return /^(?:writeFile|appendFile|createWriteStream|copyFile|unlinkSync|rmSync|renameSync|cpSync|output(?:File|Json)|truncate|symlinkSync|utimes|openSync)/.test(
    call.name,
  )
    ? found
    : undefined;
}
