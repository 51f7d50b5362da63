/** What a person is asked about a field: each thing that it may be, who says so, and the words that answer it. */

import type { Said } from "./cell-values.ts";
import { joinValues, showValue } from "./compare-values.ts";
import type { Question } from "./decision.ts";
import { wholeOf, type Table, type Voice } from "./decide-table.ts";
import type { Field } from "./kind.ts";
import { shownMoments } from "./shown-moments.ts";
import type { Value } from "./value.ts";

export function question(field: Field, voices: readonly Voice[], table: Table, derivedValue?: Value): Question {
  const choices = new Map<string, string[]>();
  for (const { sighting, said } of voices) {
    const who = `${sighting.system} ${sighting.at.key}`;
    for (const answer of choicesOf(said, field).flatMap((one) => answersFor(one, field, table))) {
      const says = choices.get(answer) ?? [];
      if (!says.includes(who)) choices.set(answer, [...says, who]);
    }
  }
  if (derivedValue) choices.set(answerOf(derivedValue), [...(choices.get(answerOf(derivedValue)) ?? []), "the rule in belay.yaml"]);
  return asked(
    field,
    [...choices].map(([answer, says]) => ({ answer, says })),
  );
}

/** What one value may mean, where the clock shows it never or twice: `says` tells whose it is. */
export const questionOn = (field: Field, value: Value, table: Table, says: readonly string[]): Question =>
  asked(
    field,
    answersFor(value, field, table).map((answer) => ({ answer, says })),
  );

export function asked({ name }: Field, choices: Question["choices"]): Question {
  const first = choices[0]?.answer ?? "VALUE";
  return { about: "field", name, choices, ask: `--set ${name}=${/\s/u.test(first) ? `"${first}"` : first}` };
}

/** Only what there is can be an answer: a time that the clock skips is none, and one that it shows twice is two, with their day. */
function answersFor(value: Value, field: Field, table: Table): readonly string[] {
  const whole = wholeOf(field, value, table);
  const [only = whole, ...others] = shownMoments(whole, table.clock);
  const isPlain = only === whole && others.length === 0 && !(whole.kind === "moment" && whole.offset !== undefined);
  return isPlain ? [answerOf(value)] : [only, ...others].map(answerOf);
}

/** What an object may mean: the one thing that it says, each of several, or each reading with what else it says. */
function choicesOf({ value, claims, isAmbiguous }: Said, { type }: Field): readonly Value[] {
  if (!value) return claims.flatMap((claim) => (claim.value ? [claim.value] : (claim.readings ?? [])));
  if (!isAmbiguous) return [value];
  return claims.flatMap(({ readings = [] }) => readings.flatMap((reading) => joinValues(value, reading, type) ?? []));
}

/** As `--set` takes it. */
export const answerOf = (value: Value): string =>
  value.kind === "moment" && value.date !== undefined && value.time !== undefined && value.offset !== undefined
    ? `${value.date}T${value.time}${value.offset}`
    : showValue(value);
