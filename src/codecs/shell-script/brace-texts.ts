/** What a brace expansion stands for, told before anything else is expanded: `{a,b{1..3}}` is `a`, `b1`, `b2`, `b3`. */

const alternativesMax = 256;

/** The text of one brace expansion, braces included, as texts of words. `undefined` where there are too many or it is none. */
export function braceTexts(text: string): string[] | undefined {
  const inner = text.slice(1, -1);
  const parts = splitAtCommas(inner);
  if (parts.length > 1) return parts.length > alternativesMax ? undefined : parts;
  return sequence(inner);
}

/** At commas that stand outside of quotes, braces and substitutions. */
function splitAtCommas(inner: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let quote = "";
  for (let at = 0; at < inner.length; at += 1) {
    const char = inner.charAt(at);
    if (char === "\\" && quote !== "'") at += 1;
    else if (quote !== "") quote = char === quote ? "" : quote;
    else if ("'\"`".includes(char)) quote = char;
    else if ("{(".includes(char)) depth += 1;
    else if ("})".includes(char)) depth -= 1;
    else if (char === "," && depth === 0) {
      parts.push(inner.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, inner.slice(start)];
}

const numbers = /^(-?\d{1,9})\.\.(-?\d{1,9})(?:\.\.(-?\d{1,9}))?$/;
const letters = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d{1,9}))?$/;

function sequence(inner: string): string[] | undefined {
  const [, from, to, step] = numbers.exec(inner) ?? [];
  if (from !== undefined && to !== undefined) {
    const isPadded = /^-?0\d/.test(from) || /^-?0\d/.test(to);
    const width = isPadded ? Math.max(from.length, to.length) : 0;
    return range(Number(from), Number(to), Number(step ?? 1))?.map((value) => padded(value, width));
  }
  const [, first, last, stride] = letters.exec(inner) ?? [];
  if (first === undefined || last === undefined) return undefined;
  return range(first.charCodeAt(0), last.charCodeAt(0), Number(stride ?? 1))?.map((code) => String.fromCharCode(code));
}

const padded = (value: number, width: number): string =>
  value < 0 ? `-${String(-value).padStart(width - 1, "0")}` : String(value).padStart(width, "0");

function range(from: number, to: number, stride: number): number[] | undefined {
  const step = Math.abs(stride) || 1;
  const count = Math.floor(Math.abs(to - from) / step) + 1;
  if (count > alternativesMax) return undefined;
  const direction = to < from ? -step : step;
  return Array.from({ length: count }, (_, index) => from + index * direction);
}
