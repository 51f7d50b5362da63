/** Where in a Markdown document the talk is of feature tokens. */

export interface Section {
  readonly level: number;
  readonly text: string;
}

/** What the lines up to and with the present one say. */
export interface Place {
  /** The heading that makes what is below it speak of tokens. */
  readonly section: Section | undefined;
  /** Indentation of the list item that speaks of tokens, -1 for prose or a table; `undefined` where none does. */
  readonly spokenAt: number | undefined;
  readonly isAfterBlank: boolean;
  /** Heading cells of the present table, in lower case. */
  readonly columns: readonly string[];
  /** Inside a fenced block: what opened it, and the language it names. */
  readonly fence: { readonly sign: string; readonly language: string } | undefined;
}

export const outside: Place = { section: undefined, spokenAt: undefined, isAfterBlank: true, columns: [], fence: undefined };

export const isAboutTokens = ({ section, spokenAt }: Place): boolean => section !== undefined || spokenAt !== undefined;

/** The place of the next line. */
export function placeOf(place: Place, line: string): Place {
  const fence = /^\s*(`{3,}|~{3,})\s*([\w-]*)/u.exec(line);
  if (place.fence) {
    const isClosing = fence?.[2] === "" && (fence[1] ?? "").startsWith(place.fence.sign);
    return isClosing ? { ...place, fence: undefined } : place;
  }
  if (fence) return { ...place, fence: { sign: fence[1] ?? "", language: (fence[2] ?? "").toLowerCase() } };
  const heading = /^(#{1,6})\s+(\S.*)$/u.exec(line);
  if (heading) return { ...outside, section: sectionAt(place.section, { level: (heading[1] ?? "").length, text: heading[2] ?? "" }) };
  return { ...place, spokenAt: spokenFrom(place, line), isAfterBlank: line.trim() === "", columns: columnsAt(place.columns, line) };
}

/** Tokens as credentials, or as colours of a design, are another matter. */
const otherTokens = /\b(?:api|access|auth\w*|secret|session|credentials?|design|env\w*)\b/iu;

function sectionAt(section: Section | undefined, heading: Section): Section | undefined {
  const { level, text } = heading;
  if (otherTokens.test(text)) return undefined;
  if (/\btokens?\b|\bregistry\b|\bfeatures?\b|\bmust[- ](?:keep|stay|not)\b/iu.test(text)) return heading;
  // A heading below the one that spoke of tokens is still about them.
  return section && level > section.level ? { level: section.level, text: `${section.text} ${text}` } : undefined;
}

const speaks = (line: string): boolean => /\bfeature[- ]?tokens?\b|\btoken[- ]registry\b|\bregistry of (?:\w+ )?tokens?\b/iu.test(line);

/** An item speaks for itself and what is indented below it; prose speaks for its paragraph and the list or table that follows. */
function spokenFrom({ spokenAt: before, isAfterBlank }: Place, line: string): number | undefined {
  const indent = line.length - line.trimStart().length;
  const isItem = /^\s*(?:[-*+]|\d+[.)])\s/u.test(line);
  if (speaks(line)) return isItem ? indent : -1;
  if (before === undefined || line.trim() === "" || line.trimStart().startsWith("|")) return before;
  if (isItem) return indent > before ? before : undefined;
  return !isAfterBlank || indent > Math.max(before, 0) ? before : undefined;
}

function columnsAt(columns: readonly string[], line: string): readonly string[] {
  if (!line.trimStart().startsWith("|")) return [];
  return columns.length > 0 ? columns : cellsOf(line).map((cell) => cell.toLowerCase());
}

/** Cells of a table row; an escaped bar is part of its cell. */
export function cellsOf(line: string): string[] {
  const row = line
    .trim()
    .replace(/^\|/u, "")
    .replace(/(?<!\\)\|$/u, "");
  return row.split(/(?<!\\)\|/u).map((cell) => cell.trim().replaceAll("\\|", "|"));
}
