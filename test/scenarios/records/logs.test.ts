import { expect, test } from "vitest";
import { asStoreName } from "../../../src/core/brand.ts";
import { isConsistent } from "../../../src/core/records/lay-matrix.ts";
import { audit, type AuditedRecord } from "../../../src/operations/records/audit.ts";
import { readLogs, type AccessLogs } from "../../../src/operations/records/read-logs.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import { recordTimeline } from "../../../src/operations/records/timeline.ts";
import type { RecordKind } from "../../../src/core/records/kind.ts";
import { booking, context, RecordsWorld } from "./records-world.ts";

const sunset = "g/2026-05-30-jonah-sunset.html";
const afternoon = "g/2026-05-30-jonah-afternoon.html";

const kind: RecordKind = {
  ...booking,
  systems: booking.systems.map((system) => (system.name === "pages" ? { ...system, paths: ["/g/{name}", "/g/{code}"] } : system)),
};

/** The incident's world with its pages in a bucket, behind a distribution, at an address. */
function served(): { readonly world: RecordsWorld; readonly bench: RecordsBench } {
  const world = new RecordsWorld({ kind });
  const bench = world.open();
  return {
    world,
    bench: {
      ...bench,
      placeOf: async (system) => {
        const place = await bench.placeOf(system);
        if (system.name !== "pages") return place;
        const store = asStoreName("s3://example-production/site");
        const { url: _url, ...target } = place.target;
        return {
          target: { ...target, store, cdn: "cloudfront:E2EXAMPLE", url: "https://www.example.com" },
          bench: {
            ...place.bench,
            storeOf: async (name) => await place.bench.storeOf(name === store ? place.target.store : name),
            probe: { ...place.bench.probe, look: async () => await Promise.resolve({ kind: "unreachable", cause: "not asked" }) },
          },
        };
      },
    },
  };
}

const header = "#Version: 1.0\n#Fields: date time cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) x-host-header\n";
const visit = (stem: string, day: string, from = "-", host = "www.example.com"): string =>
  [day, "17:03:05", "GET", "d111.cloudfront.net", stem, "200", from, "Mozilla/5.0%20(iPhone)%20Mobile", host].join("\t");

const put = (key: string, at: string, operation = "REST.PUT.OBJECT"): string =>
  `79a5 example-production [${at}] 203.0.113.9 arn:aws:iam::111122223333:user/agent REQ1 ${operation} ${key} "PUT /${key} HTTP/1.1" 200 - 812 812 20 10 "-" "aws-cli/2.15.0" - host= SigV4 TLS AuthHeader x TLSv1.2`;

async function logsOf(bench: RecordsBench, files: Readonly<Record<string, string>>): Promise<AccessLogs> {
  const sources = async function* (): AsyncGenerator<{ readonly name: string; readonly open: () => AsyncIterable<Uint8Array> }> {
    for (const [name, text] of Object.entries(files)) {
      yield {
        name,
        open: async function* open() {
          yield new TextEncoder().encode(text);
        },
      };
    }
  };
  return await readLogs(bench, sources(), context);
}

async function audited(bench: RecordsBench, logs?: AccessLogs): Promise<AuditedRecord> {
  const found = await audit(bench, { named: "S2FJLN", looksAtEdge: false, ...(logs && { logs }) }, context);
  for await (const record of found.records) return record;
  throw new Error("no record");
}

const duplicate = (record: AuditedRecord): AuditedRecord["matrix"]["findings"][number] =>
  record.matrix.findings.find(({ code, about }) => code === "duplicate" && about.length > 1) ?? expect.fail("no duplicate");
const choiceOf = ({ message }: { readonly message: string }, key: string): string =>
  message.split("\n").find((line) => line.startsWith(`${key}:`)) ?? "";

test("who fetched a duplicate is unknown without logs", async () => {
  const found = duplicate(await audited(served().bench));
  expect(choiceOf(found, sunset)).toContain("fetched by: unknown");
  expect(found.uses).toBeUndefined();
});

