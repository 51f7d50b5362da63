/** What switches the guard off: agents started without hooks, belay taken away, killed or replaced. */

import type { Reading } from "../reading.ts";
import { hole, type Word } from "../word.ts";
import { parseArguments, words } from "./arguments.ts";
import { readNode } from "./belay-commands.ts";
import { effectOf, reading, type Call, type ToolReader } from "./reading-of.ts";

const guard = (call: Call, tool: string, about: string): Reading =>
  reading(effectOf(call, { tool, verb: "configure", destination: { kind: "guard", about } }));

const switchedOff = "an agent that starts without hooks";

/** Settings of the environment under which hooks are not loaded, or belay is not the belay that was installed. */
export function readGuardEnvironment(call: Call): Reading | undefined {
  const { env } = call.invocation;
  const isOn = (name: string): boolean => !/^(?:0|false|no|off)?$/iu.test(env.get(name) ?? "");
  if (agents.has(call.program) && [...env.keys()].some((name) => offSwitches.has(name) && isOn(name)))
    return guard(call, call.program, switchedOff);
  const moved = [...env.keys()].find((name) => homes.has(name) || (name === "HOME" && env.get(name) !== call.facts.homeFolder));
  return agents.has(call.program) && moved !== undefined
    ? guard(call, call.program, `an agent whose settings are elsewhere: ${moved}`)
    : undefined;
}

const offSwitches: ReadonlySet<string> = words(
  "CLAUDE_CODE_SAFE_MODE CLAUDE_CODE_SIMPLE CLAUDE_CODE_DISABLE_HOOKS CODEX_DISABLE_HOOKS GEMINI_CLI_DISABLE_HOOKS OPENCODE_DISABLE_DEFAULT_PLUGINS OPENCODE_PURE",
);
const homes: ReadonlySet<string> = words(
  "CLAUDE_CONFIG_DIR CODEX_HOME GEMINI_CLI_HOME GEMINI_CLI_SYSTEM_SETTINGS_PATH OPENCODE_CONFIG OPENCODE_CONFIG_DIR OPENCODE_CONFIG_CONTENT CURSOR_CONFIG_DIR",
);
const agents: ReadonlySet<string> = words("claude codex cursor-agent cursor gemini opencode");

function readClaude(call: Call): Reading {
  const isBare = call.args.some(
    (word) =>
      word === "--bare" || word === "--safe-mode" || /^--setting-sources(?:=|$)/u.test(word) || word.startsWith("--dangerously-skip-hooks"),
  );
  const settings = call.args.some((word) => /disableAllHooks/u.test(word)) || settingsFile(call);
  if (isBare || settings) return guard(call, "claude", switchedOff);
  return pluginChange(call, "claude");
}

/** `--settings FILE` or JSON, where that speaks of hooks or cannot be read. */
function settingsFile(call: Call): boolean {
  const at = call.args.findIndex((word) => word === "--settings" || word.startsWith("--settings="));
  if (at < 0) return false;
  const word = call.args[at] ?? "";
  const value = word.includes("=") ? word.slice(word.indexOf("=") + 1) : (call.args[at + 1] ?? "");
  if (value.trimStart().startsWith("{")) return value.includes(hole) || namesHooks.test(value);
  const file = call.facts.readFile(value.startsWith("/") ? value : `${call.invocation.cwd}/${value}`);
  return file?.kind !== "text" || namesHooks.test(file.text);
}

const namesHooks = /disableAllHooks|["']hooks["']/u;

function pluginChange(call: Call, agent: string): Reading {
  const line = call.args
    .filter((word) => !word.startsWith("-"))
    .slice(0, 3)
    .join(" ");
  return /^plugins? (?:disable|uninstall|remove|rm) .*belay/u.test(line) ? guard(call, agent, "takes belay's hook away") : reading();
}

function readCodex(call: Call): Reading {
  const isOff = call.args.some(
    (word, at) =>
      /^--dangerously-bypass-hook-trust$|^--ignore-user-config$|^--ignore-rules$/u.test(word) ||
      (/(?:^|=)["']?(?:features\.(?:codex_)?hooks|features)\s*=|^(?:-c|--config)?=?hooks[.=]/u.test(word) &&
        /^(?:-c|--config)/u.test(call.args[at - 1] ?? word)) ||
      (/^--disable(?:=|$)/u.test(word) && /hooks/u.test(`${word} ${call.args[at + 1] ?? ""}`)),
  );
  return isOff ? guard(call, "codex", switchedOff) : reading();
}

function readOtherAgent(call: Call): Reading {
  const isOff = call.args.some((word) => /^--(?:no-hooks|disable-hooks|pure|skip-hooks|no-plugins)$/u.test(word));
  const line = call.args
    .filter((word) => !word.startsWith("-"))
    .slice(0, 2)
    .join(" ");
  if (isOff) return guard(call, call.program, switchedOff);
  return /^hooks (?:disable|disable-all|remove|uninstall)/u.test(line) ? guard(call, call.program, "takes hooks away") : reading();
}

const packageCommands: ReadonlySet<string> = words("uninstall un unlink remove rm r delete");
const installCommands: ReadonlySet<string> = words("install i add link ln");

const isBelay = (word: Word): boolean => /^(?:@[^/]+\/)?belay(?:@.*)?$/u.test(word);

function readPackages(call: Call): Reading | undefined {
  const given = parseArguments(call.args, { valued: words("--prefix -C --dir --cwd -w --workspace --filter -F") });
  const [first = "", ...rest] = given.operands[0] === "global" ? given.operands.slice(1) : given.operands;
  if (packageCommands.has(first) && rest.some(isBelay)) return guard(call, `${call.program} ${first}`, "takes belay away");
  // Another package that calls itself belay would stand where the hook looks.
  const isReplaced =
    installCommands.has(first) &&
    rest.some(
      (word) =>
        /^belay@(?:npm|file|git|https?|link):|^belay@\//u.test(word) || /^@belay-site\/belay@(?:npm|file|git|https?|link):/u.test(word),
    );
  return isReplaced ? guard(call, `${call.program} ${first}`, "puts another program in belay's place") : undefined;
}

/** `pkill -f belay`, `killall belay`, `kill $(pgrep belay)`. */
function readKill(call: Call): Reading {
  const names = call.args.filter((word) => !word.startsWith("-"));
  return names.some((word) => /(?:^|[/\s])belay\b/u.test(word)) ? guard(call, call.program, "ends belay while it watches") : reading();
}

/** `alias belay=true`, `hash -p /bin/true belay`, `unalias` is harmless. */
function readAlias(call: Call): Reading | undefined {
  const isTaken =
    call.args.some((word) => word.startsWith("belay=")) ||
    (call.program === "hash" && call.args.includes("-p") && call.args.at(-1) === "belay");
  return isTaken ? guard(call, call.program, "puts another program in belay's place") : undefined;
}

/** By base name. */
export const guardReaders: readonly (readonly [string, ToolReader])[] = [
  ["claude", readClaude],
  ["codex", readCodex],
  ["gemini", readOtherAgent],
  ["cursor-agent", readOtherAgent],
  ["opencode", readOtherAgent],
  ["npm", readPackages],
  ["pnpm", readPackages],
  ["yarn", readPackages],
  ["bun", (call) => readPackages(call) ?? readNode(call)],
  ["kill", readKill],
  ["pkill", readKill],
  ["killall", readKill],
  ["skill", readKill],
  ["alias", readAlias],
  ["hash", readAlias],
];
