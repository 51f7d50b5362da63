import { execFile } from "node:child_process";
import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";

/** How one run of git ended. `missing`: there is no such executable, or no such folder. */
export type GitEnd =
  | { readonly kind: "missing" }
  | { readonly kind: "ended"; readonly exit: number; readonly stdout: Buffer; readonly stderr: string };

/** Runs git with these arguments in a folder. Throws only where no answer came at all. */
export type GitRun = (folder: string, args: readonly string[], options: CallOptions) => Promise<GitEnd>;

/** Thrown where git said more than is read at once: ask for less. */
export class OutputTooLong extends BelayError {}

const timeoutMs = 60_000;
const outputBytesMax = 256 * 1024 * 1024;

// Settings of the user's that would change what is printed, or start another program (a signature check, a monitor).
const settings = [
  "core.quotePath=false",
  "core.fsmonitor=false",
  "log.showSignature=false",
  "log.follow=false",
  "log.diffMerges=separate",
  "log.showRoot=true",
  "diff.relative=false",
];
const settingArgs = settings.flatMap((setting) => ["-c", setting]);

/** Variables by which a hook or an outer git would point this one at another repository. */
const strayVariables = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_PREFIX",
  "GIT_NAMESPACE",
  "GIT_COMMON_DIR",
  "GIT_OBJECT_DIRECTORY",
];

function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !strayVariables.includes(name));
  return {
    ...Object.fromEntries(own),
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    // A replacement would let bytes stand in the history that no commit holds.
    GIT_NO_REPLACE_OBJECTS: "1",
    // A path is a path, whatever `*`, `[` or `:` it holds.
    GIT_LITERAL_PATHSPECS: "1",
  };
}

/** Runs the git executable, without a shell, for a minute and 256 MiB of output at most. */
export const runGit: GitRun = async (folder, args, { signal }) =>
  await new Promise<GitEnd>((resolve, reject) => {
    const options = { cwd: folder, env: environment(), encoding: "buffer", maxBuffer: outputBytesMax, timeout: timeoutMs, signal } as const;
    execFile("git", [...settingArgs, ...args], options, (error, stdout, stderr) => {
      const complaint = stderr.toString("utf8").trim();
      if (!error) resolve({ kind: "ended", exit: 0, stdout, stderr: complaint });
      else if (signal.aborted)
        reject(new BelayError("interrupted", "Reading the git history was interrupted.", "Run the same command again."));
      else if (error.code === "ENOENT") resolve({ kind: "missing" });
      else if (typeof error.code === "number") resolve({ kind: "ended", exit: error.code, stdout, stderr: complaint });
      else reject(noAnswer(args, error));
    });
  });

function noAnswer(args: readonly string[], cause: Error & { readonly code?: unknown }): BelayError {
  const what = args.find((arg) => !arg.startsWith("-")) ?? "";
  const Kind = cause.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER" ? OutputTooLong : BelayError;
  return new Kind(
    "input-invalid",
    `\`git ${what}\` gave no usable answer: ${cause.message}`,
    "Run `git fsck` in the site's folder, and try again.",
    { cause },
  );
}
