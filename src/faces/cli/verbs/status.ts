import type { Target } from "../../../core/site.ts";
import { status, type StatusResult } from "../../../operations/status.ts";
import type { Workbench } from "../../../operations/workbench.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { statusLines } from "../render-status.ts";
import { targetOf, type Session } from "../session.ts";
import type { Words } from "../words.ts";

/** One target, or each in turn. In JSON the fields are those of the first; `targets` has them all where none was named. */
export async function runStatus(session: Session, { operands: [name] }: Words): Promise<number> {
  const bench = await session.bench();
  const targets = name === undefined ? bench.site.targets : [targetOf(session, bench, name)];
  const context = await session.context();
  const results: StatusResult[] = [];
  for (const target of targets) results.push(await status(bench, { target, selection: undefined }, context));
  const { screen, globals } = session;
  if (globals.isJson) {
    const all = results.map((result) => statusFields(bench, result));
    printJson(screen, { ...all[0], ...(name === undefined ? { targets: all } : {}) });
    return exits.done;
  }
  screen.print(results.flatMap((result, at) => [...(at === 0 ? [] : [""]), ...statusLines(result, screen.data)]));
  return exits.done;
}

function statusFields({ site }: Workbench, result: StatusResult): Record<string, unknown> {
  const { target, objects, conflicted, headerChanges, summary, tokens, warnings, unseenMerges, isRecordHereOnly, open, lastRelease } =
    result;
  return {
    site: site.name,
    target: target.name,
    store: storeOf(target),
    objects: objects.map(({ path, lineage, local, base, live }) => ({
      path,
      lineage: lineage.kind,
      proof: lineage.proof,
      versions: lineage.versions,
      local: local?.digest,
      base: base?.digest,
      live: live?.digest,
    })),
    conflicted,
    headerChanges,
    summary,
    tokens,
    warnings: warnings.map(({ id, paths, text, openedAt, by }) => ({ id, paths, text, openedAt, by })),
    unseenMerges,
    isRecordHereOnly,
    open,
    lastRelease,
  };
}

const storeOf = ({ store }: Target): string => store;
