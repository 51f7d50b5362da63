/** The copies that a CDN shows of a page, held against their origin. */

import { isPage, visitorPathsOf } from "../../core/paths/key.ts";
import { judgeEdgeCopy, type EdgeCopy, type EdgePath, type OriginPage } from "../../core/records/edge-copy.ts";
import type { Probe } from "../../ports/probe.ts";
import type { CallOptions } from "../../ports/store.ts";

export interface EdgeQuestion {
  /** Where visitors find the site, `https://pages.example.com`; its path is kept. */
  readonly url: string;
  /** As `edgePathsOf` gives them. */
  readonly paths: readonly EdgePath[];
  readonly origin: OriginPage;
}

/** Each path once, in the order asked, one after the other: an edge is not to be flooded for a look. */
export async function observeEdge(probe: Probe, { url, paths, origin }: EdgeQuestion, options: CallOptions): Promise<readonly EdgeCopy[]> {
  const copies: EdgeCopy[] = [];
  for (const asked of paths) {
    options.signal.throwIfAborted();
    copies.push(judgeEdgeCopy(asked, await probe.look(`${url.replace(/\/+$/u, "")}${asked.path}`, options), origin));
  }
  return copies;
}

const extension = /\.x?html?$/iu;

/**
 * Every path under which visitors may reach a page: its own and those of belay.yaml (`/g/{name}`, `/g/{code}`), whose names are filled
 * in from `names`; then, as guesses, the same with and without `.html`. `{name}` is the key's last part without `.html`. A path with a
 * name that is not known is left out.
 */
export function edgePathsOf(key: string, patterns: readonly string[], names: Readonly<Record<string, string>>): readonly EdgePath[] {
  const known = new Map(Object.entries({ ...names, name: key.split("/").at(-1)?.replace(extension, "") ?? "" }));
  const filled = patterns.flatMap((pattern) => {
    const wanted = [...pattern.matchAll(/\{([^{}]+)\}/gu)].map(([, name = ""]) => name);
    if (wanted.some((name) => (known.get(name) ?? "") === "")) return [];
    return [pattern.replaceAll(/\{([^{}]+)\}/gu, (_, name: string) => encodeURIComponent(known.get(name) ?? ""))];
  });
  const said = new Set([...visitorPathsOf(key), ...filled]);
  const others = isPage(key)
    ? [...said].filter((path) => !path.endsWith("/")).map((path) => (extension.test(path) ? path.replace(extension, "") : `${path}.html`))
    : [];
  const guessed = new Set(others.filter((path) => !said.has(path)));
  return [...Array.from(said, (path) => ({ path })), ...Array.from(guessed, (path) => ({ path, isGuess: true }) as const)];
}
