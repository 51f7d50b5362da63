/** IPython's own syntax, put into Python's: `!command`, `%sx command`, cells of another language. */

import type { Word } from "../word.ts";

const escape = /^([ \t]*)(?:[A-Za-z_]\w*[ \t]*=[ \t]*)?(?:!!?|%(?:sx|system|sc)[ \t]+)(.*)$/gm;
const cell = /^%%(?:bash|sh|script[ \t]+(?:ba|z)?sh)\b[^\n]*\n([\s\S]*)/;
const magic = /^[ \t]*%(?!%).*$/gm;

const asCall = (indent: string, command: string): string => `${indent}__import__("os").system(${JSON.stringify(command)})`;

/** One cell, or what stands behind `-c`. Other magics are left out. */
export function fromIpython(text: Word): Word {
  const script = cell.exec(text)?.[1];
  if (script !== undefined) return asCall("", script);
  return text.replaceAll(escape, (_, indent: string, command: string) => asCall(indent, command)).replaceAll(magic, "");
}
