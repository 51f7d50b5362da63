/** Random lines, calls and arguments: every request gets an answer by the protocol, nothing is written, and the server goes on. */

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasSshKeygen } from "../support/software-key.ts";
import { openMcpWorld, partOf, type Lines, type McpWorld } from "./mcp-world.ts";

const methods = [
  "initialize",
  "ping",
  "tools/list",
  "tools/call",
  "resources/list",
  "resources/read",
  "resources/templates/list",
  "prompts/list",
  "prompts/get",
  "completion/complete",
  "logging/setLevel",
  "server/discover",
  "no/such",
  "__proto__",
  "",
];
const tools = [
  "belay_status",
  "belay_diff",
  "belay_plan",
  "belay_promote",
  "belay_deploy",
  "belay_pull",
  "belay_reconcile_plan",
  "belay_log",
  "belay_find",
  "belay_claim",
  "belay_audit",
  "belay_warn_add",
  "belay_request_approval",
  "belay_approve",
  "constructor",
];

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("production", "staging", "../..", "/etc/passwd", "--yes", "index.html\u0000", "\u202e", "__proto__"),
  fc.nat({ max: 60_000 }).map((count) => "x".repeat(count)),
);
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue(),
  fc.array(text, { maxLength: 600 }),
);
const field = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom("target", "paths", "plan", "site", "kind", "fields", "change", "note", "page", "limit", "base", "release"),
  },
  { weight: 1, arbitrary: text },
);
const fields = fc.dictionary(field, value, { maxKeys: 5 });
const params = fc.oneof(
  { weight: 4, arbitrary: fc.record({ name: fc.oneof(fc.constantFrom(...tools), value), arguments: fc.oneof(fields, value) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      uri: fc.oneof(
        text,
        text.map((end) => `belay://plans/${end}`),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ requestId: value, progressToken: value, _meta: value }) },
  { weight: 1, arbitrary: value },
);
const method = fc.oneof({ weight: 3, arbitrary: fc.constant("tools/call") }, { weight: 3, arbitrary: fc.constantFrom(...methods) }, text);

/** One that JSON-RPC has to answer, under an id of its own. */
const request = fc.record({ method, params: fc.oneof(params, fc.constant({})) });
const line = fc.oneof(
  fc.string(),
  fc.json(),
  fc.record({ jsonrpc: value, id: value, method: value, params: value }, { requiredKeys: [] }).map((held) => JSON.stringify(held)),
  fc.array(request, { maxLength: 5 }).map((batch) => JSON.stringify(batch)),
  fc
    .record({
      jsonrpc: fc.constant("2.0"),
      method: fc.oneof(text, fc.constantFrom("notifications/cancelled", "notifications/progress")),
      params,
    })
    .map((held) => JSON.stringify(held)),
);

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: messages that no client sends", () => {
  let quay: McpWorld;
  let lines: Lines;
  const answers = new Map<unknown, unknown>();
  const wrong: string[] = [];
  let sent = 0;

  beforeAll(async () => {
    quay = await openMcpWorld();
    lines = quay.lines();
    lines.onLine((told) => {
      const answer: unknown = JSON.parse(told);
      const code = partOf(answer, "error", "code");
      const isAnswer = partOf(answer, "result") !== undefined || (typeof code === "number" && code < 0 && Number.isInteger(code));
      const isTold = typeof partOf(answer, "method") === "string";
      if (partOf(answer, "jsonrpc") !== "2.0" || (!isAnswer && !isTold)) wrong.push(told.slice(0, 400));
      answers.set(partOf(answer, "id"), answer);
    });
    const about = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
    await asked({ method: "initialize", params: about });
    lines.send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  });
  afterAll(async () => await quay.close());

  /** Resolves with the answer; a server that gives none runs into the test's time limit. */
  async function asked(about: object): Promise<unknown> {
    sent += 1;
    const id = `q${sent}`;
    lines.send(JSON.stringify({ jsonrpc: "2.0", id, ...about }));
    while (!answers.has(id)) await new Promise((resolve) => setTimeout(resolve, 2));
    return answers.get(id);
  }

  test("every request is answered with a result or an error of the protocol", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(request, async (about) => {
        const answer = await asked(about);
        const told = JSON.stringify(answer);
        expect({ about, told }).not.toMatchObject({ told: expect.stringContaining("this is a bug") });
        expect(told).not.toMatch(/\bat \S+ \(?(?:file:|\/)/u);
      }),
      { numRuns: 300, endOnFailure: true },
    );
    expect(wrong).toEqual([]);
  });

  test("lines of any kind leave the server able to answer the next call", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (all) => {
        // A line end within would make two lines of it.
        for (const one of all) lines.send(one.replaceAll(/[\r\n]/gu, " "));
        expect(partOf(await asked({ method: "tools/list", params: {} }), "result", "tools")).toHaveLength(17);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(wrong).toEqual([]);
  });

  test("none of them wrote to the stage or to production, and the server ends as it should", async () => {
    expect(partOf(await asked({ method: "tools/call", params: { name: "belay_warnings", arguments: {} } }), "result", "isError")).not.toBe(
      true,
    );
    expect(["staging", "production"].map((bucket) => quay.sandbox.s3.objectCount(`quay-${bucket}`))).toEqual([0, 0]);
    expect(lines.stderr()).not.toMatch(/\n\s+at /u);
    expect(await lines.end()).toBe(0);
  });
});
