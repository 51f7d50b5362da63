/** How the text of a pointer or a link names an object of another system. */

import { pointed } from "./identity/traits.ts";

/** Whether a pointer's text means this key: as a whole, or by its last part, with and without `.html`. */
export function names(raw: string, key: string): boolean {
  const wanted = pointed(raw);
  const whole = pointed(key);
  return wanted === whole || wanted === whole.slice(whole.lastIndexOf("/") + 1);
}

interface Form {
  /** Spaces, scheme and host, and the slash after them. */
  readonly head: string;
  readonly path: string;
  readonly end: string | undefined;
  /** Query and fragment. */
  readonly rest: string;
}

/** One look from each end: a pattern for the whole text would try every length of a run of spaces. */
function formOf(raw: string): Form {
  const said = raw.trimEnd();
  const cut = said.search(/[?#]/u);
  const main = cut < 0 ? said : said.slice(0, cut);
  const head = /^\s*(?:[a-z][a-z\d+.-]*:\/\/[^/]*)?\/?/iu.exec(main)?.[0] ?? "";
  const tail = main.slice(head.length);
  const end = /\.html?$/iu.exec(tail)?.[0];
  return { head, path: end === undefined ? tail : tail.slice(0, -end.length), end, rest: cut < 0 ? "" : said.slice(cut) };
}

/** The key that a pointer's text means, where it is spelt as another key is: in the same folder, with the same ending. */
export function keyMeant(raw: string, like: string): string {
  const { path, end } = formOf(raw);
  const folder = path.includes("/") ? "" : like.slice(0, like.lastIndexOf("/") + 1);
  return `${folder}${path}${end ?? /\.html?$/u.exec(like)?.[0] ?? ""}`;
}

/** Host, folders and ending as they were written. */
export function sameForm(raw: string, key: string): string {
  const { head, path, end, rest } = formOf(raw);
  const named = path.includes("/") || head.trim() !== "" ? key : key.slice(key.lastIndexOf("/") + 1);
  const bare = named.replace(/\.html?$/u, "");
  return `${head}${end === undefined ? bare : named}${rest}`;
}
