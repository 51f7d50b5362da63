import type { SandboxRequest, SandboxResponse } from "../wire.ts";
import { dynamoErrorResponse } from "../dynamodb/dynamo-error.ts";
import { isForDynamo } from "../dynamodb/operation-name.ts";
import { isForCloudFront } from "./operation-of.ts";
import { errorResponse } from "./s3-error.ts";
import { branch, leaf } from "./xml.ts";

export interface ServiceError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Further elements, which only S3 has. */
  readonly details?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** An error in the words of the service that the request is for, from something that stands before that service. */
export function serviceError(request: SandboxRequest, error: ServiceError): SandboxResponse {
  if (isForDynamo(request)) return dynamoErrorResponse({ status: error.status, code: error.code, message: error.message });
  const requestId = error.nowMs.toString(16).toUpperCase().padStart(16, "0");
  if (!isForCloudFront(request)) return errorResponse({ ...error, resource: request.path, method: request.method, requestId });
  const type = error.status < 500 ? "Sender" : "Receiver";
  const parts = branch("Error", leaf("Type", type), leaf("Code", error.code), leaf("Message", error.message));
  const xml = `<?xml version="1.0"?>\n<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">${parts}${leaf("RequestId", requestId)}</ErrorResponse>`;
  const body = Buffer.from(xml, "utf8");
  const headers = {
    "content-type": "text/xml",
    "content-length": String(body.byteLength),
    date: new Date(error.nowMs).toUTCString(),
    "x-amzn-requestid": requestId,
  };
  return { status: error.status, headers, body };
}
