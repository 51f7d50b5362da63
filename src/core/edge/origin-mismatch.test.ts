import { describe, expect, it } from "vitest";
import { originMismatch, type Origin } from "./origin-mismatch.ts";

const tide = { bucket: "tide", prefix: "", urlPath: "" };
const at = (domain: string, path = ""): Origin => ({ domain, path });
const rest = "tide.s3.eu-central-1.amazonaws.com";

describe("originMismatch", () => {
  it.each([
    "tide.s3.amazonaws.com",
    "tide.s3.eu-central-1.amazonaws.com",
    "tide.s3-eu-central-1.amazonaws.com",
    "tide.s3-external-1.amazonaws.com",
    "tide.s3.dualstack.us-gov-west-1.amazonaws.com",
    "tide.s3-fips.us-gov-west-1.amazonaws.com",
    "tide.s3-website-us-east-1.amazonaws.com",
    "tide.s3-website.ap-southeast-2.amazonaws.com",
    "tide.s3.cn-north-1.amazonaws.com.cn",
    "tide.s3-website.cn-northwest-1.amazonaws.com.cn",
    "Tide.S3.amazonaws.com",
  ])("%s is the bucket tide", (domain) => {
    expect(originMismatch([at("api.tide.example"), at(domain)], tide)).toBeUndefined();
  });

  it.each([
    "tide-next.s3.amazonaws.com",
    "tyde.s3.amazonaws.com",
    "old.tide.s3.amazonaws.com",
    "tide.old.s3.amazonaws.com",
    "tide.s3.amazonaws.com.example.net",
    "tide.s3-object-lambda.eu-central-1.amazonaws.com",
    "tide.example",
    "s3.amazonaws.com",
    "tide.s3.old.s3.amazonaws.com",
  ])("%s is not the bucket tide, and the message names both", (domain) => {
    expect(originMismatch([at(domain)], tide)).toMatchObject({
      problem: `serves ${domain}, not the target's bucket tide`,
      remedy: expect.stringContaining("`cdn:`"),
    });
  });

  it("a bucket with dots is told from one that only begins or ends alike", () => {
    expect(originMismatch([at("www.tide.example.s3.amazonaws.com")], { ...tide, bucket: "www.tide.example" })).toBeUndefined();
    expect(originMismatch([at("www.tide.example.s3.amazonaws.com")], { ...tide, bucket: "tide.example" })).toBeDefined();
  });

  it("a distribution without origins serves none", () => {
    expect(originMismatch([], tide)?.problem).toBe("serves no origin, not the target's bucket tide");
  });

  it.each([
    ["/live", "live", ""],
    ["/live", "live/docs", "/docs"],
    ["", "docs", "/docs"],
    ["", "a/b", "/a/b"],
    ["/a/", "a", "/"],
    ["/caf%C3%A9", "café", ""],
    ["", "two words", "/two%20words"],
  ])("origin path %j, prefix %j and URL path %j fit", (path, prefix, urlPath) => {
    expect(originMismatch([at(rest, path)], { bucket: "tide", prefix, urlPath })).toBeUndefined();
  });

  it("one fitting origin is enough", () => {
    expect(originMismatch([at(rest, "/live"), at(rest, "/next")], { ...tide, prefix: "next" })).toBeUndefined();
  });

  it.each([
    ["/live", "", "", "s3://tide/live", "s3://tide", "`store:` be s3://tide/live, or let its `cdn:` name another"],
    ["", "live", "", "s3://tide", "s3://tide/live", "`store:` be s3://tide, or let the path of its `url:` be /live."],
    ["/live", "live", "/docs", "s3://tide/live/docs", "s3://tide/live", "or let the path of its `url:` be empty."],
    ["/live", "lively", "", "s3://tide/live", "s3://tide/lively", "`cdn:` name another"],
    ["/live", "next", "", "s3://tide/live", "s3://tide/next", "`cdn:` name another"],
    ["/100%", "next", "", "s3://tide/100%", "s3://tide/next", "`cdn:` name another"],
  ])("origin path %j, prefix %j and URL path %j do not: the message tells both places and what to change", (...row) => {
    const [path, prefix, urlPath, reached, meant, remedy] = row;
    const mismatch = originMismatch([at(rest, path)], { bucket: "tide", prefix, urlPath });
    expect(mismatch?.problem).toContain(`get what lies at ${reached}, not at ${meant}`);
    expect(mismatch?.remedy).toContain(remedy);
  });
});
