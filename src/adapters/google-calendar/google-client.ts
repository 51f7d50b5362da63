/** Google's own client, signed in. The only file that loads its packages. */

import { auth, calendar, type calendar_v3 } from "@googleapis/calendar";
import { BelayError } from "../../core/belay-error.ts";
import { cappedFetch } from "./capped-fetch.ts";
import type { GoogleCredentials } from "./credentials.ts";

/** Reading and writing events, and nothing else of a calendar. Source: "Choose scopes" of the Calendar API guides. */
const scopes = ["https://www.googleapis.com/auth/calendar.events"];
/** For a look that never writes. */
const readScopes = ["https://www.googleapis.com/auth/calendar.events.readonly"];
/** Longer than any honest answer takes. */
const timeoutMs = 30_000;

export interface ClientOptions {
  readonly credentials: GoogleCredentials;
  readonly isReadOnly: boolean;
  /** Where a stand-in for Google listens, for tests. Throws `usage` unless it is http on this machine. */
  readonly endpoint?: string;
}

export interface GoogleClient {
  readonly events: calendar_v3.Resource$Events;
  /** Gets a token where none is at hand. Throws what the token endpoint, or the way to it, throws. */
  readonly signIn: () => Promise<void>;
}

/** Makes a client. Nothing is sent before `signIn`. */
export function openClient({ credentials, isReadOnly, endpoint }: ClientOptions): GoogleClient {
  const origin = endpoint === undefined ? undefined : loopbackOrigin(endpoint);
  const client = signedIn(credentials, isReadOnly ? readScopes : scopes);
  client.transporter.defaults = {
    ...client.transporter.defaults,
    timeout: timeoutMs,
    // The client would load a fetch of its own, which the bundle leaves out.
    fetchImplementation: cappedFetch,
    redirect: "error",
    retry: false,
  };
  if (origin !== undefined) {
    // Both the API and the token endpoint go to the stand-in: no request of a test leaves this machine.
    client.transporter.interceptors.request.add({
      resolved: async (config) => await Promise.resolve({ ...config, url: new URL(config.url.pathname + config.url.search, origin) }),
    });
  }
  const { events } = calendar({ version: "v3", auth: client });
  return {
    events,
    signIn: async () => {
      await client.getRequestHeaders();
    },
  };
}

function signedIn(credentials: GoogleCredentials, wanted: string[]): InstanceType<typeof auth.OAuth2> {
  if (credentials.kind === "oauth") {
    const { clientId, clientSecret, refreshToken } = credentials;
    const client = new auth.OAuth2({ clientId, clientSecret });
    client.setCredentials({ refresh_token: refreshToken });
    return client;
  }
  const { email, privateKey, keyId, subject } = credentials;
  return new auth.JWT({
    email,
    key: privateKey,
    scopes: wanted,
    ...(keyId !== undefined && { keyId }),
    ...(subject !== undefined && { subject }),
  });
}

const loopback: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

function loopbackOrigin(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === "http:" && loopback.has(url.hostname)) return url.origin;
  throw new BelayError(
    "usage",
    "BELAY_GOOGLE_ENDPOINT is for a stand-in on this machine: credentials are sent to no other place than Google.",
    "Unset BELAY_GOOGLE_ENDPOINT, or set it to http://127.0.0.1:PORT.",
  );
}
