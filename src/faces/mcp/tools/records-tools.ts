/** Tools about records that several systems hold: what each says, whether one exists, and the plan of a correction. */

import * as v from "valibot";
import { isDoubtful } from "../../../core/records/lay-matrix.ts";
import { audit, type Audit } from "../../../operations/records/audit.ts";
import { errorFields } from "../../cli/answer.ts";
import { openKind } from "../../cli/records-session.ts";
import { recordFields, systemFields } from "../../cli/records-json.ts";
import { differing, emptyTally, tally } from "../../cli/render-audit.ts";
import { runClaim } from "../../cli/verbs/claim.ts";
import { runFind } from "../../cli/verbs/find.ts";
import { runReconcile } from "../../cli/verbs/reconcile.ts";
import { runTasks } from "../../cli/verbs/tasks.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { fields as knownFields, flag, kind, offset, record, text } from "../input-words.ts";
import { document, list, object, planDocument, word } from "../output-words.ts";
import { listAt, objectAt, outcomeLines, pageOf, textAt } from "../told-fields.ts";
import { defineTool, type Tool, type ToolEffects } from "../tool.ts";
import type { ToolCall, VerbAnswer } from "../tool-call.ts";
import { readsOnly } from "./look-tools.ts";

/** Systems are asked, and what they said is remembered on this machine; tasks that are seen to be done are closed. */
const remembersWhatItSaw: ToolEffects = {
  access: "write",
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
};

/** With all its evidence a record is long: so many stand in one answer. */
const recordsMax = 20;

const auditTool = defineTool({
  name: "belay_audit",
  title: "What every system says of a record",
  description:
    "Lays what pages, tables, calendars and listings say of a record side by side, field by field with evidence, and says what is wrong. " +
    "Of a whole kind it lists the records that do not agree. Call it before you correct anything about a record. Next: belay_reconcile_plan.",
  input: v.strictObject({
    kind,
    record: v.optional(record),
    all: flag("List those that agree, too."),
    edge: flag("Fetch what visitors get of every page; of one record that is always done."),
    offset,
  }),
  output: document({
    kind: word("The type of record."),
    systems: list("Each system: how much it holds, and its error where it could not be observed."),
    records: list("record, consistent, rows by field with cells by system, findings, decisions, questions."),
    summary: object("Counts: records, agree, differ, undecided; matching and offset of this answer."),
  }),
  effects: remembersWhatItSaw,
  run: async (call, input) => {
    const { records, context } = await openKind(call.session, input.kind);
    const found = await audit(records, { named: input.record, looksAtEdge: input.record !== undefined || input.edge === true }, context);
    if (input.record !== undefined && found.total === 0) throw notFound(found, input.record);
    const { fields, differ } = await audited(found, { isAll: input.all === true || input.record !== undefined, offset: input.offset ?? 0 });
    const failed = found.systems.filter(({ failure }) => failure);
    return {
      fields,
      lines: [
        ...failed.map(({ system, failure }) => `${system} could not be observed: ${failure?.message ?? ""}`),
        `${found.total} ${found.kind} ${found.total === 1 ? "record" : "records"}, ${differ} of them not in agreement`,
        ...listAt(fields, "records")
          .slice(0, 12)
          .map(
            (one) =>
              `  ${textAt(one, "record") ?? ""}: ${listAt(one, "findings").length} findings, ${listAt(one, "questions").length} questions`,
          ),
        ...(differ > 0 ? [`next: belay_audit {"kind", "record"} for one, then belay_reconcile_plan {"kind", "record"}`] : []),
      ],
      rest: "name one record, or go on by offset.",
    };
  },
});

function notFound({ kind: name, systems }: Audit, named: string): BelayError {
  const failure = systems.find((one) => one.failure)?.failure;
  if (failure)
    return new BelayError(
      "observation-partial",
      `No ${name} is called ${named} where belay could look: ${failure.message}`,
      failure.remedy,
    );
  return new BelayError("usage", `No ${name} is called ${named}.`, `belay_find {"kind": ${JSON.stringify(name)}, "fields": …}`);
}

