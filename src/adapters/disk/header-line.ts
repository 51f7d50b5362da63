/** One line of the header book: what was said about one key while it held the bytes of one digest. */

import { asDigest, type Digest } from "../../core/brand.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import type { Headers, Provenance } from "../../core/plan/plan.ts";

/** What stands beside a file's bytes. */
export interface Said {
  readonly headers: Headers;
  readonly provenance?: Provenance;
}

export interface HeaderLine {
  readonly key: string;
  readonly digest: Digest;
  /** Absent where the line takes back what earlier lines said. */
  readonly said?: Said;
}

export function formatHeaderLine(line: HeaderLine): string {
  return `${canonicalJson({ key: line.key, digest: line.digest, headers: line.said?.headers, provenance: line.said?.provenance })}\n`;
}

/** Reads a line back; `undefined` for a torn or foreign one, which then says nothing. */
export function parseHeaderLine(text: string): HeaderLine | undefined {
  const value = jsonOf(text);
  if (typeof value !== "object" || value === null || !("key" in value && "digest" in value)) return undefined;
  const { key, digest } = value;
  if (typeof key !== "string" || !isDigest(digest)) return undefined;
  const line = { key, digest: asDigest(digest) };
  if (!("headers" in value)) return line;
  const headers = headersOf(value.headers);
  if (!headers) return undefined;
  const provenance = "provenance" in value ? provenanceOf(value.provenance) : undefined;
  return { ...line, said: { headers, ...(provenance ? { provenance } : {}) } };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isDigest = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/u.test(value);

function headersOf(value: unknown): Headers | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value).flatMap(([name, held]: [string, unknown]) =>
    typeof held === "string" ? [[name, held] as const] : [],
  );
  return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : undefined;
}

function provenanceOf(value: unknown): Provenance | undefined {
  const held = headersOf(value);
  if (!held) return undefined;
  const { plan, release, digest, parent, commit, actor, at } = held;
  if (!isDigest(plan) || !isDigest(digest) || release === undefined || actor === undefined || at === undefined) return undefined;
  return {
    plan: asDigest(plan),
    release,
    digest: asDigest(digest),
    ...(isDigest(parent) ? { parent: asDigest(parent) } : {}),
    ...(commit === undefined ? {} : { commit }),
    actor,
    at,
  };
}
