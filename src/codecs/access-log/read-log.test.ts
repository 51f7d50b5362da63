import { expect, test } from "vitest";
import { readLog, type LogRecord } from "./read-log.ts";

/** In small pieces, so that nothing rests on where a chunk ends. */
async function read(text: string): Promise<LogRecord[]> {
  const bytes = new TextEncoder().encode(text);
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.byteLength; at += 11) yield bytes.subarray(at, at + 11);
  };
  const records: LogRecord[] = [];
  for await (const record of readLog(pieces())) records.push(record);
  return records;
}

const phone = "Mozilla/5.0%20(iPhone;%20CPU%20iPhone%20OS%2017_4%20like%20Mac%20OS%20X)%20Mobile/15E148%20Safari/604.1";
const header =
  "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header\n";
const edge = (stem: string, { method = "GET", status = "200", from = "-", agent = phone } = {}): string =>
  [
    "2026-05-20",
    "17:03:05",
    "LAX50-C1",
    "812",
    "203.0.113.9",
    method,
    "d111.cloudfront.net",
    stem,
    status,
    from,
    agent,
    "q=ida%40example.com",
    "-",
    "Hit",
    "id",
    "www.example.com",
  ].join("\t");

const s3 = (operation: string, key: string, agent: string, { from = "-", status = "200" } = {}): string =>
  `79a5 example-production [20/May/2026:17:03:05 +0000] 203.0.113.9 arn:aws:iam::111122223333:user/mara REQ1 ${operation} ${key} "GET /${key}?X-Amz-Signature=secret HTTP/1.1" ${status} - 812 812 20 10 "${from}" "${agent}" - host= SigV4 TLS AuthHeader example-production.s3.amazonaws.com TLSv1.2`;

test("CloudFront's log tells pages that were handed out, by which kind of visitor and from which page", async () => {
  const text = `${header}${edge("/g/ida%2520b.html", { from: "https://www.example.com/trips/?token=secret" })}\r\n${edge("/g/x.html", { method: "HEAD" })}\n${edge("/g/x.html", { status: "404" })}\n`;
  expect(await read(text)).toEqual([
    {
      kind: "fetch",
      fetch: {
        atMs: Date.parse("2026-05-20T17:03:05Z"),
        at: { kind: "edge", hosts: ["www.example.com", "d111.cloudfront.net"], path: "/g/ida b.html" },
        by: "phone",
        from: { host: "www.example.com", path: "/trips/" },
      },
    },
  ]);
});

test("nothing that tells of a person is taken over: no address, no agent, no query, no signature", async () => {
  const text = `${header}${edge("/g/a.html", { from: "https://www.example.com/x?name=Ida" })}\n`;
  const logged = `${s3("REST.GET.OBJECT", "g/a.html", "Mozilla/5.0 (Windows NT 10.0)", { from: "https://www.example.com/x?sig=secret" })}\n`;
  const all = JSON.stringify([await read(text), await read(logged)]);
  for (const secret of ["203.0.113.9", "ida", "Ida", "secret", "Windows", "iPhone", "mara"]) expect(all).not.toContain(secret);
});

test("S3's log tells fetches and writes, and which of them the CDN or belay made for itself", async () => {
  const lines = [
    s3("WEBSITE.GET.OBJECT", "g/a.html", "Mozilla/5.0 (X11; Linux x86_64)"),
    s3("REST.GET.OBJECT", "g/a.html", "Amazon CloudFront"),
    s3("REST.GET.OBJECT", "g/a.html", "belay"),
    s3("REST.GET.OBJECT", "g/a.html", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    s3("REST.GET.OBJECT", "g/a.html", "curl/8.5.0"),
    s3("REST.GET.OBJECT", "g/a.html", "Mozilla/5.0", { status: "403" }),
    s3("REST.PUT.OBJECT", "g/a.html", "aws-cli/2.15.0"),
    "garbage",
  ];
  const records = await read(lines.join("\n"));
  expect(records.map((one) => (one.kind === "fetch" ? one.fetch.by : one.kind))).toEqual([
    "browser",
    "cdn",
    "belay",
    "crawler",
    "tool",
    "write",
    "broken",
  ]);
});

test("a CloudFront log as JSON tells the same", async () => {
  const line = {
    date: "2026-05-20",
    time: "17:03:05",
    "cs-method": "GET",
    "cs-uri-stem": "/g/a",
    "sc-status": 304,
    "x-host-header": "www.example.com",
    "cs(User-Agent)": "-",
  };
  expect(await read(`${JSON.stringify(line)}\n${JSON.stringify({ other: 1 })}\n`)).toEqual([
    {
      kind: "fetch",
      fetch: { atMs: Date.parse("2026-05-20T17:03:05Z"), at: { kind: "edge", hosts: ["www.example.com"], path: "/g/a" }, by: "other" },
    },
  ]);
});

test("a line that lacks fields is broken, and the next one is read", async () => {
  const records = await read(`${header}2026-05-20\t17:03\n${edge("/g/a.html")}\n`);
  expect(records.map(({ kind }) => kind)).toEqual(["broken", "fetch"]);
});
