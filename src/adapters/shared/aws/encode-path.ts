/** Percent-encoding as AWS signs it: only letters, digits and `-._~` stay, everything else becomes `%XX` of its UTF-8 bytes. */

const leftByUri = /[!'()*]/gu;

/** One component of an address, such as a query value. Throws `URIError` for a text that is not valid Unicode. */
export const encodeComponent = (text: string): string =>
  encodeURIComponent(text).replaceAll(leftByUri, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The request path of a key, beginning with `/`. The slashes of the key stay; spaces, `+`, `%`, Unicode, empty segments
 * and segments like `..` arrive at the service as they are in the key. Throws `URIError` where the key is not valid Unicode.
 */
export const encodePath = (key: string): string => `/${key.split("/").map(encodeComponent).join("/")}`;

/** The query of a request with its `?`, or nothing. An empty value is written `name=`, as it is signed. */
export function encodeQuery(query: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${encodeComponent(name)}=${encodeComponent(value)}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
