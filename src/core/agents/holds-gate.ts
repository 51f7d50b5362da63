/** Whether Claude Code's settings still ask the guard before a tool, for those who are told of a change only once it is made. */

import { hooksIn, matches } from "./installed-hook.ts";
import type { SettingsPlace } from "./settings-places.ts";

export interface ReadSettings extends SettingsPlace {
  /** A parsed JSON value; `undefined` where there is none. */
  readonly document: unknown;
}

/** What every version has; a hook that somebody wrote by hand may name no more than these. */
const needed = ["Bash", "Edit", "Write"] as const;

/** Any of the files is enough, and several hooks may share the tools among them. */
export function holdsGate(settings: readonly ReadSettings[]): boolean {
  const hooks = settings.flatMap((one) => hooksIn({ ...one, agent: "claude" }, one.document));
  return needed.every((tool) => hooks.some((hook) => matches(hook, tool)));
}
