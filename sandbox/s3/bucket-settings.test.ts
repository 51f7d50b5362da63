import { describe, expect, test } from "vitest";
import { ask, seeded, verdict, type Answered } from "./ask.ts";
import { openS3 } from "./open-s3.ts";

const opened = (): ((line: string, body?: string) => Promise<Answered>) => {
  const s3 = openS3({ clock: { now: () => 0 }, random: seeded(7) });
  s3.createBucket("harbour");
  return async (line, body = "") => await ask(s3.handle, { line, body });
};

describe("what a bucket keeps about itself", () => {
  test("a new bucket lets no stranger in, encrypts, and has nothing else", async () => {
    const to = opened();
    expect((await to("GET /harbour?publicAccessBlock")).element("RestrictPublicBuckets")).toBe("true");
    expect((await to("GET /harbour?ownershipControls")).element("ObjectOwnership")).toBe("BucketOwnerEnforced");
    expect((await to("GET /harbour?encryption")).element("SSEAlgorithm")).toBe("AES256");
    expect((await to("GET /harbour?acl")).element("Permission")).toBe("FULL_CONTROL");
    expect((await to("GET /harbour?logging")).element("LoggingEnabled")).toBe("");
    expect(verdict(await to("GET /harbour?policy"))).toBe("404 NoSuchBucketPolicy");
    expect(verdict(await to("GET /harbour?lifecycle"))).toBe("404 NoSuchLifecycleConfiguration");
    expect(verdict(await to("GET /harbour?website"))).toBe("404 NoSuchWebsiteConfiguration");
  });

  test("a policy is given back byte for byte until it is deleted, and one that is none is refused", async () => {
    const to = opened();
    const policy = '{ "Version": "2012-10-17", "Statement": [] }';
    expect((await to("PUT /harbour?policy", policy)).status).toBe(204);
    expect((await to("GET /harbour?policy")).text).toBe(policy);
    expect(verdict(await to("PUT /harbour?policy", "<Policy/>"))).toBe("400 MalformedPolicy");
    expect(verdict(await to("PUT /harbour?policy", '{"Version":"2012-10-17"}'))).toBe("400 MalformedPolicy");
    expect((await to("GET /harbour?policy")).text).toBe(policy);
    expect((await to("DELETE /harbour?policy")).status).toBe(204);
    expect(verdict(await to("GET /harbour?policy"))).toBe("404 NoSuchBucketPolicy");
  });

  test("a document with another root is refused, and so is a bucket that is not there", async () => {
    const to = opened();
    expect(verdict(await to("PUT /harbour?logging", "<Logging/>"))).toBe("400 MalformedXML");
    expect(verdict(await to("PUT /lagoon?logging", "<BucketLoggingStatus/>"))).toBe("404 NoSuchBucket");
    expect(verdict(await to("GET /lagoon?acl"))).toBe("404 NoSuchBucket");
  });
});
