/** CloudFront's edge against the sandbox, over signed HTTP: visitors, purges and the check of the origin. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSandbox, type Sandbox } from "../../sandbox/start-sandbox.ts";
import { openCloudFrontEdge } from "../../src/adapters/cloudfront/cloudfront-edge.ts";
import type { CloudFrontSetup } from "../../src/adapters/cloudfront/cloudfront-setup.ts";
import { verifyOrigin } from "../../src/adapters/cloudfront/verify-origin.ts";
import { connectCloudFront } from "../../src/adapters/shared/aws/connect.ts";
import { describeEdge } from "./edge-contract.ts";
import { openFakeTime, type FakeTime } from "./fake-time.ts";

interface Ground {
  readonly sandbox: Sandbox;
  readonly time: FakeTime;
  readonly setupOf: (distribution: string) => CloudFrontSetup;
}

// Nobody's own settings shall decide what is tested.
const noFiles = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };

const wildcards = (name: string): string[] => Array.from({ length: 10 }, (_, at) => `/${name}${at}/*`);

/** One clock for both sides, which sleeping moves on: an invalidation takes its 20 seconds without anybody waiting. */
async function openGround(): Promise<Ground> {
  const time = openFakeTime();
  const sandbox = await startSandbox({
    clock: time,
    settleMs: 20_000,
    buckets: [{ name: "tide", versioning: true }],
    distributions: [
      { id: "E1TIDE", bucket: "tide" },
      { id: "E2LIVE", bucket: "tide", originPath: "/live" },
    ],
  });
  const env = { ...sandbox.env, ...noFiles };
  const setupOf = (distribution: string): CloudFrontSetup => ({
    distribution,
    store: { bucket: "tide", prefix: "" },
    urlPath: "",
    wire: async () => await connectCloudFront({ env, now: () => time.now() }),
    runtime: time,
  });
  return { sandbox, time, setupOf };
}

describeEdge("CloudFront in the sandbox", async () => {
  const { sandbox, setupOf } = await openGround();
  const url = sandbox.edges.get("E1TIDE")?.url ?? "";
  return {
    edge: openCloudFrontEdge(setupOf("E1TIDE")),
    unknown: openCloudFrontEdge(setupOf("E9NONE")),
    put: async (key, text) => void sandbox.s3.put("tide", key, new TextEncoder().encode(text)),
    visit: async (path) => await (await fetch(`${url}${path}`)).text(),
    purges: async () => sandbox.cloudfront.invalidations("E1TIDE").length,
    close: async () => await sandbox.close(),
  };
});

describe("CloudFront in the sandbox", () => {
  let ground: Ground;
  const calm = { signal: new AbortController().signal };
  beforeEach(async () => {
    ground = await openGround();
  });
  afterEach(async () => await ground.sandbox.close());

  it("a purge whose replies are lost is sent again and made once", async () => {
    const { sandbox, setupOf } = ground;
    sandbox.faults.add({ operation: "CreateInvalidation", times: 2, action: { kind: "lose-reply" } });
    sandbox.faults.add({ operation: "GetInvalidation", times: 1, action: { kind: "lose-reply" } });
    const { id } = await openCloudFrontEdge(setupOf("E1TIDE")).purge(["/a.html"], "r1", calm);
    expect(sandbox.cloudfront.invalidations("E1TIDE").map((each) => each.id)).toEqual([id]);
  });

  it("a purge waits until there is room for its wildcards", async () => {
    const { sandbox, time, setupOf } = ground;
    const edge = openCloudFrontEdge(setupOf("E1TIDE"));
    const begunMs = time.now();
    await Promise.all([edge.purge(wildcards("a"), "r1", calm), edge.purge(wildcards("b"), "r2", calm)]);
    const [last, first] = sandbox.cloudfront.invalidations("E1TIDE");
    expect(first?.createdAtMs).toBe(begunMs);
    expect(last?.createdAtMs).toBeGreaterThanOrEqual(first?.completedAtMs ?? Infinity);
  });

  it("the origin is checked with one request: bucket, and origin path against prefix", async () => {
    const { sandbox, setupOf } = ground;
    sandbox.log.reset();
    await verifyOrigin(setupOf("E1TIDE"), calm);
    expect(sandbox.log.snapshot().operations).toEqual({ GetDistribution: 1 });
    await verifyOrigin({ ...setupOf("E2LIVE"), store: { bucket: "tide", prefix: "live" } }, calm);
    const mismatch = { code: "edge-mismatch" };
    await expect(verifyOrigin({ ...setupOf("E1TIDE"), store: { bucket: "harbour", prefix: "" } }, calm)).rejects.toMatchObject(mismatch);
    await expect(verifyOrigin(setupOf("E2LIVE"), calm)).rejects.toMatchObject(mismatch);
    await expect(verifyOrigin(setupOf("E9NONE"), calm)).rejects.toMatchObject(mismatch);
  });
});
