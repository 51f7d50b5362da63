/** Which files a text may refer to: by address where it is a page or a style sheet, and by any mention of a file's name. */

import { cssReferences } from "../../codecs/html-page/css-references.ts";
import { references } from "../../codecs/html-page/references.ts";
import { isPage } from "../../core/paths/key.ts";

const decoder = new TextDecoder();
/** Names that a text can be cut into words for; others are looked for one by one. */
const wordName = /^\w(?:[\w.-]*\w)?$/u;
const words = /[\w.-]+/gu;
/** A slash, as scripts and pages may write it. */
const slashes = /\\u002f|\\x2f|\\\/|&#x2f;|&#47;/giu;
const encoded = /(?:%[0-9a-f]{2})+/giu;

/**
 * Looks for some files in texts. Errs on the side of finding: a file counts as referred to wherever its bare name stands,
 * whatever folder was meant. A name that a script puts together at run time is not found.
 */
export class NameSearch {
  readonly #byName = new Map<string, string[]>();
  readonly #oddNames: readonly string[];
  readonly #wanted: ReadonlySet<string>;

  constructor(wanted: Iterable<string>) {
    this.#wanted = new Set(wanted);
    for (const path of this.#wanted) {
      const name = nameOf(path);
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), path]);
    }
    this.#oddNames = [...this.#byName.keys()].filter((name) => !wordName.test(name));
  }

  /** Those of the wanted files that this text may refer to, itself left out. */
  in(bytes: Uint8Array, path: string): Set<string> {
    // Between the letters of UTF-16 stand zeros: without them its names are words too.
    const raw = decoder.decode(bytes).replaceAll("\0", "");
    const text = raw.replaceAll(slashes, "/").replaceAll(encoded, decoded).normalize("NFC");
    const found = new Set<string>();
    const add = (name: string): void => {
      for (const wanted of this.#byName.get(name) ?? []) found.add(wanted);
    };
    for (const [word] of text.matchAll(words)) add(word.replaceAll(/^[.-]+|[.-]+$/gu, ""));
    for (const name of this.#oddNames) if (text.includes(name)) add(name);
    // Entities hide a name from the words of a text, though not from a parser.
    if (isPage(path) && (this.#oddNames.length > 0 || text.includes("&#"))) this.#addAll(references(bytes, path), found);
    if (/\.css$/iu.test(path)) this.#addAll(cssReferences(bytes, path), found);
    found.delete(path);
    return found;
  }

  #addAll(keys: readonly string[], found: Set<string>): void {
    for (const key of keys) if (this.#wanted.has(key)) found.add(key);
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
