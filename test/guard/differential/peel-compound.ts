/** Compound commands in the other parser's eyes, taken apart at their keywords: a keyword stands where a command could stand in its place. */

import { peelSum, peelWord, peelWords, wordEnd } from "./peel-words.ts";
import type { ListPeeler } from "./peel-script.ts";
import { secondReading } from "./second-parser.ts";

type Peel = (text: string, tail: string, peeler: ListPeeler) => void;

/** Whether `text`, a command as a whole, is a compound one; it is taken apart then. */
export function peelCompound(text: string, tail: string, peeler: ListPeeler): boolean {
  const peel = kindOf(text);
  peel?.(text, tail, peeler);
  return peel !== undefined;
}

function kindOf(text: string): Peel | undefined {
  if (text.startsWith("((")) return (whole, _tail, peeler) => peelSum(whole.slice(2, -2), peeler);
  if (text.startsWith("(") || /^\{\s/.test(text)) return (whole, tail, peeler) => peeler.listBefore(whole.slice(1, -1), tail);
  if (/^\[\[\s/.test(text)) return (whole, _tail, peeler) => peelWords(whole.slice(2, -2), peeler);
  if (named.test(text)) return peelNamed;
  const [keyword = ""] = /^[a-z]+(?=[\s;({|&<>]|$)/.exec(text) ?? [];
  return keywords.get(keyword);
}

const named = /^[^\s'"`$\\()<>|&;=]+[ \t]*\([ \t]*\)/;

const peelNamed: Peel = (text, tail, peeler) => {
  const [head = ""] = named.exec(text) ?? [];
  peeler.inFunction(head.replace(/[ \t]*\(.*/, ""), text.slice(head.length), tail);
};

const peelFunction: Peel = (text, tail, peeler) => {
  const [head = "", name = ""] = /^function\s+([^\s(]+)\s*(?:\(\s*\))?/.exec(text) ?? [];
  peeler.inFunction(name, text.slice(head.length), tail);
};

const peelIf: Peel = (text, tail, peeler) => {
  for (const part of partsAt(text.slice(2, -2), /\b(?:then|elif|else)\b/g)) peeler.listBefore(part, tail);
};

const peelWhile: Peel = (text, tail, peeler) => {
  for (const part of partsAt(text.slice(5, -4), /\bdo\b/g)) peeler.listBefore(part, tail);
};

/** `for name in words`, whose head is taken for words of `:`. */
const peelFor: Peel = (text, tail, peeler) => {
  const rest = text.replace(/^(?:for|select)/, "");
  if (/^\s*\(\(/.test(rest)) {
    peelCount(rest, tail, peeler);
    return;
  }
  const [head = "", ...body] = partsAt(`: ${rest.slice(0, -4)}`, /\bdo\b/g);
  for (const part of [head, ...body]) peeler.listBefore(part, tail);
};

const peelCount: Peel = (text, tail, peeler) => {
  const start = text.indexOf("((") + 2;
  for (const { index, 0: found } of text.matchAll(/\)\)[\s;]*(?:do\b|\{)/g)) {
    const sums = text.slice(start, index);
    const sum = secondReading(`((${sums.replaceAll(";", ",") || "0"}))`);
    if ("failure" in sum && !/^[\s;]*$/.test(sums) && !/;\s*;|^\s*;|;\s*$/.test(sums)) continue;
    peelSum(sums, peeler);
    peeler.listBefore(text.slice(index + found.length, found.endsWith("{") ? -1 : -4), tail);
    return;
  }
  peeler.unread(text);
};

const peelTime: Peel = (text, tail, peeler) => peeler.listBefore(text.replace(/^time(?:\s+-p)?(?=\s|$)/, ""), tail);

const peelCoproc: Peel = (text, tail, peeler) => {
  const isNamed = /^coproc\s+[A-Za-z_]\w*\s+(?:[({]|\[\[|(?:if|while|until|for|case|select)\b)/.test(text);
  peeler.listBefore(text.replace(isNamed ? /^coproc\s+\w+/ : /^coproc/, ""), tail);
};

/** `case word in (pattern) list ;; … esac`. */
const peelCase: Peel = (text, tail, peeler) => {
  const inner = text.slice(4, -4);
  const start = inner.search(/\S/);
  const next = wordEnd(inner, start);
  const [opened] = next === undefined ? [] : (/^\s+in(?=\s|\(|$)/.exec(inner.slice(next)) ?? []);
  if (next === undefined || opened === undefined) {
    peeler.unread(text);
    return;
  }
  peelWord(inner.slice(start, next), peeler);
  let rest = inner.slice(next + opened.length);
  while (rest.replaceAll(/^\s*#.*$/gm, "").trim() !== "") {
    const left = peelItem(rest.replace(/^(?:\s|#.*$)+/m, "").replace(/^\(/, ""), tail, peeler);
    if (left === undefined) {
      peeler.unread(rest);
      return;
    }
    rest = left;
  }
};

const isRead = (text: string): boolean => !("failure" in secondReading(text));

/** One pattern and its list; what follows. */
function peelItem(text: string, tail: string, peeler: ListPeeler): string | undefined {
  const closed = placesOf(text, /\)/g).find((at) => isRead(`case x in ${text.slice(0, at)}) ;; esac`));
  if (closed === undefined) return undefined;
  peelWords(text.slice(0, closed), peeler);
  const body = text.slice(closed + 1);
  for (const { index, 0: mark } of body.matchAll(/;;&|;;|;&/g)) {
    const list = body.slice(0, index);
    if (isRead(`case x in y) ${list};; esac`)) {
      peeler.listBefore(list, tail);
      return body.slice(index + mark.length);
    }
  }
  peeler.listBefore(body, tail);
  return "";
}

const placesOf = (text: string, pattern: RegExp): readonly number[] => [...text.matchAll(pattern)].map(({ index }) => index);

const keywords: ReadonlyMap<string, Peel> = new Map([
  ["if", peelIf],
  ["while", peelWhile],
  ["until", peelWhile],
  ["for", peelFor],
  ["select", peelFor],
  ["case", peelCase],
  ["function", peelFunction],
  ["time", peelTime],
  ["coproc", peelCoproc],
]);

const probe = "PROBE_";

/** The lists between keywords. `do` parts but once: loops inside of the body have their own. */
function partsAt(text: string, keyword: RegExp): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (const { index, 0: found } of text.matchAll(keyword)) {
    if (index < start || !isKeyword(text.slice(start, index))) continue;
    parts.push(text.slice(start, index));
    start = index + found.length;
    if (found === "do") break;
  }
  return [...parts, text.slice(start)];
}

function isKeyword(before: string): boolean {
  const reading = closedReading(before, probe);
  const last = reading?.at(-1)?.command;
  return last?.from === before.length && last.to === before.length + probe.length;
}

/** Here-documents that are open yet are closed for the question. */
function closedReading(
  before: string,
  asked: string,
): readonly { readonly command: { from: number; to: number } | undefined }[] | undefined {
  let text = before + asked;
  for (let count = 0; count < 4; count += 1) {
    const reading = secondReading(text);
    if (!("failure" in reading)) return reading.statements;
    const mark = /unclosed here-document `(.*)`/.exec(reading.failure)?.[1];
    if (mark === undefined) return undefined;
    text += `\n${mark.replaceAll(/['"\\]/g, "")}\n`;
  }
  return undefined;
}
