/** What entries and their sum are made of. */

import * as v from "valibot";
import { asDigest } from "../../core/brand.ts";
import type { Actor } from "../../core/ledger/entry.ts";

const text = v.string();

/** 64 lower-case hexadecimal digits. */
export const digestSchema: v.GenericSchema<unknown, ReturnType<typeof asDigest>> = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/u),
  v.transform(asDigest),
);

export const actorSchema: v.GenericSchema<unknown, Actor> = v.object({
  name: text,
  email: v.exactOptional(text),
  kind: v.picklist(["person", "agent", "ci", "unknown"]),
  proof: v.picklist(["claimed", "verified"]),
  from: text,
});
