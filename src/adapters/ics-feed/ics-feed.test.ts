import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bytesOf } from "../../core/body.ts";
import { asRevision } from "../../core/brand.ts";
import type { CallOptions } from "../../ports/store.ts";
import { feedKey, openIcsFeed, type IcsFeed } from "./ics-feed.ts";

const live: CallOptions = { signal: new AbortController().signal };
const whole = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";

let server: Server;
let feed: IcsFeed;
let asked: IncomingMessage[] = [];
let answer: (response: ServerResponse, request: IncomingMessage) => void;

beforeEach(async () => {
  asked = [];
  answer = (response) => response.writeHead(200, { etag: '"1"', "last-modified": "Fri, 22 May 2026 17:58:00 GMT" }).end(whole);
  server = createServer((request, response) => {
    asked.push(request);
    answer(response, request);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const at = server.address();
  feed = openIcsFeed({ url: `http://127.0.0.1:${typeof at === "object" && at ? at.port : 0}/trips.ics`, lagMs: 7_200_000 });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

describe("a feed", () => {
  it("is one object with the document's own bytes, and is not sent again while it has not changed", async () => {
    const first = await feed.read(feedKey, live);
    expect(first && Buffer.from(await bytesOf(first.body)).toString()).toBe(whole);
    answer = (response) => response.writeHead(304).end();
    expect(await feed.read(feedKey, live)).toEqual(first);
    expect(asked[1]?.headers).toMatchObject({ "if-none-match": '"1"', "if-modified-since": "Fri, 22 May 2026 17:58:00 GMT" });
    const listed = [];
    for await (const each of feed.list("", live)) listed.push(each);
    expect(listed).toEqual([first?.observed]);
  });

  it("takes no write: a change there is a task for a person", async () => {
    await expect(feed.remove({ key: feedKey, expect: { kind: "unchanged", revision: asRevision("x") } }, live)).rejects.toMatchObject({
      code: "not-supported",
    });
    expect(await feed.guarantees(live)).toEqual({ create: "none", replace: "none", delete: "none" });
  });

  it.each([
    ["empty", ""],
    ["cut off", whole.slice(0, 30)],
    ["cut off by a byte of its last line", whole.slice(0, -3)],
    ["a sign-in page", "<!doctype html>"],
  ])("that is %s is an error, never one without events", async (_, text) => {
    answer = (response) => response.writeHead(200).end(text);
    await expect(feed.read(feedKey, live)).rejects.toMatchObject({ code: "store-unreachable" });
  });

  it("that is cut off on the way is an error, after three attempts", async () => {
    answer = (response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write(whole, () => response.destroy());
    };
    await expect(feed.read(feedKey, live)).rejects.toMatchObject({ code: "store-unreachable" });
    expect(asked).toHaveLength(3);
  });

  it("leads to no other host", async () => {
    answer = (response) => response.writeHead(302, { location: "http://localhost:1/private" }).end();
    await expect(feed.read(feedKey, live)).rejects.toThrow("another host");
    expect(asked).toHaveLength(1);
  });

  it("that is larger than it may be is an error", async () => {
    feed = openIcsFeed({ url: `http://127.0.0.1:${asked.length === 0 ? portOf(server) : 0}/`, lagMs: 0, bodyBytesMax: 10 });
    await expect(feed.read(feedKey, live)).rejects.toMatchObject({ code: "store-unreachable" });
  });

  it("is asked for over https where its address says webcal", () => {
    expect(openIcsFeed({ url: "webcal://calendar.example.org/a.ics", lagMs: 0 }).name).toBe("ics:webcal://calendar.example.org/a.ics");
    expect(() => openIcsFeed({ url: "file:///etc/passwd", lagMs: 0 })).toThrow("no https");
  });
});

function portOf(listening: Server): number {
  const at = listening.address();
  return typeof at === "object" && at ? at.port : 0;
}
