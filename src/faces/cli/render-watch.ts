/** What a watcher sees and does, a line for each event. */

import type { RecordEdit } from "../../core/records/records-part.ts";
import type { WatchEvent } from "../../operations/records/watch-look.ts";
import { counted, plain } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

/** Empty for what only `--verbose` shows: a look that found nothing. */
export function watchLines(event: WatchEvent, kind: string, view: View): string[] {
  const { columns, nowMs, paint } = view;
  const told = wordsOf(event, kind);
  if (told === undefined && !view.isVerbose) return [];
  const { mark, text } = told ?? { mark: paint.dim("·"), text: lookedText(event) };
  const time = localTime(new Date(nowMs).toISOString(), nowMs).slice(-5);
  return wrap(plain(text), { width: columns, first: `${time} ${typeof mark === "string" ? mark : mark(paint)} `, rest: " ".repeat(8) });
}

const lookedText = (event: WatchEvent): string =>
  event.kind === "looked" ? `looked at ${counted(event.records, "record")}: ${event.examined} changed` : "";

interface Told {
  readonly mark: (paint: View["paint"]) => string;
  readonly text: string;
}

const good = (paint: View["paint"]): string => paint.green("✔");
const bad = (paint: View["paint"]): string => paint.red("✖");
const mind = (paint: View["paint"]): string => paint.yellow("!");

function wordsOf(event: WatchEvent, kind: string): Told | undefined {
  switch (event.kind) {
    case "looked":
      return undefined;
    case "failed":
      return { mark: bad, text: event.error.message };
    case "drift":
      return { mark: mind, text: `${kind} ${event.record} differs in ${event.fields.join(", ")}` };
    case "corrected":
      return { mark: good, text: `${kind} ${event.record} corrected${editsText(event.edits)}` };
    case "asked":
      return { mark: mind, text: `${kind} ${event.record} waits for a person: ${event.why.join("; ")}` };
    case "pending":
      return { mark: mind, text: `${kind} ${event.record} waits for ${event.systems.join(", ")}, not due to show the last change yet` };
    case "limited":
      return { mark: bad, text: `${kind} ${event.record} waits: ${event.perHourMax} corrections within an hour are the most` };
    case "unfinished":
      return { mark: bad, text: `${kind} ${event.record} is not finished: ${event.why}; the next look goes on` };
    case "task":
      return { mark: event.is === "open" ? mind : good, text: `${kind} ${event.record}, ${event.system}: ${taskText[event.is]}` };
    case "stopped":
      return { mark: bad, text: `watching ${kind} is stopped: ${event.why}` };
  }
}

const taskText = { open: "a person has a task there (belay tasks)", settled: "the task there changed" } as const;

function editsText([first, ...others]: readonly RecordEdit[]): string {
  if (!first) return "";
  return `: ${first.before} → ${first.after} in ${first.at.key}${others.length > 0 ? ` and ${others.length} more` : ""}`;
}

/** One line of JSON for each event. Field names are a contract: add, never rename. */
export function watchFields(event: WatchEvent, kind: string, at: string): Record<string, unknown> {
  const { kind: name, ...rest } = event;
  const fields =
    "error" in rest
      ? { system: rest.system, error: { code: rest.error.code, message: rest.error.message, remedy: rest.error.remedy } }
      : rest;
  return { format: 1, event: name, of: kind, at, ...fields };
}
