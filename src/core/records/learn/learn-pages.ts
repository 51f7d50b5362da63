/** Which pages may hold a record, which are patterns of them, and by which paths visitors come. */

import { tellingSegments, isTemplateName, pageName, type Example } from "./example.ts";
import type { PagesGuess } from "./guess.ts";

/** Paths that are looked at for another way to a page; more tell nothing new. */
const pathsMax = 20_000;

/** `keys`: values of key fields, by field. `others`: examples that may link pages, items among them. */
export function learnPages(
  pages: readonly Example[],
  { keys, others }: { readonly keys: ReadonlyMap<string, readonly string[]>; readonly others: readonly Example[] },
): PagesGuess | undefined {
  if (pages.length === 0) return undefined;
  const records = pages.filter(({ name }) => !isTemplateName(name));
  const samples = pages.filter(({ name }) => isTemplateName(name));
  const match = [...new Set((records.length > 0 ? records : pages).map(({ name }) => globOf(name, "*")))];
  const folders = new Set(records.map(({ name }) => folderOf(name)));
  return {
    match,
    templates: [...new Set(samples.map(({ name }) => sampleGlob(name)))],
    paths: pathsOf(records, keys, others),
    because: [
      `from ${records
        .map(({ name }) => name)
        .slice(0, 2)
        .join(", ")}`,
    ],
    isSure: records.length > 1 && folders.size === 1 && !folders.has(""),
  };
}

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf("/") + 1);
const globOf = (key: string, stem: string): string => `${folderOf(key)}${stem}${/\.[^./]+$/u.exec(key)?.[0] ?? ""}`;

/** `g/_sample.html` stands for everything that begins with an underscore; another sample for itself. */
const sampleGlob = (key: string): string => (/(?:^|\/)_[^/]*$/u.test(key) ? globOf(key, "_*") : key);

/** Ways to a page besides its key that the examples themselves link: without `.html`, or by a code. */
function pathsOf(records: readonly Example[], keys: ReadonlyMap<string, readonly string[]>, others: readonly Example[]): string[] {
  const linked = new Set(
    [...records, ...others].flatMap(({ document }) => tellingSegments(document).flatMap(({ text }) => pathIn(text))).slice(0, pathsMax),
  );
  const found = new Set<string>();
  for (const path of linked) {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const last = path.slice(folder.length);
    if (records.some(({ name }) => `/${folderOf(name)}${pageName(name)}` === path)) found.add(`${folder}{name}`);
    for (const [field, values] of keys)
      if (values.some((value) => value.toLowerCase() === last.toLowerCase())) found.add(`${folder}{${field}}`);
  }
  return [...found];
}

/** The path of an address, or a path as a whole. */
function pathIn(text: string): string[] {
  const found = /^(?:https?:\/\/[^/\s]+)?(?<path>\/[^\s?#]+)/iu.exec(text.trim())?.groups?.["path"];
  return found === undefined ? [] : [found.replace(/\/$/u, "")];
}
