/** What the walls refuse and let through, decided by an evaluator that shares no code with them. */

import { describe, expect, it } from "vitest";
import { decisionOf, type PolicyRequest } from "../../../test/support/policy-evaluator.ts";
import { judgePolicy } from "../doctor/judge-policy.ts";
import { told } from "../doctor/told.ts";
import { logDeliveryStatement } from "./log-delivery.ts";
import { mergePolicy } from "./merge-policy.ts";
import type { Place, Principals } from "./place.ts";
import { agentPolicy, personPolicy, publisherPolicy, publisherTrust, rolePolicyCharactersMax } from "./role-policies.ts";
import { wallStatements } from "./wall-statements.ts";

const account = { partition: "aws", id: "111122223333" };
const arn = (name: string): string => `arn:aws:iam::111122223333:${name}`;
const person = arn("user/ana");
const publisher = arn("role/belay-publisher");
const agent = arn("role/coding-agent");
const stranger = arn("role/backup");
const principals: Principals = { persons: [person], publishers: [publisher], agents: [agent] };

const production: Place = {
  kind: "pages",
  name: "production",
  bucket: "pier-production",
  prefix: "",
  isProduction: true,
  distribution: "E2PIER",
};
const staging: Place = {
  kind: "pages",
  name: "staging",
  bucket: "pier-staging",
  prefix: "www",
  isProduction: false,
  distribution: "E1PIER",
};
const record: Place = { kind: "record", name: "state", bucket: "pier-state", prefix: "belay", isProduction: false };
const places = [staging, production, record];

