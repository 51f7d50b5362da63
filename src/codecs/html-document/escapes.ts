/** Texts as the places of a page want them written. Each answers `undefined` where its place cannot say the text. */

import type { Charset } from "./charset.ts";

export type Escape = (text: string, charset: Charset) => Uint8Array | undefined;

/** HTML drops or replaces them, in text as in references; a carriage return becomes a line feed. */
// oxlint-disable-next-line no-control-regex -- these are what must not be written
const unsayable = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/** Characters that the encoding lacks are written by `instead`, the others as they are. */
function written(text: string, charset: Charset, instead: (character: string) => string): Uint8Array | undefined {
  const whole = charset.encode(text);
  if (whole) return whole;
  let rest = "";
  for (const character of text) rest += charset.encode(character) ? character : instead(character);
  return charset.encode(rest);
}

const reference = (character: string): string => `&#${character.codePointAt(0) ?? 0};`;
const byUnits = (character: string): string =>
  [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");

export const asText: Escape = (text, charset) =>
  unsayable.test(text)
    ? undefined
    : written(text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"), charset, reference);

type Quote = "" | '"' | "'";

const attributeEscapes: Readonly<Record<Quote, Escape>> = { "": escapeFor(""), '"': escapeFor('"'), "'": escapeFor("'") };

/** `quote` is empty for a value without quotes. */
export const asAttribute = (quote: Quote): Escape => attributeEscapes[quote];

function escapeFor(quote: Quote): Escape {
  return (text, charset) => {
    if (unsayable.test(text)) return undefined;
    const said = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    if (quote === '"') return written(said.replaceAll('"', "&quot;"), charset, reference);
    if (quote === "'") return written(said.replaceAll("'", "&#39;"), charset, reference);
    return text === "" || /[\s"'`=]/u.test(text) ? undefined : written(said, charset, reference);
  };
}

/** An attribute whose value is code of its own (`onclick`): only what means the same in any code. */
export const asCodeAttribute = (quote: Quote): Escape => {
  const escape = asAttribute(quote);
  return (text, charset) => (isPlain(text) ? escape(text, charset) : undefined);
};

/** Without anything that code, markup or style could take for its own. */
const isPlain = (text: string): boolean => !/[\\'"`<>&{}()[\];=\r\n\u2028\u2029]|--|\/\*|\*\//u.test(text) && !unsayable.test(text);

/** Where there are no escapes: style sheets, `xmp`, templates. */
export const asPlain: Escape = (text, charset) => (isPlain(text) ? charset.encode(text) : undefined);

/** Comments of HTML and of scripts. A dash at an edge could meet another one. */
export const asComment: Escape = (text, charset) =>
  unsayable.test(text) || /[<>\r\n\u2028\u2029]|--|^-|-$|\*\/|^\/|\*$/u.test(text) ? undefined : charset.encode(text);

/** Inside the quotes of a JSON string in a script: `<` is escaped, so that no `</script>` can arise. */
export const asJsonString: Escape = (text, charset) =>
  /\p{Surrogate}/u.test(text) ? undefined : written(JSON.stringify(text).slice(1, -1).replaceAll("<", "\\u003c"), charset, byUnits);

export const asNumber: Escape = (text, charset) =>
  /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u.test(text) ? charset.encode(text) : undefined;

/** A number of a script: its sign is an operator of its own. */
export const asScriptNumber: Escape = (text, charset) => (text.startsWith("-") ? undefined : asNumber(text, charset));

/** Inside the quotes of a string of a script. */
export const asScriptString = (quote: "'" | '"' | "`"): Escape => {
  return (text, charset) => {
    if (/\p{Surrogate}/u.test(text)) return undefined;
    const said = text
      .replaceAll("\\", "\\\\")
      .replaceAll(quote, `\\${quote}`)
      .replaceAll("\n", "\\n")
      .replaceAll("\r", "\\r")
      .replaceAll("<", String.raw`\x3c`)
      // oxlint-disable-next-line no-control-regex -- these are what has to be escaped
      .replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\uFEFF]/gu, byUnits);
    return written(quote === "`" ? said.replaceAll("${", "\\${") : said, charset, byUnits);
  };
};
