/** The server as agents start it: the built command as a process of its own. What its tools do is tested in one process (tools.test.ts). */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "../cli/cli-world.ts";
import { belayMain, startAgent, type Era } from "./mcp-world.ts";

const env = { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8" };

/** The exit status of a server that has answered once and is then stopped so. */
async function endedBy(stop: (child: ReturnType<typeof spawn>) => void, cwd: string): Promise<unknown> {
  const child = spawn(process.execPath, [belayMain, "mcp"], { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  await once(child.stdout, "data");
  const exit = once(child, "exit");
  stop(child);
  return (await exit)[0];
}

describe("the built server", () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await openCliWorld();
    await world.write("srv/staging/index.html", "<p>Live</p>\n");
    await world.write("srv/live/index.html", "<p>Live</p>\n");
  });
  afterAll(async () => await world.close());

  test.each<Era>(["2025-11-25", "2026-07-28"])("era %s: serves its tools over stdin and stdout, and nothing else", async (era) => {
    const agent = await startAgent(era, { folder: `${world.root}/studio`, env: { ...env, HOME: world.root } });
    const strays: unknown[] = [];
    Object.assign(agent.client, { onerror: (error: Error) => strays.push(error.message) });
    try {
      expect(agent.client.getNegotiatedProtocolVersion()).toBe(era);
      expect((await agent.client.listTools()).tools).toHaveLength(17);
      expect((await agent.call("belay_status", { target: "staging" })).fields).toMatchObject({ format: 1, target: "staging" });
      expect(agent.stderr()).not.toMatch(/\n\s+at /u);
      // A line on stdout that is no message of the protocol.
      expect(strays).toEqual([]);
    } finally {
      await agent.close();
    }
  });

  test("ends with 0 when its input does, and by a signal with the status of an interruption", async () => {
    const folder = `${world.root}/studio`;
    expect(await endedBy((child) => child.stdin?.end(), folder)).toBe(0);
    expect(await endedBy((child) => child.kill("SIGTERM"), folder)).toBe(130);
  });
});