test("logs tell how often, when, by what and from where each duplicate was fetched, short codes apart", async () => {
  const { bench } = served();
  const text = [
    visit(`/${sunset}`, "2026-05-09"),
    visit("/g/2026-05-30-jonah-sunset", "2026-05-19", "https://www.instagram.com/p/abc?u=1"),
    visit(`/${sunset}`, "2026-05-12", "https://www.example.com/trips/index.html?x=1"),
    visit("/g/S2FJLN", "2026-05-20"),
    visit("/logo.png", "2026-05-01"),
    visit(`/${afternoon}`, "2026-05-12", "-", "other.example.net"),
  ].join("\n");
  const logs = await logsOf(bench, { "a.log": header + text });
  const found = duplicate(await audited(bench, logs));
  const rich = choiceOf(found, sunset);
  expect(rich).toContain("fetched by: 3 times from 2026-05-09 to 2026-05-19 (3 by phone), once from www.instagram.com");
  expect(rich).toContain("once by /g/S2FJLN, which other pages of the record have too");
  expect(rich).toContain("/trips/index.html (followed once)");
  expect(choiceOf(found, afternoon)).toContain("fetched by: nobody in the logs of 2026-05-01 to 2026-05-20");
  expect(found.uses?.map(({ key, fetches }) => [key, fetches])).toEqual(
    expect.arrayContaining([
      [sunset, 3],
      [afternoon, 0],
    ]),
  );
});

test("a log of another host says nothing, but the distribution's own file does", async () => {
  const { bench } = served();
  const elsewhere = header + visit(`/${sunset}`, "2026-05-09", "-", "d111.cloudfront.net");
  expect(choiceOf(duplicate(await audited(bench, await logsOf(bench, { "x.log": elsewhere }))), sunset)).toContain("fetched by: unknown");
  const own = await logsOf(bench, { "logs/E2EXAMPLE.2026-05-09-17.abc.gz": elsewhere });
  expect(choiceOf(duplicate(await audited(bench, own)), sunset)).toContain("fetched by: once on 2026-05-09");
});

test("the bucket's log tells who wrote, in the timeline, and what the CDN fetched is nobody's visit", async () => {
  const { bench } = served();
  const writes = [
    put(`site/${sunset}`, "19/May/2026:10:00:00 +0000"),
    put(`site/${afternoon}`, "19/May/2026:11:00:00 +0000", "REST.DELETE.OBJECT"),
  ];
  const cdn = put(`site/${sunset}`, "19/May/2026:12:00:00 +0000", "REST.GET.OBJECT").replace("aws-cli/2.15.0", "Amazon CloudFront");
  const logs = await logsOf(bench, { "s3.log": [...writes, cdn, put("other/x.html", "19/May/2026:12:00:00 +0000")].join("\n") });
  expect(logs.tally).toMatchObject({ files: 1, writes: 2, broken: 0 });
  const record = await audited(bench, logs);
  expect(choiceOf(duplicate(record), sunset)).toContain("fetched by: nobody in the logs");
  const { moments } = await recordTimeline(bench, record.matrix.entity, context, logs);
  expect(moments.filter(({ source }) => source === "log").map(({ at, by, deed }) => [at, by.name, deed.kind])).toEqual([
    ["2026-05-19T10:00:00.000Z", "arn:aws:iam::111122223333:user/agent", "touched"],
    ["2026-05-19T11:00:00.000Z", "arn:aws:iam::111122223333:user/agent", "deleted"],
  ]);
});

test("a copy at the edge that could not be looked at is unknown, which is not stale", async () => {
  const { bench } = served();
  const found = await audit(bench, { named: "S2FJLN", looksAtEdge: true }, context);
  for await (const { matrix } of found.records) {
    const seen = matrix.findings.filter(({ code }) => code === "unseen-edge-copy");
    expect(seen.map(({ message }) => message)).toContain("what visitors get is unknown: not asked");
    expect(matrix.findings.map(({ code }) => code)).not.toContain("stale-edge-copy");
    expect(isConsistent({ ...matrix, rows: [], findings: seen })).toBe(true);
  }
});
