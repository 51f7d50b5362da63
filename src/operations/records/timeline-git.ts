/** What git tells of a page that a site publishes: who committed which value, which is not yet when it went live. */

import { bytesOf } from "../../core/body.ts";
import type { FieldValues, TimelineMoment } from "../../core/records/timeline.ts";
import type { Context } from "../workbench.ts";
import { systemOf, type Past } from "./timeline-contents.ts";

/** So many of the newest commits of one page are read. */
const commitsMax = 20;

export async function committedMoments({ records, sighting, reader }: Past, context: Context): Promise<readonly TimelineMoment[]> {
  const system = systemOf(records, sighting);
  if (system.medium !== "pages" || !system.target) return [];
  const { bench } = await records.placeOf(system);
  const { key } = sighting.at;
  const versions = (await bench.history.versionsOf([key], commitsMax, context)).get(key) ?? [];
  const moments: TimelineMoment[] = [];
  let before: FieldValues | undefined;
  for (const version of versions.toReversed()) {
    const after = reader.values(sighting, await bytesOf(await bench.history.read(version, context)), {});
    moments.push({
      at: new Date(version.at).toISOString(),
      source: "git",
      sighting: sighting.id,
      system: sighting.system,
      by: { name: version.author, how: "claimed", from: "git" },
      deed: { kind: "committed", subject: version.subject, commit: version.commit, changes: reader.between(before, after) },
      reference: version.commit,
      contradictions: [],
    });
    before = after;
  }
  return moments;
}
