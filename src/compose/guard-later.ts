/**
 * What a hook needs rarely, and what is large: reading belay.yaml, the rules of its sites, the record. Loaded when a call first asks for
 * it; scripts/build.mjs makes a file of its own of it, which shares belay's chunks.
 */

import type { Config } from "../config/config.ts";
import { guardScopeOf } from "../config/guard-scope.ts";
import { parseConfig } from "../config/load-config.ts";
import { parseJsonc } from "../codecs/jsonc/tree.ts";
import { holdsGate } from "../core/agents/holds-gate.ts";
import { keepsGuard } from "../core/agents/keeps-guard.ts";
import { settingsFileAt } from "../core/agents/settings-file.ts";
import { settingsPlaces } from "../core/agents/settings-places.ts";
import { BelayError } from "../core/belay-error.ts";
import type { GuardedSite, GuardScope } from "../core/guard/scope.ts";
import type { GuardBench } from "../operations/guard/guard-bench.ts";
import { published } from "./site-rules.ts";

export { sessionStart } from "../operations/guard/session-start.ts";
export { sessionStop } from "../operations/guard/session-stop.ts";
export { openHandOff } from "./guard-hand-off.ts";
export { recordOfPage } from "./guard-page-records.ts";

export interface ReadConfig {
  readonly config: Config;
  readonly scope: GuardScope;
  readonly isPublished: GuardBench["isPublished"];
}

/** Throws `config-invalid`. `file` is absolute. */
export function readGuardConfig(text: string, file: string): ReadConfig {
  const config = parseConfig(text, file);
  return { config, scope: guardScopeOf(config), isPublished: publishedOf(config) };
}

function publishedOf(config: Config): GuardBench["isPublished"] {
  const rules = new Map(config.sites.map((site) => [site.name, published(site)]));
  return ({ name }: GuardedSite, key) => rules.get(name)?.isPublished(key) ?? true;
}

export interface SettingsPlace {
  /** Of settings that have just been changed; absolute. */
  readonly file: string;
  readonly project: string;
  readonly home: string;
  readonly readText: (path: string) => string | undefined;
}

/**
 * Whether settings of Claude Code, as they stand now, have no switch that turns the guard off, and whether it is still asked before a
 * tool. What they held before is not known here; that they held the guard is, since it has just been run.
 */
export function leavesGuardOn({ file, project, home, readText }: SettingsPlace): boolean {
  if (!keepsGuard(file, undefined, readText(file), parseJsonc)) return false;
  // Its path may be spelled otherwise than the project's, where either goes through a link.
  if (settingsFileAt(file)?.agent !== "claude") return true;
  const places = settingsPlaces("claude", { project, home });
  return holdsGate(places.map((place) => ({ ...place, document: parseJsonc(readText(place.file) ?? "")?.value })));
}

/** The first of what is wrong with it, as a clause: `line 4: site.targets needs a target`. */
export function problemOf(error: unknown): string {
  if (!(error instanceof BelayError)) return String(error);
  const [, line, says] = /:(\d+):\d+: (.*)$/mu.exec(error.message) ?? [];
  return line === undefined ? error.message : `line ${line}: ${says ?? ""}`;
}
