import { describe, expect, it } from "vitest";
import { emptyState, type LedgerState } from "../ledger/fold.ts";
import type { Target } from "../site.ts";
import { asDigest, asStoreName } from "../brand.ts";
import type { DistributionFacts } from "./edge-facts.ts";
import type { Finding } from "./finding.ts";
import { hostOf, isDomain, portOf } from "./host.ts";
import { judgeClock } from "./judge-clock.ts";
import { judgeCredentials } from "./judge-credentials.ts";
import { judgeDistribution, type DistributionCase } from "./judge-distribution.ts";
import { judgeNames, type NamesCase } from "./judge-names.ts";
import { judgePolicy } from "./judge-policy.ts";
import { judgeSite } from "./judge-site.ts";
import { judgeState, type StateCase } from "./judge-state.ts";
import { judgeWorkingCopy } from "./judge-working-copy.ts";
import { told, type Told } from "./told.ts";

const denied: Told<never> = { kind: "untold", why: "it is not allowed", remedy: "Allow it." };
const named = (findings: readonly Finding[], id: string): Finding | undefined => findings.find((finding) => finding.id === id);
const severity = (findings: readonly Finding[], id: string): string | undefined => named(findings, id)?.severity;

const sound: DistributionFacts = {
  id: "E1PIER",
  domain: "d1pier.cloudfront.net",
  isEnabled: true,
  status: "Deployed",
  aliases: ["pier.example.com"],
  rootObject: "index.html",
  origins: [{ domain: "pier.s3.eu-central-1.amazonaws.com", path: "", access: "control", isWebsite: false }],
  behaviors: [{ pattern: "*", viewerProtocol: "redirect-to-https", defaultTtlSeconds: 0, minTtlSeconds: 0 }],
};

const ofDistribution = (change: Partial<DistributionFacts> = {}, about: Partial<DistributionCase> = {}): readonly Finding[] =>
  judgeDistribution({
    target: "production",
    id: "E1PIER",
    url: "https://pier.example.com",
    mismatch: told(undefined),
    distribution: told({ ...sound, ...change }),
    others: new Map([["staging", "staging.example.com"]]),
    ...about,
  });

describe("a distribution", () => {
  it("that serves its bucket under its name is fine throughout", () => {
    expect(ofDistribution().filter((finding) => finding.severity !== "ok")).toEqual([]);
  });

  it.each<[string, Partial<DistributionFacts>, string, string]>([
    ["is switched off", { isEnabled: false }, "distribution-enabled", "unsafe"],
    ["is under way", { status: "InProgress" }, "distribution-deployed", "note"],
    ["shows nothing at its top", { rootObject: "" }, "distribution-root-object", "warning"],
    ["names its top with a slash", { rootObject: "/index.html" }, "distribution-root-object", "warning"],
    ["lacks the url's host", { aliases: ["www.example.com"] }, "distribution-alias", "unsafe"],
    ["answers to another target's host", { aliases: ["pier.example.com", "staging.example.com"] }, "distribution-own-domain", "unsafe"],
    ["takes visitors without TLS", { behaviors: [{ pattern: "*", viewerProtocol: "allow-all" }] }, "distribution-protocol", "warning"],
    [
      "keeps pages at least a minute",
      { behaviors: [{ pattern: "*", viewerProtocol: "https-only", minTtlSeconds: 60 }] },
      "distribution-minimum-ttl",
      "note",
    ],
    [
      "keeps pages for a day",
      { behaviors: [{ pattern: "*", viewerProtocol: "https-only", defaultTtlSeconds: 86_400 }] },
      "distribution-caching",
      "note",
    ],
    [
      "shows itself to nobody",
      { origins: [{ domain: "pier.s3.amazonaws.com", path: "", access: "none", isWebsite: false }] },
      "distribution-origin-access",
      "warning",
    ],
  ])("that %s is told", (_, change, id, how) => {
    expect(severity(ofDistribution(change), id)).toBe(how);
  });

  it("may answer by a wildcard or by CloudFront's own name, and an address of this machine is not judged by name", () => {
    expect(severity(ofDistribution({ aliases: ["*.example.com"] }), "distribution-alias")).toBe("ok");
    expect(severity(ofDistribution({ aliases: [] }, { url: "https://D1PIER.cloudfront.net" }), "distribution-alias")).toBe("ok");
    expect(severity(ofDistribution({}, { url: "http://127.0.0.1:9071" }), "distribution-alias")).toBe("note");
    expect(severity(ofDistribution({}, { url: undefined }), "target-url")).toBe("note");
  });

  it("that serves another bucket or is not there is unsafe, and one that may not be looked at is no verdict", () => {
    expect(
      severity(ofDistribution({}, { mismatch: told({ problem: "serves harbor", remedy: "Correct it." }) }), "distribution-origin"),
    ).toBe("unsafe");
    expect(ofDistribution({}, { distribution: told(undefined) }).map((finding) => finding.severity)).toEqual(["unsafe"]);
    expect(ofDistribution({}, { distribution: denied })).toMatchObject([
      { severity: "note", untold: "it is not allowed", remedy: "Allow it." },
    ]);
  });
});

