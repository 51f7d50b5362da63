import type { TokenState } from "../../core/plan/plan.ts";
import type { FeatureToken } from "../../core/site.ts";

/** Bytes as a text of one character per byte: in the Encoding Standard this decoder gives every byte a character of its own. */
const perByte = (bytes: Uint8Array): string => new TextDecoder("windows-1252").decode(bytes);

/**
 * Whether bytes keep a feature token's rule: a search for the text's UTF-8 bytes, so neither the file's encoding nor
 * broken characters elsewhere in it matter. An absent file breaks `contains` and keeps `absent`.
 */
export function checkToken(rule: FeatureToken["rule"], text: string, bytes: Uint8Array | undefined): TokenState {
  if (!bytes) return rule === "contains" ? "absent-file" : "ok";
  const isThere = perByte(bytes).includes(perByte(new TextEncoder().encode(text)));
  if (rule === "contains") return isThere ? "ok" : "missing";
  return isThere ? "resurrected" : "ok";
}
