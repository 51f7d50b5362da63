/** `belay sandbox`: what it makes, what it says, what it refuses, and that what it prints leads to it. */

import { hash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectS3 } from "../../src/adapters/shared/aws/connect.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { startBelay } from "../scenarios/support/run-belay.ts";
import { openCliWorld, type CliWorld, type Finished, type RunOptions } from "./cli-world.ts";

let world: CliWorld;
const open: { stop: () => Promise<unknown> }[] = [];

beforeEach(async () => {
  world = await openCliWorld();
  await world.write("bare/note.txt", "nothing to see\n");
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
  await world.close();
});

const signal = new AbortController().signal;

const nothing = (): void => undefined;

/** A site with one target, whose url names a port. */
const configAt = (url: string): string =>
  `version: 1\nsite:\n  root: public\n  targets:\n    live: { store: s3://tide-live, cdn: cloudfront:E1, url: "${url}" }\n`;

interface Running {
  /** The text on both streams so far. */
  readonly text: () => string;
  readonly stop: () => Promise<Finished>;
}

/** Runs until `stop`, which is Ctrl-C; gives back control once a line with `ready` is out. */
async function running(
  folder: string,
  words: readonly string[],
  { ready = "AWS_EC2_METADATA_DISABLED", ...options }: RunOptions & { readonly ready?: string } = {},
): Promise<Running> {
  let text = "";
  let interrupt = nothing;
  let isReady = nothing;
  const readiness = new Promise<void>((resolve) => (isReady = resolve));
  const finished = world.run(folder, ["sandbox", ...words], {
    ...options,
    onStart: (given) => (interrupt = given),
    onText: (piece) => {
      text += piece;
      if (text.includes(ready)) isReady();
    },
  });
  const stop = async (): Promise<Finished> => {
    interrupt();
    return finished;
  };
  open.push({ stop });
  await Promise.race([readiness, finished.then(({ stderr }) => expect.fail(`it ended: ${stderr}`))]);
  return { text: () => text, stop };
}

interface Document {
  readonly endpoint: string;
  readonly env: Readonly<Record<string, string>>;
  readonly buckets: readonly unknown[];
  readonly distributions: readonly { readonly id: string; readonly url: string }[];
}

const json = async (folder: string, ...words: readonly string[]): Promise<Document & Running> => {
  const run = await running(folder, ["--port", "0", "--json", ...words], { ready: "\n}\n" });
  return { ...run, ...documentIn(run.text()) };
};

function documentIn(text: string): Document {
  const document: Document & { readonly format: number } = JSON.parse(text);
  expect(document.format).toBe(1);
  return document;
}

async function put({ env }: Pick<Document, "env">, path: string, text: string): Promise<number> {
  const [bucket = "", ...key] = path.split("/");
  const wire = await connectS3(bucket, { env: { ...env, HOME: world.root }, now: () => Date.now() });
  const bytes = Buffer.from(text);
  const body = {
    sizeBytes: bytes.byteLength,
    sha256: hash("sha256", bytes),
    open: async function* sent(): AsyncGenerator<Uint8Array> {
      yield bytes;
    },
  };
  const headers = { "content-type": "text/html", "if-none-match": "*" };
  const answer = await wire.send({ method: "PUT", path: `/${key.join("/")}`, headers, body }, { signal });
  answer.discard();
  return answer.status;
}

const urlOf = ({ distributions }: Document, id: string): string => distributions.find((one) => one.id === id)?.url ?? "";
const textAt = async (url: string): Promise<string> => (await fetch(url)).text();

async function busyPort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ stop: () => new Promise((resolve) => server.close(resolve)) });
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

async function freePort(): Promise<number> {
  const port = await busyPort();
  await open.pop()?.stop();
  return port;
}

