import { log, type LogRequest, type LogResult } from "../../../operations/history/log.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { failureLines, printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { keysNamed } from "../locate-paths.ts";
import { openEvents } from "../open-events.ts";
import { counted, plain } from "../plain-text.ts";
import { logLines } from "../render-log.ts";
import type { View } from "../screen.ts";
import { targetOf, type Session } from "../session.ts";
import { wrap } from "../text-width.ts";
import { listOf, textOf, type Words } from "../words.ts";

const entriesDefault = 50;

/** Newest first. A broken chain is told loudly, with the entries that still hold, and takes a person. */
export async function runLog(session: Session, words: Words): Promise<number> {
  const bench = await session.bench();
  const [path] = await keysNamed(session, bench, { paths: words.operands });
  const name = textOf(words, "target");
  const context = await session.context();
  const sinceMs = sinceFrom(textOf(words, "since"), session.screen.data.nowMs);
  const request: LogRequest = {
    path: path === "" ? undefined : path,
    limit: limitFrom(textOf(words, "limit")),
    ...(name === undefined ? {} : { target: targetOf(session, bench, name) }),
    sinceMs,
    events: openEvents(bench, { places: listOf(words, "events"), cwd: session.setup.cwd, sinceMs }, context),
  };
  const result = await log(bench, request, context);
  const { screen, globals } = session;
  const { chain, timeline } = result;
  if (globals.isJson) printJson(screen, logFields(result));
  else {
    if (timeline.length > 0) screen.print(logLines(result, screen.data));
    else if (chain === "intact")
      screen.print(path === undefined ? "Nothing is recorded yet." : `Nothing is recorded about ${plain(path)}.`);
    screen.tell([...eventLines(result, screen.prose), ...result.gaps.flatMap((gap) => gapLines(gap, screen.prose))]);
    if (chain !== "intact") screen.tell(["", ...failureLines(brokenChain(chain.brokenAt, result), screen.prose)]);
  }
  return chain === "intact" ? exits.done : exits.person;
}

/** An entry of the timeline names one of `entries` by its sequence number. */
function logFields({ entries, chain, problem, timeline, events, gaps }: LogResult): Record<string, unknown> {
  return {
    entries,
    chain,
    ...(problem === undefined ? {} : { problem }),
    timeline: timeline.map(momentFields),
    events,
    gaps,
  };
}

function momentFields(moment: LogResult["timeline"][number]): Record<string, unknown> {
  const at = new Date(moment.atMs).toISOString();
  switch (moment.kind) {
    case "entry":
      return { kind: "entry", at, seq: moment.seq, callers: moment.callers.map(({ path, event }) => ({ path, ...eventFields(event) })) };
    case "version": {
      const { target, path, id, isObject, sizeBytes, etag, owner, hand, copyOf } = moment.version;
      const callers = moment.callers.map(eventFields);
      return {
        kind: "version",
        at: new Date(moment.version.atMs).toISOString(),
        hand,
        target,
        path,
        version: id,
        isObject,
        sizeBytes,
        etag,
        owner,
        copyOf,
        callers,
      };
    }
    case "write": {
      const { target, path, event } = moment.placed;
      return { kind: "write", at, hand: moment.hand, target, path, callers: [eventFields(event)] };
    }
  }
}

type WriteEvent = Extract<LogResult["timeline"][number], { kind: "write" }>["placed"]["event"];

const eventFields = ({ source, atMs, operation, deed, caller, address, agent, versionId }: WriteEvent): Record<string, unknown> => ({
  source,
  at: new Date(atMs).toISOString(),
  operation,
  deed,
  caller,
  address,
  agent,
  version: versionId,
});

function eventLines({ events: { files, events, matched, broken, isCut } }: LogResult, { columns }: View): string[] {
  if (files === 0) return [];
  const told = `${counted(files, "file")} of records: ${counted(events, "write")} to this site, ${matched} of them known from elsewhere`;
  const lost = broken === 0 ? "" : `; ${counted(broken, "record")} could not be read`;
  return wrap(`${told}${lost}${isCut ? "; only the newest were held" : ""}.`, { width: columns });
}

const gapLines = (gap: string, { columns, paint }: View): string[] =>
  wrap(plain(gap), { width: columns, first: `${paint.yellow("!")} `, rest: "  " });

const brokenChain = (at: number, { problem }: LogResult): { readonly message: string; readonly remedy: string } => ({
  message:
    `The record is broken at entry ${at}: somebody changed or lost what stood there. Nothing before it is proven.\n${problem ?? ""}`.trimEnd(),
  remedy: "A person looks at the state folder, and brings it back from a backup.",
});

function limitFrom(text: string | undefined): number {
  if (text === undefined) return entriesDefault;
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new BelayError("usage", "--limit takes a number of entries.", "belay log --limit 20");
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** A date as ISO 8601 spells it, or an age: `3d`, `12h`. */
function sinceFrom(text: string | undefined, nowMs: number): number {
  if (text === undefined) return -Infinity;
  const [, count, unit = ""] = /^(\d{1,6})([mhdw])$/u.exec(text) ?? [];
  const at =
    count === undefined ? (/^\d{4}-\d{2}/u.test(text) ? Date.parse(text) : Number.NaN) : nowMs - Number(count) * (unitsMs[unit] ?? 0);
  if (!Number.isNaN(at)) return at;
  throw new BelayError("usage", "--since takes a date or an age.", "belay log --since 2026-05-20\nbelay log --since 3d");
}
