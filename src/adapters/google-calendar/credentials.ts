/** Who belay is at Google: a service account's key file, or an OAuth client with a refresh token. Secrets stay in memory. */

import { readFile } from "node:fs/promises";
import { BelayError } from "../../core/belay-error.ts";
import { isRecord, jsonOf, textIn } from "./event-body.ts";
import { plainText } from "./plain-text.ts";

export type GoogleCredentials =
  | {
      readonly kind: "service-account";
      readonly email: string;
      /** PEM. */
      readonly privateKey: string;
      readonly keyId?: string;
      /** The user whom the account acts for (domain-wide delegation). Without one, it invites nobody: Google does not let it. */
      readonly subject?: string;
    }
  | { readonly kind: "oauth"; readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };

/** What belay.yaml says: names of environment variables, never secrets. */
export interface CredentialSources {
  /** Holds the path of a service account's key file; `GOOGLE_APPLICATION_CREDENTIALS` where nothing is said. */
  readonly keyFile?: string;
  readonly subject?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly refreshToken?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const usualVariable = "GOOGLE_APPLICATION_CREDENTIALS";

/** Reads credentials when they are first needed. Throws `credentials-missing`, naming the variable and never its value. */
export async function googleCredentials(sources: CredentialSources): Promise<GoogleCredentials> {
  const { refreshToken, clientId, clientSecret, keyFile } = sources;
  if (refreshToken !== undefined || clientId !== undefined || clientSecret !== undefined) {
    if (refreshToken === undefined || clientId === undefined || clientSecret === undefined)
      throw missing("OAuth takes three: client-id, client-secret and refresh-token.", "Name the missing one in belay.yaml as env:NAME.");
    return {
      kind: "oauth",
      clientId: valueOf(clientId, sources),
      clientSecret: valueOf(clientSecret, sources),
      refreshToken: valueOf(refreshToken, sources),
    };
  }
  const variable = keyFile ?? usualVariable;
  return await fromFile(variable, valueOf(variable, sources), sources.subject);
}

function valueOf(variable: string, { env }: CredentialSources): string {
  const value = env[variable]?.trim() ?? "";
  if (value === "")
    throw missing(`${variable} is not set.`, `Set ${variable}, or name another variable for the Google calendar in belay.yaml.`);
  return value;
}

/** The file that Google's console gives out for a service account, or the one that `gcloud auth application-default login` leaves. */
async function fromFile(variable: string, path: string, subject: string | undefined): Promise<GoogleCredentials> {
  const remedy = `Set ${variable} to the path of a service account's key file.`;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new BelayError("credentials-missing", `The file that ${variable} names cannot be read.`, remedy, { cause: error });
  });
  const file = jsonOf(text);
  const type = textIn(file, "type");
  const [email, privateKey, keyId] = [textIn(file, "client_email"), textIn(file, "private_key"), textIn(file, "private_key_id")];
  if (type === "service_account" && email !== undefined && privateKey !== undefined) {
    return {
      kind: "service-account",
      email,
      privateKey,
      ...(keyId !== undefined && { keyId }),
      ...(subject !== undefined && { subject }),
    };
  }
  const [clientId, clientSecret, refreshToken] = [textIn(file, "client_id"), textIn(file, "client_secret"), textIn(file, "refresh_token")];
  if (type === "authorized_user" && clientId !== undefined && clientSecret !== undefined && refreshToken !== undefined)
    return { kind: "oauth", clientId, clientSecret, refreshToken };
  const what = isRecord(file) ? (type === undefined ? "says no type" : `is of type ${plainText(type)}`) : "is no JSON";
  throw missing(`The file that ${variable} names ${what}, and is no complete key file.`, remedy);
}

const missing = (message: string, remedy: string): BelayError => new BelayError("credentials-missing", message, remedy);
