/** From a belay.yaml to a workbench. This folder is the only place that knows adapters. */

import type { Config } from "../config/config.ts";
import { matcher } from "../config/glob.ts";
import type { Context, PageRecords, Workbench } from "../operations/workbench.ts";
import { openPlainWorkbench, type WorkbenchOptions } from "./plain-workbench.ts";

export type { WorkbenchOptions } from "./plain-workbench.ts";

/** Throws `usage` where there are several sites and none was named, or no such site. */
export async function openWorkbench(config: Config, siteName: string | undefined, options: WorkbenchOptions): Promise<Workbench> {
  const bench = await openPlainWorkbench(config, siteName, options);
  return config.records.length === 0 ? bench : { ...bench, pageRecords: lazyPageRecords(config, options) };
}

/** Nothing about records is loaded before a page is made, and no system is opened before that page may hold a record. */
function lazyPageRecords(config: Config, options: WorkbenchOptions): PageRecords {
  const opened = async (): Promise<PageRecords> => {
    const [{ openPageRecords }, { openRecords }] = await Promise.all([
      import("../operations/records/find-created.ts"),
      import("./open-records.ts"),
    ]);
    return openPageRecords(
      config.records.map((kind) => ({
        kind,
        isMatch: ({ match, templates }, key) => (match.length === 0 || matcher(match)(key)) && !matcher(templates)(key),
        open: async () => await openRecords(config, kind.name, options),
      })),
    );
  };
  let opening: Promise<PageRecords> | undefined;
  const all = (): Promise<PageRecords> => (opening ??= opened());
  return {
    ofCreated: async (request, context: Context) => await (await all()).ofCreated(request, context),
    areMade: async (request, context: Context) => await (await all()).areMade(request, context),
  };
}
