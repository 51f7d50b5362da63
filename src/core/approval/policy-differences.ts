/** How one policy differs from another, in words: what a person looks at before it binds. */

import type { Policy, PolicyTarget } from "./policy-document.ts";

/** One clause each, weakest points first named; empty where nothing differs. Texts are as configured, not made plain. */
export function policyDifferences(before: Policy, now: Policy): string[] {
  return [
    ...(before.site === now.site ? [] : [`the site was called ${before.site} and is called ${now.site}`]),
    ...namesOf(before.targets, now.targets).flatMap((name) => targetDifferences(name, before.targets.get(name), now.targets.get(name))),
    ...namesOf(before.tokens, now.tokens).flatMap((name) => tokenDifference(name, before.tokens.get(name), now.tokens.get(name))),
    ...signerDifferences(before.signers, now.signers),
  ];
}

const namesOf = (before: ReadonlyMap<string, unknown>, now: ReadonlyMap<string, unknown>): string[] =>
  [...new Set([...before.keys(), ...now.keys()])].toSorted();

function targetDifferences(name: string, before: PolicyTarget | undefined, now: PolicyTarget | undefined): string[] {
  if (!before) return [`target ${name} added`];
  if (!now) return [`target ${name} gone`];
  return namesOf(before.settings, now.settings).flatMap((setting) => {
    const [was, is] = [shown(before.settings.get(setting)), shown(now.settings.get(setting))];
    if (was === is) return [];
    const said = setting === "approvals" ? "approvals" : `\`${setting}\``;
    if (is === undefined) return [`${said} of ${name} dropped (it was ${was ?? ""})`];
    return [was === undefined ? `${said} of ${name} added: ${is}` : `${said} of ${name} ${was} → ${is}`];
  });
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function tokenDifference(name: string, before: string | undefined, now: string | undefined): string[] {
  if (before === now) return [];
  if (now === undefined) return [`token ${name} gone`];
  return [before === undefined ? `token ${name} added` : `token ${name} changed: ${before} → ${now}`];
}

function signerDifferences(before: string | undefined, now: string | undefined): string[] {
  const [was, is] = [linesOf(before), linesOf(now)];
  const gone = [...was].filter((line) => !is.has(line)).map((line) => `signer gone: ${signerWords(line)}`);
  const added = [...is].filter((line) => !was.has(line)).map((line) => `signer added: ${signerWords(line)}`);
  if (gone.length + added.length > 0) return [...gone, ...added];
  return before === now ? [] : ["the signers stand in another order"];
}

const linesOf = (text: string | undefined): ReadonlySet<string> => new Set((text ?? "").split("\n").filter((line) => line !== ""));

const keyEndShown = 12;

/** Principals, options and key type, and the end of the key, by which people tell keys apart. */
function signerWords(line: string): string {
  const words = line.split(/\s+/u);
  const key = words.findIndex((word) => /^(?:sk-)?(?:ssh|ecdsa)-/u.test(word));
  const blob = words[key + 1];
  if (key === -1 || blob === undefined) return line;
  return [...words.slice(0, key + 1), `…${blob.slice(-keyEndShown)}`].join(" ");
}
