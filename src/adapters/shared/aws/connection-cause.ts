import { clauseOf } from "./plain-text.ts";

const causes: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "no such host is known to the name servers"],
  ["EAI_AGAIN", "the name servers did not answer"],
  ["ECONNREFUSED", "the connection was refused"],
  ["ECONNRESET", "the connection broke off"],
  ["EPIPE", "the connection broke off"],
  ["ETIMEDOUT", "the connection was not answered in time"],
  ["EHOSTUNREACH", "there is no way to its network"],
  ["ENETUNREACH", "there is no way to its network"],
  ["CERT_HAS_EXPIRED", "its TLS certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its TLS certificate is for another name"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its TLS certificate is signed by itself"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "its TLS certificate comes from an authority that is not trusted here"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its TLS certificate comes from an authority that is not trusted here"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its TLS certificate comes from an authority that is not trusted here"],
]);

/** What an error of node's http client means: a clause without a full stop. */
export function connectionCause(error: unknown): string {
  const code = codeOf(error);
  const known = causes.get(code);
  if (known !== undefined) return known;
  if (/CERT|TLS|SSL|EPROTO|SIGNATURE|ISSUER/u.test(code)) return `its TLS certificate or encryption is not in order (${code})`;
  if (code.startsWith("HPE_")) return `its answer is not proper HTTP (${code})`;
  const text = clauseOf(error instanceof Error ? error.message : String(error));
  return text === "" ? "the request failed without a reason" : text;
}

/** Whether the error says that the certificate or the encryption is at fault, so that trying again is in vain. */
export const isTlsProblem = (error: unknown): boolean => /CERT|TLS|SSL|EPROTO|SIGNATURE|ISSUER/u.test(codeOf(error));

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
