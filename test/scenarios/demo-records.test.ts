import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startSandbox, type Sandbox } from "../../sandbox/start-sandbox.ts";
import { ClaimFailed, narrate } from "../../src/faces/demo/narrator.ts";
import { playRecords } from "../../src/faces/demo/play-records.ts";
import { corrected, lookalikes, recordsCase, richCorrections } from "../../src/faces/demo/records-case.ts";
import { textSink } from "../support/text-sink.ts";
import { recordsStandIn } from "./support/records-stand-in.ts";
import { belay } from "./support/run-belay.ts";

const assets = fileURLToPath(new URL("../../demo", import.meta.url));
let ground = "";

beforeAll(async () => {
  ground = await mkdtemp(join(tmpdir(), "demo-records-"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(ground, { recursive: true, force: true });
});

interface Played {
  readonly text: string;
  /** What stopped it; `undefined` where every claim held. */
  readonly stoppedBy: unknown;
  readonly sandbox: Sandbox | undefined;
  readonly root: string;
}

async function play(fault?: string, isKept = false): Promise<Played> {
  const root = await mkdtemp(join(ground, "run-"));
  const story = await recordsCase(assets);
  let sandbox: Sandbox | undefined;
  const { out, text } = textSink();
  const { signal } = new AbortController();
  const started = (): Sandbox => {
    if (!sandbox) throw new Error("the demo starts its sandbox before its first command");
    return sandbox;
  };
  const standIn = await recordsStandIn(root, { story, sandbox: started, fault });
  const running = playRecords({
    root,
    home: join(root, "home"),
    narrator: narrate({ out, colour: false, paceMs: 0, signal }),
    assets,
    belay: standIn.belay,
    colour: false,
    signal,
    isKept,
    startSandbox: async (options) => {
      sandbox = await startSandbox(options);
      return sandbox;
    },
  });
  const stoppedBy: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  );
  await standIn.close();
  return { text: text(), stoppedBy, sandbox, root };
}

describe("the demo's booking", () => {
  test("has a page of 568 lines with every feature of the incident, and one of 96 without", async () => {
    const { richPages, poorPage } = await recordsCase(assets);
    const [, page] = richPages;
    expect([page, poorPage].map((text) => text.split("\n").length - 1)).toEqual([568, 96]);
    for (const feature of ['type="file"', "/api/guest-token/validate", 'name="website"', "/api/instagram/latest", "CUTOFF_UTC"]) {
      expect(page).toContain(feature);
      expect(poorPage).not.toContain(feature);
    }
  });

  test("says the old time, and what follows from it, in exactly the texts that have to change", async () => {
    const { richPages } = await recordsCase(assets);
    const now = corrected(richPages[1], richCorrections);
    for (const text of lookalikes) expect(now).toContain(text);
    const left = [...now.matchAll(/\b(?:4:30|7:30|16:30|19:30|4:00|8:00)\b|T03:00/gu)].map(({ index }) => now.slice(index - 4, index + 8));
    expect(left).toEqual([" at 4:30 AM "]);
  });
});

describe("the demo on records", () => {
  test("holds with a command line that keeps its promises, prints a belay.yaml of less than 40 lines, and closes its systems", async () => {
    vi.stubEnv("AWS_PROFILE", "of-the-user");
    const { text, stoppedBy, sandbox, root } = await play(undefined, true);
    vi.unstubAllEnvs();
    expect({ stoppedBy, text }).toMatchObject({ stoppedBy: undefined });
    const config = /\n(  version: 1\n(?: {2}.*\n)+)/u.exec(text)?.[1]?.trimEnd().split("\n") ?? [];
    expect(config.length).toBeGreaterThan(30);
    expect(config.length).toBeLessThan(40);
    const own = text.split("\n").filter((line) => !line.startsWith("  "));
    expect(own.filter((line) => Array.from(line).length > 80)).toEqual([]);
    await expect(fetch(`${sandbox?.endpoint}/_sandbox`)).rejects.toThrow("fetch failed");
    expect(await readFile(join(root, "records/studio/belay.yaml"), "utf8")).toMatch(/^# These systems were in the demo's memory/u);
  });

  test.each([
    ["misses-a-place", "One booking in five places"],
    ["counts-lines", "Two pages of it, and what the longer one has alone"],
    ["trusts-the-edge", "The copy that the edge shows at /g/R7KM2P"],
    ["names-nobody", "Who changed what, and when"],
    ["audit-writes", "Nothing was written by looking."],
    ["guesses", "A person has to decide: exit 0."],
    ["hides-a-choice", "It names both times and both pages."],
    ["asks-and-writes", "Nothing was written while it asks."],
    ["fails", "Shown, confirmed and carried out: exit 0."],
    ["misses-a-mention", "The longer page: 12 texts changed"],
    ["reformats", "The longer page: 12 texts changed"],
    ["drops-a-property", "The calendar's event moved"],
    ["writes-more", "The table names the longer page now"],
    ["deletes-the-duplicate", "The second page leads to the first"],
    ["edits-the-template", "A template with the same hours was left alone."],
    ["forgets-a-path", "3:30 to 6:30 PM at all three"],
    ["purges-all", "The CDN was asked to forget 5 paths"],
    ["forgets-the-task", "One task: what to change"],
    ["never-done", "Nothing to correct: exit 0."],
    ["writes-again", "Not one write, and not one purge."],
    ["takes-a-word", "The task is done, by what belay saw"],
    ["forgets-why", "All systems agree, and who decided and why is on record."],
  ])("names the claim that failed when the CLI is faulty: %s", async (fault, claim) => {
    const { text, stoppedBy } = await play(fault);
    expect({ stoppedBy, text }).toEqual({ stoppedBy: expect.any(ClaimFailed), text: expect.not.stringContaining(`✔ ${claim}`) });
    expect(stoppedBy).toMatchObject({ message: expect.stringContaining(claim) });
  });

  test.each([
    [["--only", "everything"], "--only takes site, agents or records."],
    [[".", "--only", "records"], "takes no folder"],
  ])("what it cannot play is a usage error: %s", async (words, message) => {
    const { exit, told } = await belay(["demo", ...words], { cwd: ground });
    expect({ exit, told }).toEqual({ exit: 2, told: expect.stringContaining(message) });
  });
});
