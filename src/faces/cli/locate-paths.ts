/** PATH arguments: a path from the working folder that lies in the site, or a key of the site. */

import { realpath, stat } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import { keyProblem } from "../../core/paths/key.ts";
import type { Target } from "../../core/site.ts";
import { observe, type Selection } from "../../operations/compare/observe.ts";
import type { Context, Workbench } from "../../operations/workbench.ts";
import { nearest } from "./nearest.ts";
import { plain } from "./plain-text.ts";
import { commandLine, type Session } from "./session.ts";

/** The keys and folders that PATH arguments name, each of which is here or live; `undefined` for none, or for the whole site. */
export async function locatePaths(session: Session, bench: Workbench, target: Target, paths: readonly string[]): Promise<Selection> {
  refuseTargets(session, bench, target, paths);
  const keys = await keysOf(session, bench, paths);
  if (keys.length === 0 || keys.some(({ key }) => key === "")) return undefined;
  const context = await session.context();
  const candidates = keys.flatMap(({ key, other }) => (other === undefined ? [key] : [key, other]));
  // What is here, or was seen here, needs no look at live; then as files, which costs a read each: to look for a folder is to list it.
  const known = await knownHere(bench, target, candidates, context);
  const isFound = ({ key, other }: Named): boolean =>
    [key, other ?? key].some((candidate) => known.some((path) => isWithin(path, candidate)));
  if (!keys.every(isFound)) known.push(...(await knownAt(bench, target, candidates, context)));
  if (!keys.every(isFound)) known.push(...(await knownAt(bench, target, [...new Set(candidates.flatMap(asFileOrFolder))], context)));
  const selection = keys.map(({ typed, key, other }) => {
    const found = [key, other ?? key].flatMap(asFileOrFolder).find((candidate) => known.some((path) => isWithin(path, candidate)));
    return found ?? { typed };
  });
  for (const found of selection) if (typeof found !== "string") throw await nowhere(session, bench, target, found.typed);
  return [...new Set(selection.filter((found) => typeof found === "string"))];
}

async function knownHere(bench: Workbench, target: Target, candidates: readonly string[], context: Context): Promise<string[]> {
  const files = candidates.filter((key) => !key.endsWith("/"));
  const seen = files.length === 0 ? new Map<string, unknown>() : await bench.base.load(target.name, files, context);
  const here = await Promise.all(
    candidates.map(async (key) => {
      for await (const observed of bench.folder.list(key, { signal: context.signal, limit: 1 })) return observed.key;
      return undefined;
    }),
  );
  return [...seen.keys(), ...here.filter((key) => key !== undefined)];
}

async function knownAt(bench: Workbench, target: Target, keys: readonly string[], context: Context): Promise<string[]> {
  const { sightings } = await observe(bench, target, keys, context);
  return sightings.filter(({ local, live, base }) => local ?? live ?? base).map(({ path }) => path);
}

/** The keys that PATH arguments name, whether anything is there or not. */
export async function keysNamed(
  session: Session,
  bench: Workbench,
  { target, paths }: { readonly target?: Target; readonly paths: readonly string[] },
): Promise<readonly string[]> {
  if (target) refuseTargets(session, bench, target, paths);
  return (await keysOf(session, bench, paths)).map(({ key }) => key);
}

/** For a word that binds every target: the keys and folders, each of which is here or live at one of them. */
export async function locateAnywhere(session: Session, bench: Workbench, paths: readonly string[]): Promise<readonly string[]> {
  const keys = await keysOf(session, bench, paths);
  const context = await session.context();
  const known = new Set<string>();
  for (const target of bench.site.targets) {
    for (const { path, local, live, base } of (await observe(bench, target, undefined, context)).sightings)
      if (local ?? live ?? base) known.add(path);
  }
  return keys.map(({ typed, key, other }) => {
    const candidates = [key, other ?? key].flatMap((one) => (one === "" ? [] : asFileOrFolder(one)));
    const found = candidates.find((candidate) => [...known].some((path) => isWithin(path, candidate)));
    if (found !== undefined) return found;
    const near = nearest(typed, [...known]);
    throw new BelayError(
      "usage",
      `${plain(typed)} is neither here nor live anywhere${near === undefined ? "" : `; the nearest path is ${plain(near)}`}.`,
      near === undefined ? "belay status" : commandLine(session.setup, { replaced: typed, by: near }),
    );
  });
}

