import { describe, expect, test } from "vitest";
import type { WriteEvent } from "../../core/timeline/write-event.ts";
import { readEvents } from "./read-events.ts";

const encoder = new TextEncoder();

/** The bytes in pieces of so many, so that nothing rests on where a chunk ends. */
async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 7): Promise<(WriteEvent | "broken")[]> {
  const events: (WriteEvent | "broken")[] = [];
  for await (const event of readEvents(inPieces(text, size))) events.push(event);
  return events;
}

const trail = (more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  eventVersion: "1.11",
  userIdentity: {
    type: "AssumedRole",
    principalId: "AROAEXAMPLEHARBOUR:night-shift",
    arn: "arn:aws:sts::111122223333:assumed-role/HarbourCrew/night-shift",
    accessKeyId: "ASIAEXAMPLEEXAMPLE00",
    sessionContext: { sessionIssuer: { userName: "HarbourCrew" }, note: 'a "quoted" } brace' },
  },
  eventTime: "2031-05-20T14:03:05Z",
  eventSource: "s3.amazonaws.com",
  eventName: "PutObject",
  awsRegion: "eu-west-1",
  sourceIPAddress: "203.0.113.9",
  userAgent: "[aws-cli/2.15.0 md/awscrt#0.19]",
  requestParameters: { bucketName: "harbour-site", Host: "harbour-site.s3.eu-west-1.amazonaws.com", key: "tides/index.html" },
  responseElements: { "x-amz-version-id": "v-two" },
  readOnly: false,
  ...more,
});

const event = (more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  eventVersion: "2.1",
  eventSource: "aws:s3",
  awsRegion: "eu-west-1",
  eventTime: "2031-05-20T14:03:05.421Z",
  eventName: "ObjectCreated:Put",
  userIdentity: { principalId: "AWS:AROAEXAMPLEHARBOUR:night-shift" },
  requestParameters: { sourceIPAddress: "203.0.113.9" },
  s3: {
    bucket: { name: "harbour-site", arn: "arn:aws:s3:::harbour-site" },
    object: {
      key: "tides+of+spring/%C3%A9t%C3%A9.html",
      size: 812,
      eTag: "0f343b0931126a20f133d67c2b018a3b",
      versionId: "v-two",
      sequencer: "0A1B2C",
    },
  },
  ...more,
});

const line = ({ operation = "REST.PUT.OBJECT", key = "tides/index.html", status = "200", rest = "" } = {}): string =>
  `79a59df900b949e55d96a1e698fbaced harbour-site [20/May/2031:16:03:05 +0200] 203.0.113.9 arn:aws:iam::111122223333:user/ines 3E57427F33A59F07 ${operation} ${key} "PUT /${key}?X-Amz-Signature=abcdef0123 HTTP/1.1" ${status} - - 812 41 28 "https://console.example/?token=secret" "S3Console/0.4, aws-internal/3 \\"x\\"" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader harbour-site.s3.amazonaws.com TLSV1.2 - -${rest}`;

describe("CloudTrail", () => {
  test("a write is told with its caller, tool, address, time and version, whatever the chunks", async () => {
    const text = JSON.stringify({ Records: [trail()] });
    for (const size of [1, 3, 64, 100_000]) {
      expect(await read(text, size)).toEqual([
        {
          source: "cloudtrail",
          atMs: Date.UTC(2031, 4, 20, 14, 3, 5),
          bucket: "harbour-site",
          names: ["tides/index.html"],
          deed: "put",
          operation: "PutObject",
          caller: "arn:aws:sts::111122223333:assumed-role/HarbourCrew/night-shift",
          address: "203.0.113.9",
          agent: "aws-cli/2.15.0 md/awscrt#0.19",
          versionId: "v-two",
        },
      ]);
    }
  });

  test("reads, refused calls and other services' records are passed over; copies, uploads in parts and deletes are not", async () => {
    const names = ["GetObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject", "PutBucketPolicy"];
    const records = [
      ...names.map((eventName) => trail({ eventName })),
      trail({ errorCode: "AccessDenied" }),
      trail({ eventSource: "sts.amazonaws.com" }),
    ];
    const told = await read(JSON.stringify({ Records: records }, null, 2));
    expect(told).toMatchObject([
      { operation: "CopyObject", deed: "put" },
      { operation: "CompleteMultipartUpload", deed: "put" },
      { operation: "DeleteObject", deed: "delete" },
    ]);
    expect(told).toHaveLength(3);
  });

  test("of a key id, of a session and of the request nothing is taken over", async () => {
    expect(JSON.stringify(await read(JSON.stringify({ Records: [trail()] })))).not.toMatch(/ASIA|sessionContext|Host/u);
  });
});

