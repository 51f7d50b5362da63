/** How the text of a pointer or a link names an object of another system. */

import { pointed } from "./identity/traits.ts";

/** Whether a pointer's text means this key: as a whole, or by its last part, with and without `.html`. */
export function names(raw: string, key: string): boolean {
  const wanted = pointed(raw);
  const whole = pointed(key);
  return wanted === whole || wanted === whole.slice(whole.lastIndexOf("/") + 1);
}

const form = /^(?<head>\s*(?:[a-z][a-z\d+.-]*:\/\/[^/]*)?\/?)(?<path>[^?#]*?)(?<end>\.html?)?(?<rest>[?#].*)?\s*$/iu;

/** The key that a pointer's text means, where it is spelt as another key is: in the same folder, with the same ending. */
export function keyMeant(raw: string, like: string): string {
  const { path = "", end } = form.exec(raw)?.groups ?? {};
  const folder = path.includes("/") ? "" : like.slice(0, like.lastIndexOf("/") + 1);
  return `${folder}${path}${end ?? /\.html?$/u.exec(like)?.[0] ?? ""}`;
}

/** Host, folders and ending as they were written. */
export function sameForm(raw: string, key: string): string {
  const { head = "", path = "", end, rest = "" } = form.exec(raw)?.groups ?? {};
  const named = path.includes("/") || head !== "" ? key : key.slice(key.lastIndexOf("/") + 1);
  const bare = named.replace(/\.html?$/u, "");
  return `${head}${end === undefined ? bare : named}${rest}`;
}
