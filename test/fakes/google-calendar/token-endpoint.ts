/** oauth2.googleapis.com/token: signed assertions of service accounts and refresh tokens against access tokens. */

import { createVerify, generateKeyPairSync, type KeyObject } from "node:crypto";
import { isObject, type GoogleAnswer } from "./google-answer.ts";

const jwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const audience = "https://oauth2.googleapis.com/token";
const lifetimeSeconds = 3_599;
/** Google takes assertions of an hour at most, and forgives clocks a few minutes. */
const assertionSecondsMax = 3_600;
const skewSeconds = 300;

export interface TokenEndpoint {
  /** `application/x-www-form-urlencoded`. */
  grant(form: URLSearchParams): GoogleAnswer;
  /** The scope of a token that is good; `undefined` for any other. */
  scopeOf(authorization: string | undefined): string | undefined;
  /** From now on no token that was given out is good. */
  revokeAccess(): void;
  /** How many tokens were given out. */
  readonly granted: () => number;
  readonly serviceAccount: { readonly email: string; readonly privateKey: string };
  readonly oauth: { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };
}

const problem = (status: number, error: string, description: string): GoogleAnswer => ({
  status,
  body: { error, error_description: description },
});

const isOfNow = (from: number, to: number, now: number): boolean =>
  from <= now + skewSeconds && to >= now - skewSeconds && to - from <= assertionSecondsMax;

let pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

/** Opens the endpoint with one service account and one OAuth client. The key is made once a process: making one takes a while. */
export function openTokenEndpoint(nowMs: () => number): TokenEndpoint {
  pair ??= generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { publicKey, privateKey } = pair;
  const email = "belay-tests@harbor-example.iam.gserviceaccount.com";
  const oauth = { clientId: "harbor.apps.example.com", clientSecret: "harbor-secret", refreshToken: "1//harbor-refresh" };
  const tokens = new Map<string, string>();
  let given = 0;
  const access = (scope: string): GoogleAnswer => {
    given += 1;
    const token = `ya29.harbor-${given}`;
    tokens.set(`Bearer ${token}`, scope);
    return { status: 200, body: { access_token: token, expires_in: lifetimeSeconds, scope, token_type: "Bearer" } };
  };
  const byAssertion = (assertion: string): GoogleAnswer => {
    const [head = "", claims = "", signature = ""] = assertion.split(".");
    const isSigned = createVerify("RSA-SHA256").update(`${head}.${claims}`).verify(publicKey, Buffer.from(signature, "base64url"));
    const header: unknown = JSON.parse(Buffer.from(head, "base64url").toString("utf8"));
    const body: unknown = JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
    if (!isObject(header) || !isObject(body) || header["alg"] !== "RS256") return problem(400, "invalid_grant", "Invalid JWT.");
    if (body["iss"] !== email) return problem(400, "invalid_grant", "Invalid grant: account not found");
    if (!isSigned) return problem(400, "invalid_grant", "Invalid JWT Signature.");
    if (body["aud"] !== audience) return problem(400, "invalid_grant", "Invalid JWT: audience is not this endpoint.");
    if (!isOfNow(Number(body["iat"]), Number(body["exp"]), nowMs() / 1000))
      return problem(400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.");
    const { scope } = body;
    return typeof scope === "string" && scope !== "" ? access(scope) : problem(400, "invalid_scope", "No scope.");
  };
  return {
    serviceAccount: { email, privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() },
    oauth,
    granted: () => given,
    revokeAccess: () => tokens.clear(),
    scopeOf: (authorization) => (authorization === undefined ? undefined : tokens.get(authorization)),
    grant: (form) => {
      const type = form.get("grant_type");
      if (type === jwtGrant) return byAssertion(form.get("assertion") ?? "");
      if (type !== "refresh_token") return problem(400, "unsupported_grant_type", `Invalid grant_type: ${type}`);
      if (form.get("client_id") !== oauth.clientId || form.get("client_secret") !== oauth.clientSecret)
        return problem(401, "invalid_client", "The OAuth client was not found.");
      if (form.get("refresh_token") !== oauth.refreshToken) return problem(400, "invalid_grant", "Token has been expired or revoked.");
      return access("https://www.googleapis.com/auth/calendar.events");
    },
  };
}
