/** Agents' hooks as processes of ours: each in a group of its own, which ends with it. */

import { spawn, type ChildProcess } from "node:child_process";
import { setMaxListeners } from "node:events";
import { existsSync, rmdirSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import type { HookEnd } from "../../core/attack/hook-end.ts";
import type { HookRunner, HookStart, ScratchFolder } from "../../ports/hook-runner.ts";
import { errnoOf } from "../shared/errno.ts";

/** An answer is small; who says more is not listened to. */
const bytesMax = 256 * 1024;

/** More hooks than ever run at once. */
const listenersMax = 100;

export interface HookRunnerOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Removes the guard's memory of a session in a project's folder of sessions. */
  readonly forgetSession: (folder: string, session: { readonly agent: string; readonly id: string }) => void;
}

export const openHookRunner = ({ env, forgetSession }: HookRunnerOptions): HookRunner => ({
  run: async (start, { signal }) => {
    signal.throwIfAborted();
    // One for each hook that is under way, and Node would warn of the eleventh.
    setMaxListeners(listenersMax, signal);
    const end = await run(start, signal);
    signal.throwIfAborted();
    return end;
  },
  scratch: async () => await openScratch(env),
  forgetter: (project) => {
    const folder = join(project, ".belay", "guard", "sessions");
    const made = [folder, dirname(folder)].filter((one) => !existsSync(one));
    return (session) => {
      forgetSession(folder, session);
      for (const one of made) removeIfEmpty(one);
    };
  },
});

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something else lies in it, or it was never made.
  }
}

function run({ program, args, cwd, env, input, limitMs, fault }: HookStart, signal: AbortSignal): Promise<HookEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    const said = { stdout: collected(child, "stdout"), stderr: collected(child, "stderr") };
    const finish = (end: HookEnd): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve(end);
    };
    const stop = (): void => {
      killGroup(child);
      finish({ kind: "late" });
    };
    const timer = setTimeout(stop, limitMs);
    signal.addEventListener("abort", stop, { once: true });
    child.on("error", (error) => finish({ kind: "not-started", why: errnoOf(error) ?? error.message }));
    child.on("close", (exit) =>
      finish(exit === null ? { kind: "killed" } : { kind: "ended", exit, stdout: said.stdout(), stderr: said.stderr() }),
    );
    // A hook that ends without reading is no error.
    child.stdin.on("error", () => undefined);
    if (fault === "kill") child.once("spawn", () => killGroup(child));
    else if (fault === "hold") child.stdin.write(input);
    else child.stdin.end(input);
  });
}

function collected(child: ChildProcess, name: "stdout" | "stderr"): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  child[name]?.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

/** The process that was started here leads its group, so nothing else is in it. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is over.
  }
}

async function openScratch(env: NodeJS.ProcessEnv): Promise<ScratchFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "belay-attack-")));
  return {
    path,
    write: async (name, text) => {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    },
    link: async (name, program) => {
      const found = (env["PATH"] ?? "")
        .split(delimiter)
        .map((folder) => join(folder, program))
        .find((file) => isAbsolute(file) && existsSync(file));
      if (found === undefined) return;
      await mkdir(dirname(join(path, name)), { recursive: true });
      await symlink(found, join(path, name));
    },
    remove: async () => await rm(path, { recursive: true, force: true }),
  };
}
