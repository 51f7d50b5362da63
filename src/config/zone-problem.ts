import { quoted, suggestion } from "./problem.ts";

/** Why a text is no time zone by the IANA database, as a clause; `undefined` where it is one. */
export function zoneProblem(name: string): string | undefined {
  if (isZone(name)) return undefined;
  const near = suggestion(name, Intl.supportedValuesOf("timeZone"));
  // Some four hundred names help nobody: only a near one is told.
  const hint = near.startsWith("did you mean") ? `; ${near}` : "";
  return `must be a time zone by its IANA name, such as America/Los_Angeles, but is ${quoted(name)}${hint}`;
}

/** Offsets (`+05:00`) are no zones: they know no summer time. Abbreviations such as PST are taken by some systems, and mean different things. */
function isZone(name: string): boolean {
  if (name !== "UTC" && !/^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)+$/u.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
