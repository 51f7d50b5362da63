/** Before a page is deleted, every page of its site is read for links to it, afresh (decision 32). */

import { references } from "../../codecs/html-page/references.ts";
import { bytesOf } from "../../core/body.ts";
import { isPage } from "../../core/paths/key.ts";
import type { RecordSystem } from "../../core/records/kind.ts";
import type { Reading } from "../../ports/store.ts";
import { isRemembered } from "../compare/seen-bytes.ts";
import { concurrently } from "../concurrently.ts";
import type { Context } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";

export interface LinkScan {
  readonly system: RecordSystem;
  /** What goes, with the paths that lead there besides its key: a link from one of these to another is none. */
  readonly pages: readonly { readonly key: string; readonly paths: readonly string[] }[];
  /** So many files are read at most; what is left over counts as unread. Absent: all of them. */
  readonly filesMax?: number;
}

/** Pages that lead to one, and those that could not be looked into: whether they do is not known. */
export interface LinksTo {
  readonly linking: readonly string[];
  readonly unread: readonly string[];
}

/** By key, of every file of the system's live store that can hold a link. Throws where the store cannot be read. */
export async function scanLinks(
  records: RecordsBench,
  { system, pages, filesMax = Infinity }: LinkScan,
  context: Context,
): Promise<ReadonlyMap<string, LinksTo>> {
  const { bench, target } = await records.placeOf(system);
  const store = await bench.storeOf(target.store);
  const going = new Set(pages.map(({ key }) => key));
  const searches = pages.map(({ key, paths }) => ({ key, search: new LinkSearch(key, paths), linking: new Set<string>() }));
  const unread: string[] = [];
  const files: string[] = [];
  for await (const { key } of store.list("", context)) if (!going.has(key) && isRemembered(key, 0)) files.push(key);
  if (files.length > filesMax) unread.push(`${files.splice(filesMax).length} more files of the site`);
  let done = 0;
  await concurrently(files, bench.concurrency, async (file) => {
    const reading = await store.read(file, context);
    const bytes = reading && (await plainBytes(records, system, reading));
    // Gone since it was listed, it links nowhere.
    if (reading && !bytes) unread.push(file);
    else if (bytes) for (const { search, linking } of searches) if (search.isIn(bytes, file)) linking.add(file);
    done += 1;
    if (done % 100 === 0) context.report({ phase: "looking", done, total: files.length, path: file });
  });
  return new Map(searches.map(({ key, linking }) => [key, { linking: [...linking].toSorted(), unread: unread.toSorted() }]));
}

/** Unpacked; `undefined` where that is not possible. */
async function plainBytes(records: RecordsBench, system: RecordSystem, { observed, body }: Reading): Promise<Uint8Array | undefined> {
  const bytes = await bytesOf(body);
  const { headers = {} } = observed;
  const encoding = headers["content-encoding"]?.trim().toLowerCase();
  if (encoding === undefined || encoding === "" || encoding === "identity") return bytes;
  const read = records.codecOf(system).read(bytes, headers);
  return read.kind === "document" ? read.document.bytes : undefined;
}

const decoder = new TextDecoder();
/** A slash, as scripts and pages may write it. */
const slashes = /\\u002f|\\x2f|\\\/|&#x2f;|&#47;/giu;
const encoded = /(?:%[0-9a-f]{2})+/giu;
/** Shorter names without an ending, or such ones of letters alone, are words of prose. */
const nameCharsMin = 8;

/** Errs on the side of finding: a link that is not there keeps a page, a link that is missed breaks one. */
class LinkSearch {
  /** Keys that an address resolves to when it leads there. */
  readonly #keys: ReadonlySet<string>;
  readonly #texts: readonly string[];

  constructor(key: string, paths: readonly string[]) {
    const bare = key.replace(/\.x?html?$/iu, "");
    const folder = /(?:^|\/)index\.x?html?$/iu.test(key) ? key.slice(0, key.lastIndexOf("/") + 1) : undefined;
    const others = paths.map((path) => decoded(path).replace(/^\//u, ""));
    this.#keys = new Set([key, bare, ...others, ...(folder === undefined ? [] : [folder, folder.replace(/\/$/u, "")])]);
    const name = key.slice(key.lastIndexOf("/") + 1);
    const slug = bare.slice(bare.lastIndexOf("/") + 1);
    const isTelling = slug.length >= nameCharsMin && /[\d-]/u.test(slug);
    const inFolder = [key, bare, ...others].filter((path) => path.includes("/"));
    this.#texts = [...new Set([...inFolder, ...(folder === undefined ? [name, ...(isTelling ? [slug] : [])] : [])])];
  }

  isIn(bytes: Uint8Array, file: string): boolean {
    const raw = decoder.decode(bytes).replaceAll("\0", "");
    const text = raw.replaceAll(slashes, "/").replaceAll(encoded, decoded).normalize("NFC");
    if (this.#texts.some((wanted) => standsIn(text, wanted))) return true;
    return isPage(file) && references(bytes, file).some((key) => this.#keys.has(key));
  }
}

const inWord = /[\p{L}\p{N}_-]/u;

/** As a whole: not as a part of a longer name. */
function standsIn(text: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    if (!inWord.test(text[at - 1] ?? " ") && !inWord.test(text[at + wanted.length] ?? " ")) return true;
  }
  return false;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