describe("S3 events", () => {
  test("a key is decoded as a form is: a plus is a space", async () => {
    expect(await read(JSON.stringify({ Records: [event()] }))).toMatchObject([
      {
        source: "s3-event",
        names: ["tides of spring/été.html"],
        deed: "put",
        caller: "AWS:AROAEXAMPLEHARBOUR:night-shift",
        etag: "0f343b0931126a20f133d67c2b018a3b",
        versionId: "v-two",
      },
    ]);
  });

  test("a line each, without a list around them, with a removal among them", async () => {
    const text = [event(), event({ eventName: "s3:ObjectRemoved:DeleteMarkerCreated" }), event({ eventName: "ObjectTagging:Put" })];
    expect((await read(text.map((one) => JSON.stringify(one)).join("\n"))).map((one) => one !== "broken" && one.deed)).toEqual([
      "put",
      "delete",
    ]);
  });
});

describe("S3 server access logs", () => {
  test("a line is told with its requester and time, and nothing of its request line or referrer", async () => {
    const told = await read(`${line()}\n`);
    expect(told).toEqual([
      {
        source: "access-log",
        atMs: Date.UTC(2031, 4, 20, 14, 3, 5),
        bucket: "harbour-site",
        names: ["tides/index.html"],
        deed: "put",
        operation: "REST.PUT.OBJECT",
        caller: "arn:aws:iam::111122223333:user/ines",
        address: "203.0.113.9",
        agent: 'S3Console/0.4, aws-internal/3 \\"x\\"',
      },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/Signature|token=/u);
  });

  test("a key that was encoded twice is read as what it names, and as what one decoding gives", async () => {
    expect(await read(line({ key: "tides%2520of%2520spring/%25C3%25A9t%25C3%25A9.html" }))).toMatchObject([
      { names: ["tides of spring/été.html", "tides%20of%20spring/%C3%A9t%C3%A9.html"] },
    ]);
  });

  test("reads, failed writes and parts of uploads are passed over; fields that later formats add do no harm", async () => {
    const text = [
      line({ operation: "REST.GET.OBJECT" }),
      line({ status: "403" }),
      line({ operation: "REST.PUT.PART" }),
      line({ operation: "REST.DELETE.OBJECT", status: "204" }),
      line({ operation: "S3.EXPIRE.OBJECT", status: "-" }),
      line({ rest: " something new 1" }),
    ].join("\n");
    expect((await read(text)).map((one) => (one === "broken" ? one : one.operation))).toEqual([
      "REST.DELETE.OBJECT",
      "S3.EXPIRE.OBJECT",
      "REST.PUT.OBJECT",
    ]);
  });
});

describe("what is damaged", () => {
  test("a broken line of an access log is counted, and the lines around it are told", async () => {
    const told = await read([line(), "half a li", line({ key: "b.html" })].join("\n"));
    expect(told.map((one) => (one === "broken" ? one : one.names[0]))).toEqual(["tides/index.html", "broken", "b.html"]);
  });

  test("a line of JSON that was cut short, inside a string or outside, is counted, and the next is told", async () => {
    const whole = JSON.stringify(event());
    const cutInString = whole.slice(0, whole.indexOf("harbour-site") + 4);
    const cutOutside = whole.slice(0, whole.indexOf(',"eventTime"'));
    const told = await read([whole, cutInString, whole, cutOutside, whole].join("\n"));
    expect(told.map((one) => (one === "broken" ? one : "write"))).toEqual(["write", "broken", "write", "broken", "write"]);
  });

  test("a file that ends in the middle of a record tells the records before it", async () => {
    const text = JSON.stringify({ Records: [trail(), trail()] });
    expect((await read(text.slice(0, -40))).map((one) => (one === "broken" ? one : "write"))).toEqual(["write", "broken"]);
  });

  test("a record without key or time is broken, and so is one that never ends", async () => {
    expect(await read(JSON.stringify({ Records: [trail({ requestParameters: { bucketName: "harbour-site" } })] }))).toEqual(["broken"]);
    const endless = `{"Records":[{"a":"${"x".repeat(1_100_000)}"},${JSON.stringify(trail())}]}`;
    expect((await read(endless, 65_536)).map((one) => (one === "broken" ? one : "write"))).toEqual(["broken", "write"]);
    expect(await read("y".repeat(200_000), 65_536)).toEqual(["broken"]);
  });

  test("an empty file tells nothing", async () => {
    expect(await read("")).toEqual([]);
    expect(await read('{"Records":[]}\n')).toEqual([]);
  });
});
