import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256OfText } from "../adapters/shared/sha256.ts";
import type { Cached, StateCache } from "../adapters/state/store-ledger.ts";
import type { Config } from "../config/config.ts";
import { placeOf, type Surroundings } from "./surroundings.ts";

/** One file per ledger; a cache that cannot be read or written costs time only. */
export function ledgerCache({ stateStore }: Config, about: Surroundings): StateCache {
  const folder = join(about.local, "cache");
  const file = join(folder, `ledger.${sha256OfText(placeOf(stateStore, about)).slice(0, 16)}.json`);
  return {
    load: () => {
      try {
        const cached: unknown = JSON.parse(readFileSync(file, "utf8"));
        return Promise.resolve(isCached(cached) ? cached : undefined);
      } catch {
        return Promise.resolve(undefined);
      }
    },
    save: (cached) => {
      try {
        mkdirSync(folder, { recursive: true });
        const temporary = `${file}.${process.pid}`;
        writeFileSync(temporary, JSON.stringify(cached));
        renameSync(temporary, file);
      } catch {
        // The next command folds the entries again.
      }
      return Promise.resolve();
    },
  };
}

const isCached = (value: unknown): value is Cached => typeof value === "object" && value !== null && "state" in value;
