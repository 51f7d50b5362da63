/** Text from outside in GitHub's Markdown: it is read, never obeyed. */

import { toldPlainly } from "./html.ts";

const lineCharsMax = 300;

/** What Markdown or HTML could take for its own becomes an entity, which is text wherever it stands: bars of a table too. */
const signs = /[\\`*_{}[\]()<>#!|~&"'@$^]/gu;
/** At the start of a line these begin a list, a rule or a heading. */
const leading = /^(?:[-+=]|\d+(?=[.)]))/u;
/** GitHub looks for these in the finished page, where entities are no shield: an invisible space breaks them. */
const linked = /(?<=https?|ftp|www|&#64;|&#35;)|(?<=:)(?=[\w+-]+:)/giu;

/** One line of text; nothing in it is a link, a mention, a number of an issue, an emoji or a tag. At most 300 characters of the text are kept. */
export function lineText(text: string): string {
  const line = toldPlainly(text.slice(0, 4 * lineCharsMax))
    .replaceAll(/\s+/gu, " ")
    .trim();
  const short = line.length <= lineCharsMax ? line : `${line.slice(0, lineCharsMax - 1).toWellFormed()}…`;
  return short
    .replaceAll(signs, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(leading, (start) => start.replaceAll(/./gu, (sign) => `&#${sign.charCodeAt(0)};`))
    .replaceAll(linked, "&#8203;");
}

/** A block of code whose fence is longer than any run of backticks in it. */
export function fenced(text: string, language: "diff" | "sh" | "text"): string {
  const runs = [...text.matchAll(/`+/gu)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(2, ...runs) + 1);
  const clean = text.split("\n").map((line) => toldPlainly(line));
  return `${fence}${language}\n${clean.join("\n")}\n${fence}`;
}
