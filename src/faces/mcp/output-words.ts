/** Fields of answers that several tools share. Documents may have more than their schema names: fields are added, never renamed. */

import * as v from "valibot";

type Described = v.GenericSchema;

const list = (description: string): v.OptionalSchema<Described, undefined> =>
  v.optional(v.pipe(v.array(v.looseObject({})), v.description(description)));

const word = (description: string): v.OptionalSchema<Described, undefined> => v.optional(v.pipe(v.string(), v.description(description)));

const object = (description: string): v.OptionalSchema<Described, undefined> =>
  v.optional(v.pipe(v.nullable(v.looseObject({})), v.description(description)));

const number = (description: string): v.OptionalSchema<Described, undefined> => v.optional(v.pipe(v.number(), v.description(description)));

export { list, number, object, word };

/** An answer is a JSON document of the command line, or an error. */
export const document = (
  fields: Readonly<Record<string, v.OptionalSchema<Described, undefined>>>,
): v.GenericSchema<Record<string, unknown>, Record<string, unknown>> =>
  v.looseObject({
    format: v.pipe(v.literal(1), v.description("Version of the document.")),
    ...fields,
    error: v.optional(v.looseObject({ code: v.string(), message: v.string(), remedy: v.string() })),
    truncated: list("Where something was left out of this answer, and how much there is."),
    rest: word("How to get what was left out."),
  });

/** Of a plan, and of what became of it. */
export const planDocument: v.GenericSchema<Record<string, unknown>, Record<string, unknown>> = document({
  id: word("The plan's id: SHA-256 of its canonical JSON. Names exactly this plan."),
  target: word("Where it writes."),
  intent: word("deploy, promote and so on."),
  title: word("What the change is called."),
  outcome: word(
    "applied, nothing-to-do, refused, needs-person, confirmation-needed, conflict, unsettled, held, verification-failed or interrupted; absent for a plan alone.",
  ),
  steps: list("What is written, in order: wave, kind, path, expectation, reason."),
  refusals: list("Why it must not start: rule, code, paths, message, remedy. Empty where nothing stands against it."),
  proof: object("The six lines of proof."),
  release: word("The release that this made."),
  next: word("What comes next: a tool with its arguments, or what a person runs."),
});
