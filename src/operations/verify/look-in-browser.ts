/** Pages as a browser of this machine shows them, beside how they were. */

import { BelayError } from "../../core/belay-error.ts";
import { bodyOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import { isPage, urlPathOf } from "../../core/paths/key.ts";
import type { Target } from "../../core/site.ts";
import type { BrowserLook, Verification } from "../../core/verify/verification.ts";
import type { Look } from "../../ports/browser.ts";
import type { Sight } from "../../ports/probe.ts";
import { concurrently } from "../concurrently.ts";
import type { Scope } from "./verify-scope.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Pages that one command shows: each takes seconds, at each width. */
const pagesShownMax = 12;
/** Links that one command follows by their heads. */
const linksMax = 50;
/** A desk and a telephone, in CSS pixels. */
const widthsPx = [1280, 390] as const;

export interface BrowserRequest {
  readonly target: Target;
  readonly scope: Scope;
  /** The verification before this one, for pictures of how it was. */
  readonly earlier: Verification | undefined;
}

/** Throws `browser-missing`, or `usage` where the target has no address to show. */
export async function requireBrowser(bench: Workbench, { name, url }: Target, context: Context): Promise<void> {
  if (url === undefined) {
    throw new BelayError("usage", `${name} has no address, so a browser has nothing to open.`, `Give ${name} a \`url:\` in belay.yaml.`);
  }
  await bench.browser.look([], widthsPx[0], context);
}

/** Pictures are kept in the vault. A look for each page and width, in the order of the pages. */
export async function lookInBrowser(
  bench: Workbench,
  { target, scope, earlier }: BrowserRequest,
  context: Context,
): Promise<{ readonly looks: readonly BrowserLook[]; readonly leftOut: number }> {
  const { url: base = "" } = target;
  const pages = scope.files.filter(({ path, content }) => content && isPage(path)).map(({ path }) => path);
  const paths = pages.slice(0, pagesShownMax);
  const shown: Shown[] = [];
  for (const widthPx of widthsPx) {
    context.report({ phase: "looking", done: shown.length, total: paths.length * widthsPx.length });
    const looks = await bench.browser.look(
      paths.map((path) => `${base}${urlPathOf(path)}`),
      widthPx,
      context,
    );
    const others = await besidesOf(bench, { paths, next: scope.next, widthPx }, context);
    for (const [at, path] of paths.entries()) {
      const look = looks[at];
      if (look) shown.push({ path, widthPx, look, beside: others.get(path) ?? besideEarlier(earlier, path, widthPx) });
    }
  }
  const broken = await brokenLinks(bench, shown, context);
  const kept = await concurrently(shown, bench.concurrency, async (one) => await lookOf(bench, one, broken, context));
  return { looks: withoutRepeats(kept, paths), leftOut: pages.length - paths.length };
}

interface Beside {
  readonly before: Digest;
  readonly beforeFrom: string;
}

interface Shown {
  readonly path: string;
  readonly widthPx: number;
  readonly look: Look;
  readonly beside: Beside | undefined;
}

/** The same pages on the target that comes after; one that is not there yet has no *before*. */
async function besidesOf(
  bench: Workbench,
  { paths, next, widthPx }: { readonly paths: readonly string[]; readonly next: Target | undefined; readonly widthPx: number },
  context: Context,
): Promise<ReadonlyMap<string, Beside>> {
  const found = new Map<string, Beside>();
  if (next?.url === undefined) return found;
  const { url, name } = next;
  const looks = await bench.browser.look(
    paths.map((path) => `${url}${urlPathOf(path)}`),
    widthPx,
    context,
  );
  for (const [at, path] of paths.entries()) {
    const look = looks[at];
    if (look?.kind === "seen") found.set(path, { before: await keepPicture(bench, look.page.screenshot, context), beforeFrom: name });
  }
  return found;
}

function besideEarlier(earlier: Verification | undefined, path: string, widthPx: number): Beside | undefined {
  const look = earlier?.looks?.find((one) => one.path === path && one.widthPx === widthPx);
  return earlier && look?.screenshot !== undefined ? { before: look.screenshot, beforeFrom: earlier.at } : undefined;
}

async function keepPicture(bench: Workbench, bytes: Uint8Array, context: Context): Promise<Digest> {
  const digest = bench.runtime.sha256(bytes);
  await bench.vault.keep(bodyOf(bytes, digest), context);
  return digest;
}

/** What does not answer of what the pages link to on their own host, by address. */
async function brokenLinks(bench: Workbench, shown: readonly Shown[], context: Context): Promise<ReadonlyMap<string, string>> {
  const links = [...new Set(shown.flatMap(({ look }) => (look.kind === "seen" ? look.page.links : [])))].slice(0, linksMax);
  const broken = new Map<string, string>();
  await concurrently(links, bench.concurrency, async (link) => {
    const problem = problemOf(await bench.probe.look(link, { signal: context.signal, isHeadOnly: true }));
    if (problem !== undefined) broken.set(link, problem);
  });
  return broken;
}

/** A link that leads on to another host is none of ours. */
function problemOf(sight: Sight): string | undefined {
  if (sight.kind === "unreachable") return sight.isFinal ? undefined : sight.cause;
  return sight.status >= 400 ? `status ${sight.status}` : undefined;
}

async function lookOf(
  bench: Workbench,
  { path, widthPx, look, beside }: Shown,
  broken: ReadonlyMap<string, string>,
  context: Context,
): Promise<BrowserLook> {
  if (look.kind === "unseen") {
    return { path, url: look.url, widthPx, ...beside, problems: [`the browser could not show it: ${look.cause}`] };
  }
  const { page } = look;
  const problems = [
    ...page.consoleErrors.map((text) => `the console says: ${text}`),
    ...page.failedRequests.map(({ url, cause }) => `did not get ${url}: ${cause}`),
    ...page.links.flatMap((link) => (broken.has(link) ? [`broken link ${link}: ${broken.get(link) ?? ""}`] : [])),
  ];
  const screenshot = await keepPicture(bench, page.screenshot, context);
  return { path, url: page.url, widthPx, screenshot, ...beside, title: page.title, problems };
}

/** What is wrong at one width is mostly wrong at the other: said once. */
function withoutRepeats(looks: readonly BrowserLook[], paths: readonly string[]): BrowserLook[] {
  const said = new Map<string, Set<string>>(paths.map((path) => [path, new Set()]));
  const told = looks.map((look) => {
    const known = said.get(look.path) ?? new Set();
    const problems = look.problems.filter((problem) => !known.has(problem));
    for (const problem of problems) known.add(problem);
    return { ...look, problems };
  });
  return paths.flatMap((path) => told.filter((look) => look.path === path));
}