const readByCdn = {
  Sid: "AllowCloudFront",
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::pier-production/*",
  Condition: { StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E2PIER" } },
};
const policyOf = (place: Place, present?: object): unknown => {
  const wanted = wallStatements({ bucket: place.bucket, places: [place], principals, account });
  return mergePolicy(present === undefined ? undefined : JSON.stringify({ Version: "2012-10-17", Statement: [present] }), wanted)?.document;
};
const denials = (policy: unknown, request: PolicyRequest): readonly string[] => decisionOf(policy, request).denied;

/** As S3 fills in the condition keys of its operations. */
const creates = { "s3:ObjectCreationOperation": "true" };
const create = { ...creates, "s3:if-none-match": "*" };
const replace = { ...creates, "s3:if-match": "0123456789abcdef" };
const part = { "s3:ObjectCreationOperation": "false" };

describe("production", () => {
  const policy = policyOf(production, readByCdn);
  const put = (principal: string, keys: Readonly<Record<string, string>>): readonly string[] =>
    denials(policy, { principal, action: "s3:PutObject", resource: "arn:aws:s3:::pier-production/index.html", keys });

  it("takes no write without a condition, whoever sends it", () => {
    for (const by of [person, publisher, agent, stranger]) expect(put(by, creates)).toContain("BelayProductionConditionalWrites");
  });

  it("takes a creation and a replacement under their conditions, and the parts of an upload, which carry none", () => {
    for (const by of [person, publisher]) for (const keys of [create, replace, part]) expect(put(by, keys)).toEqual([]);
  });

  it("takes nothing from others, whatever they send", () => {
    for (const by of [agent, stranger]) {
      for (const keys of [create, replace, part]) expect(put(by, keys)).toEqual(["BelayProductionWriters"]);
    }
    expect(
      denials(policy, { service: "logging.s3.amazonaws.com", action: "s3:PutObject", resource: "arn:aws:s3:::pier-production/log" }),
    ).toEqual(["BelayProductionWriters"]);
  });

  it("loses nothing to a delete without a condition, and no version to anybody but a person", () => {
    const object = { resource: "arn:aws:s3:::pier-production/old.html" };
    expect(denials(policy, { principal: publisher, action: "s3:DeleteObject", ...object })).toEqual(["BelayProductionConditionalDeletes"]);
    expect(denials(policy, { principal: publisher, action: "s3:DeleteObject", ...object, keys: { "s3:if-match": "0123" } })).toEqual([]);
    expect(denials(policy, { principal: publisher, action: "s3:DeleteObjectVersion", ...object })).toEqual(["BelayProductionVersions"]);
    expect(denials(policy, { principal: person, action: "s3:DeleteObjectVersion", ...object })).toEqual([]);
  });

  it("has its walls changed by a person alone", () => {
    for (const action of ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration"]) {
      const about = { action, resource: "arn:aws:s3:::pier-production" };
      for (const by of [publisher, agent, stranger]) expect(denials(policy, { principal: by, ...about })).toEqual(["BelaySettings"]);
      expect(denials(policy, { principal: person, ...about })).toEqual([]);
    }
  });

  it("is still read by its distribution and by no other, also over plain HTTP, while all else wants TLS", () => {
    const read = { service: "cloudfront.amazonaws.com", action: "s3:GetObject", resource: "arn:aws:s3:::pier-production/index.html" };
    const from = (id: string, tls = "true"): object => {
      const keys = { "aws:SourceArn": `arn:aws:cloudfront::111122223333:distribution/${id}`, "aws:SecureTransport": tls };
      return decisionOf(policy, { ...read, keys });
    };
    expect(from("E2PIER")).toEqual({ denied: [], allowed: ["AllowCloudFront"] });
    expect(from("E2PIER", "false")).toEqual({ denied: [], allowed: ["AllowCloudFront"] });
    expect(from("E9PIER")).toEqual({ denied: [], allowed: [] });
    const bare = { "aws:SecureTransport": "false" };
    expect(
      denials(policy, { principal: publisher, action: "s3:ListBucket", resource: "arn:aws:s3:::pier-production", keys: bare }),
    ).toEqual(["BelayEncrypted"]);
  });

  it("is found in order by doctor", () => {
    const found = judgePolicy({
      target: "production",
      isProduction: true,
      bucket: "pier-production",
      prefix: "",
      hasCdn: true,
      policy: told(JSON.stringify(policy)),
    });
    expect(found.filter(({ severity }) => severity !== "ok")).toEqual([]);
    expect(found.map(({ id }) => id)).toContain("bucket-conditional-writes");
  });
});

describe("staging", () => {
  const policy = policyOf(staging);
  const put = (principal: string, key: string, keys: Readonly<Record<string, string>>): readonly string[] =>
    denials(policy, { principal, action: "s3:PutObject", resource: `arn:aws:s3:::pier-staging/${key}`, keys });

  it("takes writes of agents below its own prefix, and says nothing of the rest of its bucket", () => {
    expect(put(agent, "www/index.html", replace)).toEqual([]);
    expect(put(agent, "www/index.html", creates)).toEqual(["BelayStagingConditionalWrites"]);
    expect(put(stranger, "www/index.html", replace)).toEqual(["BelayStagingWriters"]);
    expect(put(stranger, "elsewhere/index.html", creates)).toEqual([]);
  });
});

describe("the record", () => {
  const policy = policyOf(record);
  const ask = (principal: string, action: string, key: string, keys: Readonly<Record<string, string>> = {}): readonly string[] =>
    denials(policy, { principal, action, resource: `arn:aws:s3:::pier-state/belay/${key}`, keys });

  it("is only ever added to: entries, checkpoints and kept bytes are neither replaced nor deleted", () => {
    for (const key of ["ledger/999999999998.json", "ledger-checkpoints/999999999871.json", "vault/ab/abcd"]) {
      expect(ask(agent, "s3:PutObject", key, create)).toEqual([]);
      expect(ask(agent, "s3:PutObject", key, part)).toEqual([]);
      expect(ask(agent, "s3:PutObject", key, replace)).toEqual(["BelayStateCreateOnly"]);
      expect(ask(agent, "s3:DeleteObject", key, { "s3:if-match": "0123" })).not.toEqual([]);
      expect(ask(publisher, "s3:DeleteObjectVersion", key)).not.toEqual([]);
    }
    expect(ask(person, "s3:DeleteObject", "ledger/999999999998.json", { "s3:if-match": "0123" })).toEqual(["BelayStateLedgerStays"]);
    expect(ask(person, "s3:DeleteObjectVersion", "vault/ab/abcd")).toEqual([]);
  });

  it("has leases that are replaced and given back, under their conditions", () => {
    expect(ask(agent, "s3:PutObject", "leases/default-staging.json", replace)).toEqual([]);
    expect(ask(agent, "s3:DeleteObject", "leases/default-staging.json", { "s3:if-match": "0123" })).toEqual([]);
    expect(ask(agent, "s3:DeleteObject", "leases/default-staging.json")).toEqual(["BelayStateConditionalDeletes"]);
  });

  it("takes nothing from strangers, and nothing over plain HTTP", () => {
    expect(ask(stranger, "s3:PutObject", "ledger/999999999998.json", create)).toEqual(["BelayStateWriters"]);
    expect(ask(agent, "s3:GetObject", "vault/ab/abcd", { "aws:SecureTransport": "false" })).toEqual(["BelayEncrypted"]);
  });
});

it("targets whose names differ in punctuation only have statements of their own", () => {
  const twins = [
    { ...staging, name: "eu-site" },
    { ...staging, name: "eu.site", prefix: "other" },
  ];
  const sids = wallStatements({ bucket: "pier-staging", places: twins, principals, account }).map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
  expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/u.test(sid))).toEqual([]);
});

