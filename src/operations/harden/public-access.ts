/** Whether a bucket may be closed to everybody but its CDN. */

import type { PublicAccessBlock } from "../../core/doctor/bucket-facts.ts";
import { isAllowed } from "../../core/doctor/policy/decide-policy.ts";
import { parsePolicy } from "../../core/doctor/policy/parse-policy.ts";
import { isAllBlocked } from "../../core/harden/harden-plan.ts";
import type { Place } from "../../core/harden/place.ts";
import type { Inspector } from "../../ports/inspector.ts";
import type { Ask } from "../doctor/questions.ts";

interface Asking {
  readonly inspector: Inspector;
  readonly ask: Ask;
}

interface Access {
  readonly bucket: string;
  readonly places: readonly Place[];
  readonly block: PublicAccessBlock | undefined;
  /** As it is to be. */
  readonly policy: string | undefined;
}

export interface PublicAccess {
  readonly isChanged: boolean;
  /** Why it is left as it is. */
  readonly notes: readonly string[];
}

/** Blocked only where no visitor comes in that way: the walls must not take a site off the air. */
export async function publicAccess(about: Asking, { bucket, places, block, policy }: Access): Promise<PublicAccess> {
  if (isAllBlocked(block)) return { isChanged: false, notes: [] };
  const statements = parsePolicy(policy ?? "") ?? [];
  const reads = isAllowed(statements, { by: "anonymous", action: "s3:GetObject", resource: { beginning: `arn:aws:s3:::${bucket}/` } });
  if (reads !== "no") return left("a statement of the policy lets anybody read, and visitors may come in by it");
  for (const place of places.filter(({ kind }) => kind === "pages")) {
    const why = await openWay(about, place);
    if (why !== undefined) return left(why);
  }
  return { isChanged: true, notes: [] };
}

const left = (why: string): PublicAccess => ({ isChanged: false, notes: [`Public access is not blocked, since ${why}.`] });

/** How visitors of a place may still come to the bucket without CloudFront's signature; `undefined` where they cannot. */
async function openWay({ inspector, ask }: Asking, { name, bucket, distribution }: Place): Promise<string | undefined> {
  if (distribution === undefined) return `${name} names no CDN, so visitors come to the bucket itself`;
  const found = await ask((options) => inspector.distribution(distribution, options));
  if (found.kind === "untold") return `how distribution ${distribution} reads the bucket could not be told, because ${found.why}`;
  const origins = found.value?.origins.filter(({ domain }) => domain.startsWith(`${bucket}.s3`)) ?? [];
  if (origins.length === 0) return `distribution ${distribution} does not show how it reads the bucket`;
  return origins.some(({ access, isWebsite }) => isWebsite || access === "none")
    ? `distribution ${distribution} reads the bucket without signing its requests (it has no origin access control)`
    : undefined;
}
