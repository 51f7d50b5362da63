import { quoted } from "../../core/deploy/rules/d1-seen.ts";
import type { BaseEntry } from "../../core/lineage/base.ts";
import type { Target } from "../../core/site.ts";
import type { Occasion } from "./escalate.ts";
import type { PullResult } from "../pull.ts";
import type { Context, Workbench } from "../workbench.ts";

const namedMax = 4;

/**
 * What people are told of a pull that nobody watched: production waits until one of them has looked at its merges
 * (decision 5), and where nothing could be merged one of them chooses. Nothing where somebody watched.
 */
export async function noticeOfPull(
  bench: Workbench,
  { target, result }: { readonly target: Target; readonly result: PullResult },
  context: Context,
): Promise<Occasion | undefined> {
  if (context.isAttended) return undefined;
  // Markers that stood there before this pull are no new merge: of that one people have been told.
  const merged = result.pulled
    .filter(({ outcome, kept }) => outcome === "merged" || outcome === "kept-mine" || (outcome === "conflicted" && kept !== undefined))
    .map(({ path }) => path);
  const undecided = result.pulled.filter(({ outcome }) => outcome === "needs-choice").map(({ path }) => path);
  const paths = [...merged, ...undecided];
  if (paths.length === 0) return undefined;
  // A merge has saved live as the base, so the base tells one merge of a path from the next. It never fails a pull that is done.
  const bases = await bench.base.load(target.name, paths, context).catch(() => new Map<string, BaseEntry>());
  const { name, after: stage = name } = target;
  const some = paths.slice(0, namedMax).map(quoted).join(" ");
  return {
    reason: merged.length > 0 ? "merge-not-looked-at" : "live-is-ahead",
    target: name,
    subject: merged.length > 0 ? `merged with what is live on ${name}, and nobody watched` : `a side has to be chosen against ${name}`,
    lines: [
      ...(merged.length > 0 ? [`Production waits until a person has looked at the merge of ${merged.join(", ")}.`] : []),
      ...undecided.map((path) => `${path} cannot be merged: a person chooses live's or their own.`),
    ],
    paths,
    run: [
      ...(undecided.length > 0 ? [`belay pull ${name} ${some} --take live   (or --take mine)`] : []),
      `belay diff ${stage} ${some}`,
      ...(merged.length > 0 ? ["belay warn list", 'belay warn resolve ID --why "…"'] : []),
    ],
    of: paths.map((path) => bases.get(path)?.digest),
  };
}