/** One command, one target: a second target's name in a path's place is no path. */
function refuseTargets({ setup }: Session, bench: Workbench, target: Target, paths: readonly string[]): void {
  const second = paths.find((path) => bench.site.targets.some(({ name }) => name === path));
  if (second === undefined) return;
  throw new BelayError(
    "usage",
    `${target.name} and ${second} are two targets, and rule D2 says: one command, one target, staging first. (A file of that name is ./${second}.)`,
    commandLine(setup, { without: [second] }),
  );
}

interface Named {
  readonly typed: string;
  readonly key: string;
  /** The key that the same words name when they are read from the site's folder instead. */
  readonly other?: string;
}

async function keysOf({ setup }: Session, bench: Workbench, paths: readonly string[]): Promise<Named[]> {
  const { root } = bench.site;
  const realRoot = await realpath(root).catch(() => root);
  const named: Named[] = [];
  for (const typed of paths) {
    const full = resolve(setup.cwd, typed);
    const inside = keyBelow(root, full) ?? keyBelow(realRoot, full);
    const asKey = keyBelow(root, resolve(root, typed));
    const isFolderLike = typed.endsWith("/");
    const keys = [...new Set([inside, asKey].filter((key) => key !== undefined))].map((key) =>
      isFolderLike && key !== "" ? `${key}/` : key,
    );
    const sorted = await localFirst(root, keys);
    const [key, other] = sorted;
    if (key === undefined) {
      throw new BelayError("usage", `${plain(typed)} lies outside the site's folder ${plain(root)}.`, `Name a path below ${plain(root)}.`);
    }
    const problem = key === "" ? undefined : keyProblem(key.replace(/\/$/u, ""));
    if (problem !== undefined)
      throw new BelayError("key-invalid", `“${plain(typed)}” cannot be a path of the site, because ${problem}.`, "Correct the path.");
    named.push({ typed, key, ...(other === undefined ? {} : { other }) });
  }
  return named;
}

function keyBelow(root: string, full: string): string | undefined {
  const path = relative(root, full);
  if (path === ".." || path.startsWith(`..${sep}`)) return undefined;
  return path.split(sep).join("/").normalize("NFC");
}

/** What exists here comes first; a folder carries its slash. */
async function localFirst(root: string, keys: readonly string[]): Promise<string[]> {
  const here: string[] = [];
  const elsewhere: string[] = [];
  for (const key of keys) {
    const found = await stat(resolve(root, key)).catch(() => undefined);
    if (!found) elsewhere.push(key);
    else here.push(found.isDirectory() && key !== "" && !key.endsWith("/") ? `${key}/` : key);
  }
  return [...here, ...elsewhere];
}

/** A word without a slash at its end may still name a folder that only live has. */
const asFileOrFolder = (key: string): string[] => (key.endsWith("/") || key === "" ? [key] : [key, `${key}/`]);

const isWithin = (path: string, selected: string): boolean => path === selected || (selected.endsWith("/") && path.startsWith(selected));

async function nowhere(session: Session, bench: Workbench, target: Target, typed: string): Promise<BelayError> {
  const { sightings } = await observe(bench, target, undefined, await session.context());
  const near = nearest(
    typed.replace(/^\.\//u, ""),
    sightings.map(({ path }) => path),
  );
  return new BelayError(
    "usage",
    `${plain(typed)} is neither here nor live at ${target.name}${near === undefined ? "" : `; the nearest path is ${plain(near)}`}.`,
    near === undefined ? `belay status ${target.name}` : commandLine(session.setup, { replaced: typed, by: near }),
  );
}
