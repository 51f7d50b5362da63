/** What belay puts where for one coding agent. */

import type { AgentName } from "../guard/agent-call.ts";
import type { GuardScope } from "../guard/scope.ts";
import type { HookRole } from "./launcher.ts";
import type { Piece } from "./piece.ts";

export type Level = "project" | "user";

export interface SetupFacts {
  readonly level: Level;
  /** What belay.yaml guards; `undefined` for settings of a user, which hold for every project. */
  readonly scope: GuardScope | undefined;
  readonly hasMcp: boolean;
  /** What the agent's program said of itself: `2.1.297`; `undefined` where it is not here to be asked. */
  readonly version: string | undefined;
}

interface Wanted {
  /** Relative to the project's folder, or to the home folder. */
  readonly path: string;
  /** Other names under which the agent reads the same; the one that is there is used. */
  readonly aliases?: readonly string[];
  /** For people: `hooks`, `MCP server`. */
  readonly what: string;
}

export type WantedFile = Wanted &
  (
    | { readonly form: "json"; readonly pieces: readonly Piece[] }
    /** The whole file is belay's. */
    | { readonly form: "own"; readonly text: string }
    /** A marked block at the end. `rival` finds what would clash with it: then it is left out. */
    | { readonly form: "toml"; readonly body: string; readonly rival: RegExp }
  );

export interface ManagedText {
  /** Where an administrator puts it. */
  readonly path: string;
  readonly text: string;
}

export interface ManagedFacts {
  readonly scope: GuardScope | undefined;
  /** Absolute folder of belay's `dist`; on the machines of a fleet the same, and root's. */
  readonly dist: string;
}

export interface AgentSetup {
  readonly name: AgentName;
  /** As its makers write it. */
  readonly title: string;
  /** The program that starts it. */
  readonly program: string;
  /** Paths in a project or below the home folder that show that it is in use. */
  readonly traces: readonly string[];
  /** Which of the two files of instructions it reads. */
  readonly instructions: "CLAUDE.md" | "AGENTS.md";
  readonly files: (facts: SetupFacts) => readonly WantedFile[];
  /** What a person has to do besides. */
  readonly notes: (facts: SetupFacts) => readonly string[];
  readonly managed: (facts: ManagedFacts) => readonly ManagedText[];
}

/** One event that an agent's settings answer with a hook. */
export interface WantedHook {
  readonly event: string;
  readonly role: HookRole;
  /** Which tools, as a pattern of the agent's own; every tool where it is absent. */
  readonly matcher?: string;
}

/**
 * Seconds. An agent lets a call run whose hook takes longer, so a gate's are generous: the guard itself answers within one. For a
 * bystander the agent only waits.
 */
export const hookSeconds: Readonly<Record<HookRole, number>> = { gate: 60, bystander: 20 };
