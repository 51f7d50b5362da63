import { parseTimeSpan, timeSpanWords } from "../../../config/time-span.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { switchWatch } from "../../../operations/records/watch-record.ts";
import { watch, type WatchEnd } from "../../../operations/records/watch.ts";
import type { WatchEvent } from "../../../operations/records/watch-look.ts";
import { nextLines, printJson } from "../answer.ts";
import { exitOfError, exits } from "../exit-codes.ts";
import { plain, shellWord } from "../plain-text.ts";
import { openKind, type KindAtHand } from "../records-session.ts";
import { watchFields, watchLines } from "../render-watch.ts";
import type { Session } from "../session.ts";
import { has, textOf, type Words } from "../words.ts";

const everyMinMs = 1000;

/** Looks until it is stopped. With `--once`: 0 where nothing is left, 8 where a person has to look, 5 where a system could not be. */
export async function runWatch(session: Session, words: Words): Promise<number> {
  const [kindName = ""] = words.operands;
  const stop = textOf(words, "stop");
  const everyMs = everyFrom(words);
  if (stop !== undefined && has(words, "start"))
    throw new BelayError("usage", "--stop and --start cannot both be.", `belay watch ${shellWord(kindName)} --start`);
  const atHand = await openKind(session, kindName);
  if (stop !== undefined || has(words, "start")) return await switched(session, atHand, stop);
  const { records, context } = atHand;
  const seen = new Set<WatchEvent["kind"]>();
  const isOnce = has(words, "once");
  if (!isOnce) session.screen.tell(`watching ${plain(kindName)}; belay watch ${shellWord(kindName)} --stop "…" ends it on every machine`);
  session.startsWriting("parts");
  const onEvent = (event: WatchEvent): void => {
    seen.add(event.kind);
    const { screen, globals } = session;
    if (globals.isJson) screen.print(JSON.stringify(watchFields(event, kindName, new Date(records.home.runtime.now()).toISOString())));
    else screen.print(watchLines(event, kindName, { ...screen.data, nowMs: session.setup.now() }));
  };
  const end = await watch(records, { everyMs: everyMs ?? records.kind.watch.everyMs, isOnce }, onEvent, context);
  if (end.kind === "stopped" && !session.globals.isJson)
    session.screen.tell(nextLines(`belay watch ${shellWord(kindName)} --start   (a person, once it is settled)`, session.screen.prose));
  return exitOf(end, seen);
}

async function switched(session: Session, { records, context }: KindAtHand, stop: string | undefined): Promise<number> {
  const { screen, globals } = session;
  const is = stop === undefined ? "on" : "off";
  if (stop?.trim() === "")
    throw new BelayError("usage", "--stop needs a reason.", `belay watch ${shellWord(records.kind.name)} --stop "why"`);
  await switchWatch(records, is, stop ?? "let go on", context);
  if (globals.isJson) printJson(screen, { outcome: is === "on" ? "started" : "stopped", of: records.kind.name, why: stop });
  else
    screen.print(
      `${screen.data.paint.green("✔")} watchers of ${plain(records.kind.name)} ${is === "on" ? "may go on" : "stop at their next look, on every machine"}`,
    );
  return exits.done;
}

function everyFrom(words: Words): number | undefined {
  const text = textOf(words, "every");
  if (text === undefined) return undefined;
  const ms = parseTimeSpan(text);
  if (ms !== undefined && ms >= everyMinMs) return ms;
  throw new BelayError("usage", `--every takes ${timeSpanWords}.`, "For example: --every 5m");
}

function exitOf(end: WatchEnd, seen: ReadonlySet<WatchEvent["kind"]>): number {
  if (end.kind === "interrupted") return exitOfError.interrupted;
  if (end.kind === "stopped") return exits.refused;
  if (seen.has("failed") || seen.has("unfinished")) return exits.unsettled;
  return seen.has("asked") || seen.has("limited") ? exits.person : exits.done;
}
