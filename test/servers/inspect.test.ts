/** What doctor asks of AWS, asked of a server that others wrote: settings of buckets, distributions, zones and who one is. */

import { describe, expect, it } from "vitest";
import { hostedRecords } from "../../src/adapters/inspect/hosted-records.ts";
import { inspectBucket } from "../../src/adapters/inspect/inspect-bucket.ts";
import { inspectCaller, simulateFor } from "../../src/adapters/inspect/inspect-caller.ts";
import { inspectDistribution } from "../../src/adapters/inspect/inspect-distribution.ts";
import { connectControl, connectS3 } from "../../src/adapters/shared/aws/connect.ts";
import { answerText } from "../../src/adapters/shared/aws/read-answer.ts";
import { bodyFor, done, live, makeBucket, runtime } from "./support/buckets.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

const setup = { env: server.env, runtime };
const clock = { env: server.env, now: (): number => Date.now() };

async function put(bucket: string, setting: string, document: string): Promise<void> {
  const wire = await connectS3(bucket, clock);
  (await done(wire, { method: "PUT", path: "/", query: { [setting]: "" }, body: bodyFor(document) })).discard();
}

describe(`a bucket of ${server.title}`, () => {
  it("that was only made says so of every setting, and one that is not there is told apart", async () => {
    const bucket = await makeBucket();
    const look = inspectBucket(bucket, setup);
    expect(await look.head(live)).toMatchObject({ configuredRegion: "us-east-1", isAws: false });
    expect(await look.versioning(live)).toEqual({ status: "never", needsMfaToDelete: false });
    expect([await look.policy(live), await look.publicAccessBlock(live), await look.logging(live)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([await look.lifecycle(live), await look.isWebsite(live)]).toEqual([[], false]);
    expect((await look.grants(live)).every(({ to }) => to === "named")).toBe(true);
    expect(await inspectBucket("harbor-nobody-made-this", setup).head(live)).toBeUndefined();
    await expect(inspectBucket("harbor-nobody-made-this", setup).versioning(live)).rejects.toMatchObject({ code: "store-missing" });
  });

  it("gives back what was set", async () => {
    const bucket = await makeBucket("versioned");
    const look = inspectBucket(bucket, setup);
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `arn:aws:s3:::${bucket}/x` }],
    });
    await put(bucket, "policy", policy);
    await put(
      bucket,
      "publicAccessBlock",
      "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>false</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
    );
    await put(
      bucket,
      "lifecycle",
      "<LifecycleConfiguration><Rule><ID>tidy</ID><Filter><Prefix>tides/</Prefix></Filter><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>",
    );
    expect(await look.versioning(live)).toMatchObject({ status: "Enabled" });
    expect(JSON.parse((await look.policy(live)) ?? "")).toEqual(JSON.parse(policy));
    expect(await look.publicAccessBlock(live)).toEqual({
      blockPublicAcls: true,
      ignorePublicAcls: false,
      blockPublicPolicy: true,
      restrictPublicBuckets: false,
    });
    expect(await look.lifecycle(live)).toEqual([
      { id: "tidy", isEnabled: true, prefix: "tides/", noncurrentDays: 7, expiresCurrent: false },
    ]);
  });

  it("that grants to everybody is seen to", async () => {
    const bucket = await makeBucket();
    const wire = await connectS3(bucket, clock);
    (await done(wire, { method: "PUT", path: "/", query: { acl: "" }, headers: { "x-amz-acl": "public-read" } })).discard();
    const strangers = (await inspectBucket(bucket, setup).grants(live)).filter(({ to }) => to === "everyone");
    expect(strangers.map(({ permission }) => permission).toSorted()).toEqual(["READ"]);
  });
});

const create = (set: string): string => `<Change><Action>CREATE</Action><ResourceRecordSet>${set}</ResourceRecordSet></Change>`;

describe(`beside the buckets of ${server.title}`, () => {
  it("the caller is named, and a question that it lacks is not answered by guessing", async () => {
    expect(await inspectCaller(setup, live)).toMatchObject({
      arn: expect.stringMatching(/^arn:aws:/u),
      account: expect.stringMatching(/^\d{12}$/u),
    });
    const about = {
      principal: "arn:aws:iam::123456789012:user/wren",
      actions: ["s3:PutObject"],
      resource: "arn:aws:s3:::harbor/index.html",
    };
    await expect(simulateFor(about, setup, live)).rejects.toMatchObject({ name: "BelayError" });
  });

  it("a distribution that is not there is told apart", async () => {
    expect(await inspectDistribution("E0NOSUCHTIDES", setup, live)).toBeUndefined();
  });

  it("a zone gives the records of a host, aliases too, and no zone is told apart", async () => {
    const wire = await connectControl("route53", clock);
    const zone = `tides-${process.pid}.example`;
    const request = `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>${zone}</Name><CallerReference>${zone}${Date.now()}</CallerReference></CreateHostedZoneRequest>`;
    const made = await answerText(await done(wire, { method: "POST", path: "/2013-04-01/hostedzone", body: bodyFor(request) }));
    const id = /<Id>\/hostedzone\/([^<]+)<\/Id>/u.exec(made)?.[1] ?? "";
    const alias = `<Name>${zone}</Name><Type>A</Type><AliasTarget><HostedZoneId>Z2FDTNDATAQYW2</HostedZoneId><DNSName>D1pier.cloudfront.net.</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget>`;
    const cname = `<Name>www.${zone}</Name><Type>CNAME</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>${zone}</Value></ResourceRecord></ResourceRecords>`;
    const changes = `<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes>${create(alias)}${create(cname)}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
    (await done(wire, { method: "POST", path: `/2013-04-01/hostedzone/${id}/rrset/`, body: bodyFor(changes) })).discard();
    expect(await hostedRecords(zone, setup, live)).toEqual([{ type: "A", to: ["d1pier.cloudfront.net"], isAlias: true }]);
    expect(await hostedRecords(`www.${zone}`, setup, live)).toEqual([{ type: "CNAME", to: [zone], isAlias: false }]);
    expect(await hostedRecords(`none.${zone}`, setup, live)).toEqual([]);
    expect(await hostedRecords("pier.nowhere.example", setup, live)).toBeUndefined();
  });
});
