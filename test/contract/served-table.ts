/** Tables of the project's own sandbox for tests, behind real HTTP, spoken to as AWS is. */

import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { NewTable } from "../../sandbox/dynamodb/open-dynamodb.ts";
import { startSandbox, type Sandbox } from "../../sandbox/start-sandbox.ts";
import { openDynamoStore, type DynamoStoreOptions } from "../../src/adapters/dynamodb/dynamo-store.ts";
import { connectTables } from "../../src/adapters/shared/aws/connect.ts";
import type { Wire } from "../../src/adapters/shared/aws/wire.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../src/core/brand.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { Store } from "../../src/ports/store.ts";

export const tableName = "crew-dispatch";

export interface ServedTable {
  readonly sandbox: Sandbox;
  readonly runtime: Runtime;
  wire(): Promise<Wire>;
  streams(): Promise<Wire>;
  /** A store with a connection of its own, as another process would have it. */
  open(options?: Partial<Pick<DynamoStoreOptions, "key" | "version" | "table">>): Store;
  close(): Promise<void>;
}

/** Waits that a service asks for pass at once. */
const runtime: Runtime = {
  now: () => Date.now(),
  sleep: async (ms, signal) => await pause(Math.min(ms, 2), undefined, { signal }),
  nonce: () => randomBytes(8).toString("hex"),
  sha256,
};

/** One table of the key `guest_code`, unless told. */
export async function serveTable(table: Partial<NewTable> = {}): Promise<ServedTable> {
  const sandbox = await startSandbox({ tables: [{ name: tableName, key: ["guest_code"], ...table }] });
  const env = { ...sandbox.env, AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  const setup = { env, now: (): number => Date.now() };
  const wire = async (): Promise<Wire> => await connectTables("dynamodb", setup);
  return {
    sandbox,
    runtime,
    wire,
    streams: async () => await connectTables("dynamodbStreams", setup),
    open: (options = {}) =>
      openDynamoStore({
        name: asStoreName(`dynamodb:${tableName}`),
        table: tableName,
        key: table.key ?? ["guest_code"],
        wire,
        runtime,
        ...options,
      }),
    close: async () => await sandbox.close(),
  };
}
