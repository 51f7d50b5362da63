/** Parameters that several tools share. Every text, list and number has a bound. JSON Schema knows no flags of regular expressions. */

import * as v from "valibot";

const pathsMax = 500;

type Text = v.GenericSchema<string>;

export const text = (description: string, charactersMax: number = 400): Text =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(charactersMax), v.description(description));

export const site: v.OptionalSchema<Text, undefined> = v.optional(text("Which site, where belay.yaml has several.", 100));

export const target: Text = text("Where it is live, as belay.yaml names it: staging, production.", 100);
export const someTarget: v.OptionalSchema<Text, undefined> = v.optional(
  text("Where it is live, as belay.yaml names it; all targets unless told.", 100),
);

export const paths: v.OptionalSchema<v.GenericSchema<string[]>, undefined> = v.optional(
  v.pipe(
    v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(1024))),
    v.maxLength(pathsMax),
    v.description("Files or folders of the site, such as index.html or guide/; all of it unless told. Never outside the site's folder."),
  ),
);

export const change: v.OptionalSchema<Text, undefined> = v.optional(
  text("A title for the one logical change, for the log and for reviewers; the commit's title unless told.", 200),
);

export const planId = (description: string): Text =>
  v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}$/), v.description(`${description} Hexadecimal; at least its first 8 digits.`));

export const offset: v.OptionalSchema<v.GenericSchema<number>, undefined> = v.optional(
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(1_000_000),
    v.description("How many entries of the list to skip; 0 unless told."),
  ),
);

export const kind: Text = text("The type of record, as belay.yaml names it under `records:`, such as booking.", 100);
export const record: Text = text("The record: its name, one of its keys, or the address of one of its pages.", 500);

/** Fields of a record with what is known of them. */
export const fields: v.GenericSchema<Record<string, string>> = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^[^=\s][^=]{0,79}$/)), v.pipe(v.string(), v.maxLength(500))),
  v.maxEntries(40),
  v.description('What is known, by field: {"guest": "Jonah Reed", "date": "2026-05-30"}. Fields are those of belay.yaml.'),
);

export const flag = (description: string): v.OptionalSchema<v.GenericSchema<boolean>, undefined> =>
  v.optional(v.pipe(v.boolean(), v.description(description)));
