/** The two tools about production: one asks people, the other does what they have signed. Neither signs, and none goes past D8. */

import * as v from "valibot";
import { needsOf } from "../../../core/approval/approval-needs.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { refuseUnapproved } from "../../../core/deploy/rules/approvals.ts";
import type { ApprovalNeeds, IdentifiedPlan, Refusal } from "../../../core/plan/plan.ts";
import { isProduction, type Target } from "../../../core/site.ts";
import { judgeFor } from "../../../operations/approve/approvals.ts";
import { deploy, type Confirm, type DeployResult } from "../../../operations/deploy.ts";
import { escalate } from "../../../operations/notice/escalate.ts";
import { findPlan } from "../../../operations/plan-shelf.ts";
import { savePlan } from "../../../operations/plan.ts";
import { promote } from "../../../operations/promote/promote.ts";
import type { Context, Workbench } from "../../../operations/workbench.ts";
import { answerDeploy } from "../../cli/answer-deploy.ts";
import type { RunVerb } from "../../cli/catalogue/verb.ts";
import { locatePaths } from "../../cli/locate-paths.ts";
import { outcomeOfRefusals, planFields } from "../../cli/plan-json.ts";
import { shortId } from "../../cli/render-proof.ts";
import { targetOf } from "../../cli/session.ts";
import { runApply } from "../../cli/verbs/apply.ts";
import { change, paths, planId, site, target, text } from "../input-words.ts";
import { planDocument } from "../output-words.ts";
import { outcomeLines, textAt } from "../told-fields.ts";
import { defineTool, type Tool } from "../tool.ts";
import { personsAlone, type ToolCall, type VerbAnswer } from "../tool-call.ts";