test("the built command serves S3 and an edge to other processes, and Ctrl-C ends it with exit 0", async () => {
  await world.write("elsewhere/note.txt", "");
  const { child, ended } = startBelay(["sandbox", "--port", "0", "--json"], { cwd: `${world.root}/elsewhere` });
  open.push({ stop: () => (child.kill("SIGKILL"), ended) });
  let text = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (piece: string) => {
      text += piece;
      if (text.endsWith("\n}\n")) resolve();
    });
    void ended.then(({ told }) => reject(new Error(told)));
  });
  const document = documentIn(text);
  expect(document.buckets).toEqual([
    { name: "example-staging", versioning: true, objects: 0 },
    { name: "example-production", versioning: true, objects: 0 },
    { name: "example-state", versioning: false, objects: 0 },
  ]);
  expect(await put(document, "example-staging/index.html", "<h1>Harbour</h1>")).toBe(200);
  expect(await textAt(`${urlOf(document, "ESTAGING")}/`)).toBe("<h1>Harbour</h1>");
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ exit: 0 });
});

describe("what it makes", () => {
  test("is what the nearest belay.yaml names, each edge at its target's url", async () => {
    const port = await freePort();
    await world.write(
      "studio/belay.yaml",
      [
        "version: 1",
        "state: s3://tide-state/belay",
        "site:",
        "  root: public",
        "  targets:",
        `    staging: { store: s3://tide-staging/docs, cdn: cloudfront:E1STAGE, url: "http://localhost:${port}" }`,
        "    live: { store: s3://tide-live/site/a, cdn: cloudfront:E2LIVE, url: https://tide.example/a, unversioned: kept elsewhere }",
        "    copy: { store: dir:../srv/copy }",
      ].join("\n"),
    );
    const sandbox = await json("studio/public");
    expect(sandbox.buckets).toEqual([
      { name: "tide-staging", versioning: true, objects: 0 },
      { name: "tide-live", versioning: false, objects: 0 },
      { name: "tide-state", versioning: false, objects: 0 },
    ]);
    expect(sandbox.distributions).toEqual([
      { id: "E1STAGE", bucket: "tide-staging", url: `http://127.0.0.1:${port}` },
      { id: "E2LIVE", bucket: "tide-live", url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/u) },
    ]);
    await put(sandbox, "tide-staging/docs/index.html", "stage");
    await put(sandbox, "tide-live/site/a/index.html", "live");
    expect(await textAt(`http://127.0.0.1:${port}/`)).toBe("stage");
    expect(await textAt(`${urlOf(sandbox, "E2LIVE")}/a/index.html`)).toBe("live");
    await sandbox.stop();
    const told = await running("studio", ["--port", "0"]);
    expect((await told.stop()).stderr).toContain("live has url: https://tide.example/a, which is not this sandbox.");
  });

  test("is what the options say, and then belay.yaml is not read", async () => {
    await world.write("studio/belay.yaml", "version: 2\n");
    const { buckets, distributions } = await json("studio", "--bucket", "a-b.c:unversioned", "--distribution", "E9=quay-live/www");
    expect(buckets).toEqual([
      { name: "a-b.c", versioning: false, objects: 0 },
      { name: "quay-live", versioning: true, objects: 0 },
    ]);
    expect(distributions).toMatchObject([{ id: "E9", bucket: "quay-live" }]);
  });

  test("stays in its folder from one run to the next", async () => {
    const first = await json("bare", "--folder", "kept");
    await put(first, "example-staging/index.html", "kept");
    expect((await first.stop()).exit).toBe(0);
    const second = await json("bare", "--folder", "kept");
    expect(second.buckets).toContainEqual({ name: "example-staging", versioning: true, objects: 1 });
    expect(await textAt(`${urlOf(second, "ESTAGING")}/`)).toBe("kept");
  });

  test("fails as it was told to", async () => {
    const sandbox = await json("bare", "--fault", "503:PutObject:1x:key=index", "--fault", "409:PutObject:key=other");
    expect(await put(sandbox, "example-staging/page.html", "")).toBe(200);
    expect(await put(sandbox, "example-staging/index.html", "")).toBe(503);
    expect(await put(sandbox, "example-staging/index.html", "")).toBe(200);
    expect(await put(sandbox, "example-staging/other.html", "")).toBe(409);
  });
});

