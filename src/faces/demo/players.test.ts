import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hasSshKeygen } from "../../../test/support/software-key.ts";
import { asTerminalShows, makeKey, personAtTerminal } from "./players.ts";
import { runCommand } from "./run-command.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "players-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

describe("asTerminalShows", () => {
  test("shows what was typed at the question, and no progress that was erased", () => {
    const text = "\r\u001b[2Klooking\r\u001b[2Kplan\nWrite? [y/N] \r\u001b[2Kkeeping 1/1\r\u001b[2K✔ done\n";
    expect(asTerminalShows({ code: 3, text })).toEqual({ code: 3, text: "plan\nWrite? [y/N] y\n✔ done\n" });
  });
});

describe("personAtTerminal", () => {
  test("a command of the person finds a terminal on both streams, and one yes", async () => {
    const { env, answer } = personAtTerminal(root);
    const program = "process.stdin.on('data', (typed) => console.log(process.stdin.isTTY, process.stderr.isTTY, String(typed).trim()))";
    const { text } = await runCommand([process.execPath, "-e", program], {
      cwd: root,
      env: { ...env },
      signal: new AbortController().signal,
      input: answer,
    });
    expect(text).toBe("true true y\n");
  });
});

describe("makeKey", () => {
  test.skipIf(!hasSshKeygen)("needs ssh-keygen: the key is the person's alone, and the line names its public half", async () => {
    const line = await makeKey(root);
    const key = join(root, "home-of-the-person", ".ssh", "id_ed25519");
    expect(line).toBe(`studio@example.com ${execFileSync("ssh-keygen", ["-y", "-f", key], { encoding: "utf8" })}`);
    expect((await stat(key)).mode & 0o077).toBe(0);
  });

  test("there is none where ssh-keygen is missing", async () => {
    vi.stubEnv("PATH", root);
    expect(await makeKey(root)).toBeUndefined();
  });
});
