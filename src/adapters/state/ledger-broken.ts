import { BelayError } from "../../core/belay-error.ts";
import { entryKey } from "./ledger-keys.ts";

/** The error for a chain that does not hold at one entry. `what` completes "Ledger entry N (key) …". */
export function brokenAt(seq: number, what: string, cause?: unknown): BelayError {
  const key = entryKey(seq);
  return new BelayError(
    "ledger-broken",
    `Ledger entry ${seq} (${key}) ${what}.`,
    `Run \`belay log\` to see how far the chain holds, then restore ${key} from a backup of the state or from another machine's copy.`,
    { cause },
  );
}
