/** Access logs of a bucket or of its CDN, CloudTrail and S3 events, told apart by how a file begins: what was written, and what was handed out. */

import type { Fetch } from "../../core/records/page-use.ts";
import type { WriteEvent } from "../../core/timeline/write-event.ts";
import { readAccessLogLine } from "./access-log-line.ts";
import { jsonObjects } from "./json-objects.ts";
import { readJsonRecord } from "./json-records.ts";
import { edgeFieldsOf, readEdgeFetch, readEdgeJson, readS3Fetch, type ReadFetch } from "./read-fetch.ts";
import { beginning, lineCharsMax, lines, texts } from "./text-lines.ts";

export type LogRecord =
  | { readonly kind: "write"; readonly event: WriteEvent }
  | { readonly kind: "fetch"; readonly fetch: Fetch }
  | { readonly kind: "broken" };

const broken: LogRecord = { kind: "broken" };

/** Requests of other kinds are passed over. Holds one record at a time. */
export async function* readLog(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LogRecord, void, undefined> {
  const { start, rest } = await beginning(texts(chunks));
  if (/^\s*\{/u.test(start)) {
    for await (const piece of jsonObjects(rest)) yield* typeof piece === "string" ? jsonRecord(piece) : [broken];
    return;
  }
  let names: readonly string[] = [];
  for await (const raw of lines(rest)) {
    const line = raw.replace(/\r$/u, "");
    if (line.startsWith("#")) names = edgeFieldsOf(line) ?? names;
    else if (line.length > lineCharsMax) yield broken;
    else if (line.trim() !== "") yield* names.length > 0 ? told(readEdgeFetch(line, names)) : s3Record(line);
  }
}

function s3Record(line: string): readonly LogRecord[] {
  const read = readAccessLogLine(line);
  if (read === "broken") return [broken];
  return read === "other" ? told(readS3Fetch(line)) : [{ kind: "write", event: read }];
}

function jsonRecord(text: string): readonly LogRecord[] {
  const read = readJsonRecord(text);
  if (read === "broken") return [broken];
  return read === "other" ? told(readEdgeJson(text)) : [{ kind: "write", event: read }];
}

function told(read: ReadFetch): readonly LogRecord[] {
  if (read === "other") return [];
  return read === "broken" ? [broken] : [{ kind: "fetch", fetch: read }];
}
