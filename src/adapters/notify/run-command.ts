import { spawn, type ChildProcess } from "node:child_process";
import { errnoOf } from "../shared/errno.ts";
import type { Attempt } from "./try-again.ts";

/** A text is the user's own shell's to read; words are a program and its arguments, and no shell reads them. */
export type Command = string | readonly string[];

export interface CommandSetup {
  readonly command: Command;
  /** Absolute. Not the repository's: a name without a path must not lead into it. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** `EX_TEMPFAIL` of sysexits(3): the one status by which a program asks to be run again. */
const tryLater = 75;

/**
 * Runs the user's command with the document on its standard input. What it prints is not shown: it may hold anything.
 * It runs once, and again only if it asks for it, since half a message may be out already.
 */
export async function runCommand({ command, folder, env }: CommandSetup, document: string, signal: AbortSignal): Promise<Attempt> {
  const [program = "", ...words] = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
  return await new Promise<Attempt>((resolve) => {
    // A group of its own, so that what it starts ends with it.
    const child = spawn(program, words, { cwd: folder, env, stdio: ["pipe", "ignore", "ignore"], detached: true });
    const stop = (): void => endGroup(child);
    signal.addEventListener("abort", stop, { once: true });
    const end = (told: Attempt): void => {
      signal.removeEventListener("abort", stop);
      resolve(told);
    };
    child.on("error", (error) =>
      end({ kind: "failed", cause: `it could not be started (${errnoOf(error) ?? "no reason given"})`, isFinal: true }),
    );
    child.on("exit", (status) => end(attemptOf(status, signal)));
    // A command need not read what it is told.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(document);
    if (signal.aborted) stop();
  });
}

function attemptOf(status: number | null, signal: AbortSignal): Attempt {
  if (status === 0) return { kind: "delivered" };
  if (signal.aborted) return { kind: "failed", cause: "it did not end in time", isFinal: true };
  const cause = status === null ? "it was ended by a signal" : `it ended with status ${status}`;
  return { kind: "failed", cause, isFinal: status !== tryLater };
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself meanwhile.
    if (errnoOf(error) !== "ESRCH") throw error;
  }
}
