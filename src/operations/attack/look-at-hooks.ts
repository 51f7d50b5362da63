/** Which of the guard's hooks an agent would start here, and what keeps it from doing so. */

import { parseJsonc } from "../../codecs/jsonc/tree.ts";
import { hooksIn, type InstalledHook } from "../../core/agents/installed-hook.ts";
import { settingsPlaces } from "../../core/agents/settings-places.ts";
import { setups } from "../../core/agents/setups.ts";
import { type SetSwitch, switchesIn, switchesOfEnvironment, variablesIn } from "../../core/agents/switched-off.ts";
import type { AgentName } from "../../core/guard/agent-call.ts";
import { isInstalled } from "../agents/look-at-agents.ts";
import { readReceipts } from "../agents/receipt-book.ts";
import type { AttackBench } from "./attack-bench.ts";

export interface AgentHooks {
  readonly agent: AgentName;
  readonly title: string;
  /** `undefined` where its program is not on PATH, or does not say. */
  readonly version: string | undefined;
  /** Those that would run: where hooks are switched off, an administrator's alone. */
  readonly hooks: readonly InstalledHook[];
  /** Those that stand in settings and do not run. */
  readonly silenced: readonly InstalledHook[];
  readonly switches: readonly SetSwitch[];
  /** Settings that cannot be read: agents go on without them. */
  readonly broken: readonly string[];
  /** What its settings put into the environment of hooks. */
  readonly variables: Readonly<Record<string, string>>;
  /** Codex runs a hook once a person has trusted it, and keeps that in its own settings. */
  readonly hasTrust: boolean;
}

export async function lookAtHooks(bench: AttackBench, agent: AgentName): Promise<AgentHooks> {
  const version = await bench.programs.versionOf(setups[agent].program);
  const seen = { hooks: new Array<InstalledHook>(), switches: new Array<SetSwitch>(), broken: new Array<string>() };
  let variables: Readonly<Record<string, string>> = {};
  let hasTrust = false;
  for (const { level, file } of settingsPlaces(agent, { project: bench.folder, home: bench.home })) {
    const text = await bench.files.read(file).catch(() => "{");
    if (text === undefined) continue;
    const document = file.endsWith(".toml") || agent === "opencode" ? text : parseJsonc(text)?.value;
    if (document === undefined && text.trim() !== "") seen.broken.push(file);
    seen.hooks.push(...hooksIn({ agent, file, level }, document));
    if (agent === "opencode") continue;
    seen.switches.push(...switchesIn({ file, level, document }));
    // What stands nearer to the project holds, and an administrator's word before all.
    if (agent === "claude") variables = { ...variablesIn(document), ...variables };
    hasTrust ||= agent === "codex" && /^\s*\[+\s*hooks\s*\.\s*["']?state\b/mu.test(text);
  }
  const switches = [...seen.switches, ...switchesOfEnvironment(agent, bench.env)];
  const isOff = switches.some(({ does }) => does === "off");
  const runs = ({ level }: InstalledHook): boolean => !isOff || level === "managed";
  return {
    agent,
    title: setups[agent].title,
    version: version === "" ? undefined : version,
    hooks: unique(seen.hooks.filter(runs)),
    silenced: seen.hooks.filter((hook) => !runs(hook)),
    switches,
    broken: seen.broken,
    variables,
    hasTrust,
  };
}

const keyOf = ({ event, matcher, command, args }: InstalledHook): string => JSON.stringify([event, matcher, command, args]);

/** The same hook at two levels is started once, where it fails closed if it does at either. */
function unique(hooks: readonly InstalledHook[]): readonly InstalledHook[] {
  const byKey = new Map<string, InstalledHook>();
  for (const hook of hooks) {
    const known = byKey.get(keyOf(hook));
    if (known === undefined) byKey.set(keyOf(hook), hook);
    else if (hook.asksToFailClosed && !known.asksToFailClosed) byKey.set(keyOf(hook), { ...known, asksToFailClosed: true });
  }
  return [...byKey.values()];
}

/**
 * Whether the agent is one that has to be guarded here: something of the guard stands in its settings, or stood there by belay's own
 * record, or the project shows that it is used. Tampering that takes every piece of the guard away is found by the last two.
 */
export async function isGuardWanted(bench: AttackBench, agent: AgentName): Promise<boolean> {
  const { traces, files } = setups[agent];
  const wanted = files({ level: "project", scope: undefined, hasMcp: true, version: undefined });
  if (await isInstalled(bench, agent, "user")) return true;
  if (bench.folder === undefined) return false;
  if (await isInstalled(bench, agent, "project")) return true;
  const receipts = await readReceipts(bench, "project");
  if (wanted.some(({ path }) => receipts.some((receipt) => receipt.path === path))) return true;
  for (const trace of traces) if (await bench.files.exists(`${bench.folder}/${trace}`)) return true;
  return false;
}
