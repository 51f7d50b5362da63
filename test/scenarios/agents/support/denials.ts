/** What every refusal to an agent has to be, whatever it says. */

import { expect } from "vitest";
import type { HookAnswer } from "./agent-hooks.ts";

/** At most six lines of a hundred columns, on the rule, and nothing in it that lets the agent go on past a person. */
export function expectRefusal({ verdict, text }: HookAnswer, rule: string): void {
  expect({ verdict, text }).toEqual({ verdict: "refused", text: expect.stringContaining(`Refused by belay (${rule})`) });
  const lines = text.trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(6);
  for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(100);
  expect(text).not.toMatch(/--force|--yes|--confirm|allow-once|BELAY_|override|bypass/iu);
}

/** The command that a refusal names, as a shell takes it; empty where it names none. */
export function insteadIn(text: string): string {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line.startsWith("Instead: "));
  if (from < 0) return "";
  let to = from;
  while (lines[to]?.endsWith("\\") === true) to += 1;
  return lines
    .slice(from, to + 1)
    .join("\n")
    .replace("Instead: ", "");
}
