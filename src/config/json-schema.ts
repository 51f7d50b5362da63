/** The JSON Schema of belay.yaml, for editors; made at build time from the very schema that the parser checks. */

import { toJsonSchema, type JsonSchema } from "@valibot/to-json-schema";

import { configKeys, configSchema, tokenKeys } from "./schema.ts";

/** Pure: the same value for the same source. Conversion fails where the schema holds something that JSON Schema cannot say. */
export function belayJsonSchema(): JsonSchema {
  return toJsonSchema(configSchema, {
    target: "draft-07",
    typeMode: "input",
    errorMode: "throw",
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      if (valibotSchema === configKeys) return { ...jsonSchema, ...exactlyOne("site", "sites") };
      return valibotSchema === tokenKeys ? { ...jsonSchema, ...exactlyOne("contains", "absent") } : undefined;
    },
  });
}

const exactlyOne = (one: string, other: string): JsonSchema => ({ oneOf: [{ required: [one] }, { required: [other] }] });

/** The bytes of schema/belay.schema.json. */
export const belayJsonSchemaText = (): string => `${JSON.stringify(belayJsonSchema(), undefined, 2)}\n`;