/** All are counted; what stands in the answer are the next few from `offset` on. */
async function audited(
  found: Audit,
  { isAll, offset: from }: { readonly isAll: boolean; readonly offset: number },
): Promise<VerbAnswer & { readonly differ: number }> {
  const counts = emptyTally();
  const shown: Record<string, unknown>[] = [];
  let matching = 0;
  let error: BelayError | undefined;
  try {
    for await (const one of found.records) {
      tally(counts, one);
      if (!isAll && one.isConsistent && !isDoubtful(one.matrix)) continue;
      if (matching >= from && shown.length < recordsMax) shown.push(recordFields(one));
      matching += 1;
    }
  } catch (cause) {
    if (!(cause instanceof BelayError) || shown.length === 0) throw cause;
    error = cause;
  }
  const differ = differing(counts);
  const { records, agree, undecided, doubtful } = counts;
  const summary = { records, agree, differ, undecided, doubtful, matching, offset: from };
  const fields = { kind: found.kind, systems: found.systems.map(systemFields), templates: found.templates, records: shown, summary };
  return { fields: { ...fields, ...(error && errorFields(error)) }, exit: 0, differ };
}

const find = defineTool({
  name: "belay_find",
  title: "Whether a record exists already",
  description:
    "Looks in every system for a record by what is known of it, before you make a page for it. Where it exists, edit its page: a second one is refused (R9). Where it does not: belay_claim.",
  input: v.strictObject({ kind, fields: knownFields }),
  output: document({
    found: list("Records that it is: record, evidence, pages."),
    doubts: list("Records that it may be, with what speaks for and against it."),
    claims: list("Who has said that they make it."),
    next: word("What to do now, as commands."),
  }),
  effects: remembersWhatItSaw,
  run: async (call, { kind: name, fields: known }) => {
    const { fields } = await call.answer(runFind, { verb: "find", operands: [name], options: { where: pairs(known) } });
    return { fields, lines: findLines(fields), rest: "say more of it." };
  },
});

const pairs = (known: Readonly<Record<string, string>>): string[] => Object.entries(known).map(([field, value]) => `${field}=${value}`);

const pagesOf = (one: VerbAnswer["fields"]): string =>
  listAt(one, "pages")
    .slice(0, 4)
    .map((page) => textAt(page, "key") ?? "")
    .join(", ");

function findLines(fields: VerbAnswer["fields"]): string[] {
  const [found, doubts, claims] = [listAt(fields, "found"), listAt(fields, "doubts"), listAt(fields, "claims")];
  return [
    found.length === 0 ? "There is no such record where belay could look." : `It exists:`,
    ...found.slice(0, 8).map((one) => `  ${textAt(one, "record") ?? ""} ${pagesOf(one)}`),
    ...doubts.slice(0, 8).map((one) => `  it may be ${textAt(one, "record") ?? ""} ${pagesOf(one)}`),
    ...claims.slice(0, 4).map((one) => `  claimed as ${textAt(one, "record") ?? ""} until ${textAt(one, "until") ?? ""}`),
    ...nextLines(fields),
  ];
}

const nextLines = (fields: VerbAnswer["fields"]): string[] =>
  (textAt(fields, "next") ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `next: ${line}`);

const claim = defineTool({
  name: "belay_claim",
  title: "Say that you make a record's page",
  description:
    "Claims a record before its page is made, so that nobody else makes another one; refused where it exists or may exist. The claim ends once the page is deployed, or by release. " +
    "Either kind with fields, or kind with release.",
  input: v.strictObject({
    kind,
    fields: v.optional(knownFields),
    for: v.optional(
      v.pipe(v.string(), v.regex(/^\d{1,5}[smhd]$/), v.description("How long it holds: 30m, 2h, 1d; two hours unless told.")),
    ),
    note: v.optional(text("What others should know meanwhile.", 500)),
    not: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.maxLength(500))), v.maxLength(20), v.description("Records that look like it and are others.")),
    ),
    release: v.optional(text("Give this claim back, by its record.", 500)),
  }),
  output: document({
    outcome: word("claimed, released, refused or held."),
    claim: object("record, until, by."),
    next: word("What to do now."),
  }),
  effects: { ...remembersWhatItSaw, idempotentHint: false },
  run: async (call, { kind: name, fields: known, for: span, note, not, release }) => {
    if ((known === undefined) === (release === undefined)) {
      throw new BelayError(
        "usage",
        "belay_claim takes either fields or release.",
        "belay_claim {kind, fields}, or belay_claim {kind, release}.",
      );
    }
    const options = { where: pairs(known ?? {}), for: span, note, not, release };
    const { fields } = await call.answer(runClaim, { verb: "claim", operands: [name], options });
    return { fields, lines: [textAt(fields, "outcome") ?? "", ...findTail(fields)], rest: "say more of it." };
  },
});

