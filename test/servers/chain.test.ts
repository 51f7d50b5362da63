/** From staging to production and back with real processes on somebody else's server: the record in a bucket, a signature at a terminal. */

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newKey } from "../scenarios/support/chain-ground.ts";
import { openGround, put, type Ground } from "../scenarios/support/ground.ts";
import { belayOnTerminal, hasScript } from "../scenarios/support/on-terminal.ts";
import { answerOf, belay, expectExit, type Ran } from "../scenarios/support/run-belay.ts";
import { hasSshKeygen } from "../support/software-key.ts";
import { makeBucket } from "./support/buckets.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

const cliEnv = { ...process.env, ...server.env, AWS_DEFAULT_REGION: "us-east-1", AWS_PAGER: "" };
const hasCli = spawnSync("aws", ["--version"], { stdio: "ignore", env: cliEnv }).status === 0;
const page = (text: string, foot = "Call us."): string =>
  ["<!doctype html>", "<title>Larkmoor</title>", `<h1>${text}</h1>`, "<hr>", "<p>Open from nine.</p>", "<hr>", `<p>${foot}</p>`, ""].join(
    "\n",
  );

let ground: Ground;
let buckets: Readonly<Record<"staging" | "production" | "state", string>>;

const folderOf = (copy: string): string => join(ground.folder, copy);
const env = (): Record<string, string> => ({ ...server.env, HOME: ground.folder });
const run = async (...words: readonly string[]): Promise<Ran> => await belay(words, { cwd: folderOf("studio"), env: env() });
/** Another machine, which shares nothing but the buckets. */
const elsewhere = async (...words: readonly string[]): Promise<Ran> => await belay(words, { cwd: folderOf("runner"), env: env() });
const person = async (...words: readonly string[]): Promise<Ran> =>
  await belayOnTerminal(words, { cwd: folderOf("studio"), env: env(), answer: "y" });

/** What a target holds, asked of the server by its own client. */
function live(target: "staging" | "production"): string {
  const ran = spawnSync("aws", ["s3", "cp", "--quiet", `s3://${buckets[target]}/index.html`, "-"], { env: cliEnv, encoding: "utf8" });
  return ran.status === 0 ? ran.stdout : "nothing";
}

async function stage(text: string, title: string): Promise<void> {
  put(join(folderOf("studio"), "public"), "index.html", text);
  expectExit(await run("deploy", "staging", "--yes", "--change", title), 0);
}

describe.skipIf(!hasCli || !hasSshKeygen || !hasScript)(
  `the whole chain on ${server.title} (needs the aws CLI, ssh-keygen and util-linux)`,
  () => {
    beforeEach(async () => {
      ground = openGround("chain");
      buckets = { staging: await makeBucket("versioned"), production: await makeBucket("versioned"), state: await makeBucket() };
      const line = `wren@example.com ${await newKey(ground.folder)}`;
      const config = [
        "version: 1",
        `state: s3://${buckets.state}/belay`,
        "signers: allowed_signers",
        "site:",
        "  root: public",
        "  unit: any",
        "  targets:",
        `    staging: { store: s3://${buckets.staging} }`,
        `    production: { store: s3://${buckets.production}, after: staging, approvals: 1, keys: any }`,
        "",
      ].join("\n");
      for (const copy of ["studio", "runner"]) {
        put(folderOf(copy), "belay.yaml", config);
        put(folderOf(copy), "allowed_signers", line);
        put(join(folderOf(copy), "public"), ".keep", "");
      }
    });
    afterEach(() => ground.remove());

    it("goes to production under one signature, is put right after a stranger's write, and comes back", async () => {
      await stage(page("First"), "First");
      expectExit(await run("verify", "staging"), 0);
      const asked = await elsewhere("promote", "production", "--json");
      expectExit(asked, 8);
      const id = String(answerOf(asked, "id"));
      expectExit(await run("approve", id), 8);
      const approved = await person("approve", id);
      expectExit(approved, 0);
      expect(approved.stdout).toContain("✔ wren@example.com approved plan");
      expect(live("production")).toBe("nothing");
      expectExit(await elsewhere("apply", id), 0);
      expect(live("production")).toBe(page("First"));
      expectExit(await elsewhere("apply", id), 4);

      await stage(page("Second"), "Second");
      expectExit(await person("promote", "production"), 0);
      expect(live("production")).toBe(page("Second"));

      const theirs = page("Second", "By another hand");
      writeFileSync(join(ground.folder, "theirs.html"), theirs);
      const copied = spawnSync("aws", ["s3", "cp", "--quiet", "theirs.html", `s3://${buckets.production}/index.html`], {
        cwd: ground.folder,
        env: cliEnv,
      });
      expect(copied.status).toBe(0);
      const told = await run("status", "production", "--json");
      expect(answerOf(told, "outOfBand", "writes")).toMatchObject([{ path: "index.html", isNew: true }]);
      expect((await run("log", "index.html")).stdout).toContain("found index.html on production");
      expectExit(await person("rollback", "production"), 8);
      await stage(page("Third"), "Third");
      expectExit(await person("promote", "production"), 8);
      expect(live("production")).toBe(theirs);

      expectExit(await person("pull", "production", "index.html"), 0);
      const both = page("Third", "By another hand");
      expect(readFileSync(join(folderOf("studio"), "public", "index.html"), "utf8")).toBe(both);
      expectExit(await run("deploy", "staging", "--yes", "--change", "Both"), 0);
      expectExit(await person("promote", "production"), 0);
      expect(live("production")).toBe(both);

      expectExit(await person("rollback", "production"), 0);
      expect(live("production")).toBe(theirs);
      const dead = await person("promote", "production");
      expectExit(dead, 3);
      const from = /--from (?<release>r\d+)/u.exec(dead.stdout)?.groups?.["release"] ?? "none";
      expectExit(await person("restore", "production", "index.html", "--from", from), 0);
      expect(live("production")).toBe(both);
      expect(answerOf(await elsewhere("log", "--json"), "chain")).toBe("intact");
    }, 300_000);

    it("does not take to production what `aws s3 cp` put on staging after it was verified", async () => {
      await stage(page("First"), "First");
      writeFileSync(join(ground.folder, "theirs.html"), page("Firsu"));
      spawnSync("aws", ["s3", "cp", "--quiet", "theirs.html", `s3://${buckets.staging}/index.html`], { cwd: ground.folder, env: cliEnv });
      expectExit(await person("promote", "production"), 3);
      expect(live("production")).toBe("nothing");
    }, 120_000);
  },
);
