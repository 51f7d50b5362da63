/** Methods and functions on texts whose result can be told: how names are hidden, and how they are put together. */

import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import { own } from "./own.ts";
import { text, unknownValue, wordOf } from "./value.ts";
import type { Value } from "./value.ts";

/** By code points, as names of buckets need no more. */
export const reversedText = (word: Word): Word => Array.from(word).toReversed().join("");

const printable = (bytes: string): Word => bytes.replaceAll(hole, "");

/** Base64 in both alphabets, as UTF-8 or, where it is none, as UTF-16 without marks. */
export function fromBase64(coded: string): Word {
  const plain = coded.replaceAll(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) return hole;
  const bytes = Uint8Array.from(atob(plain), (char) => char.codePointAt(0) ?? 0);
  const utf8 = new TextDecoder("utf-8").decode(bytes);
  return utf8.includes("\u0000") && bytes.length % 2 === 0 ? printable(new TextDecoder("utf-16le").decode(bytes)) : printable(utf8);
}

export function fromHex(coded: string): Word {
  const plain = coded.replaceAll(/[\s:]|0x/g, "");
  if (plain.length % 2 !== 0 || !/^[\da-fA-F]*$/.test(plain)) return hole;
  return printable(new TextDecoder().decode(Uint8Array.from(plain.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))));
}

const rotated = (word: string): string =>
  word.replaceAll(/[a-zA-Z]/g, (char) => {
    const base = char <= "Z" ? 65 : 97;
    return String.fromCodePoint((((char.codePointAt(0) ?? base) - base + 13) % 26) + base);
  });

function unquoted(word: string): Word {
  try {
    return printable(decodeURIComponent(word));
  } catch {
    return hole;
  }
}

