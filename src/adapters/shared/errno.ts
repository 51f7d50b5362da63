/** The system's name of an error (`ENOENT`, `ENOSPC`, …); `undefined` where it is not a system error. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
