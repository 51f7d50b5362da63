/** Records of writes out of a file of any of the three formats, told by how it begins. */

import type { WriteEvent } from "../../core/timeline/write-event.ts";
import { readAccessLogLine } from "./access-log-line.ts";
import { jsonObjects } from "./json-objects.ts";
import { readJsonRecord, type Read } from "./json-records.ts";

/** A line of an access log is far shorter; what is longer is no line. */
const lineCharsMax = 64 * 1024;

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

async function* texts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

interface Beginning {
  /** Up to the first character that is no white space, at least. */
  readonly start: string;
  /** The whole text, the start included. */
  readonly rest: AsyncIterable<string>;
}

async function beginning(text: AsyncGenerator<string, void, undefined>): Promise<Beginning> {
  let start = "";
  while (start.trim() === "") {
    const next = await text.next();
    if (next.done === true) break;
    start = next.value;
  }
  const rest = async function* (): AsyncGenerator<string, void, undefined> {
    yield start;
    yield* text;
  };
  return { start, rest: rest() };
}

/** A line that grows beyond all bounds is cut, so that it can be told as broken. */
async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let line = "";
  for await (const chunk of chunks) {
    const parts = chunk.split("\n");
    for (const [index, part] of parts.entries()) {
      if (line.length <= lineCharsMax) line += part.slice(0, lineCharsMax + 1);
      if (index === parts.length - 1) continue;
      yield line;
      line = "";
    }
  }
  yield line;
}
