import { describe, expect, test } from "vitest";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { canonicalBytes } from "../../../src/core/canonical-json.ts";
import { approvalMessage } from "../../../src/core/approval/approval-message.ts";
import type { IdentifiedPlan } from "../../../src/core/plan/plan.ts";
import type { Target } from "../../../src/core/site.ts";
import { applyPlan } from "../../../src/operations/apply/apply.ts";
import { approve, type ApproveResult } from "../../../src/operations/approve/approve.ts";
import { applySaved, deploy, type Confirm } from "../../../src/operations/deploy.ts";
import { makePlan } from "../../../src/operations/plan.ts";
import { keepPlan } from "../../../src/operations/plan-shelf.ts";
import type { Context, Workbench } from "../../../src/operations/workbench.ts";
import { hasSshKeygen, softwareKey } from "../../support/software-key.ts";
import { benchWith, type Configured } from "../../support/signing-world.ts";
import { MemoryWorld, toldOf, type MemoryCopy, type Told } from "../memory-bench.ts";

const dayMs = 86_400_000;
const key = softwareKey();
const second = softwareKey();
const signers = key.line("ines@example.com") + second.line("ole@example.com");
const go: Confirm = async () => await Promise.resolve("go");
const stop: Confirm = async () => await Promise.resolve("stop");
const unasked: Confirm = async () => await Promise.reject(new Error("nobody was to be asked"));

interface Scene {
  readonly world: MemoryWorld;
  readonly copy: MemoryCopy;
  readonly bench: Workbench;
  readonly target: Target;
  /** As of whoever nobody watches. */
  readonly alone: Context;
  readonly more: (about: Configured) => Workbench;
}

/** Production that waits for an approval, and a page that is new here. */
function scene(production: Partial<Target> = {}, kind: "person" | "agent" = "person"): Scene {
  const world = new MemoryWorld({ production: { approvals: 1, ...production }, keepsVersions: true });
  const copy = world.copy("wren", { kind });
  copy.edit("index.html", "<h1>one</h1>\n");
  const more = (about: Configured): Workbench => benchWith(copy, { signers, key, ...about });
  return { world, copy, bench: more({}), target: world.production, alone: { ...copy.context, isAttended: false }, more };
}

const request = (target: Target): Parameters<typeof deploy>[1] => ({ target, selection: undefined, title: undefined, waitMs: 0 });
const tried = async ({ target, alone }: Scene, bench: Workbench): Promise<Told> =>
  toldOf(await deploy(bench, request(target), unasked, alone));
const refusalsOf = ({ result }: Told): string =>
  result.kind === "tried" && result.result.kind === "refused"
    ? result.result.refusals.map(({ code, message }) => `${code}: ${message}`).join("\n")
    : "";
/** Asks for production with nobody there: the plan is kept, and its id is what a person is to sign. */
async function waiting(at: Scene): Promise<string> {
  const asked = await tried(at, at.bench);
  expect(refusalsOf(asked)).toContain("approval-missing");
  return asked.planId;
}
const approving = async (bench: Workbench, id: string, context: Context, validMs = dayMs): Promise<ApproveResult> =>
  await approve(bench, { id, key: undefined, validMs }, async () => await Promise.resolve("go"), context);
const starting = async ({ bench, alone }: Scene, id: string): Promise<Told> =>
  toldOf(await applySaved(bench, { id, waitMs: 0 }, go, alone));
