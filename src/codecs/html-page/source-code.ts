/** Inline scripts and style sheets as short statements that survive reformatting. All scans are linear. */

import { folded } from "./page-text.ts";

/** Statements that are kept of one script or style sheet. */
const statementsMax = 200;

/** Source without comments. Strings are respected, so that `https://…` is no comment; a quote left open ends with its line. */
export function withoutComments(source: string, comments: "block" | "block and line"): string {
  let [kept, from, at] = ["", 0, 0];
  const skipTo = (end: number): void => {
    kept += `${source.slice(from, at)} `;
    at = end === -1 ? source.length : end;
    from = at;
  };
  const special = comments === "block" ? /["']|\/\*/gu : /["'`]|\/[*/]/gu;
  for (;;) {
    special.lastIndex = at;
    const found = special.exec(source);
    if (!found) return kept + source.slice(from);
    at = found.index;
    const [sign] = found;
    if (sign === "/*") {
      const end = source.indexOf("*/", at + 2);
      skipTo(end === -1 ? -1 : end + 2);
    } else if (sign === "//") skipTo(source.indexOf("\n", at));
    else at = endOfString(source, at, sign);
  }
}

function endOfString(source: string, start: number, quote: string): number {
  const stop = quote === "`" ? /[`\\]/gu : quote === '"' ? /["\\\n]/gu : /['\\\n]/gu;
  stop.lastIndex = start + 1;
  for (let found = stop.exec(source); found; found = stop.exec(source)) {
    if (found[0] !== "\\") return found.index + 1;
    stop.lastIndex = found.index + 2;
  }
  return source.length;
}

interface Pattern {
  readonly find: RegExp;
  readonly say: (found: string, second: string) => string;
}

const commonCalls = new Set([
  ..."Array,Boolean,BigInt,Date,Error,Map,Number,Object,Promise,RangeError,RegExp,Set,String,Symbol,TypeError,WeakMap,WeakSet".split(","),
  ..."addEventListener,removeEventListener,getElementById,getElementsByClassName,getElementsByTagName,querySelectorAll".split(","),
  ..."querySelector,createElement,createTextNode,getAttribute,setAttribute,removeAttribute,hasAttribute,insertBefore".split(","),
  ..."preventDefault,stopPropagation,insertAdjacentHTML,insertAdjacentElement,hasOwnProperty,toLocaleString,getBoundingClientRect".split(
    ",",
  ),
  ..."requestAnimationFrame,encodeURIComponent,decodeURIComponent,toLocaleDateString,toLocaleTimeString".split(","),
]);
const unlessCommon = (name: string): string => (commonCalls.has(name) ? "" : `${name}()`);

// Most telling first. Every pattern reads folded source, in which a run of white space is one space.
const scriptPatterns: readonly Pattern[] = [
  { find: /\bfunction ?\*? ?([A-Za-z_$][\w$]{2,60}) ?\(/gu, say: (name) => `${name}()` },
  {
    find: /\b(?:const|let|var) ([A-Za-z_$][\w$]{2,60}) ?= ?(?:async ?)?(?:function\b|\([^()]{0,120}\) ?=>|[A-Za-z_$][\w$]{0,40} ?=>)/gu,
    say: (name) => `${name}()`,
  },
  { find: /\bclass ([A-Za-z_$][\w$]{1,60})/gu, say: (name) => `class ${name}` },
  { find: /(?:^|[^.\w$])([A-Z][\w$]{2,40}) ?\(/gu, say: unlessCommon },
  { find: /\.([a-z][\w$]{11,40}) ?\(/gu, say: unlessCommon },
  {
    find: /\b(?:fetch|sendBeacon|axios|EventSource|WebSocket|Worker|import) ?\( ?["'`]([^"'`]{1,120})["'`]/gu,
    say: (address) => `calls ${address}`,
  },
  { find: /\b(gtag|fbq|ga|plausible|umami) ?\( ?["']([^"']{1,40})["']/gu, say: (name, event) => `${name} ${event}` },
  { find: /["'`](https?:\/\/[^"'`\s]{1,120})["'`]/gu, say: (address) => `calls ${address}` },
  { find: /\baddEventListener ?\( ?["'`]([\w:.-]{1,40})["'`]/gu, say: (event) => `on ${event}` },
  { find: /\.on([a-z]{3,20}) ?=(?!=)/gu, say: (event) => `on ${event}` },
  { find: /\bgetElementById ?\( ?["'`]([^"'`]{1,60})["'`]/gu, say: (id) => `#${id}` },
  { find: /\bquerySelector(?:All)? ?\( ?["'`]([^"'`]{1,60})["'`]/gu, say: (selector) => selector },
  {
    find: /\bconst ([A-Za-z_$][\w$]{2,60}) ?= ?("[^"\\]{1,60}"|'[^'\\]{1,60}'|-?\d[\d._]{0,20})/gu,
    say: (name, value) => `${name} = ${value}`,
  },
];

/** What a script does, as far as its text says: functions, calls, addresses, events, elements, constants; else how it begins. */
export function scriptStatements(source: string): string[] {
  const code = folded(withoutComments(source, "block and line"));
  if (code === "") return [];
  const statements = statementsIn(code, scriptPatterns);
  return statements.length > 0 ? statements : [code.slice(0, 80).toWellFormed()];
}

const structuredPatterns: readonly Pattern[] = [
  { find: /"@type" ?: ?"([^"]{1,60})"/gu, say: (type) => type },
  { find: /"(name|price|telephone|startDate|url)" ?: ?("[^"]{1,80}"|\d[\d.]{0,20})/gu, say: (name, value) => `${name} ${value}` },
];

/** What a block of JSON-LD describes. */
export function structuredStatements(source: string): string[] {
  const statements = statementsIn(folded(source), structuredPatterns);
  return statements.length > 0 ? statements : [folded(source).slice(0, 80).toWellFormed()].filter(Boolean);
}

function statementsIn(code: string, patterns: readonly Pattern[]): string[] {
  const statements = new Set<string>();
  for (const { find, say } of patterns) {
    for (const [, first = "", second = ""] of code.matchAll(find)) {
      const statement = say(first, second);
      if (statement !== "") statements.add(statement);
      if (statements.size >= statementsMax) return [...statements];
    }
  }
  return [...statements];
}

/** Selectors and keyframes of a style sheet, without those inside keyframes. */
export function styleStatements(source: string): string[] {
  const statements = new Set<string>();
  let prelude = "";
  for (const part of folded(withoutComments(source, "block")).split(/([{};])/u)) {
    if (part === "{" && isTold(prelude)) statements.add(prelude.slice(0, 80).toWellFormed());
    prelude = part.trim();
    if (statements.size >= statementsMax) break;
  }
  return [...statements];
}

function isTold(prelude: string): boolean {
  if (prelude === "" || /^(?:from|to|[\d.]+%)/u.test(prelude)) return false;
  return !prelude.startsWith("@") || prelude.startsWith("@keyframes");
}
