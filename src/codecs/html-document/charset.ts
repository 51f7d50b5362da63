/** Character encodings of pages, byte by byte: decoders of the platform tell what a text says, not which bytes said it. */

/** A character as it was read: `codePoint * 8 + size in bytes`, in one number so that reading makes no objects. */
export type ReadCharacter = number;

/** Stands for bytes that are no character; they read as U+FFFD. */
const invalid = 0x11_0000;

export const sizeOf = (read: ReadCharacter): number => read & 7;
export const isInvalid = (read: ReadCharacter): boolean => read >> 3 === invalid;
/** U+FFFD for bytes that are no character. */
export const codePointOf = (read: ReadCharacter): number => (read >> 3 === invalid ? 0xff_fd : read >> 3);

export interface Charset {
  /** As the WHATWG Encoding Standard names it, in lower case. */
  readonly name: string;
  readonly unitBytes: 1 | 2;
  /**
   * One character for each code unit: a byte, or two of UTF-16. ASCII stands for itself, so that markup can be looked for in it;
   * what else it holds means nothing unless the unit is UTF-16.
   */
  view(bytes: Uint8Array): string;
  /** The character at byte `at`, of bytes that end at `end`. Invalid bytes are split as the WHATWG standard splits them. */
  read(bytes: Uint8Array, at: number, end: number): ReadCharacter;
  /** `undefined` where some character has no bytes in this encoding. Lone surrogates never have. */
  encode(text: string): Uint8Array | undefined;
}

const isLone = /\p{Surrogate}/u;
const utf8Encoder = new TextEncoder();
const latin1 = new TextDecoder("latin1");

/** Least and most first continuation byte after a lead byte, and how many follow; zero where it leads nothing. */
function follows(lead: number): { readonly count: number; readonly least: number; readonly most: number } {
  if (lead >= 0xc2 && lead <= 0xdf) return { count: 1, least: 0x80, most: 0xbf };
  if (lead >= 0xe0 && lead <= 0xef) return { count: 2, least: lead === 0xe0 ? 0xa0 : 0x80, most: lead === 0xed ? 0x9f : 0xbf };
  if (lead >= 0xf0 && lead <= 0xf4) return { count: 3, least: lead === 0xf0 ? 0x90 : 0x80, most: lead === 0xf4 ? 0x8f : 0xbf };
  return { count: 0, least: 0, most: 0 };
}

function readUtf8(bytes: Uint8Array, at: number, end: number): ReadCharacter {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return lead * 8 + 1;
  const { count, least, most } = follows(lead);
  if (count === 0) return invalid * 8 + 1;
  let codePoint = lead & (0x3f >> count);
  for (let step = 1; step <= count; step += 1) {
    const next = at + step < end ? (bytes[at + step] ?? 0) : 0;
    const isFit = step === 1 ? next >= least && next <= most : next >= 0x80 && next <= 0xbf;
    if (!isFit) return invalid * 8 + step;
    codePoint = codePoint * 64 + (next & 0x3f);
  }
  return codePoint * 8 + count + 1;
}

export const utf8: Charset = {
  name: "utf-8",
  unitBytes: 1,
  view: (bytes) => latin1.decode(bytes),
  read: readUtf8,
  encode: (text) => (isLone.test(text) ? undefined : utf8Encoder.encode(text)),
};

/** Units that become text at a time: a call has room for so many arguments. */
const unitsAtOnce = 8 * 1024;

