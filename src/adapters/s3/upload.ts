/** The requests of a multipart upload. */

import type { CallOptions } from "../../ports/store.ts";
import { answerText } from "../shared/aws/read-answer.ts";
import { problemOf } from "../shared/aws/read-aws-error.ts";
import { childText, readXml } from "../shared/aws/xml.ts";
import { landedAs, wireBodyOf, type Put, type PutLanding } from "./put-object.ts";
import type { Ask, S3Place } from "./s3-place.ts";
import { sendForDocument } from "./send-for-document.ts";

/** One upload that was begun and must be completed or aborted. */
export interface Upload {
  readonly key: string;
  readonly id: string;
}

/** Begins an upload; nothing is visible before it is completed. */
export async function beginUpload(place: S3Place, { key, headers }: Omit<Put, "condition">, options: CallOptions): Promise<Upload> {
  const ask: Ask = { action: "s3:PutObject", method: "POST", key, query: { uploads: "" }, headers, isRepeatable: false };
  const answer = await place.ask(ask, options);
  if (answer.status !== 200) throw await place.errorOf(answer, ask);
  const text = await answerText(answer);
  const id = childText(readXml(text), "UploadId") ?? "";
  if (id === "") throw await place.meaningOf(problemOf(answer, text), ask);
  return { key, id };
}

const partLimitMs = 5 * 60_000;

/** Sends one part, again if need be: a part may be sent as often as one likes. Answers with its ETag as the server spells it. */
export async function sendPart(place: S3Place, { key, id }: Upload, part: Part, options: CallOptions): Promise<string> {
  const ask: Ask = {
    action: "s3:PutObject",
    method: "PUT",
    key,
    query: { partNumber: String(part.number), uploadId: id },
    body: wireBodyOf(part.bytes, place.runtime.sha256(part.bytes)),
    isRepeatable: true,
    // Nobody sees a part before the upload is completed: a slow line may take its time.
    limitMs: partLimitMs,
  };
  const answer = await place.ask(ask, options);
  if (answer.status !== 200) throw await place.errorOf(answer, ask);
  answer.discard();
  return answer.headers["etag"] ?? "";
}

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** A part that the server has. */
export interface UploadedPart {
  /** As the server spelled it. */
  readonly etag: string;
  /** In base64; of an upload that was begun with SHA-256, S3 wants each part's again. */
  readonly sha256?: string;
}

export interface Completion extends Upload, Pick<Put, "condition"> {
  /** In their order. */
  readonly parts: readonly UploadedPart[];
  /** A checksum of the whole: the server makes no object of other bytes. */
  readonly checksum?: Readonly<Record<string, string>>;
}

/** Makes the parts one object, if the condition holds. */
export async function completeUpload(place: S3Place, upload: Completion, options: CallOptions): Promise<PutLanding> {
  const { key, id, condition, checksum } = upload;
  const parts = upload.parts.map(partElement);
  const bytes = Buffer.from(
    `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join("")}</CompleteMultipartUpload>`,
  );
  const ask = {
    action: "s3:PutObject",
    method: "POST",
    key,
    query: { uploadId: id },
    headers: { "content-type": "application/xml", ...condition, ...checksum },
    body: wireBodyOf(bytes, place.runtime.sha256(bytes)),
  } as const satisfies Omit<Ask, "isRepeatable">;
  const landing = await sendForDocument(place, { ask, read: completedEtag }, options);
  if (landing.kind !== "documented") return landing;
  const landed = landedAs(landing.headers, landing.told);
  return landed.kind === "landed" ? { ...landed, isInParts: true } : landed;
}

/** Drops the upload and its parts. Best effort: whatever made it necessary is what the caller reports. */
export async function abortUpload(place: S3Place, { key, id }: Upload): Promise<void> {
  // Not stopped by the caller's signal: an upload that nobody aborts is stored, and paid for, until somebody finds it.
  const options: CallOptions = { signal: new AbortController().signal };
  try {
    const ask = { action: "s3:AbortMultipartUpload", method: "DELETE", key, query: { uploadId: id }, isRepeatable: true } as const;
    (await place.send(ask, options)).discard();
  } catch {
    // The bucket's lifecycle rules are the second net.
  }
}

function completedEtag(text: string): string | undefined {
  try {
    const root = readXml(text);
    // By any name but an error's: moto calls it CompleteMultipartUploadResponse.
    return root.name === "Error" ? undefined : childText(root, "ETag");
  } catch {
    return undefined;
  }
}

function partElement({ etag, sha256 }: UploadedPart, at: number): string {
  const checksum = sha256 === undefined ? "" : `<ChecksumSHA256>${escapeText(sha256)}</ChecksumSHA256>`;
  return `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escapeText(etag)}</ETag>${checksum}</Part>`;
}

const escapeText = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
