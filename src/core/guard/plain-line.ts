/** Text from outside on its way to an agent or a terminal: one line, as data. */

// Terminals and readers obey control characters; bidirectional marks and invisible spaces make text look like other text.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const obeyed = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** One line without anything that is obeyed or not seen. */
export const plainLine = (text: string): string => text.toWellFormed().replaceAll(/\s+/gu, " ").replaceAll(obeyed, "").trim();

/** Cut to so many characters, the mark of the cut included. */
export function cutLine(text: string, max: number): string {
  const points = Array.from(text.length > max * 2 ? text.slice(0, max * 2) : text);
  return points.length <= max
    ? text
    : `${points
        .slice(0, max - 1)
        .join("")
        .trimEnd()}…`;
}

/** Words of others in quotation marks, cut to so many characters, the marks included. */
export const quotedLine = (text: string, max: number): string => `“${cutLine(plainLine(text).replaceAll(/[“”]/gu, '"'), max - 2)}”`;