function utf16(name: string, isBigEndian: boolean): Charset {
  const high = isBigEndian ? 0 : 1;
  const unitAt = (bytes: Uint8Array, at: number): number => (bytes[at + high] ?? 0) * 256 + (bytes[at + 1 - high] ?? 0);
  return {
    name,
    unitBytes: 2,
    view(bytes) {
      const units = new Uint16Array(bytes.byteLength >> 1);
      for (let at = 0; at < units.length; at += 1) units[at] = unitAt(bytes, at * 2);
      let text = "";
      for (let at = 0; at < units.length; at += unitsAtOnce) text += String.fromCharCode(...units.subarray(at, at + unitsAtOnce));
      return text;
    },
    read(bytes, at, end) {
      if (at + 2 > end) return invalid * 8 + 1;
      const unit = unitAt(bytes, at);
      if (unit < 0xd8_00 || unit > 0xdf_ff) return unit * 8 + 2;
      const next = at + 4 <= end ? unitAt(bytes, at + 2) : 0;
      if (unit > 0xdb_ff || next < 0xdc_00 || next > 0xdf_ff) return invalid * 8 + 2;
      return (0x1_00_00 + (unit - 0xd8_00) * 0x4_00 + (next - 0xdc_00)) * 8 + 4;
    },
    encode(text) {
      if (isLone.test(text)) return undefined;
      const bytes = new Uint8Array(text.length * 2);
      for (let at = 0; at < text.length; at += 1) {
        const unit = text.charCodeAt(at);
        bytes[at * 2 + high] = unit >> 8;
        bytes[at * 2 + 1 - high] = unit & 0xff;
      }
      return bytes;
    },
  };
}

export const utf16le: Charset = utf16("utf-16le", false);
export const utf16be: Charset = utf16("utf-16be", true);

/** Encodings in which each byte is one character, and ASCII is ASCII. */
const singleByteNames = /^(?:windows-(?:874|125\d)|iso-8859-\d+(?:-i)?|koi8-[ru]|macintosh|x-mac-cyrillic|ibm866)$/u;

/**
 * Bytes 0x80 to 0x9F of windows-1252, by the Encoding Standard's index. They are spelt out because some releases of Node (20.18.3,
 * 22.13 and later) decode this encoding as ISO-8859-1, where these bytes are control characters (nodejs/node#56542).
 */
const windows1252: readonly number[] = [
  0x20_ac, 0x81, 0x20_1a, 0x01_92, 0x20_1e, 0x20_26, 0x20_20, 0x20_21, 0x02_c6, 0x20_30, 0x01_60, 0x20_39, 0x01_52, 0x8d, 0x01_7d, 0x8f,
  0x90, 0x20_18, 0x20_19, 0x20_1c, 0x20_1d, 0x20_22, 0x20_13, 0x20_14, 0x02_dc, 0x21_22, 0x01_61, 0x20_3a, 0x01_53, 0x9d, 0x01_7e, 0x01_78,
];

const windows1252Code = (byte: number): number => windows1252[byte - 0x80] ?? byte;

function singleByte(name: string): Charset {
  const decoder = new TextDecoder(name);
  const decoded = (byte: number): number => decoder.decode(Uint8Array.of(byte)).codePointAt(0) ?? 0xff_fd;
  const codes = Array.from({ length: 256 }, (_, byte) => (name === "windows-1252" ? windows1252Code(byte) : decoded(byte)));
  const byCode = new Map(codes.map((code, byte) => [code, byte]));
  return {
    name,
    unitBytes: 1,
    view: (bytes) => latin1.decode(bytes),
    read(bytes, at) {
      const code = codes[bytes[at] ?? 0] ?? 0xff_fd;
      return (code === 0xff_fd ? invalid : code) * 8 + 1;
    },
    encode(text) {
      const said: number[] = [];
      for (const character of text) {
        const code = character.codePointAt(0) ?? 0xff_fd;
        const byte = code === 0xff_fd ? undefined : byCode.get(code);
        if (byte === undefined) return undefined;
        said.push(byte);
      }
      return Uint8Array.from(said);
    },
  };
}

const known = new Map<string, Charset | undefined>([utf8, utf16le, utf16be].map((charset) => [charset.name, charset]));

/** By any label of the WHATWG standard. `undefined` where it is none, or one of the encodings whose bytes depend on one another. */
export function charsetNamed(label: string): Charset | undefined {
  let name: string;
  try {
    name = new TextDecoder(label).encoding.toLowerCase();
  } catch {
    return undefined;
  }
  if (!known.has(name)) known.set(name, singleByteNames.test(name) ? singleByte(name) : undefined);
  return known.get(name);
}
