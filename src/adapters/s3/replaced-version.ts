/** After a write in a bucket that keeps versions: was what it replaced really what was expected, headers included? */

import type { CallOptions, WriteOutcome } from "../../ports/store.ts";
import { conflictAt } from "./conflict-at.ts";
import { putObject, type Landed } from "./put-object.ts";
import { readObject } from "./read-object.ts";
import { isHeldBy, type Mark } from "./revision.ts";
import type { S3Place } from "./s3-place.ts";
import { verifiedChunks } from "./verified-body.ts";
import { eachVersion, type KeptVersion } from "./versions.ts";

export interface Replaced {
  readonly key: string;
  readonly expected: Mark;
  /** Our write. */
  readonly landed: Landed;
  /** Holds while our write stands. */
  readonly condition: Readonly<Record<string, string>>;
}

export type Checked =
  /** With the exact time of our write. */
  { readonly kind: "right"; readonly second: number } | { readonly kind: "wrong"; readonly outcome: WriteOutcome };

const pageVersions = 10;

/**
 * Looks at the version right before ours. If-Match let it pass by its bytes; where its headers were rewritten unseen it is
 * put back and the write is a `conflict`. What cannot be checked or put back is `unknown`. Throws nothing: something has landed.
 */
export async function checkReplaced(place: S3Place, replaced: Replaced, options: CallOptions): Promise<Checked> {
  try {
    const { ours, before } = await versionsAround(place, replaced, options);
    if (!ours || !before) return unknown("the version that was replaced is not listed");
    if (wasExpected(place, replaced, before)) return { kind: "right", second: ours.second };
    return await putBack(place, replaced, before, options);
  } catch (error) {
    return unknown("what was replaced could not be looked at, or not be put back", error);
  }
}

const unknown = (what: string, error?: unknown): Checked => ({
  kind: "wrong",
  outcome: { kind: "unknown", isUnchecked: true, cause: new Error(`the write has landed, but ${what}`, { cause: error }) },
});

interface Around {
  readonly ours?: KeptVersion;
  readonly before?: KeptVersion;
}

async function versionsAround(place: S3Place, { key, landed }: Replaced, { signal }: CallOptions): Promise<Around> {
  let ours: KeptVersion | undefined;
  for await (const version of eachVersion(place, key, { signal, limit: pageVersions })) {
    if (ours) return { ours, before: version };
    if (version.id === landed.versionId) ours = version;
  }
  return ours ? { ours } : {};
}

function wasExpected(place: S3Place, { key, expected }: Replaced, before: KeptVersion): boolean {
  const fresh = place.fresh.of(key);
  const isFreshExpected = fresh?.versionId !== undefined && fresh.etag === expected.etag && fresh.second === expected.second;
  // Of a write of our own the very version is known, also where a rewrite fell into the same second.
  if (isFreshExpected) return before.id === fresh.versionId;
  return isHeldBy(expected, place.fresh.markOf(key, { etag: before.etag, second: before.second, versionId: before.id }));
}

async function putBack(place: S3Place, { key, condition }: Replaced, before: KeptVersion, options: CallOptions): Promise<Checked> {
  if (!before.isObject) return unknown("it replaced a deletion");
  const slipped = await readObject(place, key, { ...options, versionId: before.id });
  if (!slipped) return unknown("the version that it replaced is gone");
  const { body } = slipped.reading;
  const wireBody = { sizeBytes: body.sizeBytes, sha256: body.digest, open: () => verifiedChunks(body, key) };
  const back = await putObject(place, { key, headers: slipped.stored, condition }, wireBody, options);
  if (back.kind !== "landed")
    return unknown("the version that it replaced could not be put back", back.kind === "unknown" ? back.cause : undefined);
  place.fresh.forget(key);
  return { kind: "wrong", outcome: await conflictAt(place, key, options) };
}
