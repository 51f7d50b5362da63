/** Whether the assets that pages refer to answer at their addresses. */

import { urlPathOf } from "../../core/paths/key.ts";
import type { Target } from "../../core/site.ts";
import { isBusy, type Judgement } from "../../core/verify/judge-sight.ts";
import type { Sight } from "../../ports/probe.ts";
import { lookInRounds } from "./look-rounds.ts";
import type { Visited } from "./look-visit.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Addresses that one command asks for beside the pages. */
const referencesMax = 200;

export interface ReferenceRequest {
  readonly target: Target;
  /** Only the references of pages that are as they should be are looked at. */
  readonly pages: readonly Pick<Visited, "file" | "references">[];
  /** Assets that should be there. What belay knows nothing of may never have been there. */
  readonly assets: ReadonlySet<string>;
  /** How long to ask again where an asset does not answer, in milliseconds. */
  readonly withinMs: number;
}

interface Answered extends Judgement {
  readonly path: string;
}

/** By path of the page; each asset is asked for once, by its head alone. A page whose assets all answer is left out. */
export async function lookAtReferences(
  bench: Workbench,
  { target: { url }, pages, assets, withinMs }: ReferenceRequest,
  context: Context,
): Promise<ReadonlyMap<string, readonly Judgement[]>> {
  const byPage = new Map<string, readonly Judgement[]>();
  if (url === undefined) return byPage;
  const referred = [...new Set(pages.flatMap(({ references }) => references))].filter((path) => assets.has(path));
  const look = async (path: string): Promise<Answered> => {
    const sight = await bench.probe.look(`${url}${urlPathOf(path)}`, { signal: context.signal, isHeadOnly: true });
    return { path, ...judgeHead(sight, path) };
  };
  const answers = await lookInRounds(bench, referred.slice(0, referencesMax), { withinMs, pathOf: (path) => path, look }, context);
  const failed = new Map(answers.filter(({ outcome }) => outcome !== "good").map((answer) => [answer.path, answer]));
  for (const { file, references } of pages) {
    const found = references.flatMap((path) => failed.get(path) ?? []);
    if (found.length > 0) byPage.set(file.path, found);
  }
  return byPage;
}

function judgeHead(sight: Sight, path: string): Judgement {
  if (sight.kind === "unreachable") {
    const problem = `refers to ${path}, of which nothing was learned: ${sight.cause}`;
    return { outcome: "unknown", problems: [problem], mayPass: sight.isFinal !== true };
  }
  if (sight.status >= 200 && sight.status < 300) return { outcome: "good", problems: [], mayPass: false };
  const outcome = isBusy(sight.status) ? "unknown" : "bad";
  return { outcome, problems: [`refers to ${path}, which answers with status ${sight.status}`], mayPass: true };
}
