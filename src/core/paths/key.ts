/** Keys: relative paths in NFC, UTF-8, ordered by bytes (decision 26). */

const keyBytesMax = 1024;
const encoder = new TextEncoder();
// C0 controls, DEL and C1 controls: no honest file name holds them, and terminals obey them.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f]/u;

/** Why a text cannot be a key, as a clause that completes "… because"; `undefined` when it can. */
export function keyProblem(key: string): string | undefined {
  if (key === "") return "it is empty";
  if (!key.isWellFormed()) return "it is not valid Unicode";
  if (key !== key.normalize("NFC")) return "it is not in Unicode normal form C";
  if (controls.test(key)) return "it holds a control character";
  if (key.startsWith("/")) return "it begins with a slash";
  if (key.includes("\\")) return "it holds a backslash";
  if (encoder.encode(key).byteLength > keyBytesMax) return `it is longer than ${keyBytesMax} bytes`;
  const segments = key.split("/");
  if (segments.includes("")) return "it has an empty segment";
  if (segments.includes(".") || segments.includes("..")) return "it has a `.` or `..` segment";
  return undefined;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** Orders keys by their UTF-8 bytes, as S3 lists them. */
export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (one === other) continue;
    // UTF-16 puts surrogates (astral characters) before U+E000–U+FFFF; UTF-8 puts them after.
    if (isSurrogate(one) !== isSurrogate(other) && one >= 0xd800 && other >= 0xd800) return isSurrogate(one) ? 1 : -1;
    return one - other;
  }
  return left.length - right.length;
}

/** Groups of keys that one file system or visitor would confuse: equal but for case, or one a folder of the other. */
export function keyCollisions(keys: Iterable<string>): readonly (readonly string[])[] {
  const byFold = new Map<string, string[]>();
  const folders = new Map<string, string>();
  const sorted = [...keys];
  for (const key of sorted) {
    const fold = key.toLowerCase();
    byFold.set(fold, [...(byFold.get(fold) ?? []), key]);
    for (let slash = fold.lastIndexOf("/"); slash > 0; slash = fold.lastIndexOf("/", slash - 1)) {
      const folder = fold.slice(0, slash);
      if (folders.has(folder)) break;
      folders.set(folder, key);
    }
  }
  const groups = [...byFold.values()].filter((group) => group.length > 1);
  for (const [fold, held] of byFold) {
    const inside = folders.get(fold);
    if (inside !== undefined) groups.push([...held, inside]);
  }
  return groups;
}

/** Characters that browsers send as they are. A plus is not among them: S3 takes one for a space. */
const plainInUrls = /%(?:24|26|2C|3A|3B|3D|40)/gu;

/** The path of a URL that names this key, beginning with a slash and percent-encoded as browsers ask for it. */
export const urlPathOf = (key: string): string =>
  `/${key.split("/").map(encodeURIComponent).join("/")}`.replaceAll(plainInUrls, decodeURIComponent);

const indexName = "index.html";

/**
 * Every path under which visitors reach a key, as a CDN is told of it: its own, and its folder's where it is an index page.
 * An asterisk would be a wildcard there, and CloudFront wants the tilde encoded with the other unsafe characters of RFC 1738.
 */
export function visitorPathsOf(key: string): readonly string[] {
  const own = urlPathOf(key).replaceAll("*", "%2A").replaceAll("~", "%7E");
  if (key === indexName || key.endsWith(`/${indexName}`)) return [own, own.slice(0, -indexName.length)];
  return [own];
}

export const isPage = (key: string): boolean => /\.x?html?$/iu.test(key);
