import { describe, expect, test } from "vitest";
import { policyMessage } from "../../../src/core/approval/approval-message.ts";
import type { EntryBody } from "../../../src/core/ledger/entry.ts";
import type { Site, Target } from "../../../src/core/site.ts";
import { deploy, type Confirm } from "../../../src/operations/deploy.ts";
import { keepPolicy } from "../../../src/operations/approve/policy.ts";
import { approvePolicy, showPolicy, type PolicyResult } from "../../../src/operations/approve/policy-approve.ts";
import type { Workbench } from "../../../src/operations/workbench.ts";
import type { Vault } from "../../../src/ports/vault.ts";
import { hasSshKeygen, softwareKey, type SoftwareKey } from "../../support/software-key.ts";
import { benchWith, type Configured } from "../../support/signing-world.ts";
import { MemoryWorld, toldOf, type MemoryCopy } from "../memory-bench.ts";

const key = softwareKey();
const intruder = softwareKey();
const signers = key.line("ines@example.com");
const tide: Site["tokens"] = [{ name: "TIDE", file: "index.html", rule: "contains", text: "<h1>" }];
const go: Confirm = async () => await Promise.resolve("go");

interface Scene {
  readonly world: MemoryWorld;
  readonly copy: MemoryCopy;
  readonly bench: Workbench;
  /** A belay.yaml that says something else. */
  readonly changed: (about: Configured) => Workbench;
  readonly production: (more: Partial<Target>) => Target[];
}

/** Production with one release, so that its policy was recorded. */
async function scene(production: Partial<Target> = {}, usual: Configured = { signers, tokens: tide }): Promise<Scene> {
  const world = new MemoryWorld({ production: { approvals: 1, ...production }, keepsVersions: true });
  const copy = world.copy("wren");
  copy.edit("index.html", "<h1>one</h1>\n");
  const changed = (about: Configured): Workbench => benchWith(copy, { key, ...usual, ...about });
  const bench = changed({});
  expect(await outcome(bench, world.production, copy)).toBe("applied");
  copy.edit("index.html", "<h1>two</h1>\n");
  return { world, copy, bench, changed, production: (more) => [world.staging, { ...world.production, ...more }] };
}

async function outcome(bench: Workbench, target: Target, copy: MemoryCopy): Promise<string> {
  const { kind, refusals } = toldOf(await deploy(bench, { target, selection: undefined, title: undefined, waitMs: 0 }, go, copy.context));
  return refusals.length === 0 ? kind : refusals.map(({ code, message }) => `${code}: ${message}`).join("\n");
}

