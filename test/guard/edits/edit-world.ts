/** A working copy on disk as an agent edits it, with the guard's bench over it and nothing of a network. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openGuardMemory } from "../../../src/adapters/disk/guard-memory.ts";
import { openLookBook } from "../../../src/adapters/disk/look-book.ts";
import { parseScript } from "../../../src/codecs/shell-script/parse-script.ts";
import { guardScopeOf } from "../../../src/config/guard-scope.ts";
import { parseConfig } from "../../../src/config/load-config.ts";
import type { AgentSession, FileChange } from "../../../src/core/guard/agent-call.ts";
import { effectsOfCommand } from "../../../src/core/guard/effects-of-command.ts";
import type { Look } from "../../../src/core/guard/edits/look.ts";
import type { Verdict } from "../../../src/core/guard/verdict.ts";
import { judgeFiles, type FilesBench } from "../../../src/operations/guard/judge-files.ts";
import { isPrivate } from "../../../src/core/paths/publishable.ts";

export const belayYaml = `version: 1
site:
  root: public
  ignore: ["drafts/**"]
  targets:
    staging: { store: "s3://harbor-staging", guard: false }
    production: { store: "s3://harbor-prod", after: staging, cdn: "cloudfront:E1HARBOR" }
guard:
  mounts: { /mnt/harbor: "s3://harbor-prod" }
`;

export class EditWorld {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "belay-edits-")));
  readonly clock: { now: number } = { now: Date.UTC(2031, 4, 20, 14) };
  readonly session: AgentSession = { agent: "claude", id: "s1", cwd: this.folder };
  bench: FilesBench;

  constructor(yaml: string = belayYaml) {
    this.file("belay.yaml", yaml);
    const local = join(this.folder, ".belay");
    this.bench = {
      scope: guardScopeOf(parseConfig(yaml, this.path("belay.yaml"))),
      facts: { readFile, listFolder, homeFolder: "/home/nobody" },
      memory: openGuardMemory({ folder: join(local, "guard", "sessions"), now: () => this.clock.now }),
      looks: openLookBook({ folder: local }),
      now: () => this.clock.now,
      realPath,
      isThere: existsSync,
      isPublished: (_, key) => !isPrivate(key) && !key.startsWith("drafts/"),
      scopeOfText: async (text, folder) => {
        try {
          return await Promise.resolve(guardScopeOf(parseConfig(text, join(folder, "belay.yaml"))));
        } catch {
          return undefined;
        }
      },
      effectsOf: async (text, cwd, facts) => await Promise.resolve(effectsOfCommand(text, { cwd }, { parse: parseScript, facts })),
    };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  file(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** A look at production, a minute later. */
  look(more: Partial<Look> = {}): void {
    this.clock.now += 60_000;
    this.bench.looks.note({ atMs: this.clock.now, site: "default", target: "production", unseen: [], ...more });
  }

  async judge(...changes: readonly FileChange[]): Promise<Verdict> {
    return await judgeFiles(changes, this.session, this.bench);
  }

  /** A Write of one file, by its name in the folder or an absolute path. */
  async write(name: string, after?: string): Promise<Verdict> {
    const path = name.startsWith("/") ? name : this.path(name);
    return await this.judge({ path, verb: "write", ...(after !== undefined && { after }) });
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `allow`, or the code of what was objected. */
export const told = (verdict: Verdict): string => (verdict.kind === "allow" ? "allow" : `${verdict.kind} ${verdict.code}`);

const readFile: FilesBench["facts"]["readFile"] = (path) => {
  try {
    return { kind: "text", text: readFileSync(path, "utf8") };
  } catch {
    return undefined;
  }
};

const listFolder: FilesBench["facts"]["listFolder"] = (path) => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), path.slice(above.length));
  }
}
