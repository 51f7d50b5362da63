/** The page that takes the place of a duplicate: guests hold its link. */

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** UTF-8. `to`: a path or an address. Whoever follows the old link arrives at the page that stays, with or without scripts. */
export function redirectPage(to: string): Uint8Array {
  const href = escape(to);
  return new TextEncoder().encode(
    `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="robots" content="noindex">\n<meta http-equiv="refresh" content="0; url=${href}">\n<link rel="canonical" href="${href}">\n<title>Moved</title>\n<p>This page has moved: <a href="${href}">${href}</a></p>\n</html>\n`,
  );
}

/** The address that a page of this kind leads to, so that it is not taken for a record of its own. */
export function redirectTarget(text: string): string | undefined {
  if (text.length > 4096) return undefined;
  const found = /<meta\s+http-equiv="refresh"\s+content="0;\s*url=(?<to>[^"]*)"/iu.exec(text)?.groups?.["to"];
  return found?.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}
