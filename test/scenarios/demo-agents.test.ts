import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startSandbox } from "../../sandbox/start-sandbox.ts";
import { runDemo } from "../../src/faces/demo/run-demo.ts";
import { textSink } from "../support/text-sink.ts";
import { agentsStandIn } from "./support/agents-stand-in.ts";
import { belay } from "./support/run-belay.ts";

const assets = fileURLToPath(new URL("../../demo", import.meta.url));
let ground = "";
beforeAll(async () => {
  ground = await realpath(await mkdtemp(join(tmpdir(), "demo-agents-test-")));
  vi.stubEnv("TMPDIR", ground);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(ground, { recursive: true, force: true });
});

async function tell(fault?: string): Promise<{ readonly exit: number; readonly text: string }> {
  const { out, text } = textSink();
  const program = await agentsStandIn(await mkdtemp(join(ground, "cli-")), fault);
  const exit = await runDemo({ only: "agents", belay: program, assets, startSandbox, out, isTty: false, colour: false, pace: 0 });
  return { exit, text: text() };
}

describe("the demo of the guard", () => {
  test("holds with the real command line and its real hook, in 80 columns", async () => {
    const { exit, stdout, told } = await belay(["demo", "--only", "agents"], { cwd: ground });
    expect({ exit, told }).toMatchObject({ exit: 0 });
    expect(stdout).toContain("Refused by belay (D1)");
    expect(stdout).toContain("Refused by belay (D2)");
    expect(stdout).toContain("All 3 features and the edit.");
    // Paths of the demo's folder are as long as they are.
    const wide = stdout.split("\n").filter((line) => line.length > 82 && !line.includes(ground));
    expect(wide).toEqual([]);
  });

  test("holds with hooks that keep their promises", async () => {
    const { exit, text } = await tell();
    expect({ exit, text }).toMatchObject({ exit: 0 });
  });

  test.each([
    ["says-nothing", "The session is told how a page may be edited."],
    ["refuses-looking", "Looking is free"],
    ["lets-edit", "Refused before a line is written"],
    ["lets-copy", "Refused: production is not written past belay."],
    ["talks", "Refused: production is not written past belay."],
    ["garbles", "Refused: production is not written past belay."],
    ["forgets", "Rephrased, it meets a firmer answer."],
    ["gives-up", "The hook, and what it guards, are a person's to change."],
    ["writes-itself", "Not one byte of production changed."],
    ["refuses-pull", "The hook lets it through."],
    ["pulls-nothing", "The hook lets it through."],
    ["lets-go", "A change that nobody else can see yet"],
    ["lets-approve", "Approving for production is a person's"],
  ])("names the claim that failed where the hook is faulty: %s", async (fault, claim) => {
    const { exit, text } = await tell(fault);
    expect(exit).toBe(6);
    expect(text.replaceAll(/\s+/gu, " ")).toContain(`This should hold, and did not: ${claim}`);
  });
});
