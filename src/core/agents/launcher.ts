/** How an agent starts belay: commands that need no belay on the agent's PATH, and that hold where belay is missing. */

import type { AgentName } from "../guard/agent-call.ts";

/**
 * Under the home folder. Written by `belay install`: which belay and which Node this machine has, so that settings that are
 * shared by several machines name no path of one of them.
 */
export const pointerPath = ".config/belay/belay.sh";

/** `gate`: nothing passes where belay does not answer. `bystander`: the agent goes on without it. */
export type HookRole = "gate" | "bystander";

/**
 * Looks for belay where this machine says it is, then in node_modules from the project upwards; never on PATH, where `belay` may be
 * somebody else's program, and never over the network. The script holds neither a single quote nor a backslash, so that it stands in
 * single quotes in every shell (fish too) and in a literal string of TOML; its variables are named so that Gemini CLI, which replaces
 * those of its environment in its settings, finds none of them.
 */
const findGuard =
  'belay_run="$HOME/.config/belay/belay.sh"; belay_at="${CLAUDE_PROJECT_DIR:-$PWD}"; ' +
  'while [ ! -f "$belay_run" ] && [ "$belay_at" ]; do ' +
  'belay_run="$belay_at/node_modules/@belay-site/belay/dist/guard.sh"; belay_at="${belay_at%/*}"; done; ';

/** Named are the two ways that work wherever the package comes from. */
const missing = (agent: AgentName): string =>
  `belay guards this project and is not set up on this machine. A person installs belay as its README says and runs: belay install ${agent} (or npm ci, where package.json names belay).`;

/** The script alone, for what starts `sh -c` itself; its words are `belay guard AGENT`. */
export const guardScript = (agent: AgentName, role: HookRole): string =>
  role === "gate"
    ? `${findGuard}[ -f "$belay_run" ] && exec sh "$belay_run" "$2"; echo "${missing(agent)}" >&2; exit 2`
    : `${findGuard}[ -f "$belay_run" ] && sh "$belay_run" "$2"; exit 0`;

/** One command line for any shell. It ends with `belay guard AGENT`, by which it is known again. */
export const guardCommand = (agent: AgentName, role: HookRole): string => `sh -c '${guardScript(agent, role)}' belay guard ${agent}`;

/** Whether a command of an agent's settings is the guard's, of this version of belay or of another. */
export const isGuardCommand = (command: string): boolean => /(?:^|[\s/])belay guard [a-z]+\s*$/u.test(command);

/** For settings that an administrator owns: one place, which is root's, and nothing of the user's home or project. */
export function managedCommand(agent: AgentName, role: HookRole, dist: string): string {
  const run = `[ -f "${dist}/guard.sh" ] && `;
  const script =
    role === "gate"
      ? `${run}exec sh "${dist}/guard.sh" "$2"; echo "belay is not at ${dist}: ask whoever looks after this machine." >&2; exit 2`
      : `${run}sh "${dist}/guard.sh" "$2"; exit 0`;
  return `sh -c '${script}' belay guard ${agent}`;
}

/** The words that start `belay mcp`. `${…}` is left out of it: agents put their own variables in its place. */
export const mcpWords: readonly [string, ...string[]] = [
  "sh",
  "-c",
  'belay_run="$HOME/.config/belay/belay.sh"; [ -f "$belay_run" ] && exec sh "$belay_run" mcp; belay_at="$PWD"; ' +
    'while [ ! -f "$belay_at/node_modules/@belay-site/belay/dist/main.js" ] && [ "$belay_at" != / ]; do belay_at=$(dirname "$belay_at"); done; ' +
    'exec node "$belay_at/node_modules/@belay-site/belay/dist/main.js" mcp',
  "belay",
];

export interface ThisMachine {
  /** Absolute path of the program that runs Node. */
  readonly node: string;
  /** Absolute path of belay's `dist`. */
  readonly dist: string;
}

/**
 * What stands at `pointerPath`: `sh belay.sh AGENT` guards, `sh belay.sh mcp` serves. It names Node, since an agent that a desktop
 * started often has none on its PATH; where that one is gone, PATH's is taken.
 */
export function pointerText({ node, dist }: ThisMachine): string {
  return [
    "# Written by `belay install`: where coding agents on this machine find belay.",
    `belay_node=${quoted(node)}`,
    '[ -x "$belay_node" ] || belay_node=node',
    'if [ "$1" = mcp ]; then',
    `  exec "$belay_node" ${quoted(`${dist}/main.js`)} mcp`,
    "fi",
    `if [ -f ${quoted(`${dist}/guard.sh`)} ]; then`,
    `  exec sh ${quoted(`${dist}/guard.sh`)} "$1" "$belay_node"`,
    "fi",
    `echo ${quoted(`belay is not where it was when it was installed (${dist}). A person runs belay install again.`)} >&2`,
    "exit 2",
    "",
  ].join("\n");
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
