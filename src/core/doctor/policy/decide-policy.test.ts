import { describe, expect, it } from "vitest";
import { isAllowed, isDenied, type Imagined, type Tri } from "./decide-policy.ts";
import { covers, matches, meet } from "./match-pattern.ts";
import { parsePolicy, type Statement } from "./parse-policy.ts";

const policyOf = (...statements: readonly object[]): readonly Statement[] => {
  const parsed = parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
  if (!parsed) throw new Error("the policy cannot be read");
  return parsed;
};
const everything = "arn:aws:s3:::pier/*";
const objects = { beginning: "arn:aws:s3:::pier/" };
const stranger = (action: string, resource: Imagined["resource"] = objects): Imagined => ({ by: "anonymous", action, resource });
const mayStrangers = (statement: object, action = "s3:PutObject"): Tri =>
  isAllowed(policyOf({ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: everything, ...statement }), stranger(action));

describe("patterns", () => {
  it.each([
    ["s3:*", "s3:PutObject", true],
    ["s3:Put?bject", "s3:PutObject", true],
    ["*", "", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["", "a", false],
    ["a", "ab", false],
  ])("%s against %s is %s", (pattern, text, is) => {
    expect(matches(pattern, text)).toBe(is);
  });

  it.each([
    ["pier/*", "pier/*", true],
    ["pier/uploads/*", "pier/*", true],
    ["*/uploads", "pier/*", true],
    ["harbor/*", "pier/*", false],
    ["pier", "pier/*", false],
    ["p?er/a", "pier/*", true],
    ["*x", "*y", false],
    ["a*c", "*b*", true],
  ])("%s and %s have a text in common: %s", (first, second, is) => {
    expect(meet(first, second)).toBe(is);
    expect(meet(second, first)).toBe(is);
  });

  it("covers every text of a beginning only by stars", () => {
    expect(covers("pier/*", "pier/")).toBe(true);
    expect(covers("*", "pier/")).toBe(true);
    expect(covers("pier/*.html", "pier/")).toBe(false);
    expect(covers("pier/?", "pier/")).toBe(false);
    expect(covers("pier/a*", "pier/")).toBe(false);
  });
});

describe("what strangers may", () => {
  it.each<[string, object, Tri]>([
    ["anybody, as a text", {}, "yes"],
    ["anybody, as an account", { Principal: { AWS: "*" } }, "yes"],
    ["anybody among others", { Principal: { AWS: ["arn:aws:iam::111122223333:root", "*"] } }, "yes"],
    ["everybody but one", { Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } }, "yes"],
    ["one account", { Principal: { AWS: "111122223333" } }, "no"],
    ["CloudFront", { Principal: { Service: "cloudfront.amazonaws.com" } }, "no"],
    ["some keys only", { Resource: "arn:aws:s3:::pier/uploads/*" }, "yes"],
    ["another bucket", { Resource: "arn:aws:s3:::harbor/*" }, "no"],
    ["a bucket whose name begins alike", { Resource: "arn:aws:s3:::pier-2/*" }, "no"],
    ["a bucket in another partition's spelling", { Resource: "arn:aws-cn:s3:::pier/*" }, "yes"],
    ["everything but one key", { Resource: undefined, NotResource: "arn:aws:s3:::pier/private.html" }, "yes"],
    ["everything but the bucket", { Resource: undefined, NotResource: "arn:aws:s3:::pier/*" }, "no"],
    ["a variable in the key", { Resource: "arn:aws:s3:::pier/${aws:username}/*" }, "yes"],
    ["actions in another case", { Action: "S3:putOBJECT" }, "yes"],
    ["every action but one", { Action: undefined, NotAction: "s3:GetObject" }, "yes"],
    ["every action but this one", { Action: undefined, NotAction: "s3:Put*" }, "no"],
    ["a source that everybody has", { Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }, "yes"],
    ["some addresses", { Condition: { IpAddress: { "aws:SourceIp": "198.51.100.0/24" } } }, "maybe"],
    ["a referer, which anybody can write", { Condition: { StringLike: { "aws:Referer": "https://pier.example/*" } } }, "yes"],
    ["an organisation", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-tide" } } }, "no"],
    ["an organisation, if there is one", { Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-tide" } } }, "yes"],
    ["all of no values", { Condition: { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-tide" } } }, "yes"],
    ["a network", { Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } }, "no"],
    ["any network but one", { Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } } }, "yes"],
    ["with TLS", { Condition: { Bool: { "aws:SecureTransport": "true" } } }, "yes"],
    ["after a date", { Condition: { DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } } }, "maybe"],
  ])("%s", (_, statement, is) => {
    expect(mayStrangers(statement)).toBe(is);
  });

  it("a refusal for all of it wins, one for some of it does not", () => {
    const allow = { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: everything };
    const deny = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: everything };
    const may = (refusal: object): Tri => isAllowed(policyOf(allow, { ...deny, ...refusal }), stranger("s3:PutObject"));
    expect(may({})).toBe("no");
    expect(may({ Resource: "*" })).toBe("no");
    expect(may({ Resource: "arn:aws:s3:::pier/private/*" })).toBe("yes");
    expect(may({ Resource: undefined, NotResource: "arn:aws:s3:::pier/open/*" })).toBe("yes");
    expect(may({ Condition: { NotIpAddress: { "aws:SourceIp": "198.51.100.0/24" } } })).toBe("maybe");
    expect(may({ Condition: { StringEquals: { "s3:x-amz-acl": "public-read" } } })).toBe("yes");
    expect(may({ Principal: { AWS: "arn:aws:iam::111122223333:user/wren" } })).toBe("yes");
    expect(may({ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::111122223333:user/wren" } })).toBe("no");
  });
});

describe("what is refused to a member of the account", () => {
  const bare = {
    "s3:if-match": undefined,
    "s3:if-none-match": undefined,
    "s3:objectcreationoperation": "true",
    "aws:securetransport": "true",
  };
  const put = (keys: Imagined["keys"] = bare): Imagined => ({ by: "member", action: "s3:PutObject", resource: objects, keys });
  const refusal = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: everything };
  const isRefused = (statement: object, request = put()): Tri => isDenied(policyOf({ ...refusal, ...statement }), request);
  const without = { "s3:if-match": "true", "s3:if-none-match": "true" };

  it.each<[string, object, Tri]>([
    ["both conditions absent", { Condition: { Null: without } }, "yes"],
    ["in IAM's other spelling of true", { Condition: { Null: { "s3:If-Match": true, "s3:IF-NONE-MATCH": ["TRUE"] } } }, "yes"],
    ["only what creates objects", { Condition: { Null: without, Bool: { "s3:ObjectCreationOperation": "true" } } }, "yes"],
    ["what carries another condition than one text", { Condition: { StringNotEquals: { "s3:if-none-match": "*" } } }, "yes"],
    ["the conditions present", { Condition: { Null: { "s3:if-match": "false" } } }, "no"],
    [
      "everybody but the publisher, whatever the condition",
      { Condition: { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::1:role/p" } } },
      "maybe",
    ],
    [
      "both absent, but for a person",
      { Condition: { Null: without, ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::1:user/*" } } },
      "maybe",
    ],
    ["one user", { Principal: { AWS: "arn:aws:iam::1:user/wren" }, Condition: { Null: without } }, "maybe"],
    ["the service", { Principal: { Service: "logging.s3.amazonaws.com" }, Condition: { Null: without } }, "no"],
    ["pages only", { Resource: "arn:aws:s3:::pier/*.html", Condition: { Null: without } }, "no"],
    ["without TLS only", { Condition: { Bool: { "aws:SecureTransport": "false" } } }, "no"],
    [
      "a header that the sender chooses to leave out",
      { Condition: { Null: { ...without, "s3:x-amz-server-side-encryption": "true" } } },
      "no",
    ],
    ["without any condition", {}, "yes"],
  ])("%s", (_, statement, is) => {
    expect(isRefused(statement)).toBe(is);
  });

  it("a write with its condition passes where only unconditional ones are refused", () => {
    const condition = { Condition: { Null: without } };
    expect(isRefused(condition, put({ ...bare, "s3:if-none-match": "*" }))).toBe("no");
    expect(isRefused(condition, put({ ...bare, "s3:if-match": "0f" }))).toBe("no");
    expect(isRefused({ Condition: { Null: { "s3:if-none-match": "true" } } }, put({ ...bare, "s3:if-match": "0f" }))).toBe("yes");
  });
});

describe("a policy that cannot be read whole", () => {
  it.each([
    "no json",
    "[]",
    "{}",
    '{"Statement":"all"}',
    '{"Statement":[{"Effect":"allow","Principal":"*","Action":"s3:*","Resource":"*"}]}',
    '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    '{"Statement":[{"Effect":"Allow","Principal":"someone","Action":"s3:*","Resource":"*"}]}',
    '{"Statement":[{"Effect":"Allow","Principal":"*","Action":[],"Resource":"*"}]}',
    '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*"}]}',
    '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Null":"x"}}]}',
    '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Null":{"a":{}}}}]}',
  ])("is judged by nobody: %s", (text) => {
    expect(parsePolicy(text)).toBeUndefined();
  });

  it("one statement need not stand in a list", () => {
    expect(parsePolicy('{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}')).toHaveLength(1);
  });
});