describe("a name", () => {
  const nowMs = Date.parse("2026-03-01T00:00:00Z");
  const judged = (change: Partial<NamesCase> = {}): readonly Finding[] =>
    judgeNames({
      target: "production",
      url: "https://pier.example.com",
      distribution: told(sound),
      otherDomains: new Map([["staging", "d2stage.cloudfront.net"]]),
      names: told({ chain: ["d1pier.cloudfront.net"], addresses: ["192.0.2.7"] }),
      hosted: told(undefined),
      visit: told({ kind: "seen", status: 200, isCloudFront: true }),
      certificate: told({ validToMs: nowMs + 90 * 86_400_000, issuer: "Pier CA" }),
      nowMs,
      ...change,
    });
  const bare = { names: told({ chain: [], addresses: ["192.0.2.7"] }) };

  it("that leads to its distribution is fine throughout", () => {
    expect(judged().filter((finding) => finding.severity !== "ok")).toEqual([]);
  });

  it.each<[string, Partial<NamesCase>, string]>([
    [
      "by an alias of Route 53",
      { ...bare, hosted: told([{ type: "A", to: ["d1pier.cloudfront.net"], isAlias: true }]), visit: denied },
      "ok",
    ],
    ["to another target's distribution", { names: told({ chain: ["d2stage.cloudfront.net"], addresses: ["192.0.2.7"] }) }, "unsafe"],
    [
      "to another's by an alias of Route 53",
      { ...bare, hosted: told([{ type: "A", to: ["d2stage.cloudfront.net"], isAlias: true }]) },
      "unsafe",
    ],
    ["to a distribution of nobody here", { names: told({ chain: ["d9.cloudfront.net"], addresses: ["192.0.2.7"] }) }, "warning"],
    ["to CloudFront by addresses alone, which chooses by the name", bare, "ok"],
    ["to something else", { ...bare, visit: told({ kind: "seen", status: 200, isCloudFront: false }) }, "warning"],
    ["to CloudFront under a name that is not the distribution's", { ...bare, distribution: told({ ...sound, aliases: [] }) }, "note"],
    ["nobody knows where", { ...bare, visit: denied }, "note"],
  ])("that leads %s is judged so", (_, change, how) => {
    expect(severity(judged(change), "dns-distribution")).toBe(how);
  });

  it("that is unknown, has no address or cannot be asked for is told apart", () => {
    expect(severity(judged({ names: told(undefined) }), "dns-resolves")).toBe("warning");
    expect(severity(judged({ names: told({ chain: ["gone.example.net"], addresses: [] }) }), "dns-resolves")).toBe("warning");
    expect(named(judged({ names: denied }), "dns-resolves")).toMatchObject({ severity: "note", untold: "it is not allowed" });
  });

  it("is not looked for where it is an address", () => {
    expect(named(judged({ url: "http://127.0.0.1:9071", certificate: undefined }), "dns-resolves")).toBeUndefined();
  });

  it("warns two weeks before its certificate runs out, and calls one that nobody takes unsafe", () => {
    const after = [
      [15, undefined],
      [13, undefined],
      [-1, undefined],
      [90, "its TLS certificate is for another name"],
    ] as const;
    const hows = after.map(([days, problem]) => {
      const facts = { validToMs: nowMs + days * 86_400_000, issuer: "", ...(problem !== undefined && { problem }) };
      return severity(judged({ certificate: told(facts) }), "certificate");
    });
    expect(hows).toEqual(["ok", "warning", "unsafe", "unsafe"]);
  });

  it("whose page is an error, or does not answer, is told", () => {
    expect(severity(judged({ visit: told({ kind: "seen", status: 503, isCloudFront: true }) }), "visitors")).toBe("warning");
    expect(named(judged({ visit: told({ kind: "unreachable", cause: "the connection was refused" }) }), "visitors")).toMatchObject({
      untold: "the connection was refused",
    });
  });
});

const may = (...actions: readonly string[]): Told<{ action: string; resource: string; isAllowed: boolean }[]> =>
  told(actions.map((action) => ({ action, resource: "*", isAllowed: true })));

