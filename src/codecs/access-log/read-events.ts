/** Records of writes out of a file of any of the three formats, told by how it begins. */

import type { WriteEvent } from "../../core/timeline/write-event.ts";
import { readAccessLogLine } from "./access-log-line.ts";
import { jsonObjects } from "./json-objects.ts";
import { readJsonRecord, type Read } from "./json-records.ts";
import { beginning, lineCharsMax, lines, texts } from "./text-lines.ts";

/** Writes, and a `broken` for each record that could not be read. Other requests are passed over. Holds one record at a time. */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WriteEvent | "broken", void, undefined> {
  const { start, rest } = await beginning(texts(chunks));
  if (/^\s*\{/u.test(start)) {
    for await (const piece of jsonObjects(rest)) yield* toldBy(typeof piece === "string" ? readJsonRecord(piece) : "broken");
  } else {
    for await (const line of lines(rest))
      if (line.trim() !== "") yield* toldBy(line.length > lineCharsMax ? "broken" : readAccessLogLine(line));
  }
}

function* toldBy(read: Read): Generator<WriteEvent | "broken", void, undefined> {
  if (read !== "other") yield read;
}
