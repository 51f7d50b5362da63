/** The small parts that the schema of every section of belay.yaml is made of. Every message completes the sentence "… must be". */

import * as v from "valibot";

// No flags on these: JSON Schema patterns have none.
const namePattern = /^[a-z][a-z0-9-]*$/;
const environmentPattern = /^env:[A-Za-z_][A-Za-z0-9_]*$/;

export const text: v.GenericSchema<string> = v.pipe(v.string(), v.minLength(1, "text, not empty"));
export const name: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(namePattern, "a name of lower-case letters, digits and hyphens that begins with a letter"),
);
export const globs: v.GenericSchema<string[]> = v.array(text);
/** A secret is never written down: the name of the variable that holds it is. */
export const fromEnvironment: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(environmentPattern, "env:NAME, the name of an environment variable"),
);
