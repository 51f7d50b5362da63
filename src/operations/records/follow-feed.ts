/**
 * Where a system tells what has changed, a watcher asks for that and lists nothing. What it was told hangs on what it knew: a token
 * counts only together with the very objects that were known when it was given, and never for long.
 */

import { BelayError } from "../../core/belay-error.ts";
import type { Digest } from "../../core/brand.ts";
import { compareKeys } from "../../core/paths/key.ts";
import type { ChangeFeed, FeedChanges } from "../../ports/change-feed.ts";
import type { RecordSystem } from "../../core/records/kind.ts";
import type { SightingMark, SightingMarks } from "../../ports/sighting-book.ts";
import type { Store } from "../../ports/store.ts";
import type { Context } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";

export interface Followed {
  /** What was told; absent where everything has to be looked at. */
  readonly keys?: readonly string[];
  /** Where the next look goes on. */
  readonly token: string;
  /** How many looks have gone by feed since the last one at everything, this one included. */
  readonly rounds: number;
  /** Milliseconds since the epoch: when everything was last looked at. */
  readonly wholeAtMs: number;
}

interface Following {
  readonly system: RecordSystem;
  readonly store: Store;
  /** What was known before. */
  readonly last: SightingMarks;
}

type Marks = ReadonlyMap<string, SightingMark>;

/** A feed may lie, or be lost without a word: so often everything is looked at all the same. */
const roundsMax = 20;
const wholeAgeMsMax = 60 * 60 * 1000;
/** A table is scanned rather than asked for so many items one by one. */
const toldMin = 50;
const toldShareMax = 0.25;

/** `undefined` where the system has no feed, or gives no answer: then it is listed as if it had none. */
export async function followFeed(
  records: RecordsBench,
  { system, store, last }: Following,
  context: Context,
): Promise<Followed | undefined> {
  if (!records.followsFeeds || !store.feed) return undefined;
  const note = readNote(await records.book.recall(noteOf(system.name), context));
  const changes = await told(store.feed, note?.token, context);
  if (changes?.token === undefined) return undefined;
  const { token } = changes;
  const nowMs = records.home.runtime.now();
  const whole = { token, rounds: 0, wholeAtMs: nowMs };
  if (changes.kind === "look-at-all" || !note || !isFresh(note, nowMs)) return whole;
  const { keys } = changes;
  const isMuch = store.readAll !== undefined && keys.length > Math.max(toldMin, last.marks.size * toldShareMax);
  if (isMuch || note.of !== stateOf(records, last.marks)) return whole;
  return { keys, token, rounds: note.rounds + 1, wholeAtMs: note.wholeAtMs };
}

async function told(feed: ChangeFeed, token: string | undefined, context: Context): Promise<FeedChanges | undefined> {
  try {
    return await feed.changesSince(token, context);
  } catch (error) {
    // What is wrong with the system itself shows in its listing.
    if (!(error instanceof BelayError) || context.signal.aborted) throw error;
    return undefined;
  }
}

/** A clock that was put back makes it old, too. */
const isFresh = ({ rounds, wholeAtMs }: Note, nowMs: number): boolean =>
  rounds < roundsMax && wholeAtMs <= nowMs && nowMs - wholeAtMs < wholeAgeMsMax;

/** Called once what the feed led to is kept: a token that is remembered too early would hide what was never read. */
export async function rememberFeed(records: RecordsBench, system: string, followed: Followed, marks: Marks): Promise<void> {
  const { token, rounds, wholeAtMs } = followed;
  const note: Note = { token, rounds, wholeAtMs, of: stateOf(records, marks) };
  await records.book.remember(noteOf(system), JSON.stringify(note));
}

interface Note {
  readonly token: string;
  readonly rounds: number;
  readonly wholeAtMs: number;
  /** What was known when the token was given: another process may have put an older look in its place since. */
  readonly of: string;
}

const noteOf = (system: string): string => `feed of ${system}`;

function readNote(text: string | undefined): Note | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    if (typeof value !== "object" || value === null) return undefined;
    const { token, rounds, wholeAtMs, of }: Partial<Record<keyof Note, unknown>> = value;
    const isNote = typeof token === "string" && typeof rounds === "number" && typeof wholeAtMs === "number" && typeof of === "string";
    return isNote ? { token, rounds, wholeAtMs, of } : undefined;
  } catch {
    return undefined;
  }
}

const encoder = new TextEncoder();

/** Which objects are known, in which revision. */
function stateOf({ home }: RecordsBench, marks: Marks): Digest {
  const lines = [...marks.values()]
    .toSorted((one, other) => compareKeys(one.key, other.key))
    .map(({ key, revision }) => `${key}\0${revision}\n`);
  return home.runtime.sha256(encoder.encode(lines.join("")));
}
