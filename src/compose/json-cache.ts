import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256OfText } from "../adapters/shared/sha256.ts";
import type { Surroundings } from "./surroundings.ts";

/** A value in a file of this machine. `load` gives `undefined` where there is none that can be read; `save` never fails. */
export interface JsonCache {
  load(): Promise<unknown>;
  save(value: unknown): Promise<void>;
}

/** One file per name and place: a cache that cannot be read or written costs time or a few requests, never truth. */
export function jsonCache(name: string, place: string, { local }: Surroundings): JsonCache {
  const folder = join(local, "cache");
  const file = join(folder, `${name}.${sha256OfText(place).slice(0, 16)}.json`);
  return {
    load: () => {
      try {
        const found: unknown = JSON.parse(readFileSync(file, "utf8"));
        return Promise.resolve(found);
      } catch {
        return Promise.resolve(undefined);
      }
    },
    save: (value) => {
      try {
        mkdirSync(folder, { recursive: true });
        const temporary = `${file}.${process.pid}`;
        writeFileSync(temporary, JSON.stringify(value));
        renameSync(temporary, file);
      } catch {
        // The next command finds out again.
      }
      return Promise.resolve();
    },
  };
}
