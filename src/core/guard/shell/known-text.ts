/** Texts that small programs make of others: what `printf` or `tr` would print. */

import { hole, isKnown, type Word } from "../word.ts";

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\u0007",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  e: "\u001b",
};

/** Backslash escapes of `echo -e` and `printf`. A hole where one of them ends all output. */
export function unescaped(text: Word): Word {
  if (/^(?:[^\\]|\\[^c])*\\c/.test(text)) return hole;
  return text.replaceAll(/\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|0?[0-7]{1,3}|[\s\S])/g, (whole, code: string) => {
    if (/^[xu][0-9a-fA-F]/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) % 256);
    return escapes[code] ?? whole;
  });
}

/** Flags, width, precision, kind. */
const directive = /%(?:%|([-+ #0']*)(\d*)(\.\d*)?([a-zA-Z]))/g;

/** `printf FORMAT ARGS`: the format is used again while arguments are left. A hole where a directive is not followed. */
export function formatted(format: Word, args: readonly Word[]): Word {
  // A format, unlike what `echo -e` prints, may have its quotation marks escaped.
  const text = unescaped(format.replaceAll(/\\([\s\S])/g, (whole, char: string) => (char === '"' || char === "'" ? char : whole)));
  // A width that is an argument itself.
  if (/%[-+ #0']*\d*\.?\*/.test(text)) return hole;
  const consumed = [...text.matchAll(directive)].filter(([whole]) => whole !== "%%").length;
  const rounds = consumed === 0 ? 1 : Math.min(1000, Math.max(1, Math.ceil(args.length / consumed)));
  let next = 0;
  let result = "";
  for (let round = 0; round < rounds; round += 1) {
    result += text.replaceAll(directive, (whole, ...found: readonly (string | undefined)[]) => {
      if (whole === "%%") return "%";
      const [flags = "", width = "", precision = "", kind = ""] = found;
      const arg = args[next] ?? "";
      next += 1;
      return padded(cutTo(precision, kind, directed(kind, arg)), flags, Number(width));
    });
  }
  return result;
}

function directed(kind: string, arg: Word): Word {
  switch (kind) {
    case "s":
      return arg;
    case "b":
      return unescaped(arg);
    case "d":
    case "i":
    case "u":
      return /^-?(?:0|[1-9]\d{0,14})$/.test(arg) ? arg : arg === "" ? "0" : hole;
    case "c":
      return arg.charAt(0);
    case "q":
      return isKnown(arg) ? `'${arg.replaceAll("'", String.raw`'\''`)}'` : hole;
    default:
      return hole;
  }
}

/** `.N` takes so many characters of a text; of numbers it is not followed. */
function cutTo(precision: string, kind: string, text: Word): Word {
  if (precision === "") return text;
  return kind === "s" && isKnown(text) ? text.slice(0, Number(precision.slice(1))) : hole;
}

function padded(text: Word, flags: string, width: number): Word {
  if (flags === "" && width === 0) return text;
  if (!isKnown(text) || width > 1000 || !/^(?:-|0)?$/.test(flags)) return hole;
  if (flags === "0") return /^\d*$/.test(text) ? text.padStart(width, "0") : hole;
  return flags === "-" ? text.padEnd(width) : text.padStart(width);
}

const classes: Readonly<Record<string, string>> = {
  "[:upper:]": "A-Z",
  "[:lower:]": "a-z",
  "[:digit:]": "0-9",
  "[:alpha:]": "A-Za-z",
  "[:alnum:]": "A-Za-z0-9",
  "[:space:]": " \t\n\r",
  "[:blank:]": " \t",
  "[:punct:]": "!-/:-@[-`{-~",
};

/** The characters of a set of `tr`. */
function charactersOf(set: string): string[] {
  let text = unescaped(set);
  for (const [name, range] of Object.entries(classes)) text = text.replaceAll(name, range);
  const characters: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const [from, to] = [text.charCodeAt(at), text.charCodeAt(at + 2)];
    if (text.charAt(at + 1) === "-" && at + 2 < text.length && to >= from && to - from < 256) {
      for (let code = from; code <= to; code += 1) characters.push(String.fromCharCode(code));
      at += 2;
    } else characters.push(text.charAt(at));
  }
  return characters;
}

/** `tr`: translation, `-d`, and `-s` where nothing is translated. A hole for what is not followed. */
export function translated(text: string, args: readonly Word[]): Word {
  const options = args.filter((arg) => /^-[a-zA-Z]+$/.test(arg)).join("");
  const [first = "", second = ""] = args.filter((arg) => !/^-[a-zA-Z]+$/.test(arg));
  if (/[cCst]/.test(options) || args.some((arg) => arg.startsWith("--") || /\[(?:=|[\s\S]\*)|\\c/.test(arg))) return hole;
  const from = charactersOf(first);
  if (options.includes("d"))
    return Array.from(text)
      .filter((char) => !from.includes(char))
      .join("");
  const to = charactersOf(second);
  const last = to.at(-1);
  if (last === undefined) return hole;
  return Array.from(text)
    .map((char) => (from.includes(char) ? (to[from.lastIndexOf(char)] ?? last) : char))
    .join("");
}