describe("credentials", () => {
  const caller = told({ arn: "arn:aws:iam::111122223333:user/wren", account: "111122223333", key: "long-lived" } as const);
  const judged = (change: Partial<Parameters<typeof judgeCredentials>[0]> = {}): readonly Finding[] =>
    judgeCredentials({ caller, actor: "person", production: ["production"], simulated: told([]), ...change });

  it("of the account's root are unsafe, and keys that never expire are noted", () => {
    const root = told({ arn: "arn:aws:iam::111122223333:root", account: "111122223333", key: "temporary" } as const);
    expect(severity(judged({ caller: root }), "credentials-root")).toBe("unsafe");
    expect([severity(judged(), "credentials-root"), severity(judged(), "credentials-lifetime")]).toEqual(["ok", "note"]);
  });

  it("that publish are fine, those that lift a wall are not, and those that cannot be asked about are neither", () => {
    expect(severity(judged({ simulated: may("s3:PutObject", "cloudfront:CreateInvalidation") }), "credentials-bypass")).toBe("ok");
    expect(severity(judged({ simulated: may("s3:DeleteObjectVersion") }), "credentials-bypass")).toBe("warning");
    expect(severity(judged({ simulated: denied }), "credentials-bypass")).toBe("note");
  });

  it("for production in an agent's hands are warned of unless they cannot write there", () => {
    const agent = { actor: "agent" } as const;
    expect(severity(judged({ ...agent, simulated: may("s3:PutObject") }), "credentials-agent")).toBe("warning");
    expect(severity(judged({ ...agent, simulated: denied }), "credentials-agent")).toBe("warning");
    expect(severity(judged(agent), "credentials-agent")).toBe("ok");
    expect(named(judged(), "credentials-agent")).toBeUndefined();
  });
});

const target = (change: Partial<Target> = {}): Target => ({
  name: "production",
  store: asStoreName("s3://pier"),
  after: "staging",
  approvals: 1,
  keys: "security-key",
  approvers: "anyone",
  guard: true,
  ...change,
});

describe("the site", () => {
  const key = "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t";
  const sk = `wren@example.com sk-ssh-ed25519@openssh.com ${key}`;

  it("with a stage, an approval, a key for it and a way to tell people is fine", () => {
    const findings = judgeSite({ targets: [target()], signers: sk, channels: told(["slack"]) });
    expect(findings.filter((finding) => finding.severity !== "ok")).toEqual([]);
    expect(severity(judgeSite({ targets: [target()], signers: sk, channels: told([]) }), "notify")).toBe("note");
  });

  it.each<[string, Partial<Target>, string | undefined, string, string | undefined]>([
    ["no approval", { approvals: 0 }, sk, "approvals", "note"],
    ["any key", { keys: "any" }, sk, "approval-keys", "note"],
    ["no signers file", {}, "none", "signers", "warning"],
    ["a signers file without a key", {}, "", "signers", "warning"],
    ["a line that is no key", {}, `${sk}\nrobin@example.com ssh-ed25519`, "signers", "warning"],
    ["only keys that nobody touches", {}, `wren@example.com ssh-ed25519 ${key}`, "approvers", "warning"],
    ["a key for another purpose", {}, `wren@example.com namespaces="git,file" ${sk.slice(17)}`, "approvers", "warning"],
    ["a key for this purpose among others", {}, `wren@example.com namespaces="git,belay-approval" ${sk.slice(17)}`, "approvers", "ok"],
    ["two keys of one person where two are needed", { approvals: 2 }, `${sk}\n${sk}`, "approvers", "warning"],
    ["two people where two are needed", { approvals: 2 }, `${sk}\n${sk.replace("wren", "robin")}`, "approvers", "ok"],
    ["one person where another has to approve", { approvers: "others" }, sk, "approvers", "warning"],
  ])("with %s is judged so", (...[, change, signers, id, how]) => {
    const findings = judgeSite({ targets: [target(change)], signers: signers === "none" ? undefined : signers, channels: told(["slack"]) });
    expect(severity(findings, id)).toBe(how);
  });

  it("whose production has no stage is warned of", () => {
    const { after: _after, ...unstaged } = target();
    expect(severity(judgeSite({ targets: [unstaged], signers: sk, channels: told([]) }), "production-stage")).toBe("warning");
  });
});

