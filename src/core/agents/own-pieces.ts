/** The pieces of an agent's settings that hold the guard up. */

import { isGuardCommand } from "./launcher.ts";
import { elementsOf, fieldsOf, reach, spelled } from "./reach.ts";
import type { SettingsFile } from "./settings-file.ts";
import { blockIn, tomlMarks } from "./marked-block.ts";

/**
 * Each as one text that is equal where the piece is. A document that holds a hook of the guard also holds fast to its deny rules,
 * whoever wrote them: an agent takes none of them away. `document` is a parsed JSON value, of TOML the text.
 */
export function ownPiecesIn(file: SettingsFile, document: unknown): readonly string[] {
  if (file.form === "toml") return tomlPieces(document);
  const hooks = guardHooks(document);
  const rules = hooks.length === 0 ? [] : denyRules(document);
  return [...hooks, ...rules, ...servers(document)];
}

function tomlPieces(document: unknown): readonly string[] {
  if (typeof document !== "string") return [];
  const block = blockIn(document, tomlMarks);
  const lines = document.split(/\r?\n/u).filter((line) => line.includes("belay guard "));
  return [...(block === undefined ? [] : [`block ${block.body}`]), ...lines.map((line) => `line ${line.trim()}`)];
}

/** Hooks lie in lists below `hooks`: in groups with a matcher (Claude Code, Codex, Gemini CLI), or bare (Cursor). */
function guardHooks(document: unknown): readonly string[] {
  return Object.entries(fieldsOf(reach(document, "hooks"))).flatMap(([event, groups]) =>
    elementsOf(groups).flatMap((group) => {
      const inner = reach(group, "hooks");
      const matcher = reach(group, "matcher");
      const hooks = inner === undefined ? [group] : elementsOf(inner);
      return hooks.filter(isGuardHook).map((hook) => `hook ${event} ${spelled(matcher ?? "")} ${spelled(withoutSwitch(hook))}`);
    }),
  );
}

/** Whether a hook of an agent's settings runs the guard. */
export function isGuardHook(hook: unknown): boolean {
  const command = reach(hook, "command");
  const words = elementsOf(reach(hook, "args")).filter((word) => typeof word === "string");
  return typeof command === "string" && isGuardCommand([command, ...words].join(" "));
}

/** An `onFailure: block` may be added by whoever has a newer agent. */
const withoutSwitch = (hook: unknown): unknown =>
  reach(hook, "onFailure") === "block" ? Object.fromEntries(Object.entries(fieldsOf(hook)).filter(([name]) => name !== "onFailure")) : hook;

const denyRules = (document: unknown): readonly string[] =>
  elementsOf(reach(document, "permissions", "deny")).map((rule) => `deny ${spelled(rule)}`);

function servers(document: unknown): readonly string[] {
  return [reach(document, "mcpServers", "belay"), reach(document, "mcp", "belay")]
    .filter((server) => server !== undefined)
    .map((server) => `server ${spelled(server)}`);
}
