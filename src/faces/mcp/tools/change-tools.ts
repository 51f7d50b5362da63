/** Tools that change this copy, the stage or the list of warnings. None of them writes to production. */

import * as v from "valibot";
import { isProduction } from "../../../core/site.ts";
import { runDeploy } from "../../cli/verbs/deploy.ts";
import { runPlan } from "../../cli/verbs/plan.ts";
import { runPull } from "../../cli/verbs/pull.ts";
import { runWarnAdd } from "../../cli/verbs/warn-add.ts";
import { runWarnList } from "../../cli/verbs/warn-list.ts";
import { targetOf } from "../../cli/session.ts";
import { change, offset, paths, planId, site, target, text } from "../input-words.ts";
import { document, list, object, planDocument, word } from "../output-words.ts";
import { listAt, outcomeLines, pageOf, textAt } from "../told-fields.ts";
import { defineTool, type Tool } from "../tool.ts";
import { personsAlone, type ToolCall } from "../tool-call.ts";
import { readsOnly } from "./look-tools.ts";

const pull = defineTool({
  name: "belay_pull",
  title: "Bring what is live here",
  description:
    "Writes into the site's folder: fast-forwards files that are behind, merges those that both sides changed (with conflict markers where it must). " +
    "Call it before you edit a page, and wherever an answer names it. take: live or mine settles files that cannot be merged; the other bytes are kept in the vault. " +
    "After a merge look at belay_diff; production then waits for a person's look.",
  input: v.strictObject({
    target,
    paths,
    take: v.optional(v.pipe(v.picklist(["live", "mine"]), v.description("Where both sides changed, keep one of them instead of merging."))),
    site,
  }),
  output: document({
    target: word("What was pulled from."),
    pulled: list("path and outcome: fast-forwarded, created, deleted, merged, conflicted, needs-choice and so on."),
    standing: v.optional(v.pipe(v.array(v.string()), v.description("Warnings that this pull did not settle."))),
  }),
  effects: { access: "write", readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: async (call, { target: name, paths: named = [], take }) => {
    const { fields } = await call.answer(runPull, { verb: "pull", operands: [name, ...named], options: { take } });
    const pulled = listAt(fields, "pulled");
    const needs = pulled.filter((one) => ["conflicted", "needs-choice"].includes(textAt(one, "outcome") ?? ""));
    return {
      fields,
      lines: [
        pulled.length === 0 ? `Nothing to pull: this copy has seen all that is live at ${name}.` : `pulled from ${name}:`,
        ...pulled.slice(0, 20).map((one) => `  ${textAt(one, "outcome") ?? ""} ${textAt(one, "path") ?? ""}`),
        ...(needs.length === 0
          ? []
          : ["next: edit what is conflicted (keep what is right, delete the marker lines); what needs a choice takes belay_pull {take}."]),
      ],
      rest: "name paths.",
    };
  },
});

const plan = defineTool({
  name: "belay_plan",
  title: "What a deploy would do",
  description:
    "Makes and keeps the plan of a deploy from this copy: every file with what it expects to replace and why, the proof, and every rule that refuses. Writes nothing to the target. " +
    "Call it to see whether a deploy would be refused. Next: belay_deploy for a stage, belay_request_approval for production.",
  input: v.strictObject({ target, paths, change, site }),
  output: planDocument,
  effects: { access: "read", readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: async (call, { target: name, paths: named = [], change: title }) => {
    const { fields } = await call.answer(runPlan, { verb: "plan", operands: [name, ...named], options: { change: title } });
    const isReady = listAt(fields, "refusals").length === 0 && listAt(fields, "steps").length > 0;
    const next = isReady ? nextOf(await isForPeople(call, name), fields) : undefined;
    return {
      fields: { ...fields, ...(next !== undefined && { next }) },
      lines: [...outcomeLines(fields), ...(next === undefined ? [] : [`next: ${next}`])],
      rest: `read belay://plans/${textAt(fields, "id")?.slice(0, 12) ?? "ID"}, or name fewer paths.`,
    };
  },
});

function nextOf(needsPeople: boolean, fields: Readonly<Record<string, unknown>>): string {
  const about = textAt(fields, "target") ?? "";
  return needsPeople
    ? `belay_request_approval {"target": ${JSON.stringify(about)}}`
    : `belay_deploy {"target": ${JSON.stringify(about)}, "plan": "${textAt(fields, "id")?.slice(0, 12) ?? ""}"}`;
}

/** Production, and whatever waits for a signature. */
async function isForPeople({ session }: ToolCall, name: string): Promise<boolean> {
  const found = targetOf(session, await session.bench(), name);
  return isProduction(found) || found.approvals > 0;
}

const deploy = defineTool({
  name: "belay_deploy",
  title: "Deploy to a stage",
  description:
    "Plans, proves, writes and checks this copy's changes on a target that is not production. Refused where live holds work that this copy has not seen: then belay_pull. " +
    "Production is not written to from here: belay_request_approval, then belay_promote. With plan, only if the plan is still that one.",
  input: v.strictObject({
    target,
    paths,
    change,
    plan: v.optional(planId("The plan that you have seen: goes ahead only if it is still this one.")),
    site,
  }),
  output: planDocument,
  effects: { access: "write", readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  run: async (call, { target: name, paths: named = [], change: title, plan: confirm }) => {
    if (await isForPeople(call, name)) {
      throw personsAlone(
        `${name} is production, or waits for people's approval: belay_deploy writes to stages alone. Nothing was written.`,
        `belay_request_approval {"target": ${JSON.stringify(name)}}, and once a person has approved, belay_promote.`,
      );
    }
    const options = { change: title, yes: confirm === undefined, confirm };
    const { fields } = await call.answer(runDeploy, { verb: "deploy", operands: [name, ...named], options });
    return {
      fields,
      lines: outcomeLines(fields),
      rest: `read belay://plans/${textAt(fields, "id")?.slice(0, 12) ?? "ID"}.`,
    };
  },
});

const warnings = defineTool({
  name: "belay_warnings",
  title: "Open warnings",
  description:
    "Hand-off notes that bind until they are settled, and merges that wait for a person's look. Call it at the start. " +
    "A pull of its paths settles a warning where it brings what the warning is about; otherwise a person does.",
  input: v.strictObject({ site, offset }),
  output: document({
    warnings: list("id, paths, text, target, openedAt, by."),
    unseenMerges: list("Merges that nobody has looked at yet."),
  }),
  effects: readsOnly,
  run: async (call, { offset: from }) => {
    const { fields } = await call.answer(runWarnList, { verb: "warn list", operands: [] });
    const open = listAt(fields, "warnings");
    return {
      fields: pageOf(fields, "warnings", from),
      lines: [
        open.length === 0 ? "No warning is open." : `${open.length} open:`,
        ...open
          .slice(0, 12)
          .map((one) => `  ${textAt(one, "id") ?? ""} by ${textAt(one, "by") ?? "somebody"}: “${textAt(one, "text") ?? ""}”`),
      ],
      rest: "skip some by offset.",
    };
  },
});

const warnAdd = defineTool({
  name: "belay_warn_add",
  title: "Leave a warning",
  description:
    "Leaves a hand-off note that binds everybody: writes to its paths are refused until it is settled. Call it when you stop with work unfinished or with live in a state that others must know of. " +
    "Only a pull that brings what it is about, or a person, settles it: no tool takes it back.",
  input: v.strictObject({
    paths: v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(1024))),
      v.minLength(1),
      v.maxLength(100),
      v.description("Files or folders of the site that it is about."),
    ),
    note: text("What others must know, and what has to happen before anybody writes there.", 2000),
    target: v.optional(text("Only about this target.", 100)),
    site,
  }),
  output: document({ warning: object("id, paths, text, openedAt, by.") }),
  effects: { access: "write", readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  run: async (call, { paths: named, note, target: name }) => {
    const { fields } = await call.answer(runWarnAdd, { verb: "warn add", operands: named, options: { note, target: name } });
    return { fields, lines: [`The warning holds on ${named.slice(0, 8).join(", ")} until it is settled.`] };
  },
});

export const changeTools: readonly Tool[] = [pull, plan, deploy, warnings, warnAdd];
