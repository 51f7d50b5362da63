/** From the store of a system in belay.yaml to what speaks to it. Each adapter is loaded with the first system that needs it. */

import { BelayError } from "../core/belay-error.ts";
import type { RecordSystem } from "../core/records/kind.ts";
import type { Store } from "../ports/store.ts";
import type { Workbench } from "../operations/workbench.ts";
import { plainStore } from "./open-folder.ts";
import type { Surroundings } from "./surroundings.ts";
import { join } from "node:path";
import { sha256OfText } from "../adapters/shared/sha256.ts";

/** Of pages that a target publishes, the target's own store is used instead. */
export async function openRecordStore(system: RecordSystem, home: Workbench, about: Surroundings): Promise<Store> {
  const { store, medium, name } = system;
  const rest = store.slice(store.indexOf(":") + 1);
  switch (store.slice(0, store.indexOf(":"))) {
    case "dynamodb":
      return await openTable(system, rest, about);
    case "caldav":
      return await openCalendar(system, rest, about);
    case "google-calendar":
      return await openGoogle(system, rest, about);
    case "ics": {
      const { openIcsFeed } = await import("../adapters/ics-feed/ics-feed.ts");
      const url = rest.startsWith("env:") ? secretIn(system, rest.slice("env:".length), about) : rest;
      return openIcsFeed({ url, lagMs: system.lagMs, name: store });
    }
    case "web": {
      const { openWebPage } = await import("../adapters/web-page/web-page.ts");
      return openWebPage({ base: rest, paths: system.paths, probe: home.probe, sha256: home.runtime.sha256 });
    }
    case "s3": {
      const { openBucket } = await import("./open-bucket.ts");
      return openBucket(store, { watchesHeaders: true }, about);
    }
    case "dir":
      return plainStore(rest, { scratch: join(about.local, "scratch", `records.${sha256OfText(store).slice(0, 16)}`) });
    default:
      throw new BelayError(
        "not-supported",
        `${name} is kept at ${store}, which this version of belay cannot open (${medium}).`,
        "Upgrade belay.",
      );
  }
}

async function openTable({ store: name, key, version, settings }: RecordSystem, table: string, about: Surroundings): Promise<Store> {
  const [{ openDynamoStore }, { connectTables }] = await Promise.all([
    import("../adapters/dynamodb/dynamo-store.ts"),
    import("../adapters/shared/aws/connect.ts"),
  ]);
  const { runtime, concurrency } = about;
  const env = settings["region"] === undefined ? about.env : { ...about.env, AWS_REGION: settings["region"] };
  return openDynamoStore({
    name,
    table,
    key,
    ...(version !== undefined && { version }),
    wire: async () => await connectTables("dynamodb", { env, concurrency, now: () => runtime.now() }),
    streams: async () => await connectTables("dynamodbStreams", { env: streamsEnv(env), concurrency, now: () => runtime.now() }),
    runtime,
  });
}

/** A server that stands in for DynamoDB answers for its streams at the same address, unless another one is set. */
const streamsEnv = (env: Surroundings["env"]): Surroundings["env"] => {
  const own = env["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] ?? env["AWS_ENDPOINT_URL_DYNAMODB"];
  return own === undefined ? env : { ...env, AWS_ENDPOINT_URL_DYNAMODB_STREAMS: own };
};

async function openCalendar(system: RecordSystem, url: string, about: Surroundings): Promise<Store> {
  const [{ openCalDavStore }, { canonicalCalendar }] = await Promise.all([
    import("../adapters/caldav/caldav-store.ts"),
    import("../codecs/icalendar/canonical-calendar.ts"),
  ]);
  const { user, calendar } = system.settings;
  const { password, token } = system.secrets;
  return openCalDavStore({
    url,
    name: system.store,
    canonical: canonicalCalendar,
    isNotifying: system.isNotifying,
    ...(user !== undefined && { user }),
    ...(calendar !== undefined && { calendar }),
    ...(password !== undefined && { password: secretIn(system, password, about) }),
    ...(token !== undefined && { token: secretIn(system, token, about) }),
  });
}

async function openGoogle(
  { isNotifying, isReadOnly, secrets, settings }: RecordSystem,
  calendarId: string,
  about: Surroundings,
): Promise<Store> {
  const { openGoogleCalendar } = await import("../adapters/google-calendar/google-calendar.ts");
  const { "key-file": keyFile, "client-id": clientId, "client-secret": clientSecret, "refresh-token": refreshToken } = secrets;
  const { subject } = settings;
  const endpoint = about.env["BELAY_GOOGLE_ENDPOINT"];
  return openGoogleCalendar({
    calendarId,
    credentials: {
      env: about.env,
      ...(keyFile !== undefined && { keyFile }),
      ...(subject !== undefined && { subject }),
      ...(clientId !== undefined && { clientId }),
      ...(clientSecret !== undefined && { clientSecret }),
      ...(refreshToken !== undefined && { refreshToken }),
    },
    runtime: about.runtime,
    isNotifying,
    isReadOnly,
    ...(endpoint !== undefined && { endpoint }),
  });
}

/** Names the variable, never its value. */
function secretIn({ name }: RecordSystem, variable: string, { env }: Surroundings): string {
  const value = env[variable];
  if (value !== undefined && value !== "") return value;
  throw new BelayError(
    "credentials-missing",
    `${name} needs ${variable}, which is not set in the environment.`,
    `export ${variable}=…   (then run the same command again)`,
  );
}
