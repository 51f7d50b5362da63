/** How prose speaks of feature tokens: names, files, patterns, and whether a text must stay or must not come back. */

import type { FeatureToken } from "../../core/site.ts";

const namePattern = /(?<![$\w{.-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w(=])/gu;

// Variables of tools are written alike and are no features.
const toolPrefix = /^(?:AWS|GITHUB|GITLAB|NPM|NODE|CI|GIT|SSH|DOCKER|XDG|LC|HTTP|HTTPS)_/u;

/** Whether a name reads like that of a setting or a secret. */
export const isSettingName = (name: string): boolean =>
  /^(?:PROD|STAGING|DEV)_|_(?:ID|IDS|KEY|KEYS|SECRET|TOKEN|URL|URI|PATH|HOME|DIR|PORT|HOST|BUCKET|REGION|PROFILE|PASSWORD|USER|EMAIL|ENV|ARN|VERSION)$/u.test(
    name,
  );

export interface NameFound {
  readonly name: string;
  /** Offset in the line. */
  readonly at: number;
}

/** SCREAMING_SNAKE names of a line; shell variables, assignments and the variables of well-known tools are left out. */
export function tokenNames(line: string): NameFound[] {
  return [...line.matchAll(namePattern)].map((found) => ({ name: found[0], at: found.index })).filter(({ name }) => !toolPrefix.test(name));
}

const filePattern = /(?<![\w/.*-])[\w-][\w./-]{0,200}\.(?:html?|xhtml|css|m?js|json|xml|txt|svg|md)(?![\w/-])/gu;
const notSites = /(?:^|\/)(?:CLAUDE|AGENTS|README|GEMINI)\.md$|\.remote$/u;

/** The first name of a site's file in a text. */
export function fileNamed(text: string): string | undefined {
  return [...text.matchAll(filePattern)].map(([name]) => name).find((name) => !notSites.test(name) && !name.includes("://"));
}

const isCommand = (text: string): boolean => /^(?:\$ |(?:aws|belay|cat|cp|curl|diff|git|grep|npm|npx|rg|sed) )/u.test(text);

/** The pattern that stands beside a token: in backticks, else in quotes, and neither a name, a file nor a command. */
export function patternIn(text: string): string | undefined {
  const ticked = [...text.matchAll(/(?<!`)(`{1,2})(?!`)([^`]+)\1(?!`)/gu)].map((found) => found[2] ?? "");
  const quoted = [...text.replaceAll(/`[^`]*`/gu, " ").matchAll(/"([^"]{2,200})"|“([^”]{2,200})”/gu)].map(
    (found) => found[1] ?? found[2] ?? "",
  );
  return [...ticked, ...quoted].map((held) => held.trim()).find((held) => held !== "" && !isAside(held));
}

function isAside(text: string): boolean {
  const isName = tokenNames(text).some(({ name }) => name === text);
  return isName || fileNamed(text) === text || isCommand(text) || /^(?:contains|absent|required|present|removed)$/iu.test(text);
}

// "Must never be removed" asks for the opposite of "was removed".
const guarded =
  /\b(?:not|never|cannot|don['’]t|n['’]t)\s+(?:ever\s+)?(?:be\s+|get\s+|go\s+)?(?:remov\w*|delet\w*|drop\w*|los[et]\w*|disappear\w*|vanish\w*|missing|absent|strip\w*)\b/giu;
const goneWords =
  /\b(?:remov(?:ed|al)|must not|must never|may not|should not|never|absent|gone|resurrect\w*|forbidden|banned|deleted|come back|comes back|bring back|re-?add\w*|stays? out)\b/iu;
const keptWords = /\b(?:contains?|present|required|must (?:be|have|keep|stay|remain)|expected|kept?)\b/iu;

/** What the wording asks for; `undefined` where it does not say. What stands in backticks or quotes is a pattern, not wording. */
export function ruleIn(sentence: string): FeatureToken["rule"] | undefined {
  const text = sentence.replaceAll(/`(?!absent`|contains`)[^`]*`|"[^"]*"|“[^”]*”/gu, " ");
  const isGuarded = text.search(guarded) !== -1;
  if (goneWords.test(text.replaceAll(guarded, " "))) return "absent";
  return isGuarded || keptWords.test(text) ? "contains" : undefined;
}
