/** DynamoDB and its streams over their own protocol, JSON 1.0, as far as belay and people with the aws CLI use them. */

import { crc32 } from "node:zlib";
import type { Clock, SandboxHandler, SandboxRequest, SandboxResponse } from "../wire.ts";
import { readItem, writeItem } from "./attribute.ts";
import type { Event, Operation, Service } from "./call.ts";
import { DynamoError, dynamoErrorResponse } from "./dynamo-error.ts";
import { itemOperations } from "./item-operations.ts";
import { openTableJournal } from "./journal.ts";
import { dynamoOperationOf } from "./operation-name.ts";
import type { StreamView } from "./stream.ts";
import { openTable, type KeyAttribute, type Table } from "./table.ts";
import { tableOperations } from "./table-operations.ts";

export interface DynamoOptions {
  readonly clock: Clock;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  readonly region?: string;
  /** Tables survive there, records of streams do not; without it, everything is in memory. One process at a time. */
  readonly folder?: string;
}

/** A table to be made: its key as `name`, `name:N` or `name:B`, partition key first. */
export interface NewTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly stream?: StreamView;
}

type JsonItem = Readonly<Record<string, unknown>>;

export interface DynamoService {
  readonly handle: SandboxHandler;
  /** Throws where the name is taken. */
  createTable(table: NewTable): void;
  /** In the order of their making. */
  tables(): readonly { readonly name: string; readonly items: number }[];
  /** Items in typed JSON, as the protocol has them. Without any condition, as a stranger would. Throws where there is no such table. */
  get(table: string, key: JsonItem): JsonItem | undefined;
  put(table: string, item: JsonItem): void;
  remove(table: string, key: JsonItem): void;
  /** Ages a table's stream: its open shard is closed and followed by one or two, or all that it holds is forgotten. */
  ageStream(table: string, how: "split-1" | "split-2" | "trim"): void;
  close(): void;
}

const bodyBytesMax = 16 * 1024 * 1024;
const operations: Readonly<Record<string, { readonly run: Operation; readonly takes: readonly string[] }>> = {
  ...itemOperations,
  ...tableOperations,
};

/** Opens the service on its folder, or empty. Throws where the folder's journal is damaged. */
export function openDynamo({ clock, random, region = "us-east-1", folder }: DynamoOptions): DynamoService {
  const tables = new Map<string, Table>();
  const make = (event: Event, atMs: number): void => makeEvent(tables, event, { atMs, region, random });
  const journal = folder === undefined ? undefined : openTableJournal(folder, make);
  const service: Service = {
    tables,
    region,
    commit: (event, atMs) => {
      journal?.append(event, atMs);
      make(event, atMs);
    },
  };
  const tableNamed = (name: string): Table => {
    const table = tables.get(name);
    if (!table) throw new Error(`there is no table ${name}`);
    return table;
  };
  let requests = 0;
  return {
    handle: async (request) => {
      requests += 1;
      return signedOff(await answered(service, request, clock), { requests, nowMs: clock.now() });
    },
    createTable: ({ name, key, stream }) => {
      if (tables.has(name)) throw new Error(`there is a table ${name} already`);
      const label = new Date(clock.now()).toISOString().replace("Z", "");
      const streaming = stream === undefined ? {} : { stream: { view: stream, label } };
      service.commit(
        { kind: "table-created", definition: { name, key: key.map(keyAttribute), createdAtMs: clock.now(), ...streaming } },
        clock.now(),
      );
    },
    tables: () => [...tables.values()].map(({ definition, itemCount }) => ({ name: definition.name, items: itemCount })),
    get: (name, key) => {
      const table = tableNamed(name);
      const item = table.get(table.idOf(readItem(key), false));
      return item && writeItem(item);
    },
    put: (name, given) => {
      const item = readItem(given);
      tableNamed(name).idOf(item, true);
      service.commit({ kind: "item-put", table: name, item }, clock.now());
    },
    remove: (name, key) => {
      service.commit({ kind: "item-removed", table: tableNamed(name).definition.name, key: readItem(key) }, clock.now());
    },
    ageStream: (name, how) => {
      const { stream } = tableNamed(name);
      if (how === "trim") stream?.trim();
      else stream?.split(how === "split-1" ? 1 : 2);
    },
    close: () => journal?.close(),
  };
}

function keyAttribute(text: string): KeyAttribute {
  const [, name = "", type = "S"] = /^(.+?)(?::([SNB]))?$/u.exec(text) ?? [];
  return { name, type: type === "N" || type === "B" ? type : "S" };
}

function makeEvent(
  tables: Map<string, Table>,
  event: Event,
  { atMs, region, random }: { readonly atMs: number; readonly region: string; readonly random: () => number },
): void {
  switch (event.kind) {
    case "table-created":
      tables.set(event.definition.name, openTable(event.definition, region, random));
      return;
    case "table-deleted":
      tables.delete(event.table);
      return;
    case "item-put": {
      const table = tables.get(event.table);
      table?.set(table.idOf(event.item, true), event.item, atMs);
      return;
    }
    case "item-removed": {
      const table = tables.get(event.table);
      table?.set(table.idOf(event.key, false), undefined, atMs);
    }
  }
}

async function answered(service: Service, request: SandboxRequest, clock: Clock): Promise<SandboxResponse> {
  try {
    const name = dynamoOperationOf(request);
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (request.method !== "POST" || !operation) throw new DynamoError("UnknownOperationException", `The sandbox does not know ${name}.`);
    const parameters = await parametersOf(request);
    const stranger = Object.keys(parameters).find((each) => !operation.takes.includes(each));
    if (stranger !== undefined) throw new DynamoError("ValidationException", `The sandbox does not know ${stranger} of ${name}.`);
    const answer = operation.run(service, { parameters, nowMs: clock.now() });
    return { status: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body: Buffer.from(JSON.stringify(answer)) };
  } catch (error) {
    if (!(error instanceof DynamoError)) throw error;
    return dynamoErrorResponse(error);
  }
}

async function parametersOf(request: SandboxRequest): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body()) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > bodyBytesMax) throw new DynamoError("RequestEntityTooLarge", "The request is too large.", { status: 413 });
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new DynamoError("SerializationException", "The body is no JSON object.");
}

function signedOff(response: SandboxResponse, { requests, nowMs }: { readonly requests: number; readonly nowMs: number }): SandboxResponse {
  const sum = response.body instanceof Uint8Array ? { "x-amz-crc32": String(crc32(response.body)) } : {};
  const id = requests.toString(36).toUpperCase().padStart(52, "0");
  return { ...response, headers: { ...response.headers, ...sum, date: new Date(nowMs).toUTCString(), "x-amzn-requestid": id } };
}
