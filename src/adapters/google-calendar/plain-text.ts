/** Words of the service, made fit for a terminal. */

// C0, C1, and the marks that reorder or split a line on a screen.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;
const textCharsMax = 300;

/** A text from outside on one line, without control characters, of at most 300 characters. */
export function plainText(text: string): string {
  const line = text.replaceAll(controls, " ").trim();
  return line.length > textCharsMax ? `${line.slice(0, textCharsMax - 1).toWellFormed()}…` : line;
}
