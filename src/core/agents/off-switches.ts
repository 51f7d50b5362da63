/** What turns an agent's hooks off, or makes them do something else than they say. */

import { isGuardHook } from "./own-pieces.ts";
import { elementsOf, fieldsOf, reach } from "./reach.ts";
import type { SettingsFile } from "./settings-file.ts";

/** Variables that change what a hook's shell or Node does before the guard's first line, or that turn hooks off. */
const variables =
  /^(?:PATH|HOME|ENV|BASH_ENV|SHELL|SHELLOPTS|BASHOPTS|IFS|NODE_OPTIONS|NODE_PATH|LD_.+|DYLD_.+|CLAUDE_CODE_SAFE_MODE|CLAUDE_CODE_SIMPLE|CLAUDE_CONFIG_DIR|CLAUDE_PROJECT_DIR|CODEX_HOME|GEMINI_CLI_SYSTEM_.+|OPENCODE_.+)$/u;

/** Names of the switches that are set in a document: a parsed JSON value, of TOML the text. */
export function offSwitchesIn(file: SettingsFile, document: unknown): readonly string[] {
  if (file.form === "toml") return typeof document === "string" ? tomlSwitches(document) : [];
  return [...jsonSwitches(document), ...variablesIn(document)];
}

function jsonSwitches(document: unknown): readonly string[] {
  const isOn = (...path: readonly string[]): boolean => reach(document, ...path) === true;
  const isOff = (...path: readonly string[]): boolean => reach(document, ...path) === false;
  const disabled = [...elementsOf(reach(document, "hooksConfig", "disabled")), ...elementsOf(reach(document, "hooks", "disabled"))];
  const servers = [...elementsOf(reach(document, "disabledMcpjsonServers")), ...elementsOf(reach(document, "mcp", "excluded"))];
  return [
    ...(isOn("disableAllHooks") ? ["disableAllHooks"] : []),
    ...(isOn("allowManagedHooksOnly") && !holdsGuard(document) ? ["allowManagedHooksOnly"] : []),
    ...(isOff("hooksConfig", "enabled") || isOff("hooks", "enabled") || isOff("tools", "enableHooks") ? ["hooks.enabled"] : []),
    ...disabled.filter((name) => typeof name === "string" && /belay/iu.test(name)).map((name) => `disabled ${String(name)}`),
    ...servers.filter((name) => name === "belay").map(() => "server belay"),
    ...(isOn("mcpServers", "belay", "disabled") || isOff("mcp", "belay", "enabled") ? ["server belay"] : []),
  ];
}

const holdsGuard = (document: unknown): boolean =>
  Object.values(fieldsOf(reach(document, "hooks"))).some((groups) =>
    elementsOf(groups).some((group) => isGuardHook(group) || elementsOf(reach(group, "hooks")).some(isGuardHook)),
  );

const variablesIn = (document: unknown): readonly string[] =>
  Object.entries(fieldsOf(reach(document, "env")))
    .filter(([name]) => variables.test(name))
    .map(([name, value]) => `env ${name}=${String(value)}`);

/** Codex reads TOML. A line is taken for what it sets wherever it stands: too careful rather than parsed by half. */
function tomlSwitches(text: string): readonly string[] {
  // Codex keeps there which hooks a person has switched off and which are trusted: `[hooks.state."…"] enabled = false`.
  const hasState = /^\s*\[+\s*hooks\s*\.\s*["']?state\b/mu.test(text);
  return text
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter(
      (line) =>
        /\b(?:codex_)?hooks["']?\s*=\s*(?:false|\{[^}]*enabled\s*=\s*false)/u.test(line) ||
        /^["']?allow_managed_hooks_only["']?\s*=\s*true/u.test(line) ||
        (hasState && /^["']?enabled["']?\s*=\s*false/u.test(line)) ||
        /^\[+\s*hooks\s*\.\s*["']?state\b/u.test(line),
    );
}
