/** From folders to what binds there: each belay.yaml above one of them, with what it guards. */

import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { openGuardMemory } from "../adapters/disk/guard-memory.ts";
import { openLookBook } from "../adapters/disk/look-book.ts";
import { parseScript } from "../codecs/shell-script/parse-script.ts";
import { effectsOfPowershell } from "../core/guard/code/powershell.ts";
import type { Effect } from "../core/guard/effect.ts";
import { effectsOfCommand } from "../core/guard/effects-of-command.ts";
import type { ReaderFacts } from "../core/guard/reading.ts";
import type { GuardScope } from "../core/guard/scope.ts";
import type { GuardBench } from "../operations/guard/guard-bench.ts";
import { quoted } from "../operations/guard/mcp-effects.ts";
import { isThere, readerFacts, realPath } from "./guard-files.ts";
import type * as Later from "./guard-later.ts";
import { scopeCache } from "./guard-scope-cache.ts";
import { lastRelease } from "./last-release.ts";
import { endpointOf } from "./surroundings.ts";

export interface GuardOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  /** belay's own, which a kept scope is bound to; `unbuilt` keeps none. */
  readonly version: string;
  readonly now: () => number;
  /** More than shell commands will be judged, so belay.yaml's rules are needed, and not only what it guards. */
  readonly needsRules: boolean;
}

/** A bench, and belay.yaml behind it for what needs it whole. */
export interface OpenGuard {
  readonly bench: GuardBench;
  /** `undefined` where belay.yaml cannot be read. */
  readonly config: () => Promise<Later.ReadConfig | undefined>;
}

/** A belay.yaml is at most so far above. */
const foldersMax = 128;
const benchesMax = 8;
/** Loads what is rarely needed. */
export const later = async (): Promise<typeof Later> => await import("./guard-later.ts");

/** Nearest first, each belay.yaml once; empty where nothing is guarded. `folders` are absolute, and need not exist. */
export async function openGuards(folders: readonly string[], options: GuardOptions): Promise<OpenGuard[]> {
  const files = [...new Set(folders.flatMap((folder) => configAbove(folder) ?? []))].slice(0, benchesMax);
  return await Promise.all(files.map(async (file) => await openGuard(file, options)));
}

/** The nearest belay.yaml, whatever it is: one that cannot be read binds too. */
function configAbove(from: string): string | undefined {
  let folder = resolve(from);
  for (let climbed = 0; climbed < foldersMax; climbed += 1) {
    const file = join(folder, "belay.yaml");
    if (isThere(file)) return file;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return undefined;
}

async function openGuard(file: string, options: GuardOptions): Promise<OpenGuard> {
  const read = await readScope(file, options);
  return { bench: benchOf(file, read, options), config: read.config };
}

function benchOf(file: string, read: ReadScope, { env, homeFolder, now }: GuardOptions): GuardBench {
  const local = join(dirname(file), ".belay");
  return {
    scope: read.scope,
    ...(read.unreadable !== undefined && { unreadable: read.unreadable }),
    facts: readerFacts(homeFolder),
    memory: openGuardMemory({ folder: join(local, "guard", "sessions"), now }),
    looks: openLookBook({ folder: local, endpoint: endpointOf(env) }),
    now,
    realPath,
    isThere,
    isPublished: read.isPublished,
    scopeOfText: async (text, folder) => {
      const { readGuardConfig } = await later();
      try {
        return readGuardConfig(text, join(folder, "belay.yaml")).scope;
      } catch {
        return undefined;
      }
    },
    effectsOf: (text, cwd, facts) => Promise.resolve(shellEffects(text, cwd, facts)),
    effectsOfPowershell: (text, cwd, facts) => Promise.resolve(effectsOfPowershell(text, { cwd }, { parse: parseScript, facts })),
    // As if it stood in a command: what the code runs in its turn is followed the same way.
    effectsOfCode: (language, text, cwd, facts) =>
      Promise.resolve(shellEffects(`${language === "python" ? "python3 -c" : "node -e"} ${quoted([text])}`, cwd, facts)),
    recordOfPage: async (site, key, text) => {
      const config = read.scope.hasRecords ? await read.config() : undefined;
      return config && (await (await later()).recordOfPage(config.config, { site, key, text }, env));
    },
    lastRelease: (site, target) =>
      read.stateStore === undefined ? undefined : lastRelease({ stateStore: read.stateStore, local, env }, site, target),
  };
}

const shellEffects = (text: string, cwd: string, facts: ReaderFacts): readonly Effect[] =>
  effectsOfCommand(text, { cwd }, { parse: parseScript, facts });

interface ReadScope extends Pick<OpenGuard, "config"> {
  readonly scope: GuardScope;
  readonly isPublished: GuardBench["isPublished"];
  readonly stateStore?: string;
  readonly unreadable?: string;
}

async function readScope(file: string, { version, needsRules }: GuardOptions): Promise<ReadScope> {
  const folder = dirname(file);
  const bytes = bytesOf(file);
  if (typeof bytes === "string") return unreadable(folder, bytes);
  const parsed = async (): Promise<Later.ReadConfig> => (await later()).readGuardConfig(bytes.toString("utf8"), file);
  const keeps = version !== "unbuilt";
  const cache = scopeCache(folder, bytes.toString("latin1"), version);
  const kept = keeps && !needsRules ? cache.load() : undefined;
  if (kept !== undefined) return { ...kept, isPublished: () => true, config: async () => await parsed().catch(() => undefined) };
  try {
    const read = await parsed();
    const { stateStore } = read.config;
    if (keeps) cache.save({ scope: read.scope, stateStore });
    return { scope: read.scope, isPublished: read.isPublished, stateStore, config: async () => await Promise.resolve(read) };
  } catch (error) {
    const { problemOf } = await later();
    return unreadable(folder, problemOf(error));
  }
}

/** A string is the clause that says what is in the way. */
function bytesOf(file: string): Buffer | string {
  try {
    return statSync(file).isFile() ? readFileSync(file) : "it is no plain file";
  } catch (error) {
    return error instanceof Error && "code" in error ? `it may not be read: ${String(error.code)}` : "it may not be read";
  }
}

const unreadable = (folder: string, why: string): ReadScope => ({
  scope: {
    folder,
    buckets: [],
    distributions: [],
    tables: [],
    urls: [],
    folders: [],
    sites: [],
    stateFolders: [join(folder, ".belay")],
    hasRecords: false,
  },
  isPublished: () => true,
  config: async () => await Promise.resolve(undefined),
  unreadable: why,
});
