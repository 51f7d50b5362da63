/** Texts that small programs make of others: what `printf`, `tr` or `base64 -d` would print. */

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

/** Backslash escapes of `echo -e` and `printf`. */
export function unescaped(text: Word): Word {
  return text.replaceAll(/\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|0?[0-7]{1,3}|[\s\S])/g, (whole, code: string) => {
    if (/^[xu][0-9a-fA-F]/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) % 256);
    return escapes[code] ?? whole;
  });
}

const directive = /%(?:%|[-+ #0]*(\*|\d+)?(?:\.\d+)?([a-zA-Z]))/g;

/** `printf FORMAT ARGS`: the format is used again while arguments are left. A hole where a directive is not followed. */
export function formatted(format: Word, args: readonly Word[]): Word {
  const text = unescaped(format);
  const consumed = [...text.matchAll(directive)].filter(([whole]) => whole !== "%%").length;
  const rounds = consumed === 0 ? 1 : Math.min(1000, Math.max(1, Math.ceil(args.length / consumed)));
  let next = 0;
  let result = "";
  for (let round = 0; round < rounds; round += 1) {
    result += text.replaceAll(directive, (whole, width: string | undefined, kind: string | undefined) => {
      if (whole === "%%") return "%";
      const arg = args[next] ?? "";
      next += 1;
      return width === undefined ? directed(kind ?? "", arg) : padded(directed(kind ?? "", arg), whole);
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
      return /^-?\d+$/.test(arg) ? arg : arg === "" ? "0" : hole;
    case "c":
      return arg.charAt(0);
    case "q":
      return isKnown(arg) ? `'${arg.replaceAll("'", String.raw`'\''`)}'` : hole;
    default:
      return hole;
  }
}

function padded(text: Word, whole: string): Word {
  const width = /^%([-0]?)(\d+)/.exec(whole);
  if (width === null || whole.includes(".") || whole.includes("*")) return isKnown(text) && whole.startsWith("%s") ? text : hole;
  const [, flag, size = "0"] = width;
  if (!isKnown(text) || Number(size) > 1000) return hole;
  return flag === "-" ? text.padEnd(Number(size)) : text.padStart(Number(size), flag === "0" ? "0" : " ");
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
  if (/[cCst]/.test(options)) return hole;
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
