/** What must hold within one site, beyond the shape of its keys. */

import { keyProblem } from "../core/paths/key.ts";
import { globProblem } from "./glob.ts";
import { described, suggestion, type KeyPath, type Report } from "./problem.ts";
import type { RawHeaderRule, RawLimits, RawSite, RawTarget, RawToken } from "./raw-config.ts";
import { parseSize } from "./size.ts";
import { folderProblem } from "./store-address.ts";

export function checkSite(site: RawSite, path: KeyPath, report: Report): void {
  const rootProblem = folderProblem(site.root);
  if (rootProblem !== undefined) report([...path, "root"], rootProblem);
  checkGlobs(site.ignore, [...path, "ignore"], report);
  checkGlobs(site.include, [...path, "include"], report);
  checkExcept(site, [...path, "except"], report);
  for (const [at, rule] of (site.headers ?? []).entries()) checkHeaderRule(rule, [...path, "headers", at], report);
  for (const [name, token] of Object.entries(site.tokens ?? {})) {
    for (const { key, says } of tokenProblems(token)) report([...path, "tokens", name, ...(key === undefined ? [] : [key])], says);
  }
  checkOrder(site.targets, [...path, "targets"], report);
  for (const [name, target] of Object.entries(site.targets)) checkAddresses(target, [...path, "targets", name], report);
  checkLimits(site.limits, [...path, "limits"], report);
}

export function checkLimits(limits: RawLimits | undefined, path: KeyPath, report: Report): void {
  if (limits?.bytes === undefined || parseSize(limits.bytes) !== undefined) return;
  report([...path, "bytes"], `must be at least one byte and at most ${Number.MAX_SAFE_INTEGER}, but is ${described(limits.bytes)}`);
}

/** What is wrong with one token, each with the key that it is about; of the token as a whole where there is none. */
export function tokenProblems(token: RawToken): readonly { readonly key?: "file" | "contains" | "absent"; readonly says: string }[] {
  const problems: { key?: "file" | "contains" | "absent"; says: string }[] = [];
  const file = keyProblem(token.file);
  if (file !== undefined) problems.push({ key: "file", says: `cannot be the path of a file, because ${file}` });
  if ((token.contains === undefined) === (token.absent === undefined))
    problems.push({ says: "must have exactly one of contains and absent" });
  if (token.contains?.trim() === "") problems.push({ key: "contains", says: "must hold more than white space" });
  if (token.absent?.trim() === "") problems.push({ key: "absent", says: "must hold more than white space" });
  return problems;
}

function checkGlobs(globs: readonly string[] | undefined, path: KeyPath, report: Report): void {
  for (const [at, glob] of (globs ?? []).entries()) {
    const problem = globProblem(glob);
    if (problem !== undefined) report([...path, at], problem);
  }
}

function checkExcept({ except, targets }: RawSite, path: KeyPath, report: Report): void {
  for (const [target, globs] of Object.entries(except ?? {})) {
    if (!Object.hasOwn(targets, target)) report([...path, target], `names no target; ${suggestion(target, Object.keys(targets))}`, "key");
    checkGlobs(globs, [...path, target], report);
  }
}

function checkHeaderRule(rule: RawHeaderRule, path: KeyPath, report: Report): void {
  const problem = globProblem(rule.match);
  if (problem !== undefined) report([...path, "match"], problem);
  if (rule.expires === undefined || !Number.isNaN(Date.parse(rule.expires))) return;
  report([...path, "expires"], `must be an HTTP date such as Wed, 21 Oct 2026 07:28:00 GMT, but is ${described(rule.expires)}`);
}

/** `after` names another target of the site, and following it always ends. */
function checkOrder(targets: Readonly<Record<string, RawTarget>>, path: KeyPath, report: Report): void {
  const names = Object.keys(targets);
  const told = new Set<string>();
  for (const [name, { after }] of Object.entries(targets)) {
    if (after === undefined) continue;
    if (!names.includes(after)) {
      const others = names.filter((other) => other !== name);
      report([...path, name, "after"], `names no target: ${described(after)}; ${suggestion(after, others)}`);
      continue;
    }
    const circle = circleFrom(name, targets);
    if (circle === undefined || told.has(name)) continue;
    for (const member of circle) told.add(member);
    report(
      [...path, name, "after"],
      circle.length === 1 ? "names its own target" : `goes round in a circle: ${[...circle, name].join(" → ")}`,
    );
  }
}

/** The targets on the way from one back to itself; `undefined` where the way ends or never returns. */
function circleFrom(start: string, targets: Readonly<Record<string, RawTarget>>): readonly string[] | undefined {
  const way = [start];
  let next = targets[start]?.after;
  while (next !== undefined && Object.hasOwn(targets, next) && !way.includes(next)) {
    way.push(next);
    next = targets[next]?.after;
  }
  return next === start ? way : undefined;
}

function checkAddresses({ url }: RawTarget, path: KeyPath, report: Report): void {
  const problem = url === undefined ? undefined : urlProblem(url);
  if (problem !== undefined) report([...path, "url"], problem);
}

// The address itself is never quoted: what is wrong with it may be a password.
function urlProblem(text: string): string | undefined {
  if (!/^https?:\/\//iu.test(text) || !URL.canParse(text)) return "must be an address that begins with http:// or https://";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "must not hold credentials";
  if (/[?#]/u.test(text)) return "must not have a query or fragment";
  return undefined;
}

/** A checked address without a slash at its end, its host in lower case. */
export const normalUrl = (url: string): string => new URL(url).href.replace(/\/+$/u, "");
