/**
 * What belay.yaml guards, kept beside the very bytes that it was read from: to parse and check them takes several times as long as all
 * the rest of a hook. Bytes are compared, not digests: that is exact, and spares loading a hash. An agent's writes to the file are
 * refused like all writes to `.belay` (decision 0033).
 */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scopeCachePath, type GuardScope } from "../core/guard/scope.ts";

const format = 1;

/** What of belay.yaml a hook needs nearly always. */
export interface KeptConfig {
  readonly scope: GuardScope;
  /** Where the record is, as the address of a store. */
  readonly stateStore: string;
}

export interface ScopeCache {
  readonly load: () => KeptConfig | undefined;
  /** What belay.yaml guarded when it was last read, whatever has become of it since. */
  readonly last: () => KeptConfig | undefined;
  /** Never fails: the next hook reads belay.yaml again. */
  readonly save: (kept: KeptConfig) => void;
}

/** `config` is belay.yaml's bytes as Latin-1, so that no two files are taken for one. */
export function scopeCache(folder: string, config: string, version: string): ScopeCache {
  const file = join(folder, scopeCachePath);
  const kept = (isWanted: (found: Readonly<Record<string, unknown>>) => boolean): KeptConfig | undefined => {
    try {
      const found: unknown = JSON.parse(readFileSync(file, "utf8"));
      if (!isFields(found) || found["format"] !== format || !isWanted(found)) return undefined;
      const { scope, stateStore } = found;
      // A copy of the folder elsewhere has other absolute paths.
      return isScope(scope) && scope.folder === folder && typeof stateStore === "string" ? { scope, stateStore } : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    load: () => kept((found) => found["version"] === version && found["config"] === config),
    last: () => kept(() => true),
    save: ({ scope, stateStore }) => {
      const temporary = `${file}.${process.pid}`;
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(temporary, JSON.stringify({ format, version, config, scope, stateStore }));
        renameSync(temporary, file);
      } catch {
        // A folder that cannot be written to costs time at every hook.
      }
    },
  };
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

const lists = ["buckets", "distributions", "tables", "urls", "folders", "sites", "stateFolders"] as const;

/** The shape, no more: who can write here could write the whole of it. */
function isScope(value: unknown): value is GuardScope {
  if (!isFields(value) || typeof value["folder"] !== "string" || typeof value["hasRecords"] !== "boolean") return false;
  return lists.every((name) => Array.isArray(value[name]));
}
