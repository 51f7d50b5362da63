import { parseTimeSpan, timeSpanWords } from "../../../config/time-span.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { recordsOf, type KnownTask } from "../../../core/ledger/fold-records.ts";
import { attestTask } from "../../../operations/records/tasks.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { plain, said } from "../plain-text.ts";
import { openKind, type KindAtHand } from "../records-session.ts";
import { taskFields } from "../records-json.ts";
import { oneTaskLines } from "../render-reconcile.ts";
import type { View } from "../screen.ts";
import type { Session } from "../session.ts";
import { has, textOf, type Words } from "../words.ts";
import { localTime } from "../when.ts";

const recheckUsualMs = 30 * 86_400_000;

/** What only people can change, the open tasks first. */
export async function runTasks(session: Session, words: Words): Promise<number> {
  const { screen, globals } = session;
  const { records, context } = await anyKind(session);
  const known = recordsOf(await records.home.ledger.state(context)).tasks;
  const open = known.filter(({ state }) => state.state === "open");
  const shown = has(words, "all") ? [...open, ...known.filter(({ state }) => state.state === "done")] : open;
  if (globals.isJson) printJson(screen, { tasks: shown.map(taskFields) });
  else if (shown.length === 0) screen.print("Nothing waits for a person.");
  else
    screen.print(
      shown.flatMap((task, at) => [
        ...(at === 0 ? [] : [""]),
        ...oneTaskLines(task.task, screen.data, task.state.state === "done"),
        ...stateLines(task, screen.data),
      ]),
    );
  return exits.done;
}

/** All kinds keep their tasks in one record. */
async function anyKind(session: Session): Promise<KindAtHand> {
  const [first] = (await session.config()).records;
  if (first) return await openKind(session, first.name);
  throw new BelayError(
    "usage",
    "belay.yaml describes no kind of record, so there are no tasks.",
    "belay records learn PAGE…   (proposes one from example pages)",
  );
}

function stateLines({ state }: KnownTask, { nowMs }: View): string[] {
  if (state.state === "open")
    return [`    open since ${localTime(state.since, nowMs)}${state.reopened ? ", again: it had been done" : ""}`];
  const evidence = state.evidence === undefined ? "" : `: ${said(state.evidence, 60)}`;
  const recheck = state.recheckAt === undefined ? "" : `; to be looked at again ${localTime(state.recheckAt, nowMs)}`;
  return [
    `    done ${localTime(state.at, nowMs)}, ${state.how === "observed" ? "as belay saw" : `by the word of ${plain(state.by)}${evidence}`}${recheck}`,
  ];
}

/** A person's word that a task is done. */
export async function runTasksDone(session: Session, words: Words): Promise<number> {
  const [prefix = ""] = words.operands;
  const { screen, globals } = session;
  const evidence = (textOf(words, "evidence") ?? "").trim();
  if (evidence === "") {
    throw new BelayError(
      "usage",
      "A person's word needs what it rests on.",
      `belay tasks done ${plain(prefix)} --evidence "changed it at 14:02; the page shows 15:30"`,
    );
  }
  const recheckMs = recheckFrom(words);
  const any = await anyKind(session);
  const { tasks } = recordsOf(await any.records.home.ledger.state(any.context));
  const kind = tasks.find(({ task }) => task.id.startsWith(prefix.toLowerCase()))?.task.kind ?? any.records.kind.name;
  const { records, context } = kind === any.records.kind.name ? any : await openKind(session, kind);
  const recheckAt = new Date(records.home.runtime.now() + recheckMs).toISOString();
  const task = await attestTask(records, { task: prefix.toLowerCase(), evidence, recheckAt }, context);
  if (globals.isJson) printJson(screen, { task: task.id, outcome: "done", evidence, recheckAt });
  else
    screen.print(
      `${screen.data.paint.green("✔")} ${task.id} is done: ${plain(task.system)}, ${plain(task.kind)} ${plain(task.record)}; to be looked at again ${localTime(recheckAt, screen.data.nowMs)}`,
    );
  return exits.done;
}

function recheckFrom(words: Words): number {
  const text = textOf(words, "recheck");
  if (text === undefined) return recheckUsualMs;
  const ms = parseTimeSpan(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new BelayError("usage", `--recheck takes ${timeSpanWords}.`, "For example: --recheck 7d");
}
