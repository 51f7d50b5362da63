/** `belay init`: what it writes, what it takes on, and what it never makes look fine. */

import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../sandbox/start-sandbox.ts";
import { belay, expectExit } from "../scenarios/support/run-belay.ts";
import { openCliWorld, type CliWorld, type Finished } from "./cli-world.ts";

let world: CliWorld;

beforeEach(async () => {
  world = await openCliWorld();
  await mkdir(join(world.root, "fresh"));
  await world.write("srv/www/index.html", '<h1>Harbour</h1>\n<div id="tides"></div>\n');
  await world.write("srv/www/style.css", "h1 { margin: 0 }\n");
});
afterEach(() => world.close());

test("a stale folder is not made to look fine, and the next command is the pull", async () => {
  await world.write("fresh/public/index.html", "<h1>Harbour</h1>\n");
  await world.write("fresh/public/style.css", "h1 { margin: 0 }\n");
  expect(await world.shown("fresh", ["init", "--target", "production=dir:../srv/www"])).toMatchInlineSnapshot(`
    "fresh $ belay init --target production=dir:../srv/www
    ✔ wrote belay.yaml

      production  dir:/world/srv/www  2 files live
        1 the same in public, recorded as seen
        1 different from live, and nothing proves which is newer
      next: belay pull production
    [exit 0]
    "
  `);
  expect((await world.run("fresh", ["deploy", "production", "--yes"])).exit).toBe(3);
  expect(await world.read("srv/www/index.html")).toContain("tides");
});

test("into an empty folder it brings what is live, and both are the same", async () => {
  expect((await world.run("fresh", ["init", "--from", "dir:../srv/www"])).exit).toBe(0);
  expect(await world.read("fresh/public/index.html")).toBe(await world.read("srv/www/index.html"));
  expect((await world.run("fresh", ["status"])).stdout).toContain("everything is the same as live (2 files)");
});

