import type { Entry } from "./entry.ts";

/** One of both lines names ids; the other says why there is none. */
export function invalidationOf({ stagingInvalidation, productionInvalidation }: Extract<Entry, { kind: "ended" }>): {
  readonly invalidation?: string;
} {
  const ids = [stagingInvalidation, productionInvalidation].find((line) => line !== "pending" && !line.startsWith("none"));
  return ids === undefined ? {} : { invalidation: ids };
}
