/** Whether Claude Code's settings still ask the guard before a tool, for those who are told of a change only once it is made. */

import { isGuardHook } from "./own-pieces.ts";
import { elementsOf, reach } from "./reach.ts";

/** Where Claude Code takes hooks from: any one of these files is enough. */
export const claudeSettings = (project: string, home: string): readonly string[] => [
  `${project}/.claude/settings.json`,
  `${project}/.claude/settings.local.json`,
  `${home}/.claude/settings.json`,
  "/etc/claude-code/managed-settings.json",
  "/Library/Application Support/ClaudeCode/managed-settings.json",
];

/** What every version has; a hook that somebody wrote by hand may name no more than these. */
const needed = ["Bash", "Edit", "Write"] as const;

/** `documents`: the parsed values of all of these files. Several hooks may share the tools among them. */
export const holdsGate = (documents: readonly unknown[]): boolean => {
  const matchers = documents.flatMap((document) =>
    elementsOf(reach(document, "hooks", "PreToolUse")).flatMap((group) =>
      elementsOf(reach(group, "hooks")).some(isGuardHook) ? [reach(group, "matcher") ?? ""] : [],
    ),
  );
  return needed.every((tool) => matchers.some((matcher) => covers(matcher, tool)));
};

/** A matcher is nothing, `*`, or alternatives; as a regular expression it is taken where it is one of the plain ones. */
const covers = (matcher: unknown, tool: string): boolean =>
  typeof matcher === "string" &&
  (matcher === "" || matcher.split("|").some((one) => one === "*" || one === ".*" || one.replace(/^\^|\$$/gu, "") === tool));
