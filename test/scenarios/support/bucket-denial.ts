import { expect } from "vitest";
import type { BucketCase, Env } from "./bucket-ground.ts";
import { answerOf, type Ran } from "./run-belay.ts";

/** What a command that cannot go through has to say. */
export interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly says: RegExp;
  /** The way on. */
  readonly next: RegExp;
  readonly env?: Env;
  readonly copy?: string;
  /** What was not there before and may have come: names of buckets and keys. */
  readonly mayChange?: RegExp;
}

/**
 * Runs a command twice, for people and for programs: one error each time, the same one, with its way on, no stack and no XML,
 * and what is live and recorded is as it was.
 */
export async function expectFailure(one: BucketCase, words: readonly string[], failure: Failure): Promise<void> {
  const { exit, code, says, next, env, copy, mayChange } = failure;
  const options = { ...(env && { env }), ...(copy !== undefined && { copy }) };
  const before = await one.everything();
  const shown = await one.run(words, options);
  expect(shown).toEqual({ ...shown, exit });
  const flat = shown.stderr.replaceAll(/\s+/gu, " ");
  expect(flat).toMatch(says);
  expect(flat.slice(flat.indexOf("next: "))).toMatch(next);
  expectTold(shown);
  const answered = await one.run([...words, "--json"], options);
  expect(answered).toEqual({ ...answered, exit });
  expect(answerOf(answered, "error")).toEqual({ code, message: expect.stringMatching(says), remedy: expect.stringMatching(next) });
  const after = await one.everything();
  expect(kept(after, mayChange)).toEqual(kept(before, mayChange));
}

/** One error for people: one cross, one way on, and nothing of the machinery. */
export function expectTold({ stderr, stdout }: Pick<Ran, "stderr" | "stdout">): void {
  expect(stderr.match(/^✖/gmu), stderr).toHaveLength(1);
  expect(stderr.match(/^ {2}next: /gmu), stderr).toHaveLength(1);
  expect(stderr + stdout).not.toMatch(/<\?xml|<Error>|<Code>|^\s+at .*[:(]\d+|\bundefined\b|\[object |Error: /mu);
}

const kept = (found: Readonly<Record<string, string>>, mayChange: RegExp | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(found).filter(([name]) => mayChange?.test(name) !== true));