describe("the state", () => {
  const digest = asDigest("a".repeat(64));
  const judged = (change: Partial<StateCase> = {}): readonly Finding[] =>
    judgeState({
      site: "default",
      targets: [target()],
      isShared: true,
      bucket: "pier-state",
      ledger: told(emptyState),
      chain: told({ entries: 3 }),
      versioning: told({ status: "Enabled", needsMfaToDelete: false }),
      leases: new Map(),
      policy: digest,
      nowMs: 1_000_000,
      ...change,
    });
  const withPolicy = (by: "first-use" | "signature", of: string = digest): Told<LedgerState> =>
    told({ ...emptyState, policies: { default: { digest: asDigest(of), at: "2026-03-01T00:00:00Z", by } } });

  it("tells the policy in force from another, and a signed one from one that was only taken over", () => {
    expect(severity(judged(), "policy")).toBe("note");
    expect(severity(judged({ ledger: withPolicy("signature") }), "policy")).toBe("ok");
    expect(severity(judged({ ledger: withPolicy("first-use") }), "policy")).toBe("note");
    expect(named(judged({ ledger: withPolicy("signature", "b".repeat(64)) }), "policy")).toMatchObject({
      severity: "warning",
      remedy: "belay policy show",
    });
  });

  it("on one machine for targets that others reach, without versions, or broken, is told", () => {
    expect(severity(judged({ isShared: false }), "state-shared")).toBe("warning");
    expect(severity(judged({ versioning: told({ status: "never", needsMfaToDelete: false }) }), "state-versioning")).toBe("warning");
    expect(severity(judged({ chain: told({ entries: 1, problem: "entry 2 names another" }) }), "state-chain")).toBe("unsafe");
    expect(severity(judged({ chain: denied }), "state-chain")).toBe("note");
  });

  it("tells a lease that somebody left behind from one that is held", () => {
    const messages = [
      [true, 2_000_000],
      [false, 500_000],
      [false, 2_000_000],
    ] as const;
    const said = messages.map(([isOwnerDead, untilMs]) => {
      const lease = told({ by: "wren (process 7 on pier)", purpose: "deploy", untilMs, isOwnerDead });
      return named(judged({ leases: new Map([["production", lease]]) }), "lease")?.message ?? "";
    });
    expect(said.map((message) => /left behind|is at work/u.exec(message)?.[0])).toEqual(["left behind", "left behind", "is at work"]);
  });
});

it("a policy that names CloudFront without a source lets anybody's distribution read", () => {
  const statement = {
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::pier/*",
  };
  const judged = (condition?: object): readonly Finding[] =>
    judgePolicy({
      target: "production",
      isProduction: true,
      bucket: "pier",
      prefix: "",
      hasCdn: true,
      policy: told(JSON.stringify({ Statement: [{ ...statement, ...(condition && { Condition: condition }) }] })),
    });
  expect(severity(judged(), "bucket-any-distribution")).toBe("warning");
  expect(severity(judged({ StringLike: { "AWS:SourceArn": "arn:aws:cloudfront::*:distribution/*" } }), "bucket-any-distribution")).toBe(
    "warning",
  );
  expect(
    severity(
      judged({ StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1PIER" } }),
      "bucket-any-distribution",
    ),
  ).toBeUndefined();
  expect(severity(judged(), "bucket-public-read")).toBe("ok");
});

it("clocks may be half a minute apart, and not five minutes", () => {
  const hows = [20_000, -60_000, 301_500].map((localMs) => {
    const head = told({ configuredRegion: "us-east-1", isAws: true, clock: { serverMs: 0, localMs } });
    return severity(judgeClock({ about: "target", target: "production" }, head), "clock");
  });
  expect(hows).toEqual(["ok", "warning", "unsafe"]);
});

it("an old node, a missing ssh-keygen and an agent that nothing holds are told", () => {
  const facts = { nodeVersion: "20.18.1", hasGit: true, hasSshKeygen: false, agents: [{ folder: ".codex", namesBelay: false }] };
  const findings = judgeWorkingCopy({ facts: told(facts), head: told(undefined), needsSigning: true });
  expect([severity(findings, "node-version"), severity(findings, "ssh-keygen"), severity(findings, "agent-guard-codex")]).toEqual([
    "warning",
    "warning",
    "note",
  ]);
  expect(findings.find(({ id }) => id === "agent-guard-codex")).toMatchObject({ remedy: "belay install codex" });
  expect(
    severity(judgeWorkingCopy({ facts: told({ ...facts, nodeVersion: "22.1.0" }), head: denied, needsSigning: false }), "node-version"),
  ).toBe("ok");
});

it("hosts are taken out of addresses", () => {
  expect([hostOf("https://Pier.Example.com:8443/a"), hostOf("http://[::1]:80/"), hostOf(undefined)]).toEqual([
    "pier.example.com",
    "[::1]",
    undefined,
  ]);
  expect([portOf("https://pier.example.com"), portOf("http://pier.example.com/"), portOf("http://127.0.0.1:9071")]).toEqual([
    443, 80, 9071,
  ]);
  expect(["pier.example.com", "127.0.0.1", "[::1]", "localhost", "pier.localhost"].map(isDomain)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
