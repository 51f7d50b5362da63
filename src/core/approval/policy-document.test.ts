import { describe, expect, test } from "vitest";
import { canonicalBytes } from "../canonical-json.ts";
import { policyDifferences } from "./policy-differences.ts";
import { governs, keysToApprove, normalSigners, parsePolicy, type Policy, type PolicyTarget } from "./policy-document.ts";

const ines = "ines@example.com sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2gInes\n";
const ole = "ole@example.com sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2gOle9\n";
const production = { store: "s3://tide-live/site", after: "staging", approvals: 1, keys: "security-key", approvers: "anyone", guard: true };
const staging = { store: "s3://tide-staging", approvals: 0, keys: "security-key", approvers: "anyone", guard: true };
const tide = { file: "index.html", rule: "contains", text: "data-tides" };

const whole = {
  format: 1,
  site: "default",
  signers: "allowed",
  signersText: ines,
  targets: { production, staging },
  tokens: { TIDE: tide },
};

function policy(more: Record<string, unknown> = {}): Policy {
  const parsed = parsePolicy(canonicalBytes({ ...whole, ...more }));
  if (!parsed) throw new Error("the policy of this test cannot be read");
  return parsed;
}
const place = (more: Record<string, unknown>): PolicyTarget => {
  const target = policy({ targets: { anywhere: { ...staging, ...more } } }).targets.get("anywhere");
  if (!target) throw new Error("the target of this test cannot be read");
  return target;
};

test.each([
  ["not JSON", "…"],
  ["another format", '{"format":2,"site":"default","targets":{},"tokens":{}}'],
  ["a target without a store", '{"format":1,"site":"default","targets":{"a":{}},"tokens":{}}'],
])("%s is no policy", (_, text) => {
  expect(parsePolicy(new TextEncoder().encode(text))).toBeUndefined();
});

describe("a difference is told in words:", () => {
  test.each([
    ["fewer approvals", { targets: { staging, production: { ...production, approvals: 0 } } }, "approvals of production 1 → 0"],
    [
      "no stage before",
      { targets: { staging, production: { ...production, after: undefined } } },
      "`after` of production dropped (it was staging)",
    ],
    ["weaker keys", { targets: { staging, production: { ...production, keys: "any" } } }, "`keys` of production security-key → any"],
    ["a target gone", { targets: { production } }, "target staging gone"],
    ["a token gone", { tokens: {} }, "token TIDE gone"],
    [
      "a token changed",
      { tokens: { TIDE: { ...tide, text: "data-tide" } } },
      'token TIDE changed: "index.html" "contains" "data-tides" → "index.html" "contains" "data-tide"',
    ],
    ["a signer more", { signersText: ines + ole }, "signer added: ole@example.com sk-ssh-ed25519@openssh.com …wZW5zc2gOle9"],
    ["a signer gone", { signersText: null }, "signer gone: ines@example.com sk-ssh-ed25519@openssh.com …wZW5zc2gInes"],
  ])("%s", (_, more, words) => {
    expect(policyDifferences(policy(), policy(more))).toEqual([words]);
  });

  test("nothing where nothing differs", () => {
    expect(policyDifferences(policy(), policy())).toEqual([]);
  });
});

describe("a policy has a place as production", () => {
  test.each([
    ["by another name", { store: "s3://tide-live/site" }, true],
    ["the folder around it", { store: "s3://tide-live" }, true],
    ["a folder in it", { store: "s3://tide-live/site/en" }, true],
    ["a neighbour of like name", { store: "s3://tide-live/site-2" }, false],
    ["the stage before it", { store: "s3://tide-staging" }, false],
  ])("%s: %j", (_, more, expected) => {
    expect(governs(policy(), place(more))).toBe(expected);
  });

  test("by its distribution", () => {
    const behind = policy({ targets: { staging, production: { ...production, cdn: "cloudfront:E1LIVE" } } });
    expect(governs(behind, place({ store: "s3://elsewhere", cdn: "cloudfront:E1LIVE" }))).toBe(true);
    expect(governs(behind, place({ store: "s3://elsewhere", cdn: "cloudfront:E2" }))).toBe(false);
  });
});

test("another policy is approved with no weaker keys than production's changes are", () => {
  expect(keysToApprove(policy())).toBe("security-key");
  expect(keysToApprove(policy({ targets: { staging, production: { ...production, keys: "any" } } }))).toBe("any");
  expect(keysToApprove(policy({ targets: { staging, production: { ...production, approvals: 0 } } }))).toBe("any");
});

test("signers are the same whatever comments and line ends stand between them", () => {
  expect(normalSigners(`# people\r\n\r\n  ${ines.trim()}  \r\n# more\n`)).toBe(ines);
  expect(normalSigners(ines + ole)).not.toBe(normalSigners(ines));
});
