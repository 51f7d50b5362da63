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
import { configIn, configsBelow, isThere, mayBind, readerFacts, realPath } from "./guard-files.ts";
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
  /** Where belay's own program lies, as this hook runs it; links followed. */
  readonly programFolder?: string | undefined;
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
/** Read below a folder: among them may be examples that never could be read. */
const configsReadMax = 32;
/** Loads what is rarely needed. */
export const later = async (): Promise<typeof Later> => await import("./guard-later.ts");

/** Nearest first, each belay.yaml once; empty where nothing is guarded. `folders` are absolute, and need not exist; links in them are followed. */
export async function openGuards(folders: readonly string[], options: GuardOptions): Promise<OpenGuard[]> {
  const files = configsAbove(folders.flatMap((folder) => [resolve(folder), realPath(resolve(folder))]));
  return await Promise.all(files.map(async (file) => await openGuard(file, options)));
}

/**
 * Those of a project with several parts, for a call that names none of them: `d=web; cd $d && …` in the folder above. One that cannot
 * be read, and never could, is somebody's example rather than a guard.
 */
export async function openGuardsBelow(folders: readonly string[], options: GuardOptions): Promise<OpenGuard[]> {
  const files = configsBelow(folders.filter((folder) => resolve(folder) !== resolve(options.homeFolder)));
  const guards = await Promise.all(files.slice(0, configsReadMax).map(async (file) => await openGuard(file, options)));
  return guards.filter(({ bench }) => bench.unreadable === undefined || bench.scope.sites.length > 0).slice(0, benchesMax);
}

/** All of them, whatever they are: one that cannot be read binds too. */
function configsAbove(folders: readonly string[]): readonly string[] {
  const files: string[] = [];
  const seen = new Set<string>();
  for (const from of folders) {
    let folder = from;
    for (let climbed = 0; climbed < foldersMax && !seen.has(folder); climbed += 1) {
      seen.add(folder);
      if (mayBind(folder)) files.push(configIn(folder));
      folder = dirname(folder);
    }
  }
  return files.slice(0, benchesMax);
}

async function openGuard(file: string, options: GuardOptions): Promise<OpenGuard> {
  const read = await readScope(file, options);
  return { bench: benchOf(file, read, options), config: read.config };
}

function benchOf(file: string, read: ReadScope, { env, homeFolder, now, programFolder }: GuardOptions): GuardBench {
  const local = join(dirname(file), ".belay");
  return {
    scope: withProgram(read.scope, programFolder),
    ...(read.unreadable !== undefined && { unreadable: read.unreadable }),
    ...(read.isGone && { isGone: true }),
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
    program: () => programIn(dirname(file), env["PATH"] ?? ""),
    lastRelease: (site, target) =>
      read.stateStore === undefined ? undefined : lastRelease({ stateStore: read.stateStore, local, env }, site, target),
  };
}

/** A project may have belay among its packages alone. */
function programIn(folder: string, path: string): string {
  if (path.split(":").some((one) => one !== "" && isThere(join(one, "belay")))) return "belay";
  for (let at = folder; ; at = dirname(at)) {
    if (isThere(join(at, "node_modules", ".bin", "belay"))) return "npx belay";
    if (dirname(at) === at) return "belay";
  }
}

/** In belay's own repository its program is built anew every day; a package that npm has put there is known by its name, and comes back with `npm ci`. */
function withProgram(scope: GuardScope, programFolder: string | undefined): GuardScope {
  if (programFolder === undefined || programFolder.includes("/node_modules/")) return scope;
  const repository = dirname(programFolder);
  return scope.folder === repository || scope.folder.startsWith(`${repository}/`) ? scope : { ...scope, programFolder };
}

const shellEffects = (text: string, cwd: string, facts: ReaderFacts): readonly Effect[] =>
  effectsOfCommand(text, { cwd }, { parse: parseScript, facts });

interface ReadScope extends Pick<OpenGuard, "config"> {
  readonly scope: GuardScope;
  readonly isPublished: GuardBench["isPublished"];
  readonly stateStore?: string;
  readonly unreadable?: string;
  readonly isGone?: boolean;
}

async function readScope(file: string, { version, needsRules }: GuardOptions): Promise<ReadScope> {
  const folder = dirname(file);
  const bytes = bytesOf(file);
  const last = (): GuardScope | undefined => scopeCache(folder, "", version).last()?.scope;
  if (typeof bytes === "string") return isThere(file) ? unreadable(folder, bytes, last()) : gone(folder, last());
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
    return unreadable(folder, problemOf(error), last());
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

/** `last`: what is known to have been guarded. It goes on being so: also what lies outside of the folder. */
const unreadable = (folder: string, why: string, last: GuardScope | undefined): ReadScope => ({
  scope: last ?? nothingIn(folder),
  isPublished: () => true,
  config: async () => await Promise.resolve(undefined),
  unreadable: why,
});

const gone = (folder: string, last: GuardScope | undefined): ReadScope => ({
  scope: last ?? nothingIn(folder),
  isPublished: () => true,
  config: async () => await Promise.resolve(undefined),
  isGone: true,
});

const nothingIn = (folder: string): GuardScope => ({
  folder,
  buckets: [],
  distributions: [],
  tables: [],
  urls: [],
  folders: [],
  sites: [],
  stateFolders: [join(folder, ".belay")],
  hasRecords: false,
});
