/** What a page says, fit to be kept and shown. */

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
const controls = /[\u0000-\u001f\u007f-\u009f]+/gu;
const charsMax = 300;

/** One line of at most 300 characters without control characters. */
export function pageText(text: string): string {
  const line = text
    .toWellFormed()
    .slice(0, charsMax * 4)
    .replaceAll(controls, " ")
    .trim();
  return line.length > charsMax ? `${line.slice(0, charsMax)}…` : line;
}
