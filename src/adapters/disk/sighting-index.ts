/** What is remembered of one system, as the lines of a file: a head, a line for each object, and a checksum over all of it. */

import { crc32 } from "node:zlib";
import type { SightingMark } from "../../ports/sighting-book.ts";
import type { Position } from "./sighting-segment.ts";

/** One object: its mark, and where its sightings lie. */
export interface Remembered {
  readonly mark: SightingMark;
  /** The segment's file name. */
  readonly segment: string;
  readonly at: Position;
}

export interface SightingIndex {
  readonly system: string;
  /** Of belay. */
  readonly version: string;
  readonly fingerprint: string;
  readonly knew: string;
  /** By key. */
  readonly remembered: ReadonlyMap<string, Remembered>;
}

/** Another number where the lines below change: an older file counts as forgotten. */
const format = 1;

interface Head {
  readonly format: number;
  readonly system: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly knew: string;
  readonly segments: readonly string[];
  readonly count: number;
}

type Line = readonly [mark: SightingMark, segment: number, offset: number, sizeBytes: number, check: number];

const newline = 0x0a;

export function indexBytes({ system, version, fingerprint, knew, remembered }: SightingIndex): Uint8Array {
  const segments = segmentsOf(remembered);
  const numbers = new Map(segments.map((name, number) => [name, number]));
  const head: Head = { format, system, version, fingerprint, knew, segments, count: remembered.size };
  const chunks = [Buffer.from(`${JSON.stringify(head)}\n`)];
  for (const { mark, segment, at } of remembered.values()) {
    const line: Line = [mark, numbers.get(segment) ?? 0, at.offset, at.sizeBytes, at.check];
    chunks.push(Buffer.from(`${JSON.stringify(line)}\n`));
  }
  const body = Buffer.concat(chunks);
  return Buffer.concat([body, Buffer.from(`${crc32(body)}\n`)]);
}

export const segmentsOf = (remembered: SightingIndex["remembered"]): readonly string[] => [
  ...new Set([...remembered.values()].map(({ segment }) => segment)),
];

/** `undefined` where it is torn, damaged, another system's, or of another version. */
export function readIndex(bytes: Uint8Array, wanted: Pick<SightingIndex, "system" | "version">): SightingIndex | undefined {
  const end = bytes.lastIndexOf(newline, bytes.length - 2) + 1;
  const body = bytes.subarray(0, end);
  if (end === 0 || decoder.decode(bytes.subarray(end)) !== `${crc32(body)}\n`) return undefined;
  const [first = "", ...lines] = decoder.decode(body.subarray(0, -1)).split("\n");
  // The checksum holds, so these are the lines that some version of belay wrote; which one, the head says.
  const head: Head = JSON.parse(first);
  if (head.format !== format || head.system !== wanted.system || head.version !== wanted.version || head.count !== lines.length)
    return undefined;
  const { system, version, fingerprint, knew, segments } = head;
  const remembered = new Map<string, Remembered>();
  for (const text of lines) {
    const [mark, number, offset, sizeBytes, check]: Line = JSON.parse(text);
    const segment = segments[number];
    if (segment !== undefined) remembered.set(mark.key, { mark, segment, at: { offset, sizeBytes, check } });
  }
  return { system, version, fingerprint, knew, remembered };
}

const decoder = new TextDecoder();
