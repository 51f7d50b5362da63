/** Splitting of expanded text into fields by IFS. */

import { hole, type Word } from "../word.ts";

/** A stretch of a word; `break` parts the fields of `"$@"`. */
export type Chunk = { readonly text: Word; readonly isQuoted: boolean; readonly isSplit: boolean } | "break";

/** The fields of one word. Unquoted patterns in expanded text may be any names. */
export function splitFields(chunks: readonly Chunk[], separators: string): Word[] {
  const fields = new Fields();
  for (const chunk of chunks) {
    if (chunk === "break") fields.end(true);
    else if (chunk.isSplit) fields.addSplit(split(chunk.text, separators));
    else if (chunk.isQuoted || chunk.text !== "") fields.add(chunk.text);
  }
  fields.end(false);
  return fields.done;
}

class Fields {
  readonly done: Word[] = [];
  #current: Word | undefined;

  add(text: Word): void {
    this.#current = (this.#current ?? "") + text;
  }

  /** `always`: an empty field counts, too. */
  end(always: boolean): void {
    if (this.#current !== undefined || always) this.done.push(this.#current ?? "");
    this.#current = undefined;
  }

  addSplit({ starts, parts, ends }: Split): void {
    if (starts) this.end(false);
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.end(false);
      this.add(part.replaceAll(/[*?]|\[[^\]]+\]/g, hole));
    }
    if (ends) this.end(false);
  }
}

interface Split {
  readonly starts: boolean;
  readonly parts: readonly string[];
  readonly ends: boolean;
}

/** Blanks among the separators join, every other one parts on its own. Of `a::b` by `:` there are three. */
function split(text: string, separators: string): Split {
  const isBlank = (char: string): boolean => (char === " " || char === "\t" || char === "\n") && separators.includes(char);
  const parts: string[] = [];
  let current = "";
  let isOpen = false;
  let starts = false;
  let wasBlank = false;
  for (const char of text) {
    if (!separators.includes(char)) {
      current += char;
      isOpen = true;
      wasBlank = false;
    } else if (isBlank(char)) {
      if (isOpen) parts.push(current);
      else if (parts.length === 0) starts = true;
      wasBlank ||= isOpen;
      current = "";
      isOpen = false;
    } else {
      if (isOpen || !wasBlank) parts.push(current);
      wasBlank = false;
      current = "";
      isOpen = false;
    }
  }
  if (isOpen) parts.push(current);
  return { starts, parts, ends: !isOpen && parts.length > 0 };
}
