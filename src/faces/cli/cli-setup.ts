/** What the command line is given by src/main.ts, or by a test. */

import type { Readable, Writable } from "node:stream";
import type { Sandbox, SandboxOptions } from "../../../sandbox/start-sandbox.ts";
import type { Config } from "../../config/config.ts";
import type { Actor } from "../../core/ledger/entry.ts";
import type { InstallBench } from "../../operations/agents/install-bench.ts";
import type { AttackBench } from "../../operations/attack/attack-bench.ts";
import type { RecordsBench } from "../../operations/records/records-bench.ts";
import type { Workbench } from "../../operations/workbench.ts";
import type { OutputStream } from "./screen.ts";

/** What a prompt reads from; `process.stdin` is one. */
export type InputStream = Readable & { readonly isTTY?: boolean };

export interface CliSetup {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Absolute. */
  readonly cwd: string;
  readonly stdin: InputStream;
  readonly stdout: Writable & OutputStream;
  readonly stderr: Writable & OutputStream;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly openWorkbench: (
    config: Config,
    siteName: string | undefined,
    options: { readonly by?: string; readonly env: NodeJS.ProcessEnv },
  ) => Promise<Workbench>;
  /** Rejects with `usage` where belay.yaml has no such kind of record. */
  readonly openRecords: (
    config: Config,
    kindName: string,
    options: { readonly by?: string; readonly env: NodeJS.ProcessEnv },
  ) => Promise<RecordsBench>;
  readonly detectActor: (env: NodeJS.ProcessEnv, about: { readonly by?: string | undefined; readonly folder: string }) => Promise<Actor>;
  /** A pretend S3 and CloudFront in this process. Rejects where a port is taken or the folder does not open. */
  readonly startSandbox: (options: SandboxOptions) => Promise<Sandbox>;
  /** Answers one hook of the agent that the words name, and ends the process. */
  readonly runGuard: () => Promise<void>;
  /** What `belay install` works with; `folder` is that of belay.yaml, where there is one. */
  readonly openInstaller: (about: {
    readonly folder: string | undefined;
    readonly env: NodeJS.ProcessEnv;
    readonly packageFolder: string;
    readonly node: string;
  }) => Promise<InstallBench>;
  /** What `belay doctor --attack` works with. */
  readonly openAttacker: (about: {
    readonly folder: string;
    readonly env: NodeJS.ProcessEnv;
    readonly packageFolder: string;
    readonly node: string;
  }) => Promise<AttackBench>;
  /** Calls the listener at each Ctrl-C or termination request, until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Ends the process at once. */
  readonly exitNow: (exit: number) => void;
  /** What starts this CLI: its words follow. */
  readonly program: readonly string[];
  /** The folder of the package, which holds `demo/` and `schema/`. */
  readonly packageFolder: string;
}
