/** What a stale copy would do to the live page, in the words of people who look at pages. */

import type { PageLoss, Term } from "../../core/page-terms.ts";
import { plain, said } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { padTo } from "./text-width.ts";

/** In all, so that the lines fit one screen. */
const termsMax = 12;
const returnsMin = 4;
const ownMax = 2;
const kindWidth = "heading".length;

export interface LossSubject {
  readonly loss: PageLoss;
  /** Shows everything that was left out. */
  readonly diffCommand: string;
  /** Whether this copy was changed, so that a part of it is its owner's work. */
  readonly isEdited: boolean;
}

export function lossLines({ loss, diffCommand, isEdited }: LossSubject, view: View): string[] {
  const { vanishes, returns, appears, tokens, lines } = loss;
  const returned = Math.min(returns.length, Math.max(returnsMin, termsMax - vanishes.length));
  const vanished = Math.min(vanishes.length, termsMax - returned);
  const left = vanishes.length - vanished + (returns.length - returned);
  const told: string[] = [];
  if (vanishes.length > 0)
    told.push(view.paint.bold("  this deploy would take from the live page"), ...termLines(vanishes.slice(0, vanished), view));
  if (returns.length > 0) {
    told.push(view.paint.bold(`  ${vanishes.length > 0 ? "and" : "this deploy would"} bring back what was taken off it`));
    told.push(...termLines(returns.slice(0, returned), view));
  }
  if (left > 0) told.push(`    … and ${left} more (${diffCommand})`);
  if (tokens.length > 0) told.push(`  ${view.paint.bold("feature tokens lost")}  ${tokens.map(plain).join(", ")}`);
  if (isEdited && appears.length > 0) {
    told.push(view.paint.bold("  your own change, which a pull keeps"), ...termLines(appears.slice(0, ownMax), view));
    if (appears.length > ownMax) told.push(`    … and ${appears.length - ownMax} more`);
  }
  if (lines.added + lines.removed > 0) {
    told.push(`  in lines: ${lines.removed} of the live page would go, ${lines.added} would come`);
  }
  return told;
}

type ToldTerm = Term & { readonly removedBy?: string };

/** One term a line, those of one kind together, the kind named once. */
function termLines(terms: readonly ToldTerm[], { columns }: View): string[] {
  const kinds = [...new Set(terms.map(({ kind }) => kind))];
  return kinds.flatMap((kind) =>
    terms
      .filter((term) => term.kind === kind)
      .map((term, at) => {
        const begin = `    ${padTo(at === 0 ? kind : "", kindWidth)}  `;
        const end = term.removedBy === undefined ? "" : `  (by ${plain(term.removedBy)})`;
        return `${begin}${said(withoutKind(term), columns - begin.length - end.length)}${end}`;
      }),
  );
}

/** The word beside it says already that it is a script or a style. */
const withoutKind = ({ kind, text }: Term): string =>
  kind === "script" || kind === "style" ? text.replace(/^inline (?:script|styles?): /u, "") : text;
