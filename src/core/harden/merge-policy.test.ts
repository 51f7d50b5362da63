import { describe, expect, it } from "vitest";
import type { IamStatement } from "./iam-document.ts";
import { mergePolicy, samePolicy } from "./merge-policy.ts";
import { isNamed, principalProblem } from "./principal.ts";

const wall = (Sid: string, Action: string | readonly string[] = "s3:PutObject"): IamStatement => ({
  Sid,
  Effect: "Deny",
  Principal: "*",
  Action,
  Resource: "arn:aws:s3:::pier/*",
});
const others = [
  {
    Sid: "Cdn",
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Action: ["s3:GetObject"],
    Resource: "arn:aws:s3:::pier/*",
  },
  { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": false } } },
  { Sid: "BelayOfSomebodyElse", Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: "*" },
];
const policy = (...statements: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Id: "ours", Statement: statements });

describe("a policy", () => {
  it("keeps every statement of others as it stands and in its place", () => {
    const merged = mergePolicy(policy(...others), [wall("BelayA"), wall("BelayB")]);
    expect(merged?.kept).toEqual(others);
    expect(JSON.parse(merged?.text ?? "")).toEqual({
      Version: "2012-10-17",
      Id: "ours",
      Statement: [...others, wall("BelayA"), wall("BelayB")],
    });
  });

  it("has its own statements replaced where they differ, and those that are not wanted any more taken out", () => {
    const before = policy(wall("BelayA", "s3:DeleteObject"), others[0] ?? {}, wall("BelayGone"));
    const merged = mergePolicy(before, [wall("BelayA")], new Set(["BelayA", "BelayGone"]));
    expect(JSON.parse(merged?.text ?? "")).toMatchObject({ Statement: [wall("BelayA"), others[0]] });
    expect(merged?.isChanged).toBe(true);
  });

  it("stays to the letter where it says the same in another spelling", () => {
    const before = policy(
      { ...wall("BelayA"), Action: ["S3:putobject"], Resource: ["arn:aws:s3:::pier/*"] },
      wall("BelayB", ["s3:B", "s3:A"]),
    );
    const merged = mergePolicy(before, [wall("BelayA"), wall("BelayB", ["s3:A", "s3:B"])]);
    expect(merged).toMatchObject({ isChanged: false, text: before });
  });

  it("is told apart from one with another resource, which is no matter of spelling", () => {
    expect(mergePolicy(policy({ ...wall("BelayA"), Resource: "arn:aws:s3:::Pier/*" }), [wall("BelayA")])?.isChanged).toBe(true);
  });

  it("keeps its version, since another one gives others' variables another meaning", () => {
    const merged = mergePolicy(JSON.stringify({ Version: "2008-10-17", Statement: others[0] }), [wall("BelayA")]);
    expect(JSON.parse(merged?.text ?? "")).toMatchObject({ Version: "2008-10-17", Statement: [others[0], wall("BelayA")] });
  });

  it("is left alone where it cannot be read", () => {
    for (const text of ["", "{", "[]", '{"Version":"2012-10-17"}', '{"Statement":[1]}'])
      expect(mergePolicy(text, [wall("BelayA")])).toBeUndefined();
  });

  it("is the same as another spelling of it, and not the same as another", () => {
    const one = policy(wall("BelayA", ["s3:A", "s3:B"]));
    expect(samePolicy(one, JSON.stringify({ Statement: wall("BelayA", ["s3:B", "s3:A"]), Id: "ours", Version: "2012-10-17" }))).toBe(true);
    expect(samePolicy(one, policy(wall("BelayA", ["s3:A"])))).toBe(false);
    expect(samePolicy(one, undefined)).toBe(false);
    expect(samePolicy("{", "[")).toBe(false);
  });
});

describe("a principal", () => {
  it.each([
    ["arn:aws:iam::111122223333:role/belay-publisher", undefined],
    ["arn:aws-cn:iam::111122223333:user/team/ana", undefined],
    ["arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Owner_*", undefined],
    [
      "arn:aws:sts::111122223333:assumed-role/belay-publisher/job",
      "that is one session. Name its role: arn:aws:iam::111122223333:role/belay-publisher",
    ],
    ["arn:aws:iam::111122223333:role/*", "that is everybody in the account"],
    ["arn:aws:iam::*:role/belay-publisher", "an ARN such as arn:aws:iam::111122223333:role/belay-publisher is wanted"],
    ["*", "an ARN such as arn:aws:iam::111122223333:role/belay-publisher is wanted"],
    ["111122223333", "an ARN such as arn:aws:iam::111122223333:role/belay-publisher is wanted"],
  ])("%s", (arn, problem) => {
    expect(principalProblem(arn)).toBe(problem);
  });

  it("is known by its role in whatever session, and by nobody else's", () => {
    const session = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Owner_0a1b/ana@example.com";
    expect(isNamed(session, ["arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Owner_*"])).toBe(true);
    expect(isNamed(session, ["arn:aws:iam::444455556666:role/AWSReservedSSO_Owner_0a1b"])).toBe(false);
    expect(isNamed(session, ["arn:aws:iam::111122223333:user/AWSReservedSSO_Owner_0a1b"])).toBe(false);
    expect(isNamed("arn:aws:iam::111122223333:user/ana", ["arn:aws:iam::111122223333:user/ana"])).toBe(true);
    expect(isNamed("arn:aws:iam::111122223333:user/ana", ["arn:aws:iam::111122223333:user/bo"])).toBe(false);
    expect(isNamed("arn:aws:iam::111122223333:root", [])).toBe(true);
  });
});
