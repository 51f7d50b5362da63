import type { OutOfBandReport } from "../../../operations/history/out-of-band.ts";
import type { Target } from "../../../core/site.ts";
import { status, type StatusResult } from "../../../operations/compare/status.ts";
import type { Workbench } from "../../../operations/workbench.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { locatePaths } from "../locate-paths.ts";
import { statusLines } from "../render-status.ts";
import { targetOf, type Session } from "../session.ts";
import type { Words } from "../words.ts";

/** One target, or some paths of it, or each target in turn. In JSON the fields are those of the first; `targets` has them all where none was named. */
export async function runStatus(session: Session, { operands: [name, ...paths] }: Words): Promise<number> {
  const bench = await session.bench();
  const targets = name === undefined ? bench.site.targets : [targetOf(session, bench, name)];
  const context = await session.context();
  const results: StatusResult[] = [];
  for (const target of targets) {
    const selection = await locatePaths(session, bench, target, paths);
    results.push(await status(bench, { target, selection }, context));
  }
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
  const {
    target,
    objects,
    conflicted,
    headerChanges,
    summary,
    tokens,
    warnings,
    unseenMerges,
    outOfBand,
    isRecordHereOnly,
    open,
    lastRelease,
    staged,
  } = result;
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
    staged,
    conflicted,
    headerChanges,
    summary,
    tokens,
    warnings: warnings.map(({ id, target: about, paths, text, openedAt, by }) => ({ id, target: about, paths, text, openedAt, by })),
    outOfBand: outOfBandFields(outOfBand),
    unseenMerges,
    isRecordHereOnly,
    open,
    lastRelease,
  };
}

/** In words of the ledger; `isNew` where this very look has found it. */
const outOfBandFields = ({ writes, unrecorded }: OutOfBandReport): Record<string, unknown> => ({
  writes: writes.map(({ path, found, headers, sizeBytes, prior, at, by, version, unkept, warning, isNew }) => ({
    path,
    found,
    headers,
    sizeBytes,
    prior,
    at,
    by,
    version,
    unkept,
    warning,
    isNew,
  })),
  unrecorded,
});

const storeOf = ({ store }: Target): string => store;
