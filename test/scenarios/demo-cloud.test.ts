import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Sandbox } from "../../sandbox/start-sandbox.ts";
import { startSandbox } from "../../sandbox/start-sandbox.ts";
import { incidentCase } from "../../src/faces/demo/incident-case.ts";
import { ClaimFailed, narrate } from "../../src/faces/demo/narrator.ts";
import { playClouds } from "../../src/faces/demo/play-clouds.ts";
import { textSink } from "../support/text-sink.ts";
import { standIn } from "./support/demo-stand-in.ts";

const assets = fileURLToPath(new URL("../../demo", import.meta.url));
let ground = "";

beforeAll(async () => {
  ground = await mkdtemp(join(tmpdir(), "demo-cloud-"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(ground, { recursive: true, force: true });
});

interface Played {
  readonly text: string;
  /** What stopped it; `undefined` where every claim held. */
  readonly stoppedBy: unknown;
  readonly sandboxes: readonly Sandbox[];
}

async function play(fault?: string): Promise<Played> {
  const root = await mkdtemp(join(ground, "run-"));
  const home = join(root, "home");
  await mkdir(home);
  const { out, text } = textSink();
  const { signal } = new AbortController();
  const sandboxes: Sandbox[] = [];
  const belay = await standIn(root, fault);
  const running = playClouds({
    root,
    home,
    demoCase: await incidentCase(assets),
    narrator: narrate({ out, colour: false, paceMs: 0, signal }),
    assets,
    belay,
    colour: false,
    signal,
    isKept: false,
    startSandbox: async (options) => {
      const sandbox = await startSandbox(options);
      sandboxes.push(sandbox);
      return sandbox;
    },
  });
  const stoppedBy: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { text: text(), stoppedBy, sandboxes };
}

describe("the demo on S3 and CloudFront", () => {
  test("reaches only its own clouds, whatever the user has set for AWS, and closes both", async () => {
    for (const name of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]) vi.stubEnv(name, "http://127.0.0.1:9");
    for (const name of ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_REGION"]) vi.stubEnv(name, "of-the-user");
    const { text, stoppedBy, sandboxes } = await play("shows-aws");
    vi.unstubAllEnvs();
    expect({ stoppedBy, text }).toMatchObject({ stoppedBy: undefined });
    expect(text).not.toContain("of-the-user");
    expect(text).not.toContain("127.0.0.1:9\n");
    expect(sandboxes).toHaveLength(2);
    expect(text).toContain(`AWS_ENDPOINT_URL=${sandboxes[1]?.endpoint}\n`);
    const files = [...text.matchAll(/AWS_(?:CONFIG|SHARED_CREDENTIALS)_FILE=(.+)/gu)].map(([, path = ""]) => path);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(file.startsWith(ground)).toBe(true);
      expect(existsSync(file)).toBe(false);
    }
    for (const { endpoint } of sandboxes) await expect(fetch(`${endpoint}/_sandbox`)).rejects.toThrow("fetch failed");
  });

  test.each([
    ["overwrites", "belay refused (D8): exit 0."],
    ["no-rule", "belay refused (D8): exit 8."],
    ["writes-anyway", "Nothing was written to production's bucket, and nothing purged."],
    ["purges-refused", "Nothing was written to production's bucket, and nothing purged."],
    ["drops-edit", "The laptop holds the live page with the edit in it"],
    ["no-purge", "One invalidation, on ESTAGING"],
    ["purges-other", "One invalidation, on ESTAGING"],
    ["purges-all", "One invalidation, on ESTAGING"],
    ["no-wait", "belay waited until CloudFront called it completed."],
    ["purges-both", "Production is as it was: no object written, no path purged."],
    ["writes-production", "Production is as it was: no object written, no path purged."],
    ["rewrites-production", "Production is as it was: no object written, no path purged."],
    ["gives-up", "belay looked, found its own bytes"],
    ["sends-again", "belay looked, found its own bytes"],
    ["blind", "A conflict: exit 0."],
    ["hides-conflict", "A conflict: exit 0."],
  ])("names the claim that failed when the CLI is faulty: %s", async (fault, claim) => {
    const { text, stoppedBy } = await play(fault);
    expect({ stoppedBy, text }).toEqual({ stoppedBy: expect.any(ClaimFailed), text: expect.not.stringContaining(`✔ ${claim}`) });
    expect(stoppedBy).toMatchObject({ message: expect.stringContaining(claim) });
  });
});
