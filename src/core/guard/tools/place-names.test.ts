import { describe, expect, test } from "vitest";

import { hole } from "../word.ts";
import { matchBelow } from "./match-path.ts";
import { matchBucketName, matchKey, mentions } from "./place-names.ts";

describe("a bucket is known by every name of it", () => {
  const arn = "arn:aws:s3:us-west-2:111122223333:accesspoint/tide-ap";

  test.each([
    ["tide-prod", "tide-prod"],
    ["TIDE-prod", "tide-prod"],
    ["arn:aws:s3:::tide-prod", "tide-prod"],
    [arn, arn],
    ["arn:aws:s3:us-west-2:111122223333:accesspoint:tide-ap", arn],
    ["tide-ap-111122223333", arn],
    ["tide-ap-abcdefgh-s3alias", arn],
    [arn, "tide-ap-abcdefgh-s3alias"],
    [arn, "tide-ap"],
  ])("%s is %s", (name, guarded) => {
    expect(matchBucketName(name, guarded)).toBe("is");
  });

  test.each([
    ["tide-prod-logs", "tide-prod"],
    ["x.tide-prod", "tide-prod"],
    ["arn:aws:s3:us-west-2:111122223333:accesspoint/other", arn],
    ["tide-production", "tide-prod"],
    [`tide-staging${hole}`, "tide-prod"],
  ])("%s is not %s", (name, guarded) => {
    expect(matchBucketName(name, guarded)).toBe("not");
  });

  test("a hole that could be filled to it may be it", () => {
    expect(matchBucketName(hole, "tide-prod")).toBe("may be");
    expect(matchBucketName(`${hole}-prod`, "tide-prod")).toBe("may be");
    expect(matchBucketName(`tide-${hole}`, "tide-prod")).toBe("may be");
  });
});

describe("a key is guarded by its prefix", () => {
  const part = { prefix: "www/", except: ["www/preview/"] };

  test.each([
    ["www/a.html", "is"],
    ["www", "is"],
    ["", "is"],
    [undefined, "is"],
    ["www/preview/a.html", "not"],
    ["wwwroot/a.html", "not"],
    ["logs/a", "not"],
    [`www/${hole}`, "is"],
    [`${hole}/a.html`, "may be"],
    [`logs/${hole}`, "not"],
  ] as const)("%s", (key, expected) => {
    expect(matchKey(key, part)).toBe(expected);
  });

  test("a prefix without a slash at its end is a folder's name, and no beginning of other names", () => {
    const bare = { prefix: "www", except: [] };
    expect(["www/a.html", "www", "wwwroot/a.html", "www-old"].map((key) => matchKey(key, bare))).toEqual(["is", "is", "not", "not"]);
  });

  test("in a bucket that is guarded but for a part, an unknown key may be in either", () => {
    const bucket = { prefix: "", except: ["staging/"] };
    expect(matchKey(`${hole}.html`, bucket)).toBe("may be");
    expect(matchKey(`staging/${hole}`, bucket)).toBe("not");
    expect(matchKey(hole, { prefix: "", except: [] })).toBe("is");
  });
});

test("a text mentions a name only where it stands as a word of its own", () => {
  for (const text of ["arn:aws:s3:::tide-prod/*", '"tide-prod"', "https://tide-prod.s3.amazonaws.com/", "to tide-prod."]) {
    expect([text, mentions(text, "tide-prod")]).toEqual([text, true]);
  }
  for (const text of ["tide-prod-logs", "old-tide-prod", "www.tide-prod", "tide-prod.example.com", "tide-production"]) {
    expect([text, mentions(text, "tide-prod")]).toEqual([text, false]);
  }
});

test("a path lies below a folder by whole names, and a hole counts only where what is before it leads there", () => {
  expect(matchBelow("/mnt/prod/a", "/mnt/prod")).toBe("is");
  expect(matchBelow("/mnt/production/a", "/mnt/prod")).toBe("not");
  expect(matchBelow(`/mnt/prod/${hole}`, "/mnt/prod")).toBe("is");
  expect(matchBelow(`/mnt/${hole}/a`, "/mnt/prod")).toBe("may be");
  expect(matchBelow(`${hole}/a`, "/mnt/prod")).toBe("not");
  expect(matchBelow(`/tmp/${hole}`, "/mnt/prod")).toBe("not");
});
