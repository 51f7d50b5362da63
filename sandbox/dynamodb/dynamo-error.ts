import type { SandboxResponse } from "../wire.ts";

/** What DynamoDB answers instead of doing something. */
export class DynamoError extends Error {
  override readonly name = "DynamoError";
  readonly code: string;
  readonly status: number;
  /** Further members of the answer. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    { status = 400, details = {} }: { readonly status?: number; readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export const invalid = (message: string): DynamoError => new DynamoError("ValidationException", message);

export interface DynamoProblem extends Pick<DynamoError, "code" | "status" | "message"> {
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Errors whose names belong to the service and not to AWS's common ones. */
const ownCodes =
  /^(?:ConditionalCheckFailed|ProvisionedThroughputExceeded|Resource|Limit|Item|Transaction|InternalServer|ExpiredIterator|TrimmedData)/u;

/** The answer in JSON 1.0, as the service spells it. */
export function dynamoErrorResponse({ code, status, message, details = {} }: DynamoProblem): SandboxResponse {
  const namespace = ownCodes.test(code) ? "com.amazonaws.dynamodb.v20120810" : "com.amazon.coral.service";
  const body = Buffer.from(JSON.stringify({ __type: `${namespace}#${code}`, ...details, message }));
  return { status, headers: { "content-type": "application/x-amz-json-1.0" }, body };
}
