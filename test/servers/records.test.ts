/** One booking in a table and on two pages of a server that others wrote: audit, decision, correction, nothing left to do. */

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDynamoStore } from "../../src/adapters/dynamodb/dynamo-store.ts";
import { connectTables } from "../../src/adapters/shared/aws/connect.ts";
import { answerText } from "../../src/adapters/shared/aws/read-answer.ts";
import type { Wire } from "../../src/adapters/shared/aws/wire.ts";
import { bodyOf, bytesOf } from "../../src/core/body.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../src/core/brand.ts";
import type { Store } from "../../src/ports/store.ts";
import { openGround, type Ground } from "../scenarios/support/ground.ts";
import { incident, poorPage, richPage } from "../scenarios/records/records-world.ts";
import { belay, expectExit, type Ran } from "../scenarios/support/run-belay.ts";
import { bodyFor, done, live, makeBucket, openBucketStore, runtime } from "./support/buckets.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

const sunset = "g/2026-05-30-jonah-sunset.html";
const afternoon = "g/2026-05-30-jonah-afternoon.html";
const wire = async (): Promise<Wire> => await connectTables("dynamodb", { env: server.env, now: () => Date.now() });

async function call(operation: string, input: unknown): Promise<void> {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `DynamoDB_20120810.${operation}` };
  await answerText(await done(await wire(), { method: "POST", path: "/", headers, body: bodyFor(JSON.stringify(input)) }));
}

let ground: Ground;
let table: string;
let pages: Store;

const run = async (...words: readonly string[]): Promise<Ran> =>
  await belay(words, { cwd: ground.folder, env: { ...server.env, HOME: ground.folder } });

async function textAt(key: string): Promise<string | undefined> {
  const reading = await pages.read(key, live);
  return reading && Buffer.from(await bytesOf(reading.body)).toString("utf8");
}

const answerOf = ({ stdout }: Ran): { readonly id: string; readonly outcome: string; readonly steps: readonly unknown[] } =>
  JSON.parse(stdout);

describe(`one booking in two systems on ${server.title}`, () => {
  beforeEach(async () => {
    ground = openGround("records");
    const bucket = await makeBucket("versioned");
    pages = openBucketStore(bucket, { watchesHeaders: true });
    for (const [key, text] of [
      [sunset, richPage],
      [afternoon, poorPage],
    ] as const) {
      const bytes = Buffer.from(text, "utf8");
      const headers = { "content-type": "text/html; charset=utf-8" };
      await pages.write({ key, expect: { kind: "absent" }, body: bodyOf(bytes, sha256(bytes)), headers }, live);
    }
    table = `bookings-${randomBytes(5).toString("hex")}`;
    await call("CreateTable", {
      TableName: table,
      AttributeDefinitions: [{ AttributeName: "guest_code", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "guest_code", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    });
    await call("PutItem", { TableName: table, Item: JSON.parse(incident["record"]?.["S2FJLN"] ?? "{}") });
    mkdirSync(join(ground.folder, "public"));
    const config = `version: 1
site:
  root: public
  targets:
    production: { store: "s3://${bucket}" }
records:
  booking:
    zone: America/Los_Angeles
    fields:
      start: { type: datetime }
      end: start + 3h
      arrival: { derive: start - 30m, words: [arrive] }
      cutoff: { type: datetime, moves-with: start }
      guest: person
      code: key
    identity: { keys: [code], match: [guest] }
    systems:
      record:
        store: dynamodb:${table}
        key: guest_code
        fields: { code: guest_code, guest: guest_name, start: { date: charter_date, time: start_time } }
      pages: { target: production, match: "g/*.html", fields: { cutoff: script:CUTOFF_UTC } }
    pointers: [record.page_slug -> pages]
`;
    writeFileSync(join(ground.folder, "belay.yaml"), config);
  });

  afterEach(() => ground.remove());

  it("is corrected by one plan, down to the pointer and the duplicate, and the second run has nothing to do", async () => {
    expectExit(await run("audit", "booking", "S2FJLN"), 0);
    const words = ["reconcile", "booking", "S2FJLN", "--set", "start=15:30", "--keep", sunset, "--why", "the guest called"];
    const planned = await run(...words, "--plan", "--json");
    expectExit(planned, 0);
    const applied = await run("apply", answerOf(planned).id, "--confirm", answerOf(planned).id, "--json");
    expectExit(applied, 0);
    const corrected = richPage
      .replace("2026-05-30T16:30:00-07:00", "2026-05-30T15:30:00-07:00")
      .replace("2026-05-30T19:30:00-07:00", "2026-05-30T18:30:00-07:00")
      .replace("<b>4:30</b>&ndash;<i>7:30</i>", "<b>3:30</b>&ndash;<i>6:30</i>")
      .replace("arrive at 4:00 PM", "arrive at 3:00 PM")
      .replace("2026-06-02T03:00:00Z", "2026-06-02T02:00:00Z");
    expect(await textAt(sunset)).toBe(corrected);
    expect(await textAt(afternoon)).toContain(`url=/${sunset}`);
    const items = openDynamoStore({ name: asStoreName(`dynamodb:${table}`), table, key: ["guest_code"], wire, runtime });
    const item = await items.read("S2FJLN", live);
    expect(item && Buffer.from(await bytesOf(item.body)).toString("utf8")).toContain('"page_slug":{"S":"2026-05-30-jonah-sunset"}');
    const again = await run("reconcile", "booking", "S2FJLN", "--json");
    expectExit(again, 0);
    expect(answerOf(again)).toMatchObject({ outcome: "nothing-to-do", steps: [] });
  });
});
