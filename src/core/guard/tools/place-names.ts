/** Whether a name in a command is, or could be, one that is guarded. */

import type { GuardedBucket, GuardedName } from "../scope.ts";
import { hole, isKnown, mayBe, type Word } from "../word.ts";

export type Match = "is" | "may be" | "not";

const arn = /^arn:[^:]*:(?<service>[^:]*):[^:]*:[^:]*:(?<rest>.*)$/su;

/**
 * A bucket's name, an access point's alias or ARN, or a name in a host of an access point, against one guarded name. An access
 * point is known by its own name, too: it stands in its ARN, before the account in its host, and at the beginning of its alias.
 */
export function matchBucketName(name: Word, guarded: string): Match {
  const plain = plainName(name);
  const own = plainName(guarded);
  if (!isKnown(plain)) {
    // What has no letter of its own would match everything; that is what unresolved means.
    return namesOf(guarded).some((one) => mayBe(plain, one)) || mayBe(plain, own) ? "may be" : "not";
  }
  if (plain === own || name === guarded) return "is";
  return isSamePoint(plain, own) ? "is" : "not";
}

/** Two names of one access point. */
function isSamePoint(plain: string, own: string): boolean {
  const point = pointName(plain);
  const guardedPoint = pointName(own);
  if (point !== undefined && point === own) return true;
  if (guardedPoint === undefined) return false;
  if (guardedPoint.endsWith("-s3alias")) return point !== undefined && guardedPoint.startsWith(`${point}-`);
  return point === guardedPoint || plain === guardedPoint || (plain.endsWith("-s3alias") && plain.startsWith(`${guardedPoint}-`));
}

const namesOf = (guarded: string): string[] => [guarded, plainName(guarded)];

/** Without the ARN around a bucket, in lower case, as buckets are. */
function plainName(name: Word): Word {
  const found = arn.exec(name)?.groups;
  const plain =
    found?.["service"] === "s3" && found["rest"] !== undefined && !/^accesspoint[/:]/u.test(found["rest"]) ? found["rest"] : name;
  return plain.toLowerCase().replace(/\.$/u, "");
}

/** The name of an access point in an ARN or in a host's label; an alias stays whole. */
function pointName(name: string): string | undefined {
  const inArn = /:accesspoint[/:](?<point>[^/:]+)/u.exec(name)?.groups?.["point"];
  if (inArn !== undefined) return inArn;
  if (name.endsWith("-s3alias")) return name;
  return /^(?<point>.+)-\d{12}$/u.exec(name)?.groups?.["point"];
}

/**
 * Whether a key lies in what is guarded of a bucket. A key that ends with a slash, or is a folder above the prefix, means all below.
 * Without a key the whole bucket is meant.
 */
export function matchKey(key: Word | undefined, { prefix, except }: Pick<GuardedBucket, "prefix" | "except">): Match {
  if (key === undefined) return "is";
  const path = key.replace(/^\/+/u, "");
  const known = isKnown(path);
  if (known && except.some((one) => path.startsWith(withSlash(one)) || path === one.replace(/\/$/u, ""))) return "not";
  if (prefix === "") {
    if (known) return "is";
    const fixed = path.slice(0, path.indexOf(hole));
    if (except.some((one) => fixed.startsWith(withSlash(one)))) return "not";
    return except.length === 0 ? "is" : "may be";
  }
  const own = withSlash(prefix);
  if (known) return path.startsWith(own) || path === own.slice(0, -1) || own.startsWith(withSlash(path)) ? "is" : "not";
  const fixed = path.slice(0, path.indexOf(hole));
  if (fixed.startsWith(own)) return "is";
  return own.startsWith(fixed) ? "may be" : "not";
}

const withSlash = (prefix: string): string => (prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`);

/** An id or a table's name, or an ARN that ends with it. */
export function matchName(name: Word, guarded: GuardedName): Match {
  const plain = name.replace(/^arn:[^/]*[/:](?:table|distribution|global-table)\//u, "").split("/")[0] ?? name;
  if (!isKnown(plain)) return mayBe(plain, guarded.name) ? "may be" : "not";
  return plain === guarded.name || name === guarded.name ? "is" : "not";
}

const around = /[A-Za-z0-9_-]/u;

/** Whether a text names it, as a word of its own: `queenofsandiego-prod` in an ARN or address, not in `queenofsandiego-prod-logs`. */
export function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + name.length] ?? " ";
    if (!around.test(before) && !around.test(after) && !isOtherBucket(text, at, name)) return true;
  }
  return false;
}

/** `x.NAME` and `NAME.x` are other buckets, unless what follows is a host of S3 or the end of a sentence. */
function isOtherBucket(text: string, at: number, name: string): boolean {
  const after = text.slice(at + name.length, at + name.length + 4);
  const before = text[at - 1] ?? "";
  if (before === "." && /[a-z0-9]/u.test(text[at - 2] ?? "")) return true;
  return /^\.[a-z0-9]/u.test(after) && !/^\.s3[.-]|^\.s3$/u.test(after);
}
