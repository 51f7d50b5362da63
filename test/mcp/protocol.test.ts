/** What a client may do wrong, or not at all: the server answers by the protocol, stays, and loses nothing. */

import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasSshKeygen } from "../support/software-key.ts";
import { openMcpWorld, partOf, type Era, type McpWorld } from "./mcp-world.ts";

const page = (text: string): string => `<!doctype html>\n<title>Quay</title>\n<p>${text}</p>\n`;

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: the server keeps to the protocol", () => {
  let quay: McpWorld;
  beforeAll(async () => {
    quay = await openMcpWorld();
  });
  afterEach(() => quay.sandbox.faults.clear());
  afterAll(async () => await quay.close());

  test.each<Era>(["2025-11-25", "2026-07-28"])("era %s: handshake, tools, a deploy with progress, errors as answers", async (era) => {
    const agent = await quay.agent(era);
    try {
      expect(agent.client.getNegotiatedProtocolVersion()).toBe(era);
      expect((await agent.client.listTools()).tools).toHaveLength(17);
      await quay.world.write("studio/public/index.html", page(`Berths in ${era}.`));
      const seen: { progress: number; message: string }[] = [];
      const result = await agent.client.callTool(
        { name: "belay_deploy", arguments: { target: "staging", paths: ["index.html"] } },
        { onprogress: ({ progress, message }) => seen.push({ progress, message: message ?? "" }) },
      );
      expect(result.structuredContent).toMatchObject({ format: 1, outcome: "applied" });
      expect(JSON.parse(textOf(result.content[1]))).toEqual(result.structuredContent);
      expect(seen.length).toBeGreaterThan(2);
      expect(seen.map(({ progress }) => progress)).toEqual(seen.map(({ progress }) => progress).toSorted((one, other) => one - other));
      expect(seen.some(({ message }) => message.startsWith("writing"))).toBe(true);
      expect(await agent.call("belay_status", { target: "stagin" })).toMatchObject({
        isError: true,
        fields: { format: 1, error: { code: "usage", message: expect.stringContaining("stagin"), remedy: "belay status staging" } },
      });
      await expect(agent.client.callTool({ name: "belay_approve", arguments: {} })).rejects.toThrow("belay_approve not found");
      const { contents } = await agent.client.readResource({ uri: "belay://warnings" });
      expect(textOf(contents[0])).toContain('"format": 1');
    } finally {
      await agent.close();
    }
  });

  test("arguments of the wrong type, unknown ones and too many are refused before anything is looked at", async () => {
    const agent = await quay.agent();
    try {
      for (const [name, input] of [
        ["belay_status", { target: 7 }],
        ["belay_status", { targett: "staging" }],
        ["belay_plan", {}],
        ["belay_promote", { target: "production", plan: "../../etc" }],
        ["belay_plan", { target: "staging", paths: Array.from({ length: 501 }, () => "a.html") }],
        ["belay_find", { kind: "course", fields: { "a=b": "c" } }],
        ["belay_warn_add", { paths: ["index.html"], note: "x".repeat(2001) }],
      ] as const) {
        const answer = await agent.call(name, input);
        expect({ name, input: JSON.stringify(input).slice(0, 60), ...answer }).toMatchObject({ isError: true, fields: {} });
        expect(answer.text).toContain("Invalid arguments");
      }
      for (const paths of [["../../outside.html"], ["/etc/passwd"], ["../srv/preview/index.html"]])
        expect(await agent.call("belay_pull", { target: "staging", paths })).toMatchObject({
          isError: true,
          fields: { error: { code: "usage" } },
        });
      expect((await agent.call("belay_warnings")).isError).toBe(false);
    } finally {
      await agent.close();
    }
  });

  test("a call that is cancelled under way puts back what it wrote, and the server goes on", async () => {
    const agent = await quay.agent();
    try {
      await writeFleet(quay);
      const stop = new AbortController();
      const call = agent.client.callTool(
        { name: "belay_deploy", arguments: { target: "staging", paths: ["fleet/"] } },
        { signal: stop.signal, onprogress: ({ message }) => message?.startsWith("writing") === true && stop.abort("changed my mind") },
      );
      await expect(call).rejects.toThrow("changed my mind");
      quay.sandbox.faults.clear();
      // Writers go one at a time: this one begins when the cancelled one has ended.
      expect((await agent.call("belay_pull", { target: "staging" })).isError).toBe(false);
      expect(fleetAtStage(quay)).toEqual([]);
      expect(partOf((await agent.call("belay_status", { target: "staging" })).fields, "open")).toBeNull();
      expect(partOf((await agent.call("belay_log", { limit: 5 })).fields, "entries")).toMatchObject(
        expect.arrayContaining([expect.objectContaining({ kind: "undoing" }), expect.objectContaining({ kind: "ended", as: "stopped" })]),
      );
    } finally {
      await agent.close();
    }
  });

  test("a client that goes in the middle of a deploy leaves the stage as it was", async () => {
    const lines = quay.lines();
    await writeFleet(quay);
    await new Promise<void>((resolve) => {
      lines.onLine((line) => line.includes('"message":"writing') && resolve());
      for (const line of [
        ...handshake,
        `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"belay_deploy","arguments":{"target":"staging","paths":["fleet/"]},"_meta":{"progressToken":2}}}`,
      ])
        lines.send(line);
    });
    quay.sandbox.faults.clear();
    // Its exit waits for what it puts back.
    expect(await lines.end()).toBe(0);
    expect(fleetAtStage(quay)).toEqual([]);
  });

  test("two deploys at once come one after the other, and both land", async () => {
    const agent = await quay.agent();
    try {
      await quay.world.write("studio/public/boats.html", page("Boats"));
      await quay.world.write("studio/public/tides.html", page("Tides"));
      const both = await Promise.all(
        ["boats.html", "tides.html"].map(async (path) => await agent.call("belay_deploy", { target: "staging", paths: [path] })),
      );
      expect(both.map(({ fields }) => partOf(fields, "outcome"))).toEqual(["applied", "applied"]);
    } finally {
      await agent.close();
    }
  });

  test("a belay.yaml that was changed since the start serves nothing until a person restarts the server", async () => {
    const agent = await quay.agent();
    const file = "studio/belay.yaml";
    const was = await quay.world.read(file);
    try {
      for (const [from, to] of [
        ["approvals: 1", "approvals: 0"],
        ["quay-production", "quay-staging-2"],
        ["guard: false", "guard: true"],
      ] as const) {
        await quay.world.write(file, was.replace(from, to));
        for (const [name, input] of [
          ["belay_status", {}],
          ["belay_promote", { target: "production", plan: "0123456789ab" }],
        ] as const) {
          const answer = await agent.call(name, input);
          expect(answer).toMatchObject({ isError: true, fields: { error: { code: "person-needed" } } });
          expect(answer.text).toContain("restarts the MCP server");
        }
      }
      await quay.world.write(file, `# a remark\n${was}`);
      expect((await agent.call("belay_warnings")).isError).toBe(false);
      await quay.world.write("studio/allowed_signers", `${await quay.world.read("studio/allowed_signers")}# one more\n`);
      expect((await agent.call("belay_warnings")).isError).toBe(true);
      await quay.world.write("studio/allowed_signers", (await quay.world.read("studio/allowed_signers")).replace("# one more\n", ""));
      expect((await agent.call("belay_warnings")).isError).toBe(false);
    } finally {
      await quay.world.write(file, was);
      await agent.close();
    }
  });

  test("lines that are no messages are answered as such, and the next call works", async () => {
    const lines = quay.lines();
    const answers: unknown[] = [];
    const sent = [
      "{ not json",
      '"text"',
      '{"jsonrpc":"1.0","id":3,"method":"ping"}',
      `{"jsonrpc":"2.0","id":4,"method":"ping","params":{"x":"${"y".repeat(1_100_000)}"}}`,
      '{"jsonrpc":"2.0","id":5,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}',
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      '{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":7}}',
      '{"jsonrpc":"2.0","id":7,"method":"no/such"}',
      '{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"belay_warnings","arguments":{}}}',
    ];
    try {
      await new Promise<void>((resolve) => {
        lines.onLine((line) => answers.push(JSON.parse(line)) === 8 && resolve());
        for (const line of sent) lines.send(line);
      });
      const codes = answers.map((answer) => [partOf(answer, "id"), partOf(answer, "error", "code") ?? "result"]);
      expect(codes).toEqual(
        expect.arrayContaining([
          [null, -32_700],
          [null, -32_600],
          [3, -32_600],
          [5, "result"],
          [6, -32_602],
          [7, -32_601],
          [8, "result"],
        ]),
      );
      expect(codes.filter(([id]) => id === null)).toHaveLength(3);
    } finally {
      expect(await lines.end()).toBe(0);
    }
  });

  test("without a belay.yaml the server stands, and every call says what is missing", async () => {
    const [file, aside] = [join(quay.folder, "belay.yaml"), join(quay.folder, "aside.txt")];
    await rename(file, aside);
    const agent = await quay.agent();
    try {
      expect(await agent.call("belay_status")).toMatchObject({
        isError: true,
        fields: { error: { code: "config-missing", remedy: "belay init" } },
      });
      expect((await agent.client.listResources()).resources.map(({ uri }) => uri)).toEqual(["belay://warnings", "belay://policy"]);
    } finally {
      await rename(aside, file);
      await agent.close();
    }
  });

  test("a long answer is cut, says where, and says how to get the rest", async () => {
    const agent = await quay.agent();
    try {
      const long = Array.from({ length: 4000 }, (_, index) => `<p>line ${index} of a page that is long</p>`).join("\n");
      await quay.world.write("studio/public/long.html", page(long));
      const diff = await agent.call("belay_diff", { target: "staging", paths: ["long.html"] });
      expect(JSON.stringify(diff.fields).length).toBeLessThan(50_000);
      expect(diff.fields).toMatchObject({
        truncated: [{ at: "diffs.0.text", of: "characters", total: expect.any(Number) }],
        rest: expect.any(String),
      });
      expect(diff.text).toContain("cut to 48000 characters");
    } finally {
      await agent.close();
    }
  });
});

const handshake = [
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}',
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
];

const fleetSize = 12;
const fleetPath = (index: number): string => `fleet/${index}.html`;

/** More pages than are written at once, slowly: there is always one that has landed and one that has not begun. */
async function writeFleet({ world, sandbox }: McpWorld): Promise<void> {
  for (let index = 0; index < fleetSize; index += 1) await world.write(`studio/public/${fleetPath(index)}`, page(`Boat ${index}`));
  sandbox.faults.add({ operation: "PutObject", key: "fleet/", action: { kind: "delay", ms: 60 } });
}

const fleetAtStage = (quay: McpWorld): number[] =>
  Array.from({ length: fleetSize }, (_, index) => index).filter((index) => quay.text("staging", fleetPath(index)) !== "");

const textOf = (part: unknown): string => String(partOf(part, "text"));
