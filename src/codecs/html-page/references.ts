import { Tokenizer, TokenizerMode, type Token } from "parse5";
import { cssAddresses } from "./css-references.ts";
import { pageText } from "./page-text.ts";
import { SiteBase } from "./site-key.ts";

const addressAttributes = new Set([
  "src",
  "href",
  "poster",
  "data-src",
  "data-bg",
  "data-background",
  "data-href",
  "background",
  "xlink:href",
  "data",
]);
const setAttributes = new Set(["srcset", "data-srcset", "imagesrcset"]);
const textElements = new Set(["title", "textarea"]);

/**
 * Keys of site-local files that a page refers to, resolved from the page's own key and its `<base>`; each once, in order.
 * Read are `src`, `href`, `srcset`, `poster`, their `data-` forms, `style` attributes and style elements. What scripts
 * compose at run time is not seen. Empty where the bytes are no page text.
 */
export function references(bytes: Uint8Array, key: string): readonly string[] {
  const text = pageText(bytes);
  if (text === undefined) return [];
  const base = new SiteBase(key);
  const keys = new Set<string>();
  const add = (address: string): void => {
    const named = base.keyOf(address);
    if (named !== undefined) keys.add(named);
  };
  let [isStyle, hasBase] = [false, false];
  let style = "";
  const addStyle = (): void => {
    for (const address of cssAddresses(style)) add(address);
    [isStyle, style] = [false, ""];
  };
  const tokenizer: Tokenizer = new Tokenizer(
    {},
    {
      onComment: ignored,
      onDoctype: ignored,
      onNullCharacter: ignored,
      onCharacter: ({ chars }) => (style += isStyle ? chars : ""),
      onWhitespaceCharacter: ({ chars }) => (style += isStyle ? chars : ""),
      onEndTag: addStyle,
      onEof: addStyle,
      onStartTag: (token) => {
        const { tagName } = token;
        if (tagName === "base") {
          const href = token.attrs.find(({ name }) => name === "href")?.value;
          if (href !== undefined && !hasBase) base.moveTo(href);
          hasBase = hasBase || href !== undefined;
        } else for (const address of addressesOf(token)) add(address);
        if (tagName === "style") [isStyle, tokenizer.state] = [true, TokenizerMode.RAWTEXT];
        else if (tagName === "script" && !token.selfClosing) tokenizer.state = TokenizerMode.SCRIPT_DATA;
        else if (textElements.has(tagName)) tokenizer.state = TokenizerMode.RCDATA;
      },
    },
  );
  tokenizer.write(text, true);
  return [...keys];
}

const ignored = (): void => undefined;

function* addressesOf(token: Token.TagToken): Generator<string> {
  for (const { name, value } of token.attrs) {
    if (addressAttributes.has(name) && value.trim() !== "") yield value;
    else if (setAttributes.has(name)) yield* setAddresses(value);
    else if (name === "style") yield* cssAddresses(value);
  }
}

/** Addresses of a `srcset`: each runs to white space and may itself hold commas, though not at its ends. */
function* setAddresses(value: string): Generator<string> {
  for (let at = 0; at < value.length;) {
    const address = /[^\s,]\S*/gu;
    address.lastIndex = at;
    const found = address.exec(value);
    if (!found) return;
    yield found[0].replace(/,+$/u, "");
    const end = found.index + found[0].length;
    if (found[0].endsWith(",")) at = end;
    else {
      const comma = value.indexOf(",", end);
      at = comma === -1 ? value.length : comma + 1;
    }
  }
}
