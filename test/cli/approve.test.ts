/** Approvals on the real command line, with keys of OpenSSH's own. */

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasSshKeygen } from "../support/software-key.ts";
import { openCliWorld, type CliWorld, type Finished, type RunOptions } from "./cli-world.ts";

let home = "";
let world: CliWorld;
let publicKey = "";

beforeAll(async () => {
  if (!hasSshKeygen) return;
  home = await mkdtemp(join(tmpdir(), "belay-home-"));
  await mkdir(join(home, ".ssh"), { mode: 0o700 });
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "harbour", "-f", join(home, ".ssh", "id_ed25519")]);
  publicKey = await readFile(join(home, ".ssh", "id_ed25519.pub"), "utf8");
});
afterAll(async () => await rm(home, { recursive: true, force: true }));

const productionLine = "    production: { store: dir:../srv/production, approvals: 1, keys: any }";
beforeEach(async () => {
  world = await openCliWorld([productionLine, "signers: allowed_signers"]);
  for (const copy of ["studio", "laptop"]) await world.write(`${copy}/allowed_signers`, `# who may\nwren@example.com ${publicKey}`);
  await world.write("studio/public/index.html", "<h1>one</h1>\n");
});
afterEach(async () => await world.close());

const env = (): Record<string, string> => ({ HOME: home, PATH: process.env["PATH"] ?? "", GIT_CONFIG_NOSYSTEM: "1" });
const run = async (words: readonly string[], options: RunOptions = {}): Promise<Finished> =>
  await world.run("studio", words, { ...options, env: { ...env(), ...options.env } });
