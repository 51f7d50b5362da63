import { describe, expect, test } from "vitest";
import { controlDoor, isControl } from "./control.ts";
import { openFaults } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { openRequestLog } from "./request-log.ts";
import type { RequestLog } from "./request-log.ts";
import type { SandboxRequest } from "./wire.ts";

const clock = { now: () => Date.UTC(2026, 4, 4, 9) };
const here = { host: "127.0.0.1:4566" };

function requestOf(method: string, path: string, headers: Readonly<Record<string, string>> = here, body = ""): SandboxRequest {
  return {
    method,
    path,
    query: new URLSearchParams(),
    headers,
    async *body() {
      yield Buffer.from(body);
    },
  };
}

interface Door {
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly send: (request: SandboxRequest) => Promise<{ readonly status: number; readonly value: unknown }>;
}

function door(): Door {
  const faults = openFaults({ clock, random: () => 0.5 });
  const log = openRequestLog();
  const handle = controlDoor({ log, faults, summary: async () => ({ region: "us-east-1", buckets: [], distributions: [], tables: [] }) });
  return {
    faults,
    log,
    async send(request) {
      const { status, body } = await handle(request);
      const value: unknown = JSON.parse(body instanceof Uint8Array ? Buffer.from(body).toString("utf8") : "");
      return { status, value };
    },
  };
}

describe("the control door", () => {
  test("adds a rule, lists what is left and clears", async () => {
    const { faults, send } = door();
    const rule = {
      operation: ["PutObject", "CopyObject"],
      key: "index",
      times: 2,
      action: { kind: "status", status: 503, code: "SlowDown" },
    };
    expect(await send(requestOf("POST", "/_sandbox/faults", here, JSON.stringify(rule)))).toEqual({
      status: 201,
      value: { rules: [rule] },
    });
    expect(await send(requestOf("GET", "/_sandbox/faults"))).toEqual({ status: 200, value: { rules: [rule] } });
    expect(await send(requestOf("DELETE", "/_sandbox/faults"))).toEqual({ status: 200, value: { rules: [] } });
    expect(faults.rules()).toEqual([]);
  });

  test.each([
    ["no JSON", "{", /no JSON/u],
    ["a rule without an action", "{}", /action/u],
    ["an unknown action", '{"action":{"kind":"explode"}}', /action/u],
    ["a misspelt field", '{"opration":"PutObject","action":{"kind":"lose-reply"}}', /opration/u],
    ["a status that is no failure", '{"action":{"kind":"status","status":200}}', /action\.status/u],
    ["a chance beyond 1", '{"chance":2,"action":{"kind":"lose-reply"}}', /chance/u],
    ["a rule that never strikes", '{"times":0,"action":{"kind":"lose-reply"}}', /times/u],
    ["a delay without milliseconds", '{"action":{"kind":"delay"}}', /action\.ms/u],
  ])("refuses %s and says what is wrong", async (_, body, wrong) => {
    const { faults, send } = door();
    const { status, value } = await send(requestOf("POST", "/_sandbox/faults", here, body));
    expect(status).toBe(400);
    expect(JSON.stringify(value)).toMatch(wrong);
    expect(faults.rules()).toEqual([]);
  });

  test("shows the counts of requests and forgets them", async () => {
    const { log, send } = door();
    await log.counted(async () => ({ status: 200, headers: {} }))(requestOf("GET", "/harbour-site/index.html"));
    const counts = { operations: { GetObject: 1 }, bytesIn: 0, bytesOut: 0, contentBytes: {} };
    expect(await send(requestOf("GET", "/_sandbox/requests"))).toEqual({ status: 200, value: counts });
    expect(await send(requestOf("DELETE", "/_sandbox/requests"))).toMatchObject({ status: 200, value: { operations: {} } });
    expect(log.snapshot().operations).toEqual({});
  });

  test.each([
    ["names another origin", { ...here, origin: "https://elsewhere.example" }],
    ["names no origin that it can tell", { ...here, origin: "null" }],
    ["comes from another site's page", { ...here, "sec-fetch-site": "cross-site" }],
  ])("refuses a request that %s", async (_, headers) => {
    const { faults, send } = door();
    const body = '{"action":{"kind":"lose-reply"}}';
    expect((await send(requestOf("POST", "/_sandbox/faults", headers, body))).status).toBe(403);
    expect((await send(requestOf("GET", "/_sandbox", headers))).status).toBe(403);
    expect(faults.rules()).toEqual([]);
  });

  test("takes a request of its own origin", async () => {
    const { send } = door();
    expect((await send(requestOf("GET", "/_sandbox", { ...here, origin: "http://127.0.0.1:4566" }))).status).toBe(200);
  });

  test("is no bucket's and answers to no name but the loopback's", () => {
    expect(isControl(requestOf("GET", "/_sandbox/faults"))).toBe(true);
    expect(isControl(requestOf("GET", "/_sandbox", { host: "localhost:4566" }))).toBe(true);
    expect(isControl(requestOf("GET", "/_sandbox", { host: "harbour-site.localhost:4566" }))).toBe(false);
    expect(isControl(requestOf("GET", "/_sandbox", { host: "rebound.example" }))).toBe(false);
    expect(isControl(requestOf("GET", "/harbour-site/_sandbox"))).toBe(false);
    expect(isControl(requestOf("GET", "/_sandboxes"))).toBe(false);
  });

  test("knows no other path and no other method", async () => {
    const { send } = door();
    expect((await send(requestOf("GET", "/_sandbox/constructor"))).status).toBe(404);
    expect((await send(requestOf("PUT", "/_sandbox/faults"))).status).toBe(405);
    expect((await send(requestOf("POST", "/_sandbox"))).status).toBe(405);
  });
});
