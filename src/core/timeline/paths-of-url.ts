import { urlPathPrefix, type Target } from "../site.ts";

/**
 * The paths of a site that a URL of a target may name, the likeliest first: its own, and its folder's index page.
 * `undefined` where the URL is not the target's.
 */
export function pathsOfUrl(target: Target, url: string): readonly string[] | undefined {
  const [, host, rest = ""] = /^[a-z]+:\/\/([^/?#]+)([^?#]*)/iu.exec(url) ?? [];
  const [, own] = /^[a-z]+:\/\/([^/?#]+)/iu.exec(target.url ?? "") ?? [];
  const prefix = urlPathPrefix(target).replace(/\/$/u, "");
  if (host === undefined || own?.toLowerCase() !== host.toLowerCase()) return undefined;
  if (rest !== prefix && !rest.startsWith(`${prefix}/`)) return undefined;
  const path = decoded(rest.slice(prefix.length).replace(/^\/+/u, ""));
  if (path === "") return ["index.html"];
  return path.endsWith("/") ? [`${path}index.html`] : [path, `${path}/index.html`];
}

/** As browsers spell it, or as somebody typed it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text).normalize("NFC");
  } catch {
    return text.normalize("NFC");
  }
}
