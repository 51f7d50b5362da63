/** Under which paths visitors reach a page besides its key: short codes and addresses that are rewritten at the edge. */

import type { Sighting } from "../../core/records/claim.ts";
import { fillTemplate } from "../../core/records/claims/template-text.ts";
import { showValue } from "../../core/records/compare-values.ts";
import type { RecordSystem } from "../../core/records/kind.ts";

/** Templates of belay.yaml filled from any of the record's sightings; one whose value nobody knows is left out. */
export function visitorPaths({ paths }: RecordSystem, key: string, sightings: readonly Sighting[]): readonly string[] {
  const name = key.slice(key.lastIndexOf("/") + 1).replace(/\.html?$/u, "");
  const values: Record<string, string[]> = { name: [name], key: [key] };
  for (const { claims } of sightings) {
    for (const { field, value, isAddress } of claims) {
      if (!value || isAddress) continue;
      const text = showValue(value).replace(/^#/u, "");
      const known = (values[field] ??= []);
      if (!known.includes(text)) known.push(text);
    }
  }
  return [...new Set(paths.flatMap((path) => fills(path, values)))];
}

const fillsMax = 8;

/** One path for each value, where several systems spell one field differently. */
function fills(template: string, values: Readonly<Record<string, readonly string[]>>): string[] {
  const names = [...template.matchAll(/\{(?<name>[\w-]+)\}/gu)].flatMap(({ groups }) => groups?.["name"] ?? []);
  let rows: Record<string, string>[] = [{}];
  for (const name of names) {
    const known = Object.hasOwn(values, name) ? (values[name] ?? []) : [];
    rows = rows.flatMap((row) => known.map((value) => ({ ...row, [name]: encodeURIComponent(value) }))).slice(0, fillsMax);
  }
  return rows.flatMap((row) => fillTemplate(template, row) ?? []).map((path) => (path.startsWith("/") ? path : `/${path}`));
}
