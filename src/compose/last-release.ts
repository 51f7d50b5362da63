/** What a target took last, from the ledger's state that this machine keeps: no more of it is read than a refusal names. */

import type { LastRelease } from "../operations/guard/known-of-live.ts";
import { jsonCacheFile, readJsonFile } from "./json-cache.ts";
import { placeOf } from "./surroundings.ts";

export interface LedgerPlace {
  readonly stateStore: string;
  /** The `.belay` folder beside belay.yaml. */
  readonly local: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `undefined` where nothing is kept, or not in the shape that it is kept in. */
export function lastRelease({ stateStore, local, env }: LedgerPlace, site: string, target: string): LastRelease | undefined {
  const kept = readJsonFile(jsonCacheFile("ledger", placeOf(stateStore, { env }), { local }));
  const releases = fieldOf(fieldOf(fieldOf(fieldOf(kept, "state"), "targets"), `${site}/${target}`), "releases");
  if (!Array.isArray(releases)) return undefined;
  return releaseIn(releases.find((release) => fieldOf(release, "as") === "applied"));
}

function releaseIn(value: unknown): LastRelease | undefined {
  const [id, title, at, name] = [
    fieldOf(value, "id"),
    fieldOf(value, "title"),
    fieldOf(value, "at"),
    fieldOf(fieldOf(value, "by"), "name"),
  ];
  if (typeof id !== "string" || typeof title !== "string" || typeof at !== "string" || typeof name !== "string") return undefined;
  return Number.isNaN(Date.parse(at)) ? undefined : { id, title, at, by: { name } };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  const entry: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
  return entry;
}
