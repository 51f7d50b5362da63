/** The store contract on the server in hand: on whole buckets without versions, below a prefix where versions are kept. */

import { describeStore, type Departures, type StoreUnderTest } from "../contract/store-contract.ts";
import { asStranger, makeBucket, openBucketStore } from "./support/buckets.ts";
import { server, skipDepartures, type BucketKind } from "./support/server.ts";

skipDepartures();

const departuresOf = (kind: BucketKind): Departures => ({
  headerRaces: "If-Match covers the bytes alone: of rewrites that leave them as they are each may land",
  ...(server.refused[kind]["delete"] !== undefined && { deletes: server.refused[kind]["delete"] }),
  ...(server.unclearLosers !== undefined && { unclearLosers: server.unclearLosers }),
});

const isUsable = (kind: BucketKind): boolean =>
  server.refused[kind]["create"] === undefined && server.refused[kind]["replace"] === undefined;

async function openPlain(): Promise<StoreUnderTest> {
  const bucket = await makeBucket();
  return {
    store: openBucketStore(bucket, { watchesHeaders: true }),
    forceStranger: async (key, content) => await asStranger(bucket, key, content),
    close: async () => await Promise.resolve(),
  };
}

if (server.kinds.includes("plain") && isUsable("plain")) {
  describeStore(`${server.title}, a bucket without versions`, openPlain, departuresOf("plain"));
}

if (server.kinds.includes("versioned") && isUsable("versioned")) {
  let bucket: Promise<string> | undefined;
  let opened = 0;
  const openVersioned = async (): Promise<StoreUnderTest> => {
    const name = await (bucket ??= makeBucket("versioned"));
    opened += 1;
    const prefix = `sites/${opened}`;
    return {
      store: openBucketStore(name, { watchesHeaders: true, prefix }),
      forceStranger: async (key, content) => await asStranger(name, `${prefix}/${key}`, content),
      close: async () => await Promise.resolve(),
    };
  };
  describeStore(`${server.title}, below a prefix of a bucket that keeps versions`, openVersioned, departuresOf("versioned"));
}
