/** What leaves for people's inboxes or stands in a report: no credentials, nothing that a terminal or a page would obey. */

const mark = "[redacted]";

/** Names whose values are secrets, in addresses (`?sig=…`), in headers and in `NAME=value` lines. */
const secretParameter =
  "x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|awsaccesskeyid|signature|key-pair-id|sig|token|auth|key|code";
const secretName =
  "aws_(?:access_key_id|secret_access_key|session_token)|(?:[a-z0-9]{1,40}[_-]){0,4}(?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?(?:key|token)|auth[_-]?token|client[_-]?secret|private[_-]?key|secret[_-]?(?:access[_-]?)?key)";

/**
 * Each with what stays of a match. Every repetition is bounded or of one class without overlap, so that a long text
 * costs linear time.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]{0,40}PRIVATE KEY-----|[\s\S]*)/gu, mark],
  // user:password@ and token@ in an address.
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@"'<>]{1,512}@/giu, `$1${mark}@`],
  // Incoming webhooks are secrets as a whole.
  [/\bhttps?:\/\/(?:hooks\.slack(?:-gov)?\.com|(?:[a-z]{1,20}\.)?discord(?:app)?\.com\/api\/webhooks)[^\s"'<>]*/giu, mark],
  [new RegExp(String.raw`([?&;]|%3f|%26)(${secretParameter})(=|%3d)[^\s&"'<>#]+`, "giu"), `$1$2$3${mark}`],
  [new RegExp(String.raw`\b(x-amz-(?:signature|credential|security-token))(\s{0,3}(?:=|:|%3d)\s{0,3})[^\s&"'<>]+`, "giu"), `$1$2${mark}`],
  [/\b(authorization["']?\s{0,3}[=:]\s{0,3}["']?)[\w.~+/=:,-]+(?:\s[\w.~+/=:,-]{8,})?/giu, `$1${mark}`],
  [/\b(bearer\s{1,3})[\w.~+/=-]{8,}/giu, `$1${mark}`],
  [/\b(basic\s{1,3})(?=[\w+/]{0,512}[\d=])[\w+/]{8,}={0,2}/giu, `$1${mark}`],
  [new RegExp(String.raw`\b(${secretName})(["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"'&,;<>]+`, "giu"), `$1$2${mark}`],
  // Access keys of AWS name their kind in four letters; temporary ones of STS begin with ASIA.
  [/(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}/gu, mark],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|npm_|xox[abeoprs]-|xapp-|sk_live_|rk_live_|sk-ant-|sk-proj-|AIza|ya29\.)[\w-]{10,}/gu, mark],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]{0,4096})?/gu, mark],
];

/** The text with everything that looks like a credential replaced. What it cannot recognise stays: it is the last net, not the first. */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, rest] of patterns) clean = clean.replace(pattern, rest);
  return clean;
}

// Characters that terminals obey, that reorder their neighbours, or that are not seen at all.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const obeyed = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

const charsMax = 2000;

/**
 * One line fit to leave: white space is a space, what cannot be seen is gone, credentials are redacted, and what is longer than
 * `max` UTF-16 units is cut. Invisible characters go first: they could hide a credential from the search.
 */
export function outgoing(text: string, max: number = charsMax): string {
  // Cut before the search too, so that a page-sized line costs nothing; with room for what redaction shortens.
  const near = text.slice(0, max * 4).toWellFormed();
  const clean = redact(near.replaceAll(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, " ").replaceAll(obeyed, "")).trim();
  return clean.length <= max ? clean : `${clean.slice(0, max - 1).toWellFormed()}…`;
}