const approving = async (bench: Workbench, copy: MemoryCopy): Promise<PolicyResult> =>
  await approvePolicy(
    bench,
    { why: "fewer of us", key: undefined, validMs: 3_600_000 },
    async () => await Promise.resolve("go"),
    copy.context,
  );

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: once production was recorded,", () => {
  test.each<[string, (at: Scene) => Configured, string]>([
    ["lower approvals", ({ production }) => ({ targets: production({ approvals: 0 }) }), "approvals of production 1 → 0"],
    ["weaker keys", ({ production }) => ({ targets: production({ keys: "any" }) }), "security-key → any"],
    ["a token gone", () => ({ tokens: [] }), "token TIDE gone"],
    ["a signer more", () => ({ signers: signers + intruder.line("mallory@example.com") }), "signer added: mallory@example.com"],
    ["no signers", () => ({ signers: "" }), "signer gone: ines@example.com"],
  ])("a belay.yaml with %s binds nobody", async (_, about, words) => {
    const at = await scene();
    const bench = at.changed(about(at));
    const target = bench.site.targets.find(({ name }) => name === "production") ?? at.world.production;
    const told = await outcome(bench, target, at.copy);
    expect(told).toContain("policy-changed: belay.yaml is not the policy that binds production");
    expect(told).toContain(words);
    expect(await at.world.liveText("production", "index.html")).toBe("<h1>one</h1>\n");
    expect(await outcome(at.bench, at.world.production, at.copy)).toBe("applied");
  });

  test("a stage that was dropped by hand opens no way for a deploy", async () => {
    const at = await scene();
    // The approved policy has a stage before production; the one at hand forgot it.
    const staged = at.changed({ targets: at.production({ after: "staging" }) });
    expect((await approving(staged, at.copy)).kind).toBe("approved");
    expect(await outcome(at.bench, at.world.production, at.copy)).toContain("`after` of production dropped (it was staging)");
  });

  test("production stays bound by another name, and as another site's", async () => {
    const at = await scene();
    const renamed = { ...at.world.production, name: "live", approvals: 0 };
    expect(await outcome(at.changed({ targets: [at.world.staging, renamed] }), renamed, at.copy)).toContain("policy-changed");
    const elsewhere = at.changed({ targets: [renamed] });
    const other: Workbench = otherSite(elsewhere, [renamed]);
    expect(await outcome(other, renamed, at.copy)).toContain("policy-changed");
    // Nor is the other site's own word enough.
    const word: EntryBody = { kind: "policy-approved", actor: at.bench.actor, site: "other", policy: other.policy, why: "" };
    await keepPolicy(other, at.copy.context);
    await append(at, word);
    expect(await outcome(other, renamed, at.copy)).toContain("policy-changed");
  });

  test("staging is not held up", async () => {
    const at = await scene();
    expect(await outcome(at.changed({ tokens: [] }), at.world.staging, at.copy)).not.toContain("policy-changed");
  });

  test("a change binds when a signer of the policy in force has signed it", async () => {
    const at = await scene();
    const fewer = at.changed({ targets: at.production({ approvals: 0 }) });
    expect(await approving(fewer, at.copy)).toMatchObject({ kind: "approved", signer: "ines@example.com" });
    expect(await outcome(fewer, { ...at.world.production, approvals: 0 }, at.copy)).toBe("applied");
    expect(await outcome(at.bench, at.world.production, at.copy)).toContain("approvals of production 0 → 1");
    expect(await approving(fewer, at.copy)).toMatchObject({ kind: "nothing-to-do" });
    expect(await showPolicy(fewer, at.copy.context)).toMatchObject({
      isInForce: true,
      binding: [{ by: "signature", signer: "ines@example.com" }],
    });
  });

  test("a change is not approved by whom only the change names, nor without a touch, nor by an agent", async () => {
    const at = await scene();
    const own = (by: SoftwareKey, flags = 0x01): Workbench =>
      at.changed({ signers: intruder.line("mallory@example.com"), key: by, how: { flags } });
    await expect(approving(own(intruder), at.copy)).rejects.toThrow("no key of a current signer");
    await expect(approving(own(key, 0x00), at.copy)).rejects.toThrow("was not touched");
    const agent: Workbench = { ...own(key), actor: { ...at.bench.actor, kind: "agent" } };
    await expect(approving(agent, at.copy)).rejects.toMatchObject({ code: "person-needed" });
    expect((await at.copy.entryKinds()).includes("policy-approved")).toBe(false);
  });

  test("an entry that nobody signed who might changes nothing, nor does one that has expired or was brought back", async () => {
    const at = await scene();
    const fewer = at.changed({ targets: at.production({ approvals: 0 }) });
    const first = at.bench.policy;
    const expires = new Date(at.world.nowMs + 3_600_000).toISOString();
    const { id } = await at.copy.ledger();
    const message = policyMessage({ policy: fewer.policy, replaces: first, ledger: id, site: "default", expires });
    const signedBy = (by: SoftwareKey): EntryBody => ({
      kind: "policy-approved",
      actor: at.bench.actor,
      site: "default",
      policy: fewer.policy,
      why: "",
      signed: { signer: "ines@example.com", key: key.fingerprint, expires, signature: by.sign(message) },
    });
    await append(at, { kind: "policy-approved", actor: at.bench.actor, site: "default", policy: fewer.policy, why: "I said so" });
    await append(at, signedBy(intruder));
    const target = { ...at.world.production, approvals: 0 };
    expect(await outcome(fewer, target, at.copy)).toContain("policy-changed");
    at.world.nowMs += 3_600_000;
    await append(at, signedBy(key));
    expect(await outcome(fewer, target, at.copy)).toContain("policy-changed");
    at.world.nowMs -= 3_600_000;
    await approving(fewer, at.copy);
    expect(await outcome(fewer, target, at.copy)).toBe("applied");
    at.copy.edit("index.html", "<h1>three</h1>\n");
    await approving(at.changed({ tokens: [] }), at.copy);
    await append(at, signedBy(key));
    expect(await outcome(fewer, target, at.copy)).toContain("policy-changed");
  });

  test("where nobody could sign, a person's word at the terminal does, and no agent's", async () => {
    const at = await scene({ approvals: 0 }, { tokens: tide });
    const strict = at.changed({ signers, targets: at.production({ approvals: 1 }) });
    await expect(approving({ ...strict, actor: { ...strict.actor, kind: "agent" } }, at.copy)).rejects.toMatchObject({
      code: "person-needed",
    });
    expect(await approving(strict, at.copy)).toEqual({ kind: "approved", digest: strict.policy });
    expect(await outcome(strict, { ...at.world.production, approvals: 1 }, at.copy)).toBe("applied");
  });

  test("a policy whose document is lost refuses all the same", async () => {
    const at = await scene();
    const policy = at.changed({ tokens: [] });
    const forgetful: Workbench = { ...policy, seenBytes: without(at.bench, policy.seenBytes), vault: without(at.bench, policy.vault) };

    expect(await outcome(forgetful, at.world.staging, at.copy)).toContain("differ from what was approved");
    await expect(approving(forgetful, at.copy)).rejects.toMatchObject({ code: "vault-damaged" });
  });
});

/** A vault that has lost the policy of this bench, and nothing else. */
const without = ({ policy }: Workbench, vault: Vault): Vault => ({
  ...vault,
  open: async (digest, options) => (digest === policy ? undefined : await vault.open(digest, options)),
});

async function append({ bench, copy }: Scene, body: EntryBody): Promise<void> {
  const { head } = await bench.ledger.state(copy.context);
  await bench.ledger.append(body, head, copy.context);
}

const otherSite = (bench: Workbench, targets: readonly Target[]): Workbench =>
  benchWith({ bench: { ...bench, site: { ...bench.site, name: "other" } } }, { targets });
