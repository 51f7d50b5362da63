import type { SandboxResponse } from "../wire.ts";
import { escapeXml, leaf } from "./xml.ts";

/** The status that S3 answers with each error code, from the S3 API reference, "Error responses". */
const statuses = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  ConditionalRequestConflict: 409,
  EntityTooSmall: 400,
  ExpiredToken: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedPolicy: 400,
  MalformedXML: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchBucketPolicy: 404,
  NoSuchKey: 404,
  NoSuchLifecycleConfiguration: 404,
  NoSuchPublicAccessBlockConfiguration: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NoSuchWebsiteConfiguration: 404,
  NotImplemented: 501,
  OwnershipControlsNotFoundError: 404,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  ServerSideEncryptionConfigurationNotFoundError: 404,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type S3ErrorCode = keyof typeof statuses;

interface S3ErrorParts {
  /** Further elements of the error document. */
  readonly details?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an operation throws to be answered with an error document. Nothing was changed. */
export class S3Error extends Error {
  override readonly name = "S3Error";
  readonly code: S3ErrorCode;
  readonly status: number;
  readonly details: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: S3ErrorCode, message: string, parts: S3ErrorParts = {}) {
    super(message);
    this.code = code;
    this.status = statuses[code];
    this.details = parts.details ?? {};
    this.headers = parts.headers ?? {};
  }
}

export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The path of the request; HEAD is answered without a document. */
  readonly resource: string;
  readonly method: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** S3's error document: Code, Message, what the error adds, Resource and RequestId. */
export function errorResponse(answer: ErrorAnswer): SandboxResponse {
  const details = Object.entries(answer.details ?? {}).map(([name, text]) => leaf(name, text));
  const parts = [leaf("Code", answer.code), leaf("Message", answer.message), ...details];
  const document = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${parts.join("")}<Resource>${escapeXml(answer.resource)}</Resource>${leaf("RequestId", answer.requestId)}</Error>`;
  const bytes = Buffer.from(document, "utf8");
  const headers = {
    ...answer.headers,
    date: new Date(answer.nowMs).toUTCString(),
    "x-amz-request-id": answer.requestId,
  };
  if (answer.method === "HEAD" || answer.status === 304) return { status: answer.status, headers };
  return {
    status: answer.status,
    headers: { ...headers, "content-type": "application/xml", "content-length": String(bytes.byteLength) },
    body: bytes,
  };
}
