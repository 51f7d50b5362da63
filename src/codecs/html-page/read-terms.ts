import type { Term } from "../../core/page-terms.ts";
import { termsOf } from "./page-item.ts";
import { readItems } from "./read-items.ts";

/**
 * What a page holds, in the order of its bytes. Text stands once per block element, an inline script or style sheet is one term.
 * Bytes that are no page text (see `isPageText`) have no terms. Never throws, and takes time in proportion to the bytes.
 */
export function readTerms(bytes: Uint8Array): readonly Term[] {
  return termsOf(readItems(bytes)).map(({ kind, text, line }) => ({ kind, text, line }));
}