test("tokens of a CLAUDE.md bind where live bears them out; the others stand there as comments", async () => {
  await world.write(
    "fresh/CLAUDE.md",
    [
      "## Feature tokens",
      '- `TIDE_TABLE`: index.html must contain `id="tides"`',
      "- `BERTH_FORM`: index.html must contain `action=/berth`",
      "",
    ].join("\n"),
  );
  await world.write("fresh/public/index.html", "<h1>Harbour</h1>\n");
  const { stdout } = await world.run("fresh", ["init", "--target", "production=dir:../srv/www"]);
  expect(stdout).toContain("feature tokens taken over: TIDE_TABLE\n");
  const written = await config();
  expect(written).toMatch(/^ {4}TIDE_TABLE: \{ file: index\.html, contains: "id=\\"tides\\"" \}$/mu);
  expect(written).toMatch(/^# {3}BERTH_FORM: .*CLAUDE\.md:3$/mu);
  expect((await world.run("fresh", ["tokens", "check"])).exit).toBe(3);
});

test("no belay.yaml is ever overwritten", async () => {
  const before = await world.read("studio/belay.yaml");
  const { exit, stderr } = await world.run("studio", ["init", "--from", "dir:../srv/www"]);
  expect(exit).toBe(2);
  expect(stderr).toContain("init overwrites nothing");
  expect(await world.read("studio/belay.yaml")).toBe(before);
});

test.each([
  ["nobody says where the site is live", [], "nobody is here to ask"],
  ["a target lies inside the root", ["--root", "public", "--target", "live=dir:public/live"], "must lie apart"],
  ["a target's kind is not known", ["--target", "live=ftp://host"], "no valid belay.yaml"],
  ["a stage is none of the targets", ["--target", "live=dir:../srv/www", "--after", "live=staging"], "names no target"],
])("where %s, nothing is written", async (_, flags, telling) => {
  const { exit, stderr } = await world.run("fresh", ["init", ...flags]);
  expect(stderr).toContain(telling);
  expect(exit).toBe(2);
  await expect(world.read("fresh/belay.yaml")).rejects.toThrow("ENOENT");
});

test("in a git work tree the state is ignored, once", async () => {
  await mkdir(join(world.root, "fresh", ".git"));
  await world.write("fresh/.gitignore", "node_modules");
  await world.run("fresh", ["init", "--from", "dir:../srv/www"]);
  expect(await world.read("fresh/.gitignore")).toBe("node_modules\n.belay/\n");
});

const config = (): Promise<string> => world.read("fresh/belay.yaml");

describe("with buckets", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({
      buckets: [
        { name: "quay-live", versioning: true },
        { name: "quay-state", versioning: false },
      ],
      distributions: [
        { id: "E1LIVE", bucket: "quay-live", originPath: "/site" },
        { id: "E2OTHER", bucket: "quay-state" },
      ],
    });
    sandbox.s3.put("quay-live", "site/index.html", Buffer.from("<h1>Harbour</h1>\n"), { "content-type": "text/html" });
  });
  afterEach(() => sandbox.close());

  const init = (...flags: readonly string[]): Promise<Finished> => world.run("fresh", ["init", ...flags], { env: sandbox.env });

  test("it brings what is live, names the distribution, and says how to share the record", async () => {
    const { exit, stdout, stderr } = await init("--from", "s3://quay-live/site", "--cdn", "production=E1LIVE");
    expect(stderr).toBe("");
    expect(exit).toBe(0);
    expect(stdout).toContain("production  s3://quay-live/site  1 file live");
    expect(stdout).toContain("! The record stays in .belay. To share it: state: s3://PRIVATE-BUCKET/PREFIX\n");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(await world.read("fresh/public/index.html")).toBe("<h1>Harbour</h1>\n");
    expect(await config()).toMatch(/^state: \.belay$/mu);
    expect(await config()).toMatch(/^ {6}store: s3:\/\/quay-live\/site\n {6}cdn: cloudfront:E1LIVE # what changed is purged/mu);
    const { exit: after, stdout: status } = await world.run("fresh", ["status"], { env: sandbox.env });
    expect(after).toBe(0);
    expect(status).toContain("everything is the same as live (1 file)");
  });

  test("a bucket holds the record where --state names one, and nothing is said of sharing", async () => {
    const { exit, stdout } = await init(
      "--target",
      "live=s3://quay-live/site",
      "--cdn",
      "live=cloudfront:E1LIVE",
      "--state",
      "s3://quay-state/belay",
    );
    expect(exit).toBe(0);
    expect(stdout).not.toContain("share");
    expect(await config()).toMatch(/^# .*Every machine that publishes shares them.*\nstate: s3:\/\/quay-state\/belay$/mu);
    expect(await config()).toContain("cdn: cloudfront:E1LIVE #");
    expect(sandbox.s3.objectCount("quay-state")).toBeGreaterThan(0);
  });

  test.each([
    ["the target's bucket is missing", ["--target", "live=s3://quay-lost"], "there is no bucket at"],
    ["the record's bucket is missing", ["--target", "live=s3://quay-live", "--state", "s3://quay-lost"], "there is no bucket at"],
    ["the distribution is missing", ["--target", "live=s3://quay-live", "--cdn", "live=E9"], "no CloudFront distribution E9"],
    [
      "the distribution serves another bucket",
      ["--target", "live=s3://quay-live", "--cdn", "live=E2OTHER"],
      "not the target's bucket quay-live",
    ],
    ["the distribution serves another folder", ["--target", "live=s3://quay-live", "--cdn", "live=E1LIVE"], "not at s3://quay-live"],
    ["the id is none", ["--target", "live=s3://quay-live", "--cdn", "live=e1"], "no valid belay.yaml"],
    ["--cdn names no target", ["--target", "live=s3://quay-live", "--cdn", "staging=E1LIVE"], "names staging, which is no target"],
  ])("where %s, it says so and leaves nothing behind", async (_, flags, telling) => {
    await world.write("fresh/note.txt", "");
    const { exit, stdout, stderr } = await init(...flags);
    expect(stderr.replaceAll(/\s+/gu, " ")).toContain(telling);
    expect(stdout).toBe("");
    expect(exit).toBe(2);
    expect(await readdir(join(world.root, "fresh"))).toEqual(["note.txt"]);
  });

  test("where the record cannot be written, it can be run again: nothing stands that would forbid it", async () => {
    sandbox.faults.add({ operation: "PutObject", key: "belay/", action: { kind: "status", status: 403 } });
    const flags = ["--from", "s3://quay-live/site", "--state", "s3://quay-state/belay"];
    const denied = await init(...flags);
    expect(denied).toMatchObject({ exit: 2, stderr: expect.stringContaining("is not allowed") });
    await expect(config()).rejects.toThrow("ENOENT");
    sandbox.faults.clear();
    expect((await init(...flags)).exit).toBe(0);
    expect(await world.read("fresh/public/index.html")).toBe("<h1>Harbour</h1>\n");
  });

  test("without credentials it says how to get some, and leaves no belay.yaml", async () => {
    const env = {
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_REGION: "us-east-1",
      AWS_CONFIG_FILE: "none",
      AWS_SHARED_CREDENTIALS_FILE: "none",
    };
    const ran = await belay(["init", "--from", "s3://quay-live"], { cwd: join(world.root, "fresh"), env });
    expectExit(ran, 2);
    expect(ran.stderr).toContain("credentials");
    await expect(config()).rejects.toThrow("ENOENT");
  });

  test("the questions take buckets, ask for their distributions, and for a place for the record", async () => {
    const typing = Object.assign(new PassThrough(), { setRawMode: () => undefined });
    const answers: readonly (readonly [string, string])[] = [
      ["Which folder is published", ""],
      ["Where is it live", "s3://quay-live/site"],
      ["is in front of production", "E1LIVE"],
      ["do visitors find production", ""],
      ["Where is staging", "dir:../srv/www"],
      ["do visitors find staging", ""],
      ["Where is the record kept", "s3://quay-state/belay"],
    ];
    let asked = 0;
    let told = "";
    const onText = (text: string): void => {
      told += stripVTControlCharacters(text);
      const [question, answer] = answers[asked] ?? [];
      if (question === undefined || !told.includes(question)) return;
      asked += 1;
      setImmediate(() => typing.write(`${answer}\r`));
    };
    const { exit } = await world.run("fresh", ["init"], { typing, onText, env: sandbox.env });
    expect({ exit, asked }).toEqual({ exit: 0, asked: answers.length });
    expect(await config()).toMatch(/^state: s3:\/\/quay-state\/belay$/mu);
    expect(await config()).toMatch(
      /^ {4}staging:\n {6}store: dir:\.\.\/srv\/www\n {4}production:\n {6}store: s3:\/\/quay-live\/site\n {6}cdn: cloudfront:E1LIVE #/mu,
    );
  });
});