/** Functions of one text. */
const decoders: Readonly<Record<string, (word: string) => Word>> = {
  b64decode: fromBase64,
  standard_b64decode: fromBase64,
  urlsafe_b64decode: fromBase64,
  decodebytes: fromBase64,
  a2b_base64: fromBase64,
  decode64: fromBase64,
  strict_decode64: fromBase64,
  urlsafe_decode64: fromBase64,
  decode_base64: fromBase64,
  base64_decode: fromBase64,
  atob: fromBase64,
  fromhex: fromHex,
  unhexlify: fromHex,
  a2b_hex: fromHex,
  hex2bin: fromHex,
  str_rot13: rotated,
  unquote: unquoted,
  unquote_plus: unquoted,
  urldecode: unquoted,
  rawurldecode: unquoted,
  decodeuricomponent: unquoted,
  decodeuri: unquoted,
  unescape: unquoted,
  strrev: (word) => reversedText(word),
  ucfirst: (word) => word.charAt(0).toUpperCase() + word.slice(1),
  quote: (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'"'"'`)}'`),
};

/** What a known function of one text gives; `undefined` for others. */
export function decoded(name: string, word: Word): Value | undefined {
  const decode = own(decoders, name.toLowerCase());
  if (decode === undefined) return undefined;
  return isKnown(word) ? text(decode(word)) : unknownValue;
}

const upper = (word: Word): Word => word.toUpperCase();
const lower = (word: Word): Word => word.toLowerCase();
const same = (word: Word): Word => word;

/** Methods without arguments that matter. */
const plain: Readonly<Record<string, (word: Word) => Word>> = {
  strip: (word) => word.trim(),
  trim: (word) => word.trim(),
  lstrip: (word) => word.trimStart(),
  rstrip: (word) => word.trimEnd(),
  chomp: (word) => word.replace(/\n$/, ""),
  chop: (word) => word.slice(0, -1),
  lower,
  tolowercase: lower,
  downcase: lower,
  tolower: lower,
  casefold: lower,
  upper,
  touppercase: upper,
  upcase: upper,
  toupper: upper,
  reverse: (word) => reversedText(word),
  decode: same,
  encode: same,
  tostring: same,
  valueof: same,
  to_s: same,
  to_str: same,
  freeze: same,
  dup: same,
  expanduser: same,
  resolve: same,
  absolute: same,
  as_posix: same,
  normalize: same,
  hex: same,
};

const bounded = (word: Word, max: number): Value => (word.length > max ? unknownValue : text(word));

/** `"{}-{name}".format(…)`. */
function formatted(word: Word, args: readonly Value[], named: ReadonlyMap<string, Value>): Word {
  let index = -1;
  return word.replaceAll(/\{\{|\}\}|\{([^{}!:]*)(?:![^{}:]*)?(?::[^{}]*)?\}/g, (whole, name: string | undefined) => {
    if (whole === "{{") return "{";
    if (whole === "}}") return "}";
    if (name === undefined || name === "") {
      index += 1;
      return wordOf(args[index] ?? unknownValue);
    }
    const found = /^\d+$/.test(name) ? args[Number(name)] : named.get(name);
    return found === undefined ? hole : wordOf(found);
  });
}

/** `"%s-%s" % (a, b)`, `sprintf("%s", a)`. */
export function percentFormatted(word: Word, args: readonly Value[]): Word {
  let index = -1;
  return word.replaceAll(/%(?:%|\((\w+)\)[sdr]|-?\d*(?:\.\d+)?[sdriufxv@])/g, (whole, name: string | undefined) => {
    if (whole === "%%") return "%";
    if (name !== undefined) {
      const [dict] = args;
      return dict?.kind === "dict" ? wordOf(dict.entries.get(name)?.[0] ?? unknownValue) : hole;
    }
    index += 1;
    return wordOf(args[index] ?? unknownValue);
  });
}

function sliced(word: Word, args: readonly Value[]): Value {
  const [from, to] = args.map((arg) => (arg.kind === "number" ? arg.value : Number.NaN));
  if (!isKnown(word) || Number.isNaN(from ?? 0) || Number.isNaN(to ?? 0)) return unknownValue;
  return text(word.slice(from, to));
}

export interface TextCall {
  readonly word: Word;
  readonly args: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

function replaced({ word, args }: TextCall): Value {
  const [from, to] = args.map(wordOf);
  if (from === undefined || to === undefined || from === "") return unknownValue;
  if (!isKnown(from) || !isKnown(word)) return unknownValue;
  return bounded(
    word.replaceAll(from, () => to),
    65_536,
  );
}

function split({ word, args }: TextCall): Value {
  if (!isKnown(word)) return unknownValue;
  const separator = args[0] === undefined ? undefined : wordOf(args[0]);
  const pieces = separator === undefined ? word.trim().split(/\s+/) : isKnown(separator) ? word.split(separator) : undefined;
  if (pieces === undefined || pieces.length > 5000) return unknownValue;
  return { kind: "list", items: pieces.map((piece) => [text(piece)]), isOpen: false };
}

/** Texts of a list, one behind the other; a hole where more may come. */
export function joinedWords(items: readonly Value[], separator: Word, isOpen: boolean): Word {
  const words = items.map(wordOf);
  return words.join(separator) + (isOpen ? hole : "");
}

const withArguments: Readonly<Record<string, (call: TextCall) => Value>> = {
  format: ({ word, args, named }) => bounded(formatted(word, args, named), 65_536),
  replace: replaced,
  replaceall: replaced,
  gsub: replaced,
  sub: replaced,
  concat: ({ word, args }) => bounded(word + args.map(wordOf).join(""), 65_536),
  split,
  slice: ({ word, args }) => sliced(word, args),
  substring: ({ word, args }) => sliced(word, args),
  join: ({ word, args: [list] }) => {
    if (list?.kind !== "list") return unknownValue;
    return text(
      joinedWords(
        list.items.map((item) => (item.length === 1 ? (item[0] ?? unknownValue) : unknownValue)),
        word,
        list.isOpen,
      ),
    );
  },
  removeprefix: ({ word, args: [prefix] }) =>
    prefix?.kind === "text" && word.startsWith(prefix.word) ? text(word.slice(prefix.word.length)) : text(word),
  removesuffix: ({ word, args: [suffix] }) =>
    suffix?.kind === "text" && word.endsWith(suffix.word) ? text(word.slice(0, -suffix.word.length)) : text(word),
  translate: () => unknownValue,
  repeat: ({ word, args: [times] }) =>
    times?.kind === "number" && times.value * word.length < 65_536 ? text(word.repeat(Math.max(0, times.value))) : unknownValue,
};

/** What a method of a text gives; `undefined` where it is not known. */
export function textMethod(name: string, call: TextCall): Value | undefined {
  const lowered = name.toLowerCase();
  const known = own(withArguments, lowered);
  if (known !== undefined) return known(call);
  const method = own(plain, lowered);
  if (method === undefined) return undefined;
  if (method !== same && !isKnown(call.word)) return unknownValue;
  if (call.args.length > 0 && /strip|trim/.test(lowered)) return stripped(call);
  // `bytes.decode("rot13")`.
  const [codec] = call.args;
  if (codec?.kind === "text" && /^(?:de|en)code$/.test(lowered)) return text(byCodec(codec.word, call.word));
  if (codec?.kind === "text" && lowered === "tostring" && /^base64|hex$/.test(codec.word)) return unknownValue;
  return text(method(call.word));
}

function stripped({ word, args: [chars] }: TextCall): Value {
  if (chars?.kind !== "text" || !isKnown(chars.word)) return unknownValue;
  let [from, to] = [0, word.length];
  while (from < to && chars.word.includes(word.charAt(from))) from += 1;
  while (to > from && chars.word.includes(word.charAt(to - 1))) to -= 1;
  return text(word.slice(from, to));
}

/** `codecs.decode(x, "rot13")`. */
export function byCodec(codec: string, word: Word): Word {
  const name = codec.toLowerCase().replaceAll(/[-_]/g, "");
  if (/^rot13$/.test(name)) return rotated(word);
  if (/^base64(?:codec)?$/.test(name)) return isKnown(word) ? fromBase64(word) : hole;
  if (/^hex(?:codec)?$/.test(name)) return isKnown(word) ? fromHex(word) : hole;
  return /^(?:utf8|ascii|latin1|utf16le|unicodeescape|iso88591)$/.test(name) ? word : hole;
}
