import { join } from "node:path";
import { expect } from "vitest";
import { treeOf, type Ground } from "./ground.ts";
import { belay, type RunOptions } from "./run-belay.ts";

/** What came of a command that must not go through. */
export interface Denial {
  readonly exit: number | null;
  /** Both streams, blanks and line ends as one blank. */
  readonly said: string;
  /** What it offers as the way on; empty where it offers none. */
  readonly next: string;
  /** Paths of live and of the working copy that are not as they were. */
  readonly changed: readonly string[];
}

/** Runs a command in a working copy and compares live and the site before and after. */
export async function denial(
  { ground, copy }: { readonly ground: Ground; readonly copy: string },
  words: readonly string[],
  options: Omit<RunOptions, "cwd"> = {},
): Promise<Denial> {
  const both = (): readonly (readonly [string, Map<string, string>])[] => [
    ["live", treeOf(ground.live)],
    ["local", treeOf(join(copy, "public"))],
  ];
  const before = both();
  const { exit, told } = await belay(words, { cwd: copy, ...options });
  const said = told.replaceAll(/\s+/gu, " ");
  const changed = both().flatMap(([side, after], at) => differences(before[at]?.[1] ?? new Map(), after).map((path) => `${side}: ${path}`));
  return { exit, said, next: /next: (?<way>.*)/u.exec(said)?.groups?.["way"] ?? "", changed };
}

const differences = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));

/** For `expect(await denial(…)).toEqual(…)`: it ends so, names this, offers that, and nothing has changed. */
export const denied = (exit: number, says: RegExp, next: RegExp): Denial => ({
  exit,
  said: expect.stringMatching(says),
  next: expect.stringMatching(next),
  changed: [],
});
