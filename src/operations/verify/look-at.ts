/** What visitors get of some paths of a target, and what its store holds, against what should be there. */

import { isPage } from "../../core/paths/key.ts";
import type { TokenState } from "../../core/plan/plan.ts";
import { worst, type Judgement } from "../../core/verify/judge-sight.ts";
import type { VerifiedFile } from "../../core/verify/verification.ts";
import { lookAtReferences } from "./look-at-references.ts";
import { tokensInStore } from "./look-for-tokens.ts";
import { judgeStanding, lookInStore, type Standing } from "./look-in-store.ts";
import type { FoundToken, LookRequest, Wanted } from "./look-request.ts";
import { lookInRounds } from "./look-rounds.ts";
import { visitOnce, visitsOf, type Visit, type Visited } from "./look-visit.ts";
import type { Context, Workbench } from "../workbench.ts";

/** What was found of one path. */
export interface Looked {
  readonly file: VerifiedFile;
  /** Feature tokens of this file, in the bytes that visitors get; none where those could not be had. */
  readonly tokens: readonly FoundToken[];
}

/** In the order of `files`. A broken feature token is *bad*, too. */
export async function lookAt(bench: Workbench, request: LookRequest, context: Context): Promise<readonly VerifiedFile[]> {
  return (await lookClosely(bench, request, context)).map(({ file }) => file);
}

/** In the order of `files`, with what the feature tokens came to. */
export async function lookClosely(bench: Workbench, request: LookRequest, context: Context): Promise<readonly Looked[]> {
  const { target, files, withinMs } = request;
  const store = await bench.storeOf(target.store);
  const visits = files.flatMap((file) => visitsOf(file, target));
  const look = async (visit: Visit): Promise<Visited> => await visitOnce(bench, { target, store, visit }, context);
  const seen = await lookInRounds(bench, visits, { withinMs, pathOf: ({ file }) => file.path, look }, context);
  const standings = await lookInStore(bench, { store, files }, context);
  const references = await lookAtReferences(bench, { target, pages: seen, assets: request.assets ?? assetsOf(files), withinMs }, context);
  const byPath = new Map<string, Visited[]>();
  for (const visited of seen) byPath.set(visited.file.path, [...(byPath.get(visited.file.path) ?? []), visited]);
  const looked: Looked[] = [];
  for (const file of files) {
    const visited = byPath.get(file.path) ?? [];
    const standing = standings.get(file.path);
    const tokens =
      visited.length > 0 ? visited.flatMap((one) => one.tokens) : await tokensInStore(bench, { file, standing, store }, context);
    looked.push(summed({ file, visited, tokens, standing, others: references.get(file.path) ?? [] }));
  }
  return looked;
}

const assetsOf = (files: readonly Wanted[]): ReadonlySet<string> =>
  new Set(files.flatMap(({ path, content }) => (content && !isPage(path) ? [path] : [])));

interface Summing {
  readonly file: Wanted;
  readonly visited: readonly Visited[];
  readonly tokens: readonly FoundToken[];
  readonly standing: Standing | undefined;
  readonly others: readonly Judgement[];
}

function summed({ file: { path, content }, visited, tokens, standing, others }: Summing): Looked {
  const held = judgeStanding(standing, content?.digest);
  const findings = [...visited, held, tokenFinding(tokens), ...others];
  const [own] = visited;
  const isBound = standing?.kind === "held" && standing.digest === content?.digest;
  return {
    tokens,
    file: {
      path,
      ...(content === undefined ? {} : { digest: content.digest }),
      ...(isBound ? { revision: standing.revision } : {}),
      ...(own === undefined ? {} : { url: own.url }),
      outcome: worst(findings.map(({ outcome }) => outcome)),
      problems: findings.flatMap(({ problems }) => problems),
      ...(own?.sight.kind === "seen" ? { got: gotOf(own.sight) } : {}),
    },
  };
}

function gotOf({ status, digest, headers, cache }: Extract<Visited["sight"], { kind: "seen" }>): NonNullable<VerifiedFile["got"]> {
  const [contentType, cacheControl] = [headers["content-type"], headers["cache-control"]];
  return {
    status,
    digest,
    ...(contentType === undefined ? {} : { contentType }),
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(cache === undefined ? {} : { cache }),
  };
}

const tokenWords: Readonly<Record<TokenState, string>> = {
  ok: "is there",
  missing: "is missing",
  resurrected: "came back",
  "absent-file": "is gone with its file",
};

function tokenFinding(tokens: readonly FoundToken[]): Pick<Judgement, "outcome" | "problems"> {
  const broken = tokens.filter(({ state }) => state !== "ok");
  return {
    outcome: broken.length === 0 ? "good" : "bad",
    problems: broken.map(({ name, state }) => `feature token ${name} ${tokenWords[state]}`),
  };
}
