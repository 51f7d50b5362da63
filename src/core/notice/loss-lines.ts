import type { PageLoss, Term } from "../page-terms.ts";

const termsMax = 6;

/** What a stale copy would do to the live page, in a few lines of plain text. Texts are the page's own, as they were found. */
export function plainLoss({ vanishes, returns, tokens }: PageLoss): string[] {
  return [
    ...termsLine("it would take away", vanishes),
    ...termsLine("it would bring back", returns),
    ...(tokens.length === 0 ? [] : [`feature tokens lost: ${tokens.slice(0, termsMax).join(", ")}`]),
  ];
}

const termCharsMax = 60;

function termsLine(what: string, terms: readonly Term[]): string[] {
  if (terms.length === 0) return [];
  const named = terms.slice(0, termsMax).map(({ kind, text }) => `${kind} “${short(text)}”`);
  const more = terms.length > termsMax ? [`${terms.length - termsMax} more`] : [];
  return [`${what}: ${[...named, ...more].join(", ")}`];
}

const short = (text: string): string => (text.length > termCharsMax ? `${text.slice(0, termCharsMax - 1).toWellFormed()}…` : text);