const live = async (): Promise<string> => await world.read("srv/production/index.html").catch(() => "nothing");
const change = async (file: string, from: string, to: string): Promise<void> => {
  const text = await world.read(file);
  expect(text).toContain(from);
  await world.write(file, text.replace(from, to));
};
/** The plan that a refused deploy names. */
async function asked(): Promise<string> {
  const { exit, stderr } = await run(["deploy", "production"]);
  expect(exit).toBe(8);
  const id = /belay approve (?<id>[0-9a-f]{12})/u.exec(stderr)?.groups?.["id"];
  expect(stderr).toContain(`belay apply ${id ?? "?"}`);
  return id ?? "";
}

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: belay approve", () => {
  test("is what a refused deploy asks a person to run; then anybody may apply exactly that plan", async () => {
    const id = await asked();
    const approved = await run(["approve", id], { answer: "y\n" });
    expect(approved.stdout).toContain("your signature says");
    expect(approved.stdout).toContain(`✔ wren@example.com approved plan ${id} for production`);
    expect(approved.exit).toBe(0);
    const applied = await run(["apply", id]);
    expect(applied.exit).toBe(0);
    expect(await live()).toBe("<h1>one</h1>\n");
  });

  test("is one command with the deploy for a solo owner at the terminal", async () => {
    const { exit, stdout, stderr } = await run(["deploy", "production"], { answer: "y\n" });
    expect(stderr).toContain("Sign this, and write it to production? [y/N] ");
    expect(stdout).toContain("applied r2 to production");
    expect(exit).toBe(0);
    expect(await live()).toBe("<h1>one</h1>\n");
  });

  test.each([["n\n"], [""], ["\n"]])("writes nothing, and records nothing, on the answer %j", async (answer) => {
    const { exit } = await run(["deploy", "production"], { answer });
    expect(exit).toBe(2);
    expect(JSON.parse((await run(["log", "--json"])).stdout)).toMatchObject({ entries: [] });
    expect(await live()).toBe("nothing");
  });

  test("is refused off a terminal and to agents, whatever flags stand by it", async () => {
    const id = await asked();
    for (const options of [{}, { answer: "y\n", env: { CLAUDECODE: "1" } }, { answer: "y\n", env: { CI: "true" } }]) {
      const { exit, stderr } = await run(["approve", id, "--key", join(home, ".ssh", "id_ed25519")], options);
      expect(stderr).toContain("Only a person at a terminal approves");
      expect(exit).toBe(8);
    }
    const agent = { answer: "y\ny\ny\n", env: { CLAUDECODE: "1" } };
    for (const words of [
      ["deploy", "production", "--confirm", id],
      ["apply", id, "--yes"],
      ["deploy", "production", "--json"],
    ]) {
      expect((await run(words, agent)).exit).toBe(8);
    }
    expect(await live()).toBe("nothing");
  });

  test("is asked for even where the command line confirms the plan", async () => {
    const id = await asked();
    const { exit, stderr } = await run(["apply", id, "--confirm", id], { answer: "n\n" });
    expect(stderr).toContain("Sign this, and write it to production? [y/N] ");
    expect(exit).toBe(2);
    expect(await live()).toBe("nothing");
  });

  test("answers in one JSON document, and shows the plan beside it", async () => {
    const id = await asked();
    const { stdout, stderr, exit } = await run(["approve", id, "--json", "--expires", "4h"], { answer: "y\n" });
    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      plan: expect.stringMatching(id),
      target: "production",
      outcome: "approved",
      signer: "wren@example.com",
      missing: 0,
    });
    expect(stderr).toContain("index.html");
    expect(exit).toBe(0);
  });

  test("says what is wrong with a validity, a key or a missing file of signers", async () => {
    const id = await asked();
    expect((await run(["approve", id, "--expires", "400d"], { answer: "y\n" })).stderr).toContain("30 days at most");
    expect((await run(["approve", id, "--key", "nowhere"], { answer: "y\n" })).exit).toBe(2);
    await rm(join(world.root, "studio/allowed_signers"));
    const { stderr, exit } = await run(["approve", id], { answer: "y\n" });
    expect(stderr).toContain("allowed_signers, cannot be read");
    expect(exit).toBe(2);
  });
});

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: a belay.yaml that was changed by hand", () => {
  beforeEach(async () => {
    await run(["deploy", "production"], { answer: "y\n" });
    await world.write("studio/public/index.html", "<h1>two</h1>\n");
  });

  test("to want no approval opens nothing: production is refused, in words, until a signer approves it", async () => {
    await change("studio/belay.yaml", ", approvals: 1", "");
    const { exit, stderr } = await run(["deploy", "production"], { answer: "y\n" });
    expect(stderr.replaceAll(/\s+/gu, " ")).toContain("approvals of production 1 → 0");
    expect(exit).toBe(8);
    expect(await live()).toBe("<h1>one</h1>\n");
    expect((await run(["policy", "approve"], { answer: "y\n", env: { CLAUDECODE: "1" } })).exit).toBe(8);
    const approved = await run(["policy", "approve", "--why", "there is only me"], { answer: "y\n" });
    expect(approved.stdout).toContain("signed by wren@example.com");
    expect((await run(["deploy", "production", "--confirm", await planned()])).exit).toBe(0);
    expect(await live()).toBe("<h1>two</h1>\n");
  });

  test("in its signers' file opens nothing either", async () => {
    await world.write("studio/allowed_signers", `wren@example.com ${publicKey}mallory@example.com ${publicKey}`);
    const { exit, stdout } = await run(["policy", "show"]);
    expect(stdout).toContain("signer added: mallory@example.com");
    expect(exit).toBe(0);
    expect((await run(["deploy", "production"], { answer: "y\n" })).exit).toBe(8);
  });

  test("at another working copy is held to the same policy", async () => {
    await change("laptop/belay.yaml", productionLine, productionLine.replace("approvals: 1", "approvals: 0"));
    await world.run("laptop", ["pull", "production"], { env: env() });
    await world.write("laptop/public/index.html", "<h1>three</h1>\n");
    const { exit } = await world.run("laptop", ["deploy", "production"], { env: env(), answer: "y\n" });
    expect(exit).toBe(8);
    expect(await live()).toBe("<h1>one</h1>\n");
  });
});

/** The id of the plan that a deploy would confirm. */
async function planned(): Promise<string> {
  const { stdout } = await run(["plan", "production", "--json"]);
  const { id } = JSON.parse(stdout);
  return String(id);
}
