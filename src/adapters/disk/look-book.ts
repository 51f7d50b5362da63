/** Looks at live in two small files of this machine, a line each: `looks.jsonl`, and what came before it, `looks.before.jsonl`. */

import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { unseenMax, type Look, type UnseenLineage, type UnseenPath } from "../../core/guard/edits/look.ts";
import type { LookBook } from "../../ports/look-book.ts";

export interface LookBookOptions {
  /** `.belay`. */
  readonly folder: string;
  /** Where AWS_ENDPOINT_URL leads: what was seen in a rehearsal says nothing of the real bucket. */
  readonly endpoint?: string;
}

/** Beyond it the file becomes the one before, and the one before that goes: always a beginning of history, never a middle. */
const bytesMax = 256 * 1024;

/**
 * A line is written with one call that appends, so that of two processes neither loses the other's. A line that a crash cut off, or that
 * says nothing known, counts for nothing. The folder is made by whoever has something to note.
 */
export function openLookBook({ folder, endpoint = "" }: LookBookOptions): LookBook {
  const file = join(folder, "looks.jsonl");
  const before = join(folder, "looks.before.jsonl");
  return {
    note: (look) => {
      try {
        mkdirSync(dirname(file), { recursive: true });
        // Begins with a line end too: what a crash left cut off stays a line of its own.
        appendFileSync(file, `\n${JSON.stringify({ format: 1, endpoint, ...look })}\n`);
        if (statSync(file).size > bytesMax) renameSync(file, before);
      } catch {
        // The page is looked at once more.
      }
    },
    all: () => [...linesOf(before), ...linesOf(file)].flatMap((line) => lookIn(line, endpoint) ?? []),
  };
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

function lookIn(line: string, endpoint: string): Look | undefined {
  if (line === "") return undefined;
  const value = jsonOf(line);
  if (!isObject(value) || value["format"] !== 1 || value["endpoint"] !== endpoint) return undefined;
  const { atMs, site, target, paths, unseen, isCut } = value;
  if (typeof atMs !== "number" || typeof site !== "string" || typeof target !== "string" || !Array.isArray(unseen)) return undefined;
  if (paths !== undefined && !isTexts(paths)) return undefined;
  const found = unseen.slice(0, unseenMax).flatMap((one: unknown) => unseenIn(one) ?? []);
  // An exception that cannot be read may be any path.
  const isWhole = isCut !== true && found.length === unseen.length;
  return { atMs, site, target, ...(paths && { paths }), unseen: found, ...(!isWhole && { isCut: true }) };
}

const lineages: ReadonlySet<unknown> = new Set<UnseenLineage>(["behind", "diverged", "unknown", "removed"]);
const isLineage = (value: unknown): value is UnseenLineage => lineages.has(value);

function unseenIn(value: unknown): UnseenPath | undefined {
  if (!isObject(value)) return undefined;
  const { path, lineage, isAbsentHere, isGone, liveAtMs, liveBy, release } = value;
  if (typeof path !== "string" || !isLineage(lineage)) return undefined;
  return {
    path,
    lineage,
    ...(isAbsentHere === true && { isAbsentHere }),
    ...(isGone === true && { isGone }),
    ...(typeof liveAtMs === "number" && { liveAtMs }),
    ...(typeof liveBy === "string" && { liveBy }),
    ...(typeof release === "string" && { release }),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((one) => typeof one === "string");

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
