import type { SandboxRequest } from "../wire.ts";

/** Why a request is not let through, in S3's words. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** What a request says of its own signature; nothing of it has been proven. */
export interface Claim {
  readonly accessKeyId: string;
  /** `YYYYMMDD`, of the key's scope. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  /** Lower-case names, in the order in which they were signed. */
  readonly signedHeaders: readonly string[];
  /** Lower-case hexadecimal digits. */
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly stamp: string;
  /** Milliseconds since the epoch, of `stamp`. */
  readonly atMs: number;
  /** Present on presigned requests: how long they hold. */
  readonly expiresSeconds?: number;
}

const algorithm = "AWS4-HMAC-SHA256";
/** The longest time that a presigned request holds: seven days. */
const expiresSecondsMax = 604_800;

/** The claim in the Authorization header or the query; `undefined` where there is none. Throws `Refusal` for one that cannot be read. */
export function claimOf(request: SandboxRequest): Claim | undefined {
  const header = request.headers["authorization"];
  if (header !== undefined) return claimOfHeader(header, request);
  return request.query.has("X-Amz-Signature") ? claimOfQuery(request) : undefined;
}

function claimOfHeader(header: string, request: SandboxRequest): Claim {
  const [, credential = "", signedHeaders = "", signature = ""] =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/u.exec(header.trim()) ?? [];
  if (credential === "")
    throw malformed("The authorization header is malformed; the authorization mechanism is not supported or a part is missing.");
  const stamp = request.headers["x-amz-date"] ?? stampOf(Date.parse(request.headers["date"] ?? ""));
  if (stamp === undefined) throw new Refusal(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  return claim(credential, signedHeaders, signature, stamp);
}

function claimOfQuery({ query }: SandboxRequest): Claim {
  const text = (name: string): string => query.get(`X-Amz-${name}`) ?? "";
  const seconds = /^\d{1,7}$/u.test(text("Expires")) ? Number(text("Expires")) : 0;
  if (text("Algorithm") !== algorithm || seconds < 1 || seconds > expiresSecondsMax) {
    throw new Refusal(
      400,
      "AuthorizationQueryParametersError",
      `X-Amz-Algorithm must be ${algorithm} and X-Amz-Expires from 1 to ${expiresSecondsMax} seconds.`,
    );
  }
  return { ...claim(text("Credential"), text("SignedHeaders"), text("Signature"), text("Date")), expiresSeconds: seconds };
}

function claim(credential: string, signedHeaders: string, signature: string, stamp: string): Claim {
  const [, accessKeyId = "", day = "", region = "", service = ""] =
    /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/u.exec(credential) ?? [];
  if (accessKeyId === "") throw malformed("The authorization header is malformed; the Credential is mal-formed.");
  const atMs = msOf(stamp);
  if (atMs === undefined) throw new Refusal(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  if (!stamp.startsWith(day)) throw malformed(`The authorization header is malformed; Invalid credential date "${day}".`);
  return { accessKeyId, day, region, service, signedHeaders: signedHeaders.split(";"), signature, stamp, atMs };
}

const malformed = (message: string): Refusal => new Refusal(400, "AuthorizationHeaderMalformed", message);

/** An instant as signatures spell it; `undefined` for no instant. */
function stampOf(atMs: number): string | undefined {
  return Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString().replaceAll(/[-:]|\.\d{3}/gu, "");
}

function msOf(stamp: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u.exec(stamp);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
