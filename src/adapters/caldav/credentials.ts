/** Who asks a CalDAV server: Basic and Bearer (RFC 7617, RFC 6750), or Digest where the server wants that (RFC 7616). */

import { hash, randomBytes } from "node:crypto";

export interface Challenge {
  readonly nonce: string;
  readonly realm: string;
  readonly opaque?: string;
  readonly algorithm: "MD5" | "SHA-256";
  readonly hasQop: boolean;
}

export interface Credentials {
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** What a server that wants Digest asks for; `undefined` where it wants something else, or there is no password. */
  challengeOf(header: string | undefined): Challenge | undefined;
}

export function openCredentials(said: { readonly user?: string; readonly password?: string; readonly token?: string }): Credentials {
  return { ...said, challengeOf: (header) => (said.password === undefined ? undefined : digestChallenge(header)) };
}

/** The value of the Authorization header; `undefined` for a calendar that is open to all. */
export function authorization(
  { user = "", password, token }: Credentials,
  request: { readonly method: string; readonly url: URL },
  challenge: Challenge | undefined,
): string | undefined {
  if (token !== undefined) return `Bearer ${token}`;
  if (password === undefined) return undefined;
  if (!challenge) return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
  return digestAnswer({ user, password }, request, challenge);
}

function digestChallenge(header = ""): Challenge | undefined {
  const start = /(?:^|,\s*)Digest\s+/iu.exec(header);
  if (!start) return undefined;
  const said = new Map(
    [...header.slice(start.index + start[0].length).matchAll(/([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/giu)].map(
      ([, name = "", quoted, bare = ""]) => [name.toLowerCase(), quoted ?? bare] as const,
    ),
  );
  const [nonce, realm, opaque] = [said.get("nonce"), said.get("realm") ?? "", said.get("opaque")];
  const algorithm = (said.get("algorithm") ?? "MD5").toUpperCase();
  if (nonce === undefined || (algorithm !== "MD5" && algorithm !== "SHA-256")) return undefined;
  return { nonce, realm, algorithm, hasQop: said.has("qop"), ...(opaque !== undefined && { opaque }) };
}

function digestAnswer(
  { user, password }: { readonly user: string; readonly password: string },
  { method, url }: { readonly method: string; readonly url: URL },
  { nonce, realm, opaque, algorithm, hasQop }: Challenge,
): string {
  const digest = (text: string): string => hash(algorithm === "MD5" ? "md5" : "sha256", text, "hex");
  const uri = `${url.pathname}${url.search}`;
  const cnonce = randomBytes(12).toString("hex");
  // A new cnonce each time, so that the first count is always right.
  const count = "00000001";
  const [who, what] = [digest(`${user}:${realm}:${password}`), digest(`${method}:${uri}`)];
  const response = digest(hasQop ? `${who}:${nonce}:${count}:${cnonce}:auth:${what}` : `${who}:${nonce}:${what}`);
  const quoted = Object.entries({
    username: user,
    realm,
    nonce,
    uri,
    response,
    ...(opaque !== undefined && { opaque }),
    ...(hasQop && { cnonce }),
  });
  const bare = Object.entries({ algorithm, ...(hasQop && { qop: "auth", nc: count }) });
  return `Digest ${[...quoted.map(([name, value]) => `${name}="${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`), ...bare.map(([name, value]) => `${name}=${value}`)].join(", ")}`;
}
