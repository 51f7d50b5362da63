import type { FeatureToken } from "../../core/site.ts";
import { pageDifference, type EarlierPage } from "../html-page/page-difference.ts";
import type { PageItem } from "../html-page/page-item.ts";
import { checkToken } from "./check-token.ts";
import { tokenName } from "./token-name.ts";
import { shownText, writtenTexts } from "./written-text.ts";

export interface SuggestedToken extends FeatureToken {
  /** One clause for people: where the text stands and where it does not. */
  readonly why: string;
}

export interface SuggestionRequest {
  readonly path: string;
  readonly local: Uint8Array;
  readonly live: Uint8Array;
  /** Earlier live versions, oldest first. Without them no `absent` token can be suggested. */
  readonly earlier: readonly EarlierPage[];
}

const suggestionsMax = 12;
/** Of one sort, so that forty ids do not crowd out the one checkout. */
const perSortMax = 3;

/**
 * Texts that would make good feature tokens, best first: what live holds and local lost, and what was removed on live but
 * stands in local. Each text really occurs in live's bytes and not in local's, or for `absent` the other way round.
 */
export function suggestTokens({ path, local, live, earlier }: SuggestionRequest): readonly SuggestedToken[] {
  const { vanishing, returning } = pageDifference(local, live, earlier);
  const kept = candidates(vanishing, { rule: "contains", holder: live, other: local });
  const gone = candidates(
    returning.map(({ item }) => item),
    { rule: "absent", holder: local, other: live },
  );
  const removals = new Map(returning.map(({ item, removedBy }) => [item, removedBy]));
  const names = new Set<string>();
  return distinct([...kept, ...gone].toSorted((one, other) => one.score - other.score)).map(({ item, rule, text }) => {
    const name = tokenName({ text, kind: item.kind, rule }, names);
    names.add(name);
    const removedBy = removals.get(item);
    const removal = removedBy === undefined ? "removed on live" : `removed on live by ${removedBy}`;
    const why =
      rule === "contains"
        ? `stands in live at line ${item.line}, local lacks it`
        : `${removal}, still stands in local at line ${item.line}`;
    return { name, file: path, rule, text, why };
  });
}

interface Candidate {
  readonly item: PageItem;
  readonly rule: FeatureToken["rule"];
  readonly text: string;
  readonly sort: string;
  /** Lower is better. */
  readonly score: number;
}

interface Sides {
  readonly rule: FeatureToken["rule"];
  /** The bytes that must hold the text, and those that must not. */
  readonly holder: Uint8Array;
  readonly other: Uint8Array;
}

const shortestText = 4;

function candidates(items: readonly PageItem[], { rule, holder, other }: Sides): Candidate[] {
  const lines = shownText(holder);
  return items.flatMap((item) => {
    const written = writtenTexts(item, lines[item.line - 1] ?? "");
    const text = written.texts.find(
      (held) => held.length >= shortestText && checkToken("contains", held, holder) === "ok" && checkToken("absent", held, other) === "ok",
    );
    // What came back is rarer and worse than what is missing, so it is told among the first.
    const score = rule === "absent" ? written.score / 10 : written.score;
    return text === undefined ? [] : [{ item, rule, text, sort: `${rule} ${item.kind}`, score }];
  });
}

/** The best of each: no text that holds or is held by a better one, and not too many of one sort. */
function distinct(sorted: readonly Candidate[]): Candidate[] {
  const chosen: Candidate[] = [];
  const sorts = new Map<string, number>();
  for (const candidate of sorted) {
    const text = candidate.text.toLowerCase();
    const isKnown = chosen.some((held) => held.rule === candidate.rule && overlap(held.text.toLowerCase(), text));
    const ofSort = sorts.get(candidate.sort) ?? 0;
    if (isKnown || ofSort >= perSortMax) continue;
    sorts.set(candidate.sort, ofSort + 1);
    chosen.push(candidate);
    if (chosen.length >= suggestionsMax) break;
  }
  return chosen;
}

const overlap = (one: string, other: string): boolean => one.includes(other) || other.includes(one);
