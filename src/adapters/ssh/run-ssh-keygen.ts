import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";

/** How one run ended. `missing`: there is no such program. */
export type KeygenEnd =
  | { readonly kind: "missing" }
  | { readonly kind: "ended"; readonly exit: number; readonly stdout: string; readonly stderr: string };

export interface KeygenRun {
  readonly args: readonly string[];
  readonly stdin?: Uint8Array;
  readonly env: NodeJS.ProcessEnv;
  /** Its questions (a passphrase, a touch) reach the person, and it waits for them as long as they take. */
  readonly isAtTerminal?: boolean;
}

const quietMsMax = 30_000;
const outputCharsMax = 256 * 1024;

/** Runs ssh-keygen without a shell. Throws `interrupted` on Ctrl-C. */
export async function runSshKeygen({ args, stdin, env, isAtTerminal = false }: KeygenRun, { signal }: CallOptions): Promise<KeygenEnd> {
  return await new Promise((resolve, reject) => {
    const child = spawn("ssh-keygen", args, {
      env,
      signal,
      stdio: ["pipe", "pipe", isAtTerminal ? "inherit" : "pipe"],
      ...(isAtTerminal ? {} : { timeout: quietMsMax }),
    });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        texts[name] = (texts[name] + text).slice(0, outputCharsMax);
      });
    }
    child.on("error", (cause: NodeJS.ErrnoException) => {
      if (signal.aborted)
        reject(new BelayError("interrupted", "Stopped while ssh-keygen was at work.", "Run the same command again.", { cause }));
      else if (cause.code === "ENOENT") resolve({ kind: "missing" });
      else reject(cause);
    });
    child.on("close", (exit) => resolve({ kind: "ended", exit: exit ?? -1, ...texts }));
    // It may have refused before it read anything.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(stdin ?? "");
  });
}

/** Files that only this user can read, in a folder of their own, for as long as `work` takes. */
export async function withPrivateFiles<Result>(
  files: Readonly<Record<string, string>>,
  work: (pathOf: (name: string) => string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "belay-approval-"));
  const pathOf = (name: string): string => join(folder, name);
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(pathOf(name), text, { mode: 0o600, flag: "wx" });
    return await work(pathOf);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
