/** First and last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * What a Range header asks of an object of that size: `undefined` where it is to be ignored (another unit, several ranges,
 * nonsense), `unsatisfiable` where it asks only for bytes beyond the end.
 */
export function byteRangeOf(header: string | undefined, sizeBytes: number): ByteRange | "unsatisfiable" | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/u.exec(header?.trim() ?? "");
  const [, from = "", to = ""] = parts ?? [];
  if (!parts || (from === "" && to === "")) return undefined;
  if (from === "") return suffixOf(Number(to), sizeBytes);
  const first = Number(from);
  if (to !== "" && Number(to) < first) return undefined;
  if (first >= sizeBytes) return "unsatisfiable";
  return { first, last: to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1) };
}

function suffixOf(asked: number, sizeBytes: number): ByteRange | "unsatisfiable" {
  const count = Math.min(asked, sizeBytes);
  return count === 0 ? "unsatisfiable" : { first: sizeBytes - count, last: sizeBytes - 1 };
}
