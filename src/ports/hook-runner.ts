import type { HookEnd } from "../core/attack/hook-end.ts";

export interface HookStart {
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: string;
  /** Then it is killed, with whatever it has started. */
  readonly limitMs: number;
  /** `kill`: it is killed as soon as it has started, before it has all of its input. `hold`: its input comes, and does not end. */
  readonly fault?: "kill" | "hold";
}

/** Starts an agent's hooks as the agent would, with everything it needs to try them where nothing can be harmed. */
export interface HookRunner {
  /** Rejects only with the signal's reason. */
  run(start: HookStart, options: { readonly signal: AbortSignal }): Promise<HookEnd>;
  /** A new folder that holds nothing, for copies of settings. */
  scratch(): Promise<ScratchFolder>;
  /**
   * Called before the first hook; the answer takes away what the guard noted under a session in a project, and folders that it made for
   * that. What it noted of others stays.
   */
  forgetter(project: string): (session: { readonly agent: string; readonly id: string }) => void;
}

export interface ScratchFolder {
  /** Absolute. */
  readonly path: string;
  /** Below the folder. */
  write(path: string, text: string): Promise<void>;
  /** The program of that name on PATH, below the folder; nothing where there is none. */
  link(path: string, program: string): Promise<void>;
  remove(): Promise<void>;
}
