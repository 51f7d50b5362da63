import { peekError } from "./read-answer.ts";
import { type XmlNode, childOf, childText, readXml } from "./xml.ts";
import type { WireAnswer } from "./wire.ts";

/** What an answer that is no success says. Texts are the server's own: pass them through `plainText` before printing. */
export interface AwsProblem {
  readonly status: number;
  /** The service's own name of the problem, such as `NoSuchBucket`; empty where the answer names none, as answers to HEAD do. */
  readonly code: string;
  /** Empty where the answer says nothing. */
  readonly message: string;
  /** The region that the service names as the right one. */
  readonly region?: string;
  /** The host that the service names as the right one. */
  readonly endpoint?: string;
  /** When the request was signed and what the server's clock said, where the service compares them. */
  readonly requestTime?: string;
  readonly serverTime?: string;
  /** To be given to the service's support. */
  readonly requestId?: string;
}

/** Reads the error document of an answer. Never throws: what cannot be read is left empty. */
export async function readAwsError(answer: WireAnswer): Promise<AwsProblem> {
  const { text } = await peekError(answer);
  return problemOf(answer, text);
}

/** The problem that an answer with this body text describes: S3's `Error`, the `ErrorResponse` of CloudFront and STS, or DynamoDB's JSON. */
export function problemOf(answer: Pick<WireAnswer, "status" | "headers">, text: string): AwsProblem {
  const field = text.startsWith("{") ? jsonFields(text) : xmlFields(text);
  const { headers } = answer;
  return {
    status: answer.status,
    code: field("Code"),
    message: field("Message"),
    ...optional("region", headers["x-amz-bucket-region"] ?? field("Region")),
    ...optional("endpoint", field("Endpoint")),
    ...optional("requestTime", field("RequestTime")),
    ...optional("serverTime", field("ServerTime") || headers["date"]),
    ...optional("requestId", headers["x-amz-request-id"] ?? headers["x-amzn-requestid"] ?? field("RequestId")),
  };
}

function xmlFields(text: string): (name: string) => string {
  const node = errorIn(text);
  return (name) => (node ? (childText(node, name) ?? "") : "");
}

const jsonText = (name: string): RegExp => new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`, "iu");

/** Of JSON 1.0, whose type is a name after a namespace. By its words, since a long one may have been read in part. */
function jsonFields(text: string): (name: string) => string {
  const names: Readonly<Record<string, RegExp>> = { Code: jsonText("__type"), Message: jsonText("message") };
  return (name) => {
    const found = names[name]?.exec(text)?.[1] ?? '""';
    const said: unknown = JSON.parse(isJson(found) ? found : '""');
    return name === "Code" ? (String(said).split("#").at(-1) ?? "") : String(said);
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function errorIn(text: string): XmlNode | undefined {
  if (!text.includes("<")) return undefined;
  try {
    const root = readXml(text);
    if (root.name === "Error") return root;
    return root.name === "ErrorResponse" ? childOf(root, "Error") : undefined;
  } catch {
    // A proxy's page, or a document that was cut: the status is all that is known.
    return undefined;
  }
}

function optional<Name extends string>(name: Name, value: string | undefined): { readonly [key in Name]?: string } {
  const found: { [key in Name]?: string } = {};
  if (value !== undefined && value !== "") Object.assign(found, { [name]: value });
  return found;
}
