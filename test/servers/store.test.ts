/** The contracts of stores and of copying on the server in hand: on whole buckets without versions, below a prefix where versions are kept. */

import { describeCopy, type CopyUnderTest } from "../contract/copy-contract.ts";
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

async function openBeside(kind: BucketKind): Promise<CopyUnderTest> {
  const [bucket, stage] = [await makeBucket(kind), await makeBucket(kind)];
  return {
    store: openBucketStore(bucket, { watchesHeaders: true }),
    source: openBucketStore(stage, { watchesHeaders: true, prefix: "stage/of harbor" }),
    forceStranger: async (key, content) => await asStranger(bucket, key, content),
    close: async () => await Promise.resolve(),
  };
}

// Whether the others copy under guard has not been tried: there belay finds it out by itself, and sends the bytes where they do not.
const { copies } = server;
if (copies !== undefined) {
  for (const kind of server.kinds.filter(isUsable)) {
    describeCopy(`${server.title}, between two ${kind} buckets`, async () => await openBeside(kind), { copies });
  }
}
