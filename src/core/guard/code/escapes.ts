/** Backslash sequences, as most languages share them. */

const simple: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\u0007",
  e: "\u001b",
  "\n": "",
};

const hexadecimal = /(?:x\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{1,2})|u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;
const octal = /[0-7]{1,3}/y;

export interface Escape {
  readonly text: string;
  /** How many characters it took, the backslash included. */
  readonly length: number;
}

const fromCode = (code: number): string => (code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : "");

/** The sequence whose backslash stands at `at`. A sequence that nobody knows stays with its backslash. */
export function escapeAt(text: string, at: number): Escape {
  const next = text.charAt(at + 1);
  if (next === "x" || next === "u" || next === "U") {
    hexadecimal.lastIndex = at + 1;
    const found = hexadecimal.exec(text);
    if (found !== null) {
      const digits = found.slice(1).find((group) => group !== undefined) ?? "0";
      return { text: fromCode(Number.parseInt(digits, 16)), length: found[0].length + 1 };
    }
  }
  if (next >= "0" && next <= "7") {
    octal.lastIndex = at + 1;
    const digits = octal.exec(text)?.[0] ?? "0";
    return { text: fromCode(Number.parseInt(digits, 8)), length: digits.length + 1 };
  }
  const known = Object.hasOwn(simple, next) ? simple[next] : undefined;
  if (known !== undefined) return { text: known, length: 2 };
  return { text: /[\w]/.test(next) ? `\\${next}` : next, length: 2 };
}
