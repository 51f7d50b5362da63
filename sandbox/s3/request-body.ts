/** The bytes of a request, out of their `aws-chunked` wrapping and checked against everything that the request says of them. */

import { hash } from "node:crypto";
import type { SandboxRequest } from "../wire.ts";
import { checksumAlgorithms, checksumOf, type Checksum } from "./checksums.ts";
import { S3Error } from "./s3-error.ts";

export interface ReceivedBody {
  readonly bytes: Uint8Array;
  /** The checksum that the sender gave, found to be right. */
  readonly checksum?: Checksum;
}

interface Unwrapped {
  readonly bytes: Uint8Array;
  readonly trailers: Readonly<Record<string, string>>;
}

/** All bytes of a body in an array of their own: a chunk may be a window on a far larger buffer. */
export async function collected(request: SandboxRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request.body()) chunks.push(chunk);
  const [only] = chunks;
  return chunks.length === 1 && only ? new Uint8Array(only) : new Uint8Array(Buffer.concat(chunks));
}

/**
 * The body of a request. `isOwn` is false where checksum headers speak of something other than the request's bytes, as with
 * CompleteMultipartUpload. Signatures of single chunks are not looked at. Throws what S3 answers to bytes that are not those announced.
 */
export async function receiveBody(request: SandboxRequest, isOwn: boolean): Promise<ReceivedBody> {
  const raw = await collected(request);
  const payload = request.headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD";
  if (!payload.startsWith("STREAMING-")) {
    checkPayload(payload, raw);
    return checked({ bytes: raw, trailers: {} }, request, isOwn);
  }
  const unwrapped = unchunked(raw);
  const announced = request.headers["x-amz-decoded-content-length"];
  if (announced !== undefined && Number(announced) !== unwrapped.bytes.byteLength) throw incomplete();
  return checked(unwrapped, request, isOwn);
}

function incomplete(): S3Error {
  return new S3Error("IncompleteBody", "The request body terminated unexpectedly");
}

function checkPayload(payload: string, bytes: Uint8Array): void {
  if (payload === "UNSIGNED-PAYLOAD") return;
  if (!/^[0-9a-f]{64}$/u.test(payload)) {
    throw new S3Error("InvalidArgument", "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a valid sha256 value.");
  }
  const found = hash("sha256", bytes, "hex");
  if (found !== payload) {
    const details = { ClientComputedContentSHA256: payload, S3ComputedContentSHA256: found };
    throw new S3Error("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.", {
      details,
    });
  }
}

function checked({ bytes, trailers }: Unwrapped, request: SandboxRequest, isOwn: boolean): ReceivedBody {
  checkMd5(request.headers["content-md5"], bytes);
  if (!isOwn) return { bytes };
  const checksum = givenChecksum({ ...request.headers, ...trailers });
  const promised = request.headers["x-amz-trailer"];
  if (promised !== undefined && trailers[promised.toLowerCase()] === undefined) throw incomplete();
  if (!checksum) return { bytes };
  if (checksumOf(checksum.algorithm, bytes) !== checksum.value) {
    throw new S3Error("BadDigest", `The ${checksum.algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
  }
  return { bytes, checksum };
}

function checkMd5(given: string | undefined, bytes: Uint8Array): void {
  if (given === undefined) return;
  if (Buffer.from(given, "base64").byteLength !== 16) throw new S3Error("InvalidDigest", "The Content-MD5 you specified is not valid.");
  const found = hash("md5", bytes, "base64");
  if (found === given) return;
  const details = { ExpectedDigest: given, CalculatedDigest: found };
  throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.", { details });
}

/** The checksum among these headers, not compared with anything yet. */
export function givenChecksum(headers: Readonly<Record<string, string>>): Checksum | undefined {
  const given = checksumAlgorithms.flatMap((algorithm) => {
    const value = headers[`x-amz-checksum-${algorithm}`];
    return value === undefined ? [] : [{ algorithm, value, isComposite: /-\d+$/u.test(value) }];
  });
  if (given.length > 1)
    throw new S3Error("InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  return given[0];
}

/** `aws-chunked`: size in hexadecimal, extensions, the bytes; a chunk of no bytes; then trailing headers. */
function unchunked(raw: Uint8Array): Unwrapped {
  const buffer = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const pieces: Uint8Array[] = [];
  let at = 0;
  const line = (): string => {
    const end = buffer.indexOf("\r\n", at);
    if (end === -1) throw incomplete();
    const text = buffer.toString("latin1", at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const digits = /^([0-9a-fA-F]{1,8})(?:;.*)?$/u.exec(line())?.[1];
    if (digits === undefined) throw incomplete();
    const sizeBytes = Number.parseInt(digits, 16);
    if (sizeBytes === 0) break;
    const end = at + sizeBytes;
    if (buffer.toString("latin1", end, end + 2) !== "\r\n") throw incomplete();
    pieces.push(buffer.subarray(at, end));
    at = end + 2;
  }
  return { bytes: new Uint8Array(Buffer.concat(pieces)), trailers: trailersOf(buffer.toString("latin1", at)) };
}

function trailersOf(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/u)) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}
