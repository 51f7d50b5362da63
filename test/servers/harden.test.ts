/** The settings that `harden` writes, taken and given back by a server that others wrote. */

import { describe, expect, it } from "vitest";
import { hardenBucket } from "../../src/adapters/inspect/harden-bucket.ts";
import { inspectBucket } from "../../src/adapters/inspect/inspect-bucket.ts";
import { connectControl } from "../../src/adapters/shared/aws/connect.ts";
import { answerText } from "../../src/adapters/shared/aws/read-answer.ts";
import { blocksAll } from "../../src/core/harden/harden-plan.ts";
import { logDeliveryStatement } from "../../src/core/harden/log-delivery.ts";
import { mergePolicy, samePolicy } from "../../src/core/harden/merge-policy.ts";
import type { Place } from "../../src/core/harden/place.ts";
import { agentPolicy, personPolicy, publisherPolicy } from "../../src/core/harden/role-policies.ts";
import { wallStatements } from "../../src/core/harden/wall-statements.ts";
import { bodyFor, done, live, makeBucket, runtime } from "./support/buckets.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

const setup = { env: server.env, runtime };
const account = { partition: "aws", id: "123456789012" };
const arn = (name: string): string => `arn:aws:iam::123456789012:${name}`;
const principals = { persons: [arn("user/wren")], publishers: [arn("role/belay-publisher")], agents: [arn("role/agent")] };
const placesIn = (bucket: string): readonly Place[] => [
  { kind: "pages", name: "staging", bucket, prefix: "staging", isProduction: false },
  { kind: "pages", name: "production", bucket, prefix: "live", isProduction: true, distribution: "E1HARBOR" },
  { kind: "record", name: "state", bucket, prefix: "belay", isProduction: false },
];

describe(`a bucket of ${server.title}`, () => {
  it("takes every wall, and says the same back", async () => {
    const bucket = await makeBucket();
    const places = placesIn(bucket);
    const statements = wallStatements({ bucket, places, principals, account });
    const policy = mergePolicy(undefined, statements)?.text ?? "";
    const [look, walls] = [inspectBucket(bucket, setup), hardenBucket(bucket, setup)];
    await walls.enableVersioning(live);
    await walls.putPublicAccessBlock(blocksAll, live);
    await walls.putPolicy(policy, live);
    expect((await look.versioning(live)).status).toBe("Enabled");
    expect(await look.publicAccessBlock(live)).toEqual(blocksAll);
    const given = await look.policy(live);
    expect(samePolicy(given, policy)).toBe(true);
    expect(mergePolicy(given, statements)?.isChanged).toBe(false);
  });

  it("logs into another bucket, which lets it", async () => {
    const [bucket, logs] = [await makeBucket(), await makeBucket()];
    const logging = { bucket: logs, prefix: "harbor/" };
    const delivery = mergePolicy(undefined, [logDeliveryStatement(bucket, logging, account)])?.text ?? "";
    await hardenBucket(logs, setup).putPolicy(delivery, live);
    await hardenBucket(bucket, setup).putLogging(logging, live);
    expect(await inspectBucket(bucket, setup).logging(live)).toEqual(logging);
  });
});

it(`the roles' policies are taken by ${server.title}`, async () => {
  const places = placesIn("harbor-roles");
  const wire = await connectControl("iam", { env: server.env, now: () => Date.now() });
  for (const [name, document] of Object.entries({
    agent: agentPolicy({ places, account }),
    publisher: publisherPolicy({ places, account }),
    person: personPolicy({ places, account }),
  })) {
    const form = new URLSearchParams({
      Action: "CreatePolicy",
      Version: "2010-05-08",
      PolicyName: `belay-${name}-${Date.now()}`,
      PolicyDocument: JSON.stringify(document),
    });
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const answer = await done(wire, { method: "POST", path: "/", headers, body: bodyFor(form.toString()) });
    expect(await answerText(answer)).toContain("<CreatePolicyResult>");
  }
});
