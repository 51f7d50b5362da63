/** When things go wrong half-way: what is said, which exit, and which command goes on. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

let world: CliWorld;

beforeEach(async () => {
  world = await openCliWorld([], { ms: 0 });
  await world.write("studio/public/index.html", "<h1>one</h1>\n");
  await world.run("studio", ["deploy", "live", "--yes"]);
  await world.write("studio/public/index.html", "<h1>two</h1>\n");
});
afterEach(() => world.close());

describe("a deploy whose page cannot be looked at", () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer((_, response) => void readFile(join(world.root, "srv", "live", "index.html")).then((page) => response.end(page)));
    port = await listening(server, 0);
    await closed(server);
    await world.write(
      "studio/belay.yaml",
      (await world.read("studio/belay.yaml")).replace("srv/live }", `srv/live, url: "http://127.0.0.1:${port}" }`),
    );
  });
  afterEach(() => closed(server));

  test("is unsettled: it stands first in status, nothing goes past it, and undo puts it back", async () => {
    const deployed = await world.run("studio", ["deploy", "live", "--yes"]);
    expect(deployed.exit).toBe(5);
    expect(deployed.stderr).toContain("next: belay resume");
    const { stdout } = await world.run("studio", ["status", "live"]);
    expect(stdout.split("\n")[2]).toMatch(/^! The deploy “index\.html” of .* by Wren has not ended\.$/u);
    expect(stdout).toContain("next: belay resume live");
    expect((await world.run("studio", ["deploy", "live", "--yes"])).exit).toBe(5);
    expect((await world.run("studio", ["undo"])).exit).toBe(0);
    expect(await world.read("srv/live/index.html")).toBe("<h1>one</h1>\n");
    expect((await world.run("studio", ["undo"])).stdout).toContain("Nothing was interrupted.");
  });

  test("is finished by resume once the address answers", async () => {
    expect((await world.run("studio", ["deploy", "live", "--yes"])).exit).toBe(5);
    await listening(server, port);
    const { exit, stdout } = await world.run("studio", ["resume"]);
    expect(stdout).toMatch(/✔ applied r\d+ to live: 1 file\n {2}1 page checked at the address that visitors use\n/u);
    expect(exit).toBe(0);
    expect(await world.read("srv/live/index.html")).toBe("<h1>two</h1>\n");
  });
});

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

test("while somebody else is at work the command waits for nobody, and says who", async () => {
  const typing = new PassThrough();
  const asking = world.run("studio", ["deploy", "live"], { typing });
  const held = await heldBy(() => world.run("studio", ["deploy", "live", "--json", "--yes"]));
  expect(held).toMatchObject({
    exit: 7,
    document: { outcome: "held", held: { by: expect.stringContaining("Wren"), purpose: "deploy" }, error: { code: "lease-held" } },
  });
  typing.end("n\n");
  expect((await asking).exit).toBe(2);
  expect((await world.run("studio", ["deploy", "live", "--yes"])).exit).toBe(0);
});

test("a warning that comes between the question and the answer still binds", async () => {
  const typing = new PassThrough();
  const asking = world.run("studio", ["deploy", "live"], { typing });
  for (let waited = 0; waited < 100 && !(await hasLease()); waited += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  await world.run("laptop", ["warn", "add", "index.html", "--note", "the hours change today"]);
  typing.end("y\n");
  const { exit, stderr } = await asking;
  expect(stderr).toContain("the hours change today");
  expect(exit).toBe(3);
  expect(await world.read("srv/live/index.html")).toBe("<h1>one</h1>\n");
});

/** The first command needs a moment until it holds the lease; a plan that nobody confirms changes nothing meanwhile. */
async function heldBy(
  run: () => Promise<{ readonly exit: number; readonly stdout: string }>,
): Promise<{ readonly exit: number; readonly document: unknown }> {
  for (let waited = 0; waited < 100 && !(await hasLease()); waited += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  const { exit, stdout } = await run();
  return { exit, document: JSON.parse(stdout) };
}

const hasLease = (): Promise<boolean> =>
  readdir(join(world.root, "state"), { recursive: true }).then(
    (names) => names.some((name) => /leases?\/.*live/u.test(name)),
    () => false,
  );

test("a record that was tampered with is told loudly and takes a person", async () => {
  const folder = join(world.root, "state", "ledger");
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const [oldest] = (await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, "utf8") })))).filter(({ text }) =>
    text.includes('"seq":1,'),
  );
  await writeFile(oldest?.file ?? "", (oldest?.text ?? "").replace("Wren", "Jack"));
  const { exit, stderr } = await world.run("studio", ["log"]);
  expect(exit).toBe(8);
  expect(stderr).toContain("✖ The record is broken at entry 1");
  const { stdout } = await world.run("studio", ["log", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ chain: { brokenAt: 1 } });
});
