/** What belay.yaml says of keys, as functions of a key. */

import { matcher } from "../config/glob.ts";
import { isPrivate, isPublished } from "../core/paths/publishable.ts";
import type { Headers } from "../core/plan/plan.ts";
import type { Site, Target } from "../core/site.ts";

/** Later rules win, header by header. */
export function headersOf(site: Site): (key: string) => Headers {
  const rules = site.headers.map(({ match, headers }) => ({ matches: matcher([match]), headers }));
  return (key) => Object.assign({}, ...rules.filter((rule) => rule.matches(key)).map((rule) => rule.headers));
}

export function exceptions(site: Site): (target: string, key: string) => boolean {
  const byTarget = new Map(Object.entries(site.except).map(([target, globs]) => [target, matcher(globs)]));
  return (target, key) => byTarget.get(target)?.(key) === true;
}

/** What is listed at all, and which folders are looked into for it. */
export function published(site: Site): { isPublished: (key: string) => boolean; entersFolder: (folder: string) => boolean } {
  const [isIgnored, isIncluded] = [matcher(site.ignore), matcher(site.include)];
  const hasIncludes = site.include.length > 0;
  return {
    isPublished: (key) => isPublished(key, isIgnored, isIncluded),
    entersFolder: (folder) => hasIncludes || !isPrivate(folder),
  };
}

/**
 * Headers that a new object gets where belay.yaml says nothing: a bucket hands out what it was told, and without a type
 * browsers download a page instead of showing it. Types are by the file's name, without a charset: the page's own stands.
 */
export async function defaultHeaders({ targets }: Site): Promise<(target: Target, key: string) => Headers> {
  if (!targets.some((target) => target.store.startsWith("s3://"))) return () => ({});
  const { default: types } = await import("mime");
  return (target, key) => {
    const type = target.store.startsWith("s3://") ? types.getType(key) : null;
    return type === null ? {} : { "content-type": type };
  };
}
