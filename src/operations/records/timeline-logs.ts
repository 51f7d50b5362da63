/** Who wrote an object, by the access logs that were given. */

import { nobodyKnown, type TimelineMoment } from "../../core/records/timeline.ts";
import type { WriteEvent } from "../../core/timeline/write-event.ts";
import type { AccessLogs } from "./read-logs.ts";
import type { Past } from "./timeline-contents.ts";

const sources: Readonly<Record<WriteEvent["source"], string>> = {
  "access-log": "an S3 access log",
  cloudtrail: "CloudTrail",
  "s3-event": "an S3 event",
};

/** The names are AWS's, and stand in a file that anybody may have written: they are claimed. */
export const loggedMoments = ({ sighting }: Past, logs: AccessLogs | undefined): readonly TimelineMoment[] =>
  (logs?.writesTo(sighting.system, sighting.at.key) ?? []).map(({ atMs, source, deed, caller, versionId }) => ({
    at: new Date(atMs).toISOString(),
    source: "log",
    sighting: sighting.id,
    system: sighting.system,
    by: caller === undefined ? { ...nobodyKnown, from: sources[source] } : { name: caller, how: "claimed", from: sources[source] },
    deed: { kind: deed === "delete" ? "deleted" : "touched" },
    contradictions: [],
    ...(versionId !== undefined && { reference: versionId }),
  }));
