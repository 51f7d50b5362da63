/** Small builders that all readers of tools share. */

import type { Effect, EffectVerb, Place } from "../effect.ts";
import type { Invocation } from "../invocation.ts";
import type { FileText, ReaderFacts, Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { absolutePath } from "../absolute-path.ts";

/** One invocation under a reader's eyes. */
export interface Call {
  readonly invocation: Invocation;
  readonly facts: ReaderFacts;
  /** The words after the program. */
  readonly args: readonly Word[];
  /** The program's base name. */
  readonly program: string;
}

/** `undefined`: the program does nothing of which this reader knows. */
export type ToolReader = (call: Call) => Reading | undefined;

export const reading = (...effects: readonly Effect[]): Reading => ({ effects, nested: [] });

interface EffectWords {
  readonly tool: string;
  readonly verb: EffectVerb;
  readonly destination: Place;
  readonly source?: Place | undefined;
}

export function effectOf({ invocation }: Call, { tool, verb, destination, source }: EffectWords): Effect {
  return { tool, verb, destination, ...(source === undefined ? {} : { source }), through: invocation.through };
}

/** `s3://name/key`, also where the name is an ARN; `undefined` where it is no such address. What begins with a hole may be one. */
export function s3Place(word: Word): (Place & { readonly kind: "bucket" }) | undefined {
  // `"$URL"index.html`: the name of a file, so that the bucket and all slashes are in the hole.
  if (fileInHole.test(word)) return { kind: "bucket", name: hole, key: word, mayBeLocal: true };
  if (word.startsWith(hole)) return { kind: "bucket", name: word.split("/")[0] ?? word, ...keyOf(word), mayBeLocal: true };
  const scheme = /^s3[an]?:\/\//iu.exec(word)?.[0];
  if (scheme === undefined) return undefined;
  return bucketAndKey(word.slice(scheme.length));
}

// oxlint-disable-next-line no-control-regex -- the hole is one
const fileInHole = /^\u0000[^/\u0000]*\.[A-Za-z0-9]{1,5}$/u;

const accessPoint = /^(?<arn>arn:[^/]*?:(?:accesspoint|outpost)[/:](?:[^/]*[/:]accesspoint[/:])?[^/]+)(?:\/(?<key>.*))?$/su;

/** `name/key` or `arn:…:accesspoint/name/key`. */
export function bucketAndKey(text: Word): Place & { readonly kind: "bucket" } {
  const found = accessPoint.exec(text)?.groups;
  if (found !== undefined) return { kind: "bucket", name: found["arn"] ?? "", ...withKey(found["key"] ?? "") };
  return { kind: "bucket", name: text.split("/")[0] ?? "", ...keyOf(text) };
}

const keyOf = (text: Word): { readonly key?: Word } => (text.includes("/") ? withKey(text.slice(text.indexOf("/") + 1)) : {});
const withKey = (key: Word): { readonly key?: Word } => (key === "" ? {} : { key });

export const bucketPlace = (name: Word, key?: Word): Place => ({ kind: "bucket", name, ...(key === undefined ? {} : { key }) });

/** A path as the invocation would find it. */
export const pathOf = ({ invocation, facts }: Call, path: Word): Word => absolutePath(invocation.cwd, path, facts.homeFolder);

export const filePlace = (call: Call, path: Word): Place => ({ kind: "file", path: pathOf(call, path) });

/** The text of a file as the invocation would find it; a hole where it cannot be told. */
export function textOf(call: Call, path: Word): Word {
  const file = fileOf(call, path);
  return file?.kind === "text" ? file.text : hole;
}

function fileOf(call: Call, path: Word): FileText | undefined {
  const absolute = pathOf(call, path);
  return isKnown(absolute) ? call.facts.readFile(absolute) : undefined;
}

/** Names in text: judged by what is mentioned, and where it has a hole as something that cannot be shown to be harmless. */
export const mention = (about: Word): Place => ({ kind: "infrastructure", about });

/** The text without its holes: only what it does mention counts. */
export const onlyKnown = (about: Word): Word => about.replaceAll(hole, " ");
