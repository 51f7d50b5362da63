import type { Cached, StateCache } from "../adapters/state/store-ledger.ts";
import type { Config } from "../config/config.ts";
import { jsonCache } from "./json-cache.ts";
import { placeOf, type Surroundings } from "./surroundings.ts";

/** The last state of the ledger that this machine has folded. */
export function ledgerCache({ stateStore }: Config, about: Pick<Surroundings, "env" | "local">): StateCache {
  const cache = jsonCache("ledger", placeOf(stateStore, about), about);
  return {
    load: async () => {
      const found = await cache.load();
      return isCached(found) ? found : undefined;
    },
    save: async (cached) => {
      await cache.save(cached);
    },
  };
}

const isCached = (value: unknown): value is Cached => typeof value === "object" && value !== null && "state" in value;
