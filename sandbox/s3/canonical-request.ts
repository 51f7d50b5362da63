import { hash } from "node:crypto";
import type { SandboxRequest } from "../wire.ts";
import type { Claim } from "./signature-claim.ts";

/** RFC 3986: everything but unreserved characters is encoded. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/gu, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** S3 signs the path as it is, other services each part of it encoded once more. */
function canonicalPath(path: string, service: string): string {
  if (service !== "s3") return path.split("/").map(encoded).join("/");
  try {
    return path
      .split("/")
      .map((part) => encoded(decodeURIComponent(part)))
      .join("/");
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

const inUnits = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]): [string, string] => [encoded(name), encoded(value)])
    .toSorted(([leftName, leftValue], [rightName, rightValue]) => inUnits(leftName, rightName) || inUnits(leftValue, rightValue))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/**
 * The text to sign, from the canonical request. `payload` is the SHA-256 of the body in hexadecimal, or the word that stands
 * in its place.
 */
export function stringToSign(request: SandboxRequest, claim: Claim, payload: string): string {
  const headers = claim.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? "").trim().replaceAll(/ +/gu, " ")}\n`);
  const canonical = [
    request.method,
    canonicalPath(request.path, claim.service),
    canonicalQuery(request.query),
    headers.join(""),
    claim.signedHeaders.join(";"),
    payload,
  ].join("\n");
  const scope = `${claim.day}/${claim.region}/${claim.service}/aws4_request`;
  return `AWS4-HMAC-SHA256\n${claim.stamp}\n${scope}\n${hash("sha256", canonical, "hex")}`;
}
