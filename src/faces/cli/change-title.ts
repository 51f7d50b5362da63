import { BelayError } from "../../core/belay-error.ts";
import { textOf, type Words } from "./words.ts";

/** `--change`: the name of the one logical change (D3). */
export function titleFrom(words: Words): string | undefined {
  const title = textOf(words, "change")?.trim();
  if (title === "") throw new BelayError("usage", "--change needs a title.", 'For example: --change "new footer"');
  return title;
}
