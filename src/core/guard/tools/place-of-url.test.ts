import { describe, expect, test } from "vitest";

import { hole } from "../word.ts";
import { placeOfUrl } from "./place-of-url.ts";

describe("an address of S3 is its bucket in every style", () => {
  test.each([
    ["https://tide.s3.amazonaws.com/a/b.html", "tide", "a/b.html"],
    ["https://tide.s3.us-west-2.amazonaws.com/a?X-Amz-Signature=0", "tide", "a"],
    ["https://tide.s3-us-west-2.amazonaws.com/a", "tide", "a"],
    ["https://tide.s3.dualstack.us-west-2.amazonaws.com/a", "tide", "a"],
    ["https://tide.s3-fips.us-gov-west-1.amazonaws.com/a", "tide", "a"],
    ["https://tide.s3-accelerate.dualstack.amazonaws.com/a", "tide", "a"],
    ["http://tide.s3-website-us-west-2.amazonaws.com/a", "tide", "a"],
    ["http://tide.s3-website.eu-central-1.amazonaws.com/a", "tide", "a"],
    ["https://tide.s3.cn-north-1.amazonaws.com.cn/a", "tide", "a"],
    ["https://s3.us-west-2.amazonaws.com/tide/a/b", "tide", "a/b"],
    ["https://S3.AmazonAWS.com:443/tide/a", "tide", "a"],
    ["https://key:secret@s3.amazonaws.com/tide/a", "tide", "a"],
    ["https://www.tide.example.s3.amazonaws.com/a", "www.tide.example", "a"],
    ["https://tide-ap-111122223333.s3-accesspoint.us-west-2.amazonaws.com/a", "tide-ap-111122223333", "a"],
    ["tide.s3.amazonaws.com/a%20b", "tide", "a b"],
  ])("%s", (url, name, key) => {
    expect(placeOfUrl(url)).toEqual({ kind: "bucket", name, key });
  });
});

test("what is no address of S3 stays an address, and so does one whose host is wholly unknown", () => {
  for (const url of [
    "https://example.com/s3.amazonaws.com/x",
    "https://sqs.us-west-2.amazonaws.com/1/q",
    hole,
    `https://${hole}/x`,
    "https://s3.amazonaws.com/",
  ]) {
    expect(placeOfUrl(url)).toEqual({ kind: "url", url });
  }
});

test("a hole before the service is the bucket", () => {
  expect(placeOfUrl(`https://${hole}.s3.amazonaws.com/x`)).toEqual({ kind: "bucket", name: hole, key: "x" });
});

test("a broken escape in an address throws nothing", () => {
  expect(placeOfUrl("https://s3.amazonaws.com/tide/%zz")).toEqual({ kind: "bucket", name: "tide", key: "%zz" });
});
