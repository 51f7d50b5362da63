/** Names of zones as other programs write them. */

import { zoneRules } from "./zone-rules.ts";
import { windowsZones } from "./windows-zones.ts";

/** Words of Outlook's display names that lead to one Windows zone: `(UTC-08:00) Pacific Time (US & Canada)`. */
const displayNames: readonly (readonly [RegExp, string])[] = [
  [/\bpacific time\b/u, "pacific standard time"],
  [/\bmountain time\b/u, "mountain standard time"],
  [/\bcentral time\b/u, "central standard time"],
  [/\beastern time\b/u, "eastern standard time"],
  [/\batlantic time\b/u, "atlantic standard time"],
  [/\barizona\b/u, "us mountain standard time"],
  [/\balaska\b/u, "alaskan standard time"],
  [/\bhawaii\b/u, "hawaiian standard time"],
  [/\blondon\b/u, "gmt standard time"],
  [/\bamsterdam\b|\bberlin\b/u, "w. europe standard time"],
  [/\bparis\b/u, "romance standard time"],
  [/\bcoordinated universal time\b/u, "utc"],
];

/**
 * The IANA name of a zone: a name of the database itself, one with a vendor's path before it
 * (`/mozilla.org/20050126_1/Europe/Paris`), a Windows name (`Pacific Standard Time`), or one of Outlook's display names.
 * `undefined` where it is none of these: an own name then needs its VTIMEZONE.
 */
export function ianaOf(name: string): string | undefined {
  const bare = name.replace(/^["\s]+|["\s]+$/gu, "");
  if (zoneRules.isZone(bare)) return bare;
  const parts = bare.split("/").filter((part) => part !== "");
  // A zone's name has at most three parts: America/Argentina/Salta.
  for (const count of [3, 2]) {
    const tail = parts.slice(-count).join("/");
    if (parts.length > count && zoneRules.isZone(tail)) return tail;
  }
  const lower = bare.toLowerCase();
  const windows =
    windowsZones[lower] ??
    (/^\(?(?:utc|gmt)/u.test(lower) ? windowsZones[displayNames.find(([words]) => words.test(lower))?.[1] ?? ""] : undefined);
  return windows !== undefined && zoneRules.isZone(windows) ? windows : undefined;
}
