/** What S3 keeps beside the bytes: belay's headers and provenance to its header names, and back. */

import { BelayError } from "../../core/belay-error.ts";
import { asDigest } from "../../core/brand.ts";
import type { Headers, Observed, Provenance } from "../../core/plan/plan.ts";

type RawHeaders = Readonly<Record<string, string>>;

/** What an object says of itself besides its bytes. */
export type Saying = Pick<Observed, "provenance" | "owner"> & { readonly headers: Headers };

const plainNames: ReadonlySet<string> = new Set([
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
  "x-amz-website-redirect-location",
]);
const metaPrefix = "x-amz-meta-";
const belayPrefix = `${metaPrefix}belay-`;
/** What other deploy tools note about themselves: a claim about who wrote. */
const ownerName = `${metaPrefix}deployed-by`;
/** What S3 answers where no type was given (PutObject, `Content-Type`). */
const defaultType = "binary/octet-stream";
const provenanceFields = ["plan", "release", "digest", "parent", "commit", "actor", "at"] as const;
const ownerCharsMax = 200;
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
const controls = /[\u0000-\u001f\u007f-\u009f]/gu;

/** The headers that belong to the object, of all that an answer carries: exactly what a PUT must repeat to leave them as they are. */
export function storedHeaders(raw: RawHeaders): Record<string, string> {
  const stored: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (!plainNames.has(name) && !name.startsWith(metaPrefix)) continue;
    const kept = name === "content-encoding" ? withoutTransfer(value) : value;
    if (kept !== "" && !(name === "content-type" && kept === defaultType)) stored[name] = kept;
  }
  return stored;
}

/** One text per set of stored headers, whatever their order. */
export const spellHeaders = (raw: RawHeaders): string =>
  JSON.stringify(Object.entries(storedHeaders(raw)).toSorted(([one], [other]) => (one < other ? -1 : 1)));

/** Reads what an answer to GET or HEAD says of the object. */
export function readSaying(raw: RawHeaders): Saying {
  const stored = storedHeaders(raw);
  const headers = Object.fromEntries(Object.entries(stored).filter(([name]) => !name.startsWith(belayPrefix)));
  const provenance = readProvenance(stored);
  if (provenance) return { headers, provenance };
  const owner = stored[ownerName]?.replaceAll(controls, "").slice(0, ownerCharsMax);
  return owner === undefined || owner === "" ? { headers } : { headers, owner };
}

/** The headers of a PUT. Throws `input-invalid` for one that S3 does not keep or that no header can hold. */
export function headersToSend(key: string, headers: Headers, provenance: Provenance | undefined): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerProblem(name, value);
    if (problem !== undefined) {
      throw new BelayError(
        "input-invalid",
        `The header ${JSON.stringify(name)} of ${key} ${problem}.`,
        "Change it under `headers:` in belay.yaml, or set it at the CDN.",
      );
    }
    sent[name] = value;
  }
  for (const field of provenanceFields) {
    const value = provenance?.[field];
    // Percent-encoded, because a header holds no more than ASCII and names of people do.
    if (value !== undefined) sent[`${belayPrefix}${field}`] = encodeURIComponent(value.toWellFormed());
  }
  return sent;
}

function headerProblem(name: string, value: string): string | undefined {
  if (name.startsWith(belayPrefix)) return "is kept for who wrote the object";
  if (!plainNames.has(name) && !/^x-amz-meta-[a-z0-9!#$%&'*+.^_`|~-]+$/u.test(name)) return "is none that S3 keeps with an object";
  return /^[\u0021-\u007e](?:[\u0020-\u007e]*[\u0021-\u007e])?$/u.test(value) ? undefined : "has a value that is not plain ASCII text";
}

/** Some servers keep the encoding of the upload, which was never one of the object. */
const withoutTransfer = (value: string): string =>
  value
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "aws-chunked")
    .join(", ");

const isDigest = (text: string | undefined): text is string => text !== undefined && /^[0-9a-f]{64}$/u.test(text);

function readProvenance(stored: RawHeaders): Provenance | undefined {
  const [plan, release, digest, parent, commit, actor, at] = provenanceFields.map((field) => decoded(stored[`${belayPrefix}${field}`]));
  if (!isDigest(plan) || !isDigest(digest) || release === undefined || actor === undefined || at === undefined) return undefined;
  return {
    plan: asDigest(plan),
    release,
    digest: asDigest(digest),
    ...(isDigest(parent) && { parent: asDigest(parent) }),
    ...(commit !== undefined && { commit }),
    actor,
    at,
  };
}

function decoded(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    // A stranger's spelling: no provenance of ours.
    return undefined;
  }
}
