/** Words for what went wrong on the way to a server. */

// Control characters of both blocks: what a server says ends up in terminals.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
const controls = /[\u0000-\u001f\u007f-\u009f]/gu;
const causeCharsMax = 200;

/** A text from outside, without control characters. */
export const plainText = (text: string): string => text.replaceAll(controls, "");

const causes: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "its name is not known to the name servers"],
  ["EAI_AGAIN", "the name servers did not answer"],
  ["ECONNREFUSED", "the server refused the connection"],
  ["ECONNRESET", "the connection broke off"],
  ["EPIPE", "the connection broke off"],
  ["ETIMEDOUT", "the server did not answer in time"],
  ["EHOSTUNREACH", "there is no way to its network"],
  ["ENETUNREACH", "there is no way to its network"],
]);

/** What an error of a request means, as a clause without a full stop. */
export function causeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const known = causes.get(code);
  if (known !== undefined) return known;
  if (/CERT|TLS|SSL|EPROTO|ALTNAME|SIGNATURE|ISSUER/u.test(code)) return `its certificate or encryption is not in order (${code})`;
  if (code.startsWith("HPE_")) return `its answer is not proper HTTP (${code})`;
  const text = plainText(error instanceof Error ? error.message : String(error)).slice(0, causeCharsMax);
  return text === "" ? "the request failed without a reason" : text;
}