const live = async ({ world }: Scene): Promise<string | undefined> => await world.liveText("production", "index.html");

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: a target that waits for approvals", () => {
  test("is not written to without one; with one exactly the approved plan starts, once", async () => {
    const at = scene();
    const id = await waiting(at);
    expect(await live(at)).toBeUndefined();
    expect((await approving(at.bench, id, at.copy.context)).kind).toBe("approved");
    expect((await starting(at, id)).kind).toBe("applied");
    expect(await live(at)).toBe("<h1>one</h1>\n");
    expect(await at.copy.entryKinds()).toEqual(["approved", "started", "ended"]);
    expect((await starting(at, id)).kind).toBe("stale-plan");
  });

  test("takes a solo owner one command: the plan is shown, signed and written", async () => {
    const at = scene();
    const offers: unknown[] = [];
    const confirm: Confirm = async (_, offer) => {
      offers.push(offer?.store);
      return await Promise.resolve("go");
    };
    expect(toldOf(await deploy(at.bench, request(at.target), confirm, at.copy.context)).kind).toBe("applied");
    expect(offers).toEqual(["production"]);
    const started = (await at.copy.ledger()).targets["default/production"];
    expect(started?.releases[0]?.as).toBe("applied");
  });

  test("is not written to where the person does not sign", async () => {
    const at = scene();
    expect(toldOf(await deploy(at.bench, request(at.target), stop, at.copy.context)).kind).toBe("declined");
    expect(await at.copy.entryKinds()).toEqual([]);
  });

  test("never takes the approval of an agent, of CI, or of anybody without a terminal", async () => {
    const at = scene();
    const id = await waiting(at);
    for (const kind of ["agent", "ci"] as const) {
      const bench: Workbench = { ...at.bench, actor: { ...at.bench.actor, kind } };
      await expect(approving(bench, id, at.copy.context)).rejects.toMatchObject({ code: "person-needed" });
      expect(refusalsOf(toldOf(await deploy(bench, request(at.target), unasked, at.copy.context)))).toContain("approval-missing");
    }
    await expect(approving(at.bench, id, at.alone)).rejects.toMatchObject({ code: "person-needed" });
    expect(await at.copy.entryKinds()).toEqual([]);
  });

  test("records no signature that would not count, and says why", async () => {
    const at = scene();
    const id = await waiting(at);
    const untouched = at.more({ how: { flags: 0x00 } });
    await expect(approving(untouched, id, at.copy.context)).rejects.toThrow("was not touched");
    await expect(approving(at.more({ how: { flags: 0x00, claimedFlags: 0x01 } }), id, at.copy.context)).rejects.toThrow("does not fit");
    await expect(approving(at.more({ key: softwareKey() }), id, at.copy.context)).rejects.toThrow("no key of a current signer");
    expect(await at.copy.entryKinds()).toEqual([]);
  });

  test("does not start on an approval that has expired", async () => {
    const at = scene();
    const id = await waiting(at);
    await approving(at.bench, id, at.copy.context, 60_000);
    at.world.nowMs += 61_000;
    const told = await starting(at, id);
    expect(refusalsOf(told)).toContain("expired at");
    expect(await live(at)).toBeUndefined();
  });

  test("measures expiry by the clock of the server that keeps the ledger, where one does", async () => {
    const at = scene();
    const id = await waiting(at);
    await approving(at.bench, id, at.copy.context, 60_000);
    const late = at.world.nowMs + 61_000;
    const bench: Workbench = { ...at.bench, ledger: { ...at.bench.ledger, serverNowMs: () => late } };
    expect(refusalsOf(await starting({ ...at, bench }, id))).toContain("expired at");
  });

  test("does not start on an approval of another plan", async () => {
    const at = scene();
    const id = await waiting(at);
    await approving(at.bench, id, at.copy.context);
    at.copy.edit("index.html", "<h1>two</h1>\n");
    const told = await tried(at, at.bench);
    expect(told.planId).not.toBe(id);
    expect(refusalsOf(told)).toContain(`ines@example.com approved plan ${id.slice(0, 12)}, which is another`);
    expect(await live(at)).toBeUndefined();
  });

  test("does not start on entries that somebody has written by hand: forged, copied, or by another ledger's signature", async () => {
    const at = scene();
    const id = await waiting(at);
    const { identified } = await makePlan(at.bench, request(at.target), at.alone);
    expect(identified.id).toBe(id);
    const expires = new Date(at.world.nowMs + dayMs).toISOString();
    const about = { plan: identified.id, site: "default", target: "production", store: "production", expires };
    const elsewhere = key.sign(approvalMessage({ ...about, ledger: "e".repeat(64) }));
    const forged = softwareKey().sign(approvalMessage({ ...about, ledger: "0".repeat(64) }));
    for (const signature of [elsewhere, forged, "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----"]) {
      const { head } = await at.bench.ledger.state(at.alone);
      const { store: _store, ...named } = about;
      await at.bench.ledger.append(
        { kind: "approved", actor: at.bench.actor, ...named, signer: "ines@example.com", key: key.fingerprint, signature },
        head,
        at.alone,
      );
    }
    const told = await starting(at, id);
    expect(refusalsOf(told)).toContain("does not fit");
    expect(refusalsOf(told)).toContain("no key of a current signer");
    expect(await live(at)).toBeUndefined();
  });

  test("wants as many people as it says: the same one twice is one", async () => {
    const at = scene({ approvals: 2 });
    const id = await waiting(at);
    expect(await approving(at.bench, id, at.copy.context)).toMatchObject({ signed: { signer: "ines@example.com", missing: 1 } });
    await expect(approving(at.bench, id, at.copy.context)).rejects.toThrow("has approved it already");
    expect(refusalsOf(await starting(at, id))).toContain("ines@example.com gave it, 1 more is missing");
    expect(await approving(at.more({ key: second }), id, at.copy.context)).toMatchObject({
      signed: { signer: "ole@example.com", missing: 0 },
    });
    expect((await starting(at, id)).kind).toBe("applied");
  });

  test("that wants others takes no approval of whoever starts it", async () => {
    const at = scene({ approvers: "others" });
    const id = await waiting(at);
    const own: Workbench = { ...at.bench, actor: { ...at.bench.actor, email: "ines@example.com" } };
    await approving(own, id, at.copy.context);
    expect((await starting({ ...at, bench: own }, id)).kind).toBe("refused");
    expect((await starting(at, id)).kind).toBe("applied");
  });

  test("that wants others lets a colleague approve on a machine of their own, under their own name", async () => {
    const at = scene({ approvers: "others" });
    const id = await waiting(at);
    const colleague = at.more({ key: second });
    const own: Workbench = { ...colleague, actor: { ...colleague.actor, name: "ole", email: "ole@example.com" } };
    await approving(own, id, at.copy.context);
    expect((await starting(at, id)).kind).toBe("applied");
  });

  test("holds a plan that was written by hand without its needs to them all the same", async () => {
    const at = scene();
    await waiting(at);
    const { identified } = await makePlan(at.bench, request(at.target), at.alone);
    const { needs: _needs, ...bare } = identified.plan;
    const forged: IdentifiedPlan = { id: sha256(canonicalBytes(bare)), plan: bare };
    await keepPlan(at.bench, forged, at.alone);
    const wayBack = { ...bare, intent: "rollback", back: { when: "before", release: "r1" } } as const;
    const pretended: IdentifiedPlan = { id: sha256(canonicalBytes(wayBack)), plan: wayBack };
    expect(await applyPlan(at.bench, forged, at.copy.context)).toMatchObject({ kind: "refused" });
    expect(await applyPlan(at.bench, pretended, at.alone)).toMatchObject({ kind: "refused" });
    expect(await live(at)).toBeUndefined();
  });

  test("in an emergency takes one signature of any signer, and never none", async () => {
    const at = scene({ approvals: 2, approvers: "others" });
    await waiting(at);
    const { identified } = await makePlan(at.bench, request(at.target), at.alone);
    const plan = { ...identified.plan, emergency: "the booking form is down" };
    const urgent: IdentifiedPlan = { id: sha256(canonicalBytes(plan)), plan };
    await keepPlan(at.bench, urgent, at.alone);
    expect(await applyPlan(at.bench, urgent, at.alone)).toMatchObject({ kind: "refused" });
    await approving(at.bench, urgent.id, at.copy.context);
    expect(await applyPlan(at.bench, urgent, at.alone)).toMatchObject({ kind: "applied" });
  });

  test("is covered for the merges that its plan names, and they are settled then", async () => {
    const at = scene();
    const { head } = await at.bench.ledger.state(at.alone);
    const merged = {
      kind: "merged",
      actor: at.bench.actor,
      site: "default",
      target: "production",
      paths: ["index.html"],
      attended: false,
    } as const;
    await at.bench.ledger.append(merged, head, at.alone);
    const id = await waiting(at);
    await approving(at.bench, id, at.copy.context);
    expect((await starting(at, id)).kind).toBe("applied");
    expect((await at.copy.ledger()).unseenMerges).toEqual([]);
  });

  test("cannot be approved once it has gone on, needs none, or writes nothing", async () => {
    const at = scene();
    const id = await waiting(at);
    await approving(at.bench, id, at.copy.context);
    await expect(approving(at.more({ key: second }), id, at.copy.context)).rejects.toThrow("all the approvals");
    await starting(at, id);
    await expect(approving(at.bench, id, at.copy.context)).rejects.toMatchObject({ code: "plan-stale" });
    await expect(approving(at.bench, "abcdef12", at.copy.context)).rejects.toMatchObject({ code: "plan-unknown" });
  });
});