const findTail = (fields: VerbAnswer["fields"]): string[] => ("found" in fields ? findLines(fields) : nextLines(fields));

const reconcilePlan = defineTool({
  name: "belay_reconcile_plan",
  title: "Plan a record's correction everywhere",
  description:
    "Decides what holds of a record from what belay.yaml says and from your answers (set), and plans the correction of every system under one id. Writes to no system. " +
    "questions are for people: ask yours, then call again with set. A person carries the plan out (belay apply PLAN-ID), and approves it where production asks for that.",
  input: v.strictObject({
    kind,
    record,
    set: v.optional(v.pipe(knownFields, v.description('What a person said that holds, by field: {"start": "15:30"}.'))),
    why: v.optional(text("Who said so and how you know, for the record.", 500)),
    keep: v.optional(text("Of duplicate pages, the address of the one that stays.", 500)),
    deleteDuplicates: flag("Delete the other duplicates; a redirect takes their place unless told."),
    leave: v.optional(
      v.pipe(
        v.array(v.pipe(v.string(), v.maxLength(500))),
        v.maxLength(50),
        v.description("Mentions of an old value that stay as they are."),
      ),
    ),
  }),
  output: planDocument,
  effects: remembersWhatItSaw,
  run: async (call, input) => await planned(call, input),
});

interface ReconcileInput {
  readonly kind: string;
  readonly record: string;
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly why?: string | undefined;
  readonly keep?: string | undefined;
  readonly deleteDuplicates?: boolean | undefined;
  readonly leave?: readonly string[] | undefined;
}

async function planned(call: ToolCall, input: ReconcileInput): ReturnType<Parameters<typeof defineTool>[0]["run"]> {
  const { set = {}, why, keep, leave } = input;
  const options = { plan: true, set: pairs(set), why, keep, delete: input.deleteDuplicates === true, leave };
  const { fields } = await call.answer(runReconcile, { verb: "reconcile", operands: [input.kind, input.record], options });
  const questions = listAt(fields, "questions");
  const isReady = questions.length === 0 && listAt(fields, "refusals").length === 0;
  const id = textAt(fields, "id") ?? "";
  const hasWork = listAt(fields, "steps").length > 0;
  const next = isReady && hasWork ? `A person at a terminal runs: belay apply ${id.slice(0, 12)}` : undefined;
  return {
    fields: { ...fields, ...(next !== undefined && { next }) },
    lines: [
      ...(questions.length === 0 ? outcomeLines(fields) : [`needs-person: ${questions.length} open questions; nothing was kept`]),
      ...questions
        .slice(0, 10)
        .map(
          (one) =>
            `  ${textAt(one, "name") ?? textAt(objectAt(one, "field"), "name") ?? ""}: ${JSON.stringify(one["choices"] ?? []).slice(0, 300)}`,
        ),
      ...(isReady && !hasWork ? ["All systems say the same: nothing to correct."] : []),
      ...(next === undefined ? [] : [`next: ${next}`]),
    ],
    rest: `read belay://plans/${id.slice(0, 12)}.`,
  };
}

const tasks = defineTool({
  name: "belay_tasks",
  title: "What only people can change",
  description:
    "Changes that wait for a person, such as a marketplace without an interface: what, from what to what, where, by when. Tell your person of them.",
  input: v.strictObject({ all: flag("What is done, too."), offset }),
  output: document({ tasks: list("id, kind, record, system, what to change, state.") }),
  effects: readsOnly,
  run: async (call, { all, offset: from }) => {
    const { fields } = await call.answer(runTasks, { verb: "tasks", operands: [], options: { all: all === true } });
    const open = listAt(fields, "tasks").filter((one) => one["state"] === "open");
    return {
      fields: pageOf(fields, "tasks", from),
      lines: [
        open.length === 0
          ? "Nothing waits for a person."
          : `${open.length} ${open.length === 1 ? "task waits" : "tasks wait"} for a person:`,
        ...open.slice(0, 12).map((one) => `  ${textAt(one, "id") ?? ""} ${textAt(one, "system") ?? ""} ${textAt(one, "record") ?? ""}`),
      ],
      rest: "skip some by offset.",
    };
  },
});

export const recordsTools: readonly Tool[] = [auditTool, find, claim, reconcilePlan, tasks];