const requestApproval = defineTool({
  name: "belay_request_approval",
  title: "Ask people to approve what goes to production",
  description:
    "Makes the plan that takes the stage's verified bytes to a production target (or, where no stage comes before it, this copy's), keeps it, and tells people by the channels of belay.yaml. " +
    "Answers with the plan's id and what a person runs. It writes nothing to production and signs nothing. Once a person has approved: belay_promote with that id.",
  input: v.strictObject({
    target,
    release: v.optional(text("One change alone, by its release on the stage, such as r12; all that is pending unless told.", 40)),
    paths,
    change,
    site,
  }),
  output: planDocument,
  effects: { access: "write", readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: async (call, input) => {
    const found = await productionTarget(call, input.target);
    checkWords(found, input);
    let asked: DeployResult | undefined;
    const run: RunVerb = async (session) => {
      const bench = await session.bench();
      const context = await session.context();
      const about = { target: found, waitMs: session.globals.waitMs };
      if (found.after === undefined) {
        const selection = await locatePaths(session, bench, found, input.paths ?? []);
        asked = await deploy(bench, { ...about, selection, title: input.change }, never, context);
      } else asked = await promote(bench, { ...about, change: input.release, emergency: undefined }, never, context);
      return await answerDeploy(session, {
        result: asked,
        confirmation: { confirm: never, problem: () => undefined },
        targetName: found.name,
      });
    };
    const verb = found.after === undefined ? "deploy" : "promote";
    const { fields } = await call.answer(run, { verb, operands: [found.name], options: { change: input.release ?? input.change } });
    return { ...(await told(call, { asked, fields, target: found })), rest: restOf(fields) };
  },
});

/** Whatever the plan is, nobody here says go. */
const never: Confirm = async () => await Promise.resolve("stop");

const restOf = (fields: VerbAnswer["fields"]): string => `read belay://plans/${textAt(fields, "id")?.slice(0, 12) ?? "ID"}.`;

async function productionTarget({ session }: ToolCall, name: string): Promise<Target> {
  const found = targetOf(session, await session.bench(), name);
  if (isProduction(found) || found.approvals > 0) return found;
  throw new BelayError("usage", `Nobody has to approve what goes to ${name}.`, `belay_deploy {"target": ${JSON.stringify(name)}}`);
}

function checkWords(
  { name, after }: Target,
  words: { readonly release?: unknown; readonly paths?: unknown; readonly change?: unknown },
): void {
  const isMixed = after === undefined ? words.release !== undefined : words.paths !== undefined || words.change !== undefined;
  if (!isMixed) return;
  throw new BelayError(
    "usage",
    after === undefined
      ? `No stage comes before ${name}, so it has no releases to choose from.`
      : `${name} takes what ${after} holds: paths and titles were settled by the deploys there.`,
    after === undefined ? "Leave release out; name paths." : "Leave paths and change out; release takes one change alone.",
  );
}

interface Asked {
  readonly asked: DeployResult | undefined;
  readonly fields: VerbAnswer["fields"];
  readonly target: Target;
}

interface Told {
  readonly fields: VerbAnswer["fields"];
  readonly lines: readonly string[];
}

/** What only waits for a word is told by whose word it waits for. */
async function told(call: ToolCall, { asked, fields, target: found }: Asked): Promise<Told> {
  if (asked?.kind === "declined") return await confirmed(call, asked.identified, { fields, target: found });
  const id = textAt(fields, "id");
  const isWaiting = asked?.kind === "tried" && asked.result.kind === "refused";
  if (!isWaiting || id === undefined) return { fields, lines: outcomeLines(fields) };
  const next =
    found.approvals > 0
      ? `A person at a terminal runs: belay approve ${id.slice(0, 12)}. Then: ${promoteCall(found, id)}`
      : startedBy(found, id);
  return { fields: { ...fields, next }, lines: [...outcomeLines(fields), `next: ${next}`] };
}

const promoteCall = ({ name }: Target, id: string): string =>
  `belay_promote {"target": ${JSON.stringify(name)}, "plan": "${id.slice(0, 12)}"}`;

/** For a target that asks nobody: a signature would open nothing. */
const startedBy = ({ name }: Target, id: string): string =>
  `A person at a terminal runs: belay apply ${shortId(id)}. ${name} asks for no signatures, so there is no approval that would let an agent do it.`;

/** The plan has its approvals, or the target asks for none: then a person starts it, and is told so. */
async function confirmed(call: ToolCall, identified: IdentifiedPlan, { fields, target: found }: Omit<Asked, "asked">): Promise<Told> {
  const { session } = call;
  const { id, plan } = identified;
  const [bench, context] = [await session.bench(), await session.context()];
  await savePlan(bench, identified, context);
  if (needsOf(found, plan)) {
    const next = promoteCall(found, id);
    return {
      fields: { ...fields, outcome: "approved", next },
      lines: [`approved (plan ${shortId(id)}): people have signed it`, `next: ${next}`],
    };
  }
  const command = `belay apply ${shortId(id)}`;
  await escalate(
    bench,
    {
      reason: "approval-missing",
      target: found.name,
      subject: `${plan.intent} of “${plan.title}” to ${found.name} was asked for by an agent, and a person starts it`,
      lines: (plan.changes ?? []).map((one) => `change ${one.id} by ${one.by}: ${one.title}`),
      paths: plan.waves.flatMap((wave) => wave.steps.map(({ change: { at } }) => at.key)),
      proof: plan.proof,
      plan: id,
      run: [command],
    },
    { signal: session.signal },
  );
  const next = startedBy(found, id);
  return {
    fields: { ...fields, outcome: "needs-person", next },
    lines: [`needs-person (plan ${shortId(id)}): nothing was written to ${found.name}`, `next: ${next}`],
  };
}

const promoteTool = defineTool({
  name: "belay_promote",
  title: "Carry out what people have approved",
  description:
    "Carries out one plan that people have signed (belay approve): takes the stage's verified bytes to production, purges, waits, checks. " +
    "Without enough recorded approvals that still count it writes nothing and answers needs-person: then belay_request_approval, and a person. It cannot approve, and nothing here goes past an approval.",
  input: v.strictObject({ target, plan: planId("The plan that was approved, as belay_request_approval named it."), site }),
  output: planDocument,
  effects: { access: "write", readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  needsPersonAtClient: true,
  run: async (call, { target: name, plan: prefix }) => {
    const { session } = call;
    const [bench, context] = [await session.bench(), await session.context()];
    const found = await productionTarget(call, name);
    const identified = await findPlan(bench, prefix, context);
    checkPlan(identified, found, bench);
    const refusals = await missingApprovals(bench, identified, found, context);
    if (refusals.length > 0) {
      const fields = { ...planFields(identified), refusals, outcome: outcomeOfRefusals(refusals) };
      return { fields, lines: outcomeLines(fields), rest: restOf(fields) };
    }
    const { fields } = await call.answer(runApply, { verb: "apply", operands: [identified.id], options: { confirm: identified.id } });
    return { fields, lines: outcomeLines(fields), rest: restOf(fields) };
  },
});

const startable: ReadonlySet<string> = new Set(["promote", "deploy"]);

function checkPlan({ id, plan }: IdentifiedPlan, { name }: Target, bench: Workbench): void {
  if (plan.site !== bench.site.name || plan.target !== name) {
    throw new BelayError("usage", `Plan ${shortId(id)} is for ${plan.target}, not for ${name}.`, "Name the plan's own target.");
  }
  if (startable.has(plan.intent) && plan.emergency === undefined && plan.records === undefined) return;
  throw personsAlone(
    `Plan ${shortId(id)} is ${plan.emergency === undefined ? `a ${plan.intent}` : "for an emergency"}: a person starts it.`,
    `A person at a terminal runs: belay apply ${shortId(id)}`,
  );
}

/** Asked for even where the target itself asks for none: an agent starts nothing in production that nobody has signed. */
async function missingApprovals(
  bench: Workbench,
  identified: IdentifiedPlan,
  found: Target,
  context: Context,
): Promise<readonly Refusal[]> {
  const { approvals, keys, approvers } = found;
  const needs: ApprovalNeeds = { count: Math.max(approvals, 1), keys, approvers };
  const state = await bench.ledger.state(context);
  const judged = await judgeFor(bench, { identified, target: found, state, needs, starter: bench.actor }, context);
  if (judged.counted.length >= needs.count) return [];
  if (approvals > 0) return refuseUnapproved({ id: identified.id, target: found, needs, judged, hasSigners: bench.signers !== undefined });
  return [
    {
      rule: "D8",
      code: "approval-missing",
      paths: [],
      message: `${found.name} asks for no signatures, so nobody can have approved this for an agent: a person starts it`,
      remedy: `A person at a terminal runs: belay apply ${shortId(identified.id)}`,
    },
  ];
}

export const productionTools: readonly Tool[] = [requestApproval, promoteTool];
