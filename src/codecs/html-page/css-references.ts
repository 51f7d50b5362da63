import { pageText } from "./page-text.ts";
import { SiteBase } from "./site-key.ts";
import { withoutComments } from "./source-code.ts";

/** Keys of site-local files that a style sheet refers to by `url()` or `@import`, resolved from the sheet's own key; each once, in order. */
export function cssReferences(bytes: Uint8Array, key: string): readonly string[] {
  const base = new SiteBase(key);
  const keys = cssAddresses(pageText(bytes) ?? "").map((address) => base.keyOf(address));
  return [...new Set(keys.filter((held) => held !== undefined))];
}

/** Addresses as they stand in style text, in order. */
export function cssAddresses(source: string): string[] {
  const found = withoutComments(source, "block").matchAll(
    /url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'()]+))|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')/giu,
  );
  return [...found].map(([, ...groups]) => groups.find((group) => group !== undefined) ?? "").filter((address) => address !== "");
}
