import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256OfText } from "../adapters/shared/sha256.ts";
import type { Surroundings } from "./surroundings.ts";

/** A value in a file of this machine. `load` gives `undefined` where there is none that can be read; `save` never fails. */
export interface JsonCache {
  load(): Promise<unknown>;
  save(value: unknown): Promise<void>;
}

/** One file per name and place: a cache that cannot be read or written costs time or a few requests, never truth. */
export function jsonCache(name: string, place: string, { local }: Pick<Surroundings, "local">): JsonCache {
  const file = jsonCacheFile(name, place, { local });
  return {
    load: () => Promise.resolve(readJsonFile(file)),
    save: (value) => {
      try {
        mkdirSync(dirname(file), { recursive: true });
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

export const jsonCacheFile = (name: string, place: string, { local }: Pick<Surroundings, "local">): string =>
  join(local, "cache", `${name}.${sha256OfText(place).slice(0, 16)}.json`);

/** `undefined` where there is none that can be read. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
