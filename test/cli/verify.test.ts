/** `belay verify` as it is typed, against a web server of this machine. */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld, type Finished } from "./cli-world.ts";

let world: CliWorld;
let server: Server;
let origin = "";
/** What the server does in place of handing out the folder, by path; `true` where it has answered. */
let instead: (path: string, response: ServerResponse) => boolean;

beforeEach(async () => {
  world = await openCliWorld();
  instead = () => false;
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://here.invalid").pathname;
    if (instead(path, response)) return;
    const name = path === "/" ? "/index.html" : decodeURIComponent(path);
    readFile(join(world.root, "srv/staging", name)).then(
      (bytes) => response.writeHead(200, { "content-type": name.endsWith(".html") ? "text/html" : "text/css" }).end(bytes),
      () => response.writeHead(404).end("nothing here"),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  origin = `http://127.0.0.1:${address.port}`;
  await world.write("studio/belay.yaml", configWith(origin));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await world.close();
});

const configWith = (url: string): string =>
  [
    "version: 1",
    "state: ../state",
    "site:",
    "  root: public",
    "  unit: any",
    "  targets:",
    `    staging: { store: dir:../srv/staging, url: "${url}" }`,
    "    production: { store: dir:../srv/live, after: staging }",
    "  tokens:",
    '    TIDES: { file: index.html, contains: "tide table" }',
    "",
  ].join("\n");

async function deployed(): Promise<void> {
  await world.write("studio/public/index.html", '<link rel=stylesheet href="style.css"><p>tide table</p>\n');
  await world.write("studio/public/style.css", "p { color: teal }\n");
  expect(await world.run("studio", ["deploy", "staging", "--yes"])).toMatchObject({ exit: 0 });
}

const verify = async (...words: readonly string[]): Promise<Finished> => await world.run("studio", ["verify", "staging", ...words]);

/** The transcript with the port of the day taken out. */
const told = ({ stdout, stderr }: Finished): string =>
  (stdout + stderr).replaceAll(origin, "http://staging.example").replaceAll(/\b[0-9a-f]{12}\b/gu, "DIGEST");

describe("belay verify", () => {
  test("says what was looked at and what comes next, and exits 0", async () => {
    await deployed();
    const good = await verify();
    expect(good.exit).toBe(0);
    expect(told(good)).toBe(
      [
        "✔ staging shows what it should: 1 file.",
        "  looked at all pages on record, as visitors get it at http://staging.example",
        "",
        "  index.html  DIGEST  status 200",
        "  tokens: 1 kept",
        "",
        "  next: belay promote production",
        "",
      ].join("\n"),
    );
  });

  test("exits 6 where it saw other bytes, 5 where it saw nothing, and fits 80 columns", async () => {
    await deployed();
    instead = (_, response) =>
      Boolean(response.writeHead(200, { "content-type": "text/html", "x-cache": "Hit from edge" }).end("<p>tide table of old</p>"));
    const bad = await verify("--within", "0");
    expect(bad.exit).toBe(6);
    expect(told(bad)).toMatch(/^✖ staging does not show what it should: 1 of 1 file\.\n/u);
    expect(told(bad)).toMatch(/other bytes \(DIGEST, from a cache\)/u);
    expect(told(bad)).toMatch(/next: belay verify staging index\.html --within 120/u);
    instead = (_, response) => Boolean(response.destroy());
    const unknown = await verify("--within", "0");
    expect(unknown.exit).toBe(5);
    expect(told(unknown)).toMatch(/^\? It could not be told/u);
    for (const line of (told(bad) + told(unknown)).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("waits for a server that needs a moment", async () => {
    await deployed();
    let left = 2;
    instead = (path, response) => path === "/index.html" && (left -= 1) >= 0 && Boolean(response.writeHead(500).end("starting"));
    expect((await verify("--within", "20")).exit).toBe(0);
    expect(left).toBeLessThan(0);
  });

  test("gives one document with what was promised, got and recorded", async () => {
    await deployed();
    const { exit, stdout } = await verify("--json", "--by", "Wren", "--note", "looked at it on a telephone");
    expect(exit).toBe(0);
    const answer: unknown = JSON.parse(stdout);
    expect(answer).toMatchObject({
      format: 1,
      site: "default",
      target: "staging",
      outcome: "good",
      lookedAt: "address",
      scope: { kind: "all", next: "production", leftOut: 0 },
      files: [
        {
          path: "index.html",
          url: `${origin}/index.html`,
          outcome: "good",
          problems: [],
          got: { status: 200, contentType: "text/html" },
          digest: expect.stringMatching(/^[0-9a-f]{64}$/u),
          revision: expect.any(String),
        },
      ],
      tokens: [{ name: "TIDES", path: "index.html", state: "ok" }],
      document: expect.stringMatching(/^[0-9a-f]{64}$/u),
      verified: { seq: 3 },
      open: null,
    });
    expect(answer).not.toHaveProperty("looks");
    const log = await world.run("studio", ["log", "--json"]);
    expect(JSON.parse(log.stdout)).toMatchObject({
      entries: expect.arrayContaining([
        expect.objectContaining({ seq: 3, kind: "verified", outcome: "good", note: "looked at it on a telephone" }),
      ]),
    });
  });

  test("shows nothing that a terminal would obey, whatever headers say", async () => {
    await deployed();
    // Node's own server refuses C0 controls in headers; C1 controls pass, and terminals obey those as well.
    instead = (_, response) => Boolean(response.writeHead(200, { "content-type": "text/\u009b31mplain\u0085" }).end("<p>tide table</p>"));
    const bad = await verify("--within", "0");
    expect(bad.exit).toBe(6);
    expect(told(bad)).toContain("text/31mplain");
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
    expect(told(bad)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
  });

  test("sees a page that a server hands out compressed as other bytes, with its tokens in place", async () => {
    await deployed();
    const page = gzipSync("<p>tide table</p>");
    instead = (_, response) => Boolean(response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end(page));
    const { stdout } = await verify("--within", "0", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "bad", tokens: [{ state: "ok" }] });
  });

  test("follows a redirect on the same host, and none to another", async () => {
    await deployed();
    instead = (path, response) => path === "/index.html" && Boolean(response.writeHead(302, { location: "/" }).end());
    expect((await verify("--within", "0")).exit).toBe(0);
    instead = (path, response) => path === "/index.html" && Boolean(response.writeHead(302, { location: "https://login.example/" }).end());
    const away = await verify();
    expect(away.exit).toBe(5);
    expect(told(away)).toContain("it redirects to another host, login.example");
  });

  test("is refused where a path or the time makes no sense, before anything is asked", async () => {
    await deployed();
    expect(await verify("missing.html")).toMatchObject({ exit: 2, stderr: expect.stringContaining("missing.html") });
    for (const within of ["-1", "1.5", "soon", "3601"]) expect((await verify(`--within=${within}`)).exit).toBe(2);
    expect((await verify("--note", " ")).exit).toBe(2);
    const both = await world.run("studio", ["verify", "staging", "production"]);
    expect(both).toMatchObject({ exit: 2, stderr: expect.stringContaining("D2") });
  });

  test("writes a report beside its answer, and none where it would be published", async () => {
    await deployed();
    const { exit, stderr } = await verify("--html", "look.html");
    expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining("look.html") });
    expect(await world.read("studio/look.html")).toContain("index.html");
    expect(await verify("--html", "public/look.html")).toMatchObject({ exit: 2 });
  });

  test("looks at the store where the target has no address, and says so", async () => {
    await world.write("studio/belay.yaml", configWith(origin).replace(/, url: "[^"]*"/u, ""));
    await deployed();
    const good = await verify();
    expect(good.exit).toBe(0);
    expect(told(good)).toMatch(/in its store, since staging has no url in\s+belay\.yaml/u);
    expect(await verify("--look")).toMatchObject({ exit: 2, stderr: expect.stringContaining("no address") });
    await world.write("srv/staging/index.html", "by another hand");
    const bad = await verify();
    expect(bad.exit).toBe(6);
    expect(told(bad)).toMatch(/next: belay status staging/u);
  });
});
