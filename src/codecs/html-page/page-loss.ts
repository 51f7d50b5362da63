import type { PageLoss, Term } from "../../core/page-terms.ts";
import type { FeatureToken } from "../../core/site.ts";
import { checkToken } from "../feature-tokens/check-token.ts";
import { lineCounts } from "../text-diff/line-counts.ts";
import { pageDifference, type EarlierPage, type ReturningItem } from "./page-difference.ts";
import { termsOf, type PageItem } from "./page-item.ts";
import { isPageText } from "./page-text.ts";
import { tellingFirst, withoutRedundant } from "./ranking.ts";

export interface PageVersions {
  readonly local: Uint8Array;
  readonly live: Uint8Array;
  /** Earlier live versions of the page, oldest first, without the present one. */
  readonly earlier: readonly EarlierPage[];
  /** The feature tokens of this page. */
  readonly tokens: readonly Pick<FeatureToken, "name" | "rule" | "text">[];
}

/**
 * What replacing live by local would do to the page, the most telling first, each thing once. Occurrences are counted, so
 * what only moved is no loss. `removedBy` names the earlier version that first lacked the thing; it is absent where live
 * itself was the first. A script or style sheet of its own, or plain text, is told by its lines. Where either side is no
 * page text only lines and tokens are told.
 */
export function pageLoss({ local, live, earlier, tokens }: PageVersions): PageLoss {
  const counts = lineCounts(live, local);
  const lost = tokens.filter(({ rule, text }) => checkToken(rule, text, live) === "ok" && checkToken(rule, text, local) !== "ok");
  const rest = { tokens: lost.map((token) => token.name), lines: counts === "binary" ? { added: 0, removed: 0 } : counts };
  if (!isPageText(local) || !isPageText(live)) return { vanishes: [], returns: [], appears: [], ...rest };
  const { vanishing, returning, fresh } = pageDifference(local, live, earlier);
  return { vanishes: told(vanishing).map(asTerm), returns: toldReturns(returning), appears: told(fresh).map(asTerm), ...rest };
}

const asTerm = ({ kind, text, line }: PageItem): Term => ({ kind, text, line });

function told(items: readonly PageItem[]): PageItem[] {
  const seen = new Set<string>();
  return tellingFirst(withoutRedundant(termsOf(items))).filter(({ kind, text }) => {
    const key = `${kind} ${text}`;
    return !seen.has(key) && seen.add(key);
  });
}

function toldReturns(returning: readonly ReturningItem[]): PageLoss["returns"] {
  const byRemoval = new Map<string | undefined, PageItem[]>();
  for (const { item, removedBy } of returning) {
    const held = byRemoval.get(removedBy);
    if (held) held.push(item);
    else byRemoval.set(removedBy, [item]);
  }
  const removals = new Map<PageItem, string | undefined>();
  for (const [removedBy, items] of byRemoval) for (const item of told(items)) removals.set(item, removedBy);
  return tellingFirst([...removals.keys()]).map((item) => {
    const removedBy = removals.get(item);
    return removedBy === undefined ? asTerm(item) : { ...asTerm(item), removedBy };
  });
}
