/** What one telling of incident 1 needs: a page in three versions, and the edit that was made on the first. */

import type { Narrator } from "./narrator.ts";

/** Something that visitors of the newest page have, or have been rid of; also a feature token (D7) of the same name. */
export interface Feature {
  /** Upper case with underscores, as tokens are written. */
  readonly name: string;
  /** Reads before "is gone" and "is back": "the embedded checkout". */
  readonly subject: string;
  readonly rule: "contains" | "absent";
  /** Looked for in the page as it was fetched. */
  readonly text: string;
}

/** The small edit of whoever holds the old copy. `find` stands exactly once in the first and in the third version. */
export interface PageEdit {
  /** A clause that gives the reason: "the office opens earlier". */
  readonly what: string;
  readonly find: string;
  readonly replace: string;
}

export interface SiteFile {
  /** Where it is published. */
  readonly key: string;
  /** Where it is read from. */
  readonly path: string;
}

export interface DemoCase {
  /** The key of the page that the story is about. */
  readonly page: string;
  /** The page's text, oldest first; encoding it as UTF-8 gives its bytes. */
  readonly versions: readonly [string, string, string];
  /** What the second and the third version brought: clauses. */
  readonly history: readonly [string, string];
  readonly edit: PageEdit;
  readonly features: readonly Feature[];
  /** The site's other files, the same in every version. */
  readonly files: readonly SiteFile[];
}

/** The page after the edit, every other byte unchanged. */
export function edited(page: string, edit: PageEdit): string {
  const at = page.indexOf(edit.find);
  return at < 0 ? page : page.slice(0, at) + edit.replace + page.slice(at + edit.find.length);
}

/** How many of the features a page does not give its visitors. */
export const lostFeatures = (page: string, features: readonly Feature[]): Feature[] => features.filter((feature) => !holds(page, feature));

/** Whether visitors of this page have the feature, or have been rid of it. */
const holds = (page: string, feature: Feature): boolean => page.includes(feature.text) === (feature.rule === "contains");

/** One clause for people on how a page stands with a feature. */
function verdict(page: string, feature: Feature): string {
  const [good, bad] = feature.rule === "contains" ? ["is there", "is gone"] : ["stays removed", "is back"];
  return `${feature.subject} ${holds(page, feature) ? good : bad}`;
}

/** Shows how a page stands with each feature. */
export function seeFeatures(narrator: Pick<Narrator, "seen">, page: string, features: readonly Feature[]): void {
  for (const feature of features) narrator.seen(`${feature.name.padEnd(17)} ${verdict(page, feature)}`, holds(page, feature));
}