it("an access log is let in from its own bucket and account, and from no other", () => {
  const policy = {
    Version: "2012-10-17",
    Statement: [logDeliveryStatement("pier-production", { bucket: "pier-logs", prefix: "production/" }, account)],
  };
  const from = (bucket: string, key: string): readonly string[] =>
    decisionOf(policy, {
      service: "logging.s3.amazonaws.com",
      action: "s3:PutObject",
      resource: `arn:aws:s3:::pier-logs/${key}`,
      keys: { "aws:SourceArn": `arn:aws:s3:::${bucket}`, "aws:SourceAccount": "111122223333" },
    }).allowed;
  expect(from("pier-production", "production/2026-11-22")).toHaveLength(1);
  expect(from("pier-other", "production/2026-11-22")).toEqual([]);
  expect(from("pier-production", "elsewhere/2026-11-22")).toEqual([]);
});

const may = (policy: unknown, action: string, resource: string, keys: Readonly<Record<string, string>> = {}): boolean => {
  const { denied, allowed } = decisionOf(policy, { action, resource, keys });
  return denied.length === 0 && allowed.length > 0;
};
const page = (bucket: string): string => `arn:aws:s3:::${bucket}/index.html`;

describe("roles", () => {
  const setup = { places, account };
  it("an agent deploys to staging and records it, and changes neither production nor a wall", () => {
    const policy = agentPolicy(setup);
    expect(may(policy, "s3:PutObject", "arn:aws:s3:::pier-staging/www/index.html", replace)).toBe(true);
    expect(may(policy, "s3:PutObject", "arn:aws:s3:::pier-staging/www/index.html", creates)).toBe(false);
    expect(may(policy, "s3:PutObject", "arn:aws:s3:::pier-state/belay/ledger/1.json", create)).toBe(true);
    expect(may(policy, "s3:DeleteObject", "arn:aws:s3:::pier-state/belay/leases/a.json", { "s3:if-match": "0" })).toBe(true);
    expect(may(policy, "s3:DeleteObject", "arn:aws:s3:::pier-state/belay/ledger/1.json", { "s3:if-match": "0" })).toBe(false);
    expect(may(policy, "s3:GetObject", page("pier-production"))).toBe(true);
    expect(decisionOf(policy, { action: "s3:PutObject", resource: page("pier-production"), keys: replace }).denied).toEqual([
      "NotProduction",
    ]);
    expect(may(policy, "cloudfront:CreateInvalidation", "arn:aws:cloudfront::111122223333:distribution/E1PIER")).toBe(true);
    expect(may(policy, "cloudfront:CreateInvalidation", "arn:aws:cloudfront::111122223333:distribution/E2PIER")).toBe(false);
    expect(may(policy, "cloudfront:GetDistribution", "arn:aws:cloudfront::111122223333:distribution/E2PIER")).toBe(true);
    expect(decisionOf(policy, { action: "s3:PutBucketPolicy", resource: "arn:aws:s3:::pier-state" }).denied).toEqual(["WallsStay"]);
  });

  it("a publisher writes to production too, and changes no wall", () => {
    const policy = publisherPolicy(setup);
    expect(may(policy, "s3:PutObject", page("pier-production"), replace)).toBe(true);
    expect(may(policy, "s3:DeleteObject", page("pier-production"))).toBe(false);
    expect(may(policy, "cloudfront:CreateInvalidation", "arn:aws:cloudfront::111122223333:distribution/E2PIER")).toBe(true);
    expect(may(policy, "s3:DeleteObjectVersion", page("pier-production"))).toBe(false);
    expect(may(policy, "s3:PutBucketVersioning", "arn:aws:s3:::pier-production")).toBe(false);
  });

  it("a person writes, builds walls, and writes nothing unseen either", () => {
    const policy = personPolicy(setup);
    expect(may(policy, "s3:PutBucketPolicy", "arn:aws:s3:::pier-production")).toBe(true);
    expect(may(policy, "s3:PutObject", page("pier-production"), create)).toBe(true);
    expect(may(policy, "s3:PutObject", page("pier-production"), creates)).toBe(false);
    expect(may(policy, "s3:DeleteObjectVersion", "arn:aws:s3:::pier-state/belay/vault/ab/abcd")).toBe(true);
  });

  it("fit into what IAM takes of a managed policy", () => {
    for (const policy of [agentPolicy(setup), publisherPolicy(setup), personPolicy(setup)]) {
      expect(JSON.stringify(policy).length).toBeLessThan(rolePolicyCharactersMax);
    }
  });

  it("speak of no distribution and no record where there is none", () => {
    const { Statement: statements } = agentPolicy({ places: [{ ...staging, prefix: "" }], account });
    expect(statements.filter(({ Resource }) => Resource === undefined || Resource.length === 0)).toEqual([]);
  });

  it("of a repository's jobs, those in a target's environment become the publisher and no others do", () => {
    const [statement] = publisherTrust(setup, "example/site").Statement;
    expect(statement?.Condition).toEqual({
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": [
          "repo:example/site:environment:staging",
          "repo:example/site:environment:production-plan",
          "repo:example/site:environment:production",
        ],
      },
    });
  });
});
