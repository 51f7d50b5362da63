import { BelayError } from "../core/belay-error.ts";
import type { Entry, EntryBody } from "../core/ledger/entry.ts";
import type { CallOptions } from "../ports/store.ts";
import type { Workbench } from "./workbench.ts";

const appendsMax = 64;

/** Appends an entry that stands whatever else was recorded meanwhile. */
export async function appendAlways(bench: Pick<Workbench, "ledger">, body: EntryBody, options: CallOptions): Promise<Entry> {
  for (let attempt = 1; attempt <= appendsMax; attempt += 1) {
    const { head } = await bench.ledger.state(options);
    const appended = await bench.ledger.append(body, head, options);
    if (appended.kind === "appended") return appended.entry;
  }
  throw new BelayError(
    "ledger-contended",
    `The ledger moved on every one of ${appendsMax} attempts to append to it.`,
    "Run the same command again.",
  );
}
