/** Which encoding a page is in, as browsers decide it: byte order mark, header, meta element, guess. */

import type { Headers } from "../../core/plan/plan.ts";
import { charsetNamed, utf16be, utf16le, utf8, type Charset } from "./charset.ts";

/** Where browsers look for a meta element. */
const prescannedBytes = 1024;

export interface PageCharset {
  readonly charset: Charset;
  /** Of the byte order mark. */
  readonly markBytes: number;
}

/** `undefined` where the page says that it is in an encoding that is not read here; `named` is what it says. */
export function pageCharset(bytes: Uint8Array, headers: Headers): PageCharset | { readonly named: string } {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return { charset: utf8, markBytes: 3 };
  if (first === 0xfe && second === 0xff) return { charset: utf16be, markBytes: 2 };
  if (first === 0xff && second === 0xfe) return { charset: utf16le, markBytes: 2 };
  const told = charsetOfHeader(headers) ?? charsetOfMeta(bytes);
  if (told === undefined) return { charset: isUtf8(bytes) ? utf8 : (charsetNamed("windows-1252") ?? utf8), markBytes: 0 };
  const charset = charsetNamed(told);
  return charset ? { charset, markBytes: 0 } : { named: told };
}

function charsetOfHeader(headers: Headers): string | undefined {
  const told = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))/iu.exec(headers["content-type"] ?? "");
  return told?.[1] ?? told?.[2] ?? told?.[3];
}

function charsetOfMeta(bytes: Uint8Array): string | undefined {
  const head = utf8.view(bytes.subarray(0, prescannedBytes)).replaceAll(/<!--.*?(?:-->|$)/gsu, "");
  const told = /<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)/iu.exec(head)?.[1];
  // ASCII that says it is UTF-16 is not: the standard takes UTF-8 then.
  return told !== undefined && /^utf-?16/iu.test(told) ? "utf-8" : told;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
