/** Which paths `belay verify` looks at, and what should be there by the record. */

import { BelayError } from "../../core/belay-error.ts";
import type { LedgerState } from "../../core/ledger/fold.ts";
import { compareKeys, isPage } from "../../core/paths/key.ts";
import type { Target } from "../../core/site.ts";
import type { Wanted } from "./look-request.ts";
import type { Selection } from "../compare/observe.ts";
import { contentsOf, type Left } from "../history/target-contents.ts";
import type { Context, Workbench } from "../workbench.ts";

/** So many pages are looked at unless all are asked for: each is a request to somebody's server. */
const pagesMax = 200;

export interface Scope {
  /** Those that were named; those that the next target has not taken yet; or every page on record. */
  readonly kind: "named" | "changed" | "all";
  /** The target that comes after this one, where there is one. */
  readonly next?: Target;
  readonly files: readonly Wanted[];
  /** Pages that were left out, being too many. */
  readonly leftOut: number;
  /** Every asset that should be there. */
  readonly assets: ReadonlySet<string>;
}

export interface ScopeRequest {
  readonly ledger: LedgerState;
  readonly target: Target;
  readonly selection: Selection;
  /** However many pages there are. */
  readonly isAll: boolean;
}

type Contents = ReadonlyMap<string, Left>;

/** Throws `usage` where nothing is on record for the target, or for a named path. */
export async function scopeOf(bench: Workbench, request: ScopeRequest, context: Context): Promise<Scope> {
  const { ledger, target, selection, isAll } = request;
  const { at } = await contentsOf(bench, { ledger, target }, context);
  if (at.size === 0) {
    throw new BelayError(
      "usage",
      `Nothing is on record for ${target.name} yet, so there is nothing to verify it against.`,
      `belay deploy ${target.name}`,
    );
  }
  const next = bench.site.targets.find(({ after }) => after === target.name);
  const assets = new Set([...at].flatMap(([path, { content }]) => (content && !isPage(path) ? [path] : [])));
  const shared = { ...(next === undefined ? {} : { next }), assets };
  if (selection !== undefined) return { ...shared, kind: "named", ...bounded(namedIn(at, selection, target), isAll) };
  const changed = next === undefined ? [] : changedSince(bench, at, await heldBy(bench, request, next, context), { target, next });
  if (changed.length > 0) return { ...shared, kind: "changed", ...bounded(changed, isAll) };
  const pages = wantedOf([...at].filter(([path, { content }]) => content && isPage(path) && !bench.isExcepted(target.name, path)));
  return { ...shared, kind: "all", ...bounded(pages, isAll) };
}

const heldBy = async (bench: Workbench, { ledger }: ScopeRequest, target: Target, context: Context): Promise<Contents> =>
  (await contentsOf(bench, { ledger, target }, context)).at;

function wantedOf(entries: readonly (readonly [string, Left])[]): Wanted[] {
  return entries
    .toSorted(([left], [right]) => compareKeys(left, right))
    .map(([path, { content, revision }]) => ({ path, content, ...(revision === undefined ? {} : { revision }) }));
}

function namedIn(at: Contents, selection: readonly string[], { name }: Target): Wanted[] {
  const found = new Map<string, Left>();
  for (const named of selection) {
    const folder = named.endsWith("/") ? named : `${named}/`;
    const entries = [...at].filter(([path]) => path === named || path.startsWith(folder));
    if (entries.length === 0) {
      throw new BelayError("usage", `Nothing is on record for ${named} on ${name}.`, `belay verify ${name}`);
    }
    for (const [path, left] of entries) found.set(path, left);
  }
  return wantedOf([...found]);
}

/** Empty where nothing is on record for the next target: then it has taken nothing yet, and everything is to be looked at. */
function changedSince(
  bench: Workbench,
  at: Contents,
  taken: Contents,
  { target, next }: { readonly target: Target; readonly next: Target },
): Wanted[] {
  if (taken.size === 0) return [];
  const differing = [...at].filter(([path, { content }]) => {
    if (bench.isExcepted(target.name, path) || bench.isExcepted(next.name, path)) return false;
    return content?.digest !== taken.get(path)?.content?.digest;
  });
  return wantedOf(differing);
}

/** Assets cost a listing together; pages a request each. */
function bounded(files: readonly Wanted[], isAll: boolean): Pick<Scope, "files" | "leftOut"> {
  const pages = files.filter(({ path }) => isPage(path));
  if (isAll || pages.length <= pagesMax) return { files, leftOut: 0 };
  const kept = new Set(pages.slice(0, pagesMax));
  return { files: files.filter((file) => kept.has(file) || !isPage(file.path)), leftOut: pages.length - pagesMax };
}