describe("what it says", () => {
  test("on stdout is for a shell, and on stderr the account", async () => {
    const port = await freePort();
    const run = await running("bare", ["--port", String(port), "--bucket", "quay", "--fault", "500:1%"], {
      env: { AWS_PROFILE: "work", AWS_ENDPOINT_URL_S3: "https://s3.example" },
    });
    const { exit, stdout, stderr } = await run.stop();
    expect(exit).toBe(0);
    expect(stdout.split("\n")).toEqual([
      `export AWS_ENDPOINT_URL=http://127.0.0.1:${port}`,
      "export AWS_ACCESS_KEY_ID=sandbox",
      "export AWS_SECRET_ACCESS_KEY=sandbox-secret",
      "export AWS_REGION=us-east-1",
      "export AWS_DEFAULT_REGION=us-east-1",
      "export AWS_EC2_METADATA_DISABLED=true",
      "unset AWS_PROFILE AWS_ENDPOINT_URL_S3",
      "",
    ]);
    expect(stderr.replaceAll(String(port), "PORT")).toMatchInlineSnapshot(`
      "belay sandbox  http://127.0.0.1:PORT
        A pretend S3 and CloudFront. Nothing leaves this machine. Everything is in
        memory and gone at the end. Ctrl-C ends it.

        bucket  quay  versions kept  0 objects
        fault   500:1%

        A belay.yaml for it has these targets:

          version: 1
          site:
            root: public
            targets:
              quay:
                store: s3://quay

        Paste these lines into the terminal that is to use it:
      stopping…
      "
    `);
  });

  test("holds a belay.yaml that parses and names what is there", async () => {
    const run = await running("bare", ["--port", "0"]);
    const { stdout, stderr } = await run.stop();
    expect(stdout).not.toContain("unset");
    const text = stderr
      .split("\n")
      .filter((line) => line.startsWith("    "))
      .map((line) => line.slice(4))
      .join("\n");
    expect(parseConfig(text, "/w/belay.yaml")).toMatchObject({
      state: "s3://example-state/belay",
      sites: [
        {
          targets: [
            {
              name: "staging",
              store: "s3://example-staging",
              cdn: "cloudfront:ESTAGING",
              url: expect.stringContaining("http://127.0.0.1:"),
            },
            { name: "production", store: "s3://example-production", cdn: "cloudfront:EPRODUCTION" },
          ],
        },
      ],
    });
    expect(stderr.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("of each request is one line, as wide as the terminal and without what a terminal obeys", async () => {
    const run = await running("bare", ["--port", "0"]);
    const endpoint = /AWS_ENDPOINT_URL=(\S+)/u.exec(run.text())?.[1] ?? "";
    const edge = /edge +(\S+) +ESTAGING/u.exec(run.text())?.[1] ?? "";
    const env = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "sandbox",
      AWS_SECRET_ACCESS_KEY: "sandbox-secret",
      AWS_REGION: "us-east-1",
    };
    await put({ env }, "example-staging/index.html", "one");
    await put({ env }, "example-staging/index.html", "two");
    await fetch(`${edge}/%1b%5b2J${"long/".repeat(40)}`);
    await fetch(`${endpoint}/_sandbox`);
    await fetch(`${endpoint}/example-staging?list-type=2&prefix=a%2F`, { headers: { "if-match": `"${"5ca1ab1e".repeat(4)}"` } });
    await expect.poll(() => run.text()).toContain("prefix");
    const { stderr } = await run.stop();
    const lines = stderr.split("\n").slice(stderr.split("\n").findIndex((line) => line.startsWith("  Paste")) + 1, -2);
    expect(lines).toEqual([
      "PUT     example-staging/index.html  200  If-None-Match *",
      "PUT     example-staging/index.html  412  If-None-Match *",
      expect.stringMatching(/^GET {5}ESTAGING\/\[2Jlong\/(?:long\/)+[long/]*… {2}403$/u),
      'GET     example-staging?prefix=a/  403  If-Match "5ca1ab1e…"',
    ]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([["--quiet"], ["--json"]])("is nothing about requests with %s", async (flag) => {
    const run = await running("bare", ["--port", "0", flag], flag === "--json" ? { ready: "\n}\n" } : {});
    const url = /http:\/\/127\.0\.0\.1:\d+/u.exec(run.text())?.[0] ?? "";
    // By the time of the second answer the first exchange has ended.
    for (const name of ["first", "second"]) expect((await fetch(`${url}/${name}`)).status).toBe(403);
    const { stderr } = await run.stop();
    expect(stderr).toMatch(flag === "--json" ? /^stopping…\n$/u : /Paste these lines[^\n]*\nstopping…\n$/u);
  });
});

describe("what it refuses, with exit 2 and before it serves anything", () => {
  test("a busy port, with the command that takes another", async () => {
    const port = await busyPort();
    const { exit, stderr } = await world.run("bare", ["sandbox", "--settle", "0", "--port", String(port)]);
    expect(exit).toBe(2);
    expect(stderr).toContain(`Port ${port} is busy`);
    expect(stderr).toMatch(/next: belay sandbox --settle 0 --port \d+/u);
  });

  test("a busy port that belay.yaml gives to an edge, and one that is the sandbox's own", async () => {
    const port = await busyPort();
    await world.write("studio/belay.yaml", configAt(`http://127.0.0.1:${port}`));
    const busy = await world.run("studio", ["sandbox", "--port", "0"]);
    expect(busy).toMatchObject({ exit: 2, stderr: expect.stringMatching(/is busy[^]*and belay\.yaml's url gives\s+it to E1/u) });
    await world.write("studio/belay.yaml", configAt("http://127.0.0.1:9070/docs"));
    const own = await world.run("studio", ["sandbox"]);
    expect(own).toMatchObject({ exit: 2, stderr: expect.stringContaining("the sandbox itself has it") });
  });

  test("a folder that holds somebody's files, or is none, or is damaged", async () => {
    expect(await world.run("", ["sandbox", "--port", "0", "--folder", "bare"])).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/bare holds other things[^]*next: belay sandbox --folder bare\/sandbox/u),
    });
    expect(await world.run("bare", ["sandbox", "--port", "0", "--folder", "note.txt"])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("is no folder"),
    });
    await world.write("torn/journal.ndjson", "{]\n");
    expect(await world.run("", ["sandbox", "--port", "0", "--folder", "torn"])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("torn does not open as a sandbox"),
    });
    expect(await world.read("bare/note.txt")).toBe("nothing to see\n");
  });

  test.each([
    ["a port that is none", ["--port", "70000"], "--port takes a whole number from 0 to 65535"],
    ["a time that is none", ["--settle", "soon"], "--settle takes a whole number of milliseconds"],
    ["a fault that is none", ["--fault", "503:PutObjekt"], "next: belay sandbox --fault 503:PutObject"],
    ["a bucket's name that is none", ["--bucket", "Tide_Live"], "Tide_Live is neither"],
    ["a bucket of a kind that is none", ["--bucket", "tide:versioned"], "next: belay sandbox --bucket example-staging"],
    ["a distribution without a bucket", ["--distribution", "E1"], "--distribution takes ID=BUCKET"],
    ["a distribution's id that is none", ["--distribution", "e1=tide"], "the id in capitals"],
    ["a distribution twice", ["--distribution", "E1=tide", "--distribution", "E1=quay"], "names E1 twice"],
    ["a surplus word", ["staging"], "takes fewer words"],
  ])("%s", async (_, words, telling) => {
    const { exit, stdout, stderr } = await world.run("bare", ["sandbox", ...words]);
    expect(stderr).toContain(telling);
    expect(stdout).toBe("");
    expect(exit).toBe(2);
  });

  test("a belay.yaml that is wrong, or that was named and is not there", async () => {
    await world.write("studio/belay.yaml", "version: 2\n");
    expect(await world.run("studio", ["sandbox"])).toMatchObject({ exit: 2, stderr: expect.stringContaining("belay.yaml") });
    expect(await world.run("studio", ["sandbox", "--config", "none.yaml"])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("none.yaml"),
    });
  });
});
