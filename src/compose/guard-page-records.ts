/** R9 for an agent's new page: whether this machine remembers its record. No system is looked at, and no record is asked over the network. */

import { matcher } from "../config/glob.ts";
import type { Config } from "../config/config.ts";
import { asRevision } from "../core/brand.ts";
import type { GuardedSite } from "../core/guard/scope.ts";
import { emptyState, type LedgerState } from "../core/ledger/fold.ts";
import type { KnownRecord } from "../core/records/known-record.ts";
import { openPageRecords } from "../operations/records/find-created.ts";
import type { RecordsBench } from "../operations/records/records-bench.ts";
import { rememberedKind } from "../operations/records/remembered-kind.ts";
import type { Context, Workbench } from "../operations/workbench.ts";
import { ledgerAtHand } from "./guard-hand-off.ts";
import { openRecords } from "./open-records.ts";

const lookMs = 2000;

/** `undefined` also where nothing was ever looked at, or what is remembered cannot be read: the deploy asks again, with the systems in sight. */
export async function recordOfPage(config: Config, page: PageToBe, env: NodeJS.ProcessEnv): Promise<KnownRecord | undefined> {
  const site = config.sites.find(({ name }) => name === page.site.name);
  const context: Context = { signal: AbortSignal.timeout(lookMs), report: () => undefined, isAttended: false };
  const state = (await ledgerAtHand(config, env)()) ?? emptyState;
  const kinds = config.records.map((kind) => ({
    kind,
    isMatch: ({ match, templates }: { readonly match: readonly string[]; readonly templates: readonly string[] }, key: string) =>
      (match.length === 0 || matcher(match)(key)) && !matcher(templates)(key),
    open: async () => offline(await openRecords(config, kind.name, { env }), state),
  }));
  const bytes = new TextEncoder().encode(page.text);
  const pages = [{ key: page.key, headers: {}, read: async () => await Promise.resolve({ bytes, revision: asRevision("to be") }) }];
  for (const target of site?.targets ?? []) {
    if (!page.site.liveTargets.includes(target.name)) continue;
    try {
      const request = { site: page.site.name, target, targets: site?.targets ?? [], pages, removed: [] };
      const [known] = await openPageRecords(kinds, rememberedKind).ofCreated(request, context);
      if (known) return known;
    } catch {
      // A memory that cannot be read is none.
    }
  }
  return undefined;
}

export interface PageToBe {
  readonly site: GuardedSite;
  readonly key: string;
  readonly text: string;
}

/** What was read of the ledger last stands for the ledger. */
function offline(records: RecordsBench, state: LedgerState): RecordsBench {
  const home: Workbench = { ...records.home, ledger: { ...records.home.ledger, state: async () => await Promise.resolve(state) } };
  return { ...records, home };
}
