import { spawn } from "node:child_process";
import { BelayError } from "../../core/belay-error.ts";

const timeoutMs = 120_000;
const outputCharactersMax = 4 * 1024 * 1024;

/** A command that has ended. */
export interface Finished {
  /** 128 + the signal's number is not told apart: a killed command has `code` 1. */
  readonly code: number;
  /** Both streams as a terminal would show them. */
  readonly text: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** What it reads from its standard input; nothing unless told. */
  readonly input?: string;
}

/** Two pipes would lose the order in which lines of both streams came, so a shell joins them and then becomes the command. */
const joined: readonly string[] = ["-c", 'exec "$@" 2>&1', "sh"];

/** Runs a command to its end. Throws where nothing can be started or it is interrupted. */
export function runCommand(argv: readonly string[], { cwd, env, signal, input }: CommandOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", [...joined, ...argv], {
      cwd,
      env: { ...env },
      signal,
      timeout: timeoutMs,
      stdio: ["pipe", "pipe", "inherit"],
    });
    // A command that reads nothing may have ended before this arrives.
    child.stdin.once("error", () => undefined).end(input ?? "");
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      if (text.length < outputCharactersMax) text += chunk;
    });
    child.once("error", (cause) => {
      reject(
        signal.aborted
          ? new BelayError("interrupted", "The demo was interrupted.", "belay demo", { cause })
          : new BelayError("not-supported", "/bin/sh could not be started.", "Check that it is there, and run `belay demo` again.", {
              cause,
            }),
      );
    });
    child.once("close", (code) => resolve({ code: code ?? 1, text }));
  });
}
