import type { CallOptions, RemoveRequest, WriteOutcome } from "../../ports/store.ts";
import { quotedEtag } from "./conditions.ts";
import { conflictAt } from "./conflict-at.ts";
import { headObject } from "./head-object.ts";
import { isHeldBy, parseRevision } from "./revision.ts";
import { sendWrite } from "./write-landing.ts";
import type { WriteSetup } from "./write-job.ts";

/** Deletes if the expectation holds; where versions are kept, what was deleted stays behind a delete marker. */
export async function removeObject(
  setup: WriteSetup,
  { key, expect, confirm }: RemoveRequest,
  options: CallOptions,
): Promise<WriteOutcome> {
  const { place, guard, watchesHeaders } = setup;
  const finding = await guard.allow("delete", options);
  const expected = parseRevision(expect.revision);
  if (!expected) return await conflictAt(place, key, options);
  if (watchesHeaders) {
    const sight = await headObject(place, key, options);
    if (!sight) return { kind: "conflict", found: undefined };
    const isHeld = isHeldBy(expected, place.fresh.markOf(key, sight)) && !place.fresh.isRewritten(key, expected, sight);
    if (!isHeld) return await conflictAt(place, key, options);
  }
  if (confirm && !(await confirm())) return { kind: "conflict", found: undefined };
  const condition = { "if-match": quotedEtag(expected.etag, finding.isBare) };
  const landing = await sendWrite(place, { action: "s3:DeleteObject", method: "DELETE", key, headers: condition }, options);
  switch (landing.kind) {
    case "landed":
      landing.answer.discard();
      place.fresh.forget(key);
      return { kind: "removed" };
    case "conflict":
      return await conflictAt(place, key, options);
    case "gone":
      return { kind: "conflict", found: undefined };
    case "unknown":
      return landing;
  }
}
