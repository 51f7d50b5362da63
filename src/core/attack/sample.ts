/** Which rows a second agent's hook is asked about, where it starts the very guard that a first one has been asked all of them. */

import type { AttackRow, Family } from "./attack.ts";

export interface Sample {
  readonly asked: readonly AttackRow[];
  /** Asked only if an answer to the others is not what it has to be. */
  readonly left: readonly AttackRow[];
}

/** One shell command in so many, in every family; the first of a family is always among them. */
const sampleEvery = 4;

/** What an agent calls its file and MCP tools is its own, so these are asked in full. A command's text is the same from every agent. */
export function sampleOf(rows: readonly AttackRow[]): Sample {
  const seen = new Map<Family, number>();
  const asked: AttackRow[] = [];
  const left: AttackRow[] = [];
  for (const row of rows) {
    const at = seen.get(row.family) ?? 0;
    if (row.call.kind === "shell") seen.set(row.family, at + 1);
    (row.call.kind !== "shell" || at % sampleEvery === 0 ? asked : left).push(row);
  }
  return { asked, left };
}
