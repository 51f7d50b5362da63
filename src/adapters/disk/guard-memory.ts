/** What the guard remembers of agents' sessions: a file a session, to which every hook appends lines. */

import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { AgentSession } from "../../core/guard/agent-call.ts";
import type { DeniedIntent } from "../../core/guard/intents.ts";
import type { GuardMemory, SessionMemory } from "../../ports/guard-memory.ts";
import { sha256OfText } from "../shared/sha256.ts";

export interface GuardMemoryOptions {
  /** `.belay/guard/sessions`. */
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Line =
  | { readonly kind: "begun"; readonly atMs: number }
  | { readonly kind: "denied"; readonly atMs: number; readonly intent: string }
  | { readonly kind: "created"; readonly atMs: number; readonly path: string }
  | { readonly kind: "asked-for-note"; readonly atMs: number };

/** Of an agent that names no session: after so long without a word the next one is another. */
const namelessMs = 3_600_000;
const keptMs = 30 * 24 * 3_600_000;
const filesMax = 500;
/** A session that is refused so often is remembered well enough. */
const bytesMax = 64 * 1024;
const intentMax = 200;

const fileOfSession = (folder: string, { agent, id }: { readonly agent: string; readonly id: string }): string =>
  join(folder, `${agent}-${id === "" ? "unnamed" : sha256OfText(id).slice(0, 24)}.jsonl`);

/** For sessions that were never an agent's: those of `doctor --attack`. */
export function forgetSession(folder: string, session: { readonly agent: string; readonly id: string }): void {
  try {
    unlinkSync(fileOfSession(folder, session));
  } catch {
    // Nothing was noted of it.
  }
}

/** Lines are appended with one call each, so that hooks which run at once lose nothing of one another. */
export function openGuardMemory({ folder, now }: GuardMemoryOptions): GuardMemory {
  const fileOf = (session: AgentSession): string => fileOfSession(folder, session);
  const append = (session: AgentSession, line: Line): void => {
    try {
      mkdirSync(folder, { recursive: true });
      const file = fileOf(session);
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < bytesMax) appendFileSync(file, `\n${JSON.stringify(line)}\n`);
    } catch {
      // What is not remembered makes the next answer milder in words, and has a page looked at again; it lets nothing through.
    }
  };
  const begin = (session: AgentSession): void => {
    const lines = linesOf(fileOf(session));
    // With a name it goes on where it stopped; what it saw is judged by its age.
    if (session.id !== "" && lines.some(({ kind }) => kind === "begun")) return;
    if (lines.length === 0) prune(folder, now());
    append(session, { kind: "begun", atMs: now() });
  };
  return {
    begin,
    session: (session) => {
      const lines = linesOf(fileOf(session));
      const known = remembered(session, lines, now());
      if (known) return known;
      begin(session);
      return { startedAtMs: now(), denied: [], created: [] };
    },
    noteDenied: (session, intent) => {
      append(session, { kind: "denied", atMs: now(), intent: intent.slice(0, intentMax) });
    },
    noteCreated: (session, path) => {
      append(session, { kind: "created", atMs: now(), path });
    },
    noteAskedForNote: (session) => {
      append(session, { kind: "asked-for-note", atMs: now() });
    },
  };
}

/** `undefined` where it has not begun, or nothing readable says when. */
function remembered({ id }: AgentSession, lines: readonly Line[], nowMs: number): SessionMemory | undefined {
  const first = id === "" ? lines.findLastIndex(({ kind }) => kind === "begun") : lines.findIndex(({ kind }) => kind === "begun");
  const begun = lines[first];
  if (!begun || begun.atMs > nowMs) return undefined;
  // What was refused before a session without a name began may have been another's.
  const own = id === "" ? lines.slice(first) : lines;
  if (id === "" && Math.max(...own.map(({ atMs }) => atMs)) < nowMs - namelessMs) return undefined;
  const asked = own.findLast(({ kind }) => kind === "asked-for-note");
  const created = own.flatMap((line) => (line.kind === "created" ? [line.path] : []));
  return { startedAtMs: begun.atMs, denied: deniedIn(own), created, ...(asked && { askedForNoteAtMs: asked.atMs }) };
}

function deniedIn(lines: readonly Line[]): readonly DeniedIntent[] {
  const denied = new Map<string, DeniedIntent>();
  for (const line of lines) {
    if (line.kind !== "denied") continue;
    const { intent, atMs } = line;
    denied.set(intent, { intent, times: (denied.get(intent)?.times ?? 0) + 1, lastAtMs: atMs });
  }
  return [...denied.values()];
}

function linesOf(file: string): readonly Line[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line) => lineIn(line) ?? []);
  } catch {
    return [];
  }
}

function lineIn(text: string): Line | undefined {
  if (text === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? lineOf(value) : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

/** `undefined` where it is a line that this version does not know. */
function lineOf({ kind, atMs, intent, path }: Readonly<Record<string, unknown>>): Line | undefined {
  if (typeof atMs !== "number") return undefined;
  if (kind === "begun" || kind === "asked-for-note") return { kind, atMs };
  if (kind === "denied" && typeof intent === "string") return { kind, atMs, intent };
  return kind === "created" && typeof path === "string" ? { kind, atMs, path } : undefined;
}

/** Looked after where a session begins, so that no other call pays for it. */
function prune(folder: string, nowMs: number): void {
  try {
    const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
    const aged = files.map((name) => ({ file: join(folder, name), atMs: statSync(join(folder, name)).mtimeMs }));
    const old = aged.toSorted((left, right) => right.atMs - left.atMs).filter(({ atMs }, at) => at >= filesMax || atMs < nowMs - keptMs);
    for (const { file } of old) unlinkSync(file);
  } catch {
    // Another hook prunes too, or there is nothing yet.
  }
}
