/** The edge contract on the CloudFront API of the server in hand, which has no edge that a visitor could ask. */

import { it, expect, describe } from "vitest";
import { openCloudFrontEdge } from "../../src/adapters/cloudfront/cloudfront-edge.ts";
import type { CloudFrontSetup } from "../../src/adapters/cloudfront/cloudfront-setup.ts";
import { verifyOrigin } from "../../src/adapters/cloudfront/verify-origin.ts";
import { connectCloudFront } from "../../src/adapters/shared/aws/connect.ts";
import { answerText } from "../../src/adapters/shared/aws/read-answer.ts";
import type { Wire } from "../../src/adapters/shared/aws/wire.ts";
import { describeEdge, type EdgeUnderTest } from "../contract/edge-contract.ts";
import { bodyFor, done, live, runtime } from "./support/buckets.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

const bucket = "harbor-tides";
const wire = async (): Promise<Wire> => await connectCloudFront({ env: server.env, now: () => Date.now() });
const setupOf = (distribution: string, prefix = ""): CloudFrontSetup => ({
  distribution,
  store: { bucket, prefix },
  urlPath: "",
  wire,
  runtime,
});

let made = 0;

/** The least that CloudFront takes for a distribution in front of a bucket. */
const distributionConfig = (reference: string, originPath: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <CallerReference>${reference}</CallerReference><Comment>tides</Comment><Enabled>true</Enabled>
  <Aliases><Quantity>0</Quantity></Aliases><DefaultRootObject>index.html</DefaultRootObject>
  <Origins><Quantity>1</Quantity><Items><Origin>
    <Id>pages</Id><DomainName>${bucket}.s3.us-east-1.amazonaws.com</DomainName><OriginPath>${originPath}</OriginPath>
    <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig>
  </Origin></Items></Origins>
  <DefaultCacheBehavior>
    <TargetOriginId>pages</TargetOriginId><ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy><MinTTL>0</MinTTL>
    <ForwardedValues><QueryString>false</QueryString><Cookies><Forward>none</Forward></Cookies></ForwardedValues>
  </DefaultCacheBehavior>
</DistributionConfig>`;

async function makeDistribution(originPath = ""): Promise<string> {
  made += 1;
  const body = bodyFor(distributionConfig(`tides-${process.pid}-${Date.now()}-${made}`, originPath));
  const headers = { "content-type": "text/xml" };
  const answer = await answerText(await done(await wire(), { method: "POST", path: "/2020-05-31/distribution", headers, body }));
  const id = /<Id>([^<]+)<\/Id>/u.exec(answer)?.[1];
  if (id === undefined) throw new Error(`no distribution was made: ${answer}`);
  return id;
}

async function purgesOf(distribution: string): Promise<number> {
  const path = `/2020-05-31/distribution/${distribution}/invalidation`;
  return [...(await answerText(await done(await wire(), { method: "GET", path }))).matchAll(/<InvalidationSummary>/gu)].length;
}

const nobody = async (): Promise<never> => await Promise.reject(new Error("nothing answers visitors here"));

const openEdge = async (): Promise<EdgeUnderTest> => {
  const distribution = await makeDistribution();
  return {
    edge: openCloudFrontEdge(setupOf(distribution)),
    unknown: openCloudFrontEdge(setupOf("E0NOSUCHTIDES")),
    put: nobody,
    visit: nobody,
    purges: async () => await purgesOf(distribution),
    close: async () => await Promise.resolve(),
  };
};
describeEdge(`CloudFront on ${server.title}`, openEdge, { noVisitors: "nothing answers visitors there" });

describe(`the origin of a distribution on ${server.title}`, () => {
  it("a distribution in front of the target's bucket and prefix is taken", async () => {
    await expect(verifyOrigin(setupOf(await makeDistribution()), live)).resolves.toBeUndefined();
    await expect(verifyOrigin(setupOf(await makeDistribution("/tides"), "tides"), live)).resolves.toBeUndefined();
  });

  it("a distribution in front of another prefix, and one that is not there, are mismatches", async () => {
    await expect(verifyOrigin(setupOf(await makeDistribution("/other"), "tides"), live)).rejects.toMatchObject({ code: "edge-mismatch" });
    await expect(verifyOrigin(setupOf("E0NOSUCHTIDES"), live)).rejects.toMatchObject({ code: "edge-mismatch" });
  });
});
