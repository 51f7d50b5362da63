import { expect } from "vitest";
import type { BucketCase, Env } from "./bucket-ground.ts";
import { answerOf, type Ran } from "./run-belay.ts";

/** How a command that cannot go through has to fail. */
export interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly says: RegExp;
  /** The way on. */
  readonly next: RegExp;
  readonly env?: Env;
  readonly copy?: string;
}

/**
 * Runs a command twice, for people and for programs, and gives what is wrong with how it fails: it has to tell one error, the
 * same one, with its way on, no stack and no XML, and to leave what is live and recorded as it was.
 */
export async function flawsOf(
  one: BucketCase,
  words: readonly string[],
  { exit, code, says, next, env, copy }: Failure,
): Promise<string[]> {
  const options = { ...(env && { env }), ...(copy !== undefined && { copy }) };
  const before = await one.everything();
  const shown = await one.run(words, options);
  const answered = await one.run([...words, "--json"], options);
  const after = await one.everything();
  const flat = shown.stderr.replaceAll(/\s+/gu, " ");
  const [told, way = ""] = flat.split(" next: ");
  const said = (field: string): string => String(answerOf(answered, "error", field));
  const checks: readonly (readonly [boolean, string])[] = [
    [shown.exit === exit, shown.told],
    [answered.exit === exit, answered.told],
    [says.test(told ?? ""), `does not say ${says.source}: ${flat}`],
    [next.test(way), `does not offer ${next.source}: ${flat}`],
    [said("code") === code, answered.told],
    [says.test(said("message")), `does not say ${says.source}: ${answered.told}`],
    [next.test(said("remedy")), `does not offer ${next.source}: ${answered.told}`],
    ...changes(before, after).map((name) => [false, `${name} was changed`] as const),
    ...untidyIn(shown).map((what) => [false, what] as const),
  ];
  return checks.filter(([isRight]) => !isRight).map(([, what]) => what);
}

/** A failure is told to people as one error with one way on, and nothing of the machinery shows. */
export const expectTold = (ran: Ran): void => {
  expect(untidyIn(ran)).toEqual([]);
};

function untidyIn({ stderr, stdout, told }: Ran): string[] {
  const machinery = /<\?xml|<Error>|<Code>|^\s+at .*[:(]\d+|\bundefined\b|\[object |Error: /mu.exec(stderr + stdout);
  const crosses = stderr.match(/^✖/gmu)?.length ?? 0;
  const ways = stderr.match(/^ {2}next: /gmu)?.length ?? 0;
  return [
    ...(crosses === 1 ? [] : [`${crosses} errors: ${told}`]),
    ...(ways === 1 ? [] : [`${ways} ways on: ${told}`]),
    ...(machinery ? [`shows ${machinery[0]}: ${told}`] : []),
  ];
}

const changes = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]);
