/** One line of an S3 server access log ("Amazon S3 server access log format" in the S3 user guide). */

import type { WriteEvent } from "../../core/timeline/write-event.ts";
import { fieldsOf, namesOf, timeOf } from "./log-fields.ts";
import type { Read } from "./json-records.ts";

/** Requests that make an object visible or remove it. A multipart upload is visible once it is completed: `REST.POST.UPLOAD`. */
const deeds: ReadonlyMap<string, WriteEvent["deed"]> = new Map([
  ["REST.PUT.OBJECT", "put"],
  ["REST.POST.OBJECT", "put"],
  ["REST.COPY.OBJECT", "put"],
  ["REST.POST.UPLOAD", "put"],
  ["REST.DELETE.OBJECT", "delete"],
  ["BATCH.DELETE.OBJECT", "delete"],
  ["S3.CREATE.DELETEMARKER", "delete"],
  ["S3.EXPIRE.OBJECT", "delete"],
]);

/** Places of the fields, counted from 0; later versions of the format only add to the end. */
const places = { bucket: 1, time: 2, address: 3, requester: 4, operation: 6, key: 7, status: 9, agent: 16, version: 17 } as const;

/** The request line and the referrer are never taken over: they may hold signatures. */
export function readAccessLogLine(line: string): Read {
  const fields = fieldsOf(line);
  const at = (place: number): string | undefined => (fields[place] === "-" ? undefined : fields[place]);
  const time = timeOf(at(places.time));
  const [bucket, operation, key] = [at(places.bucket), at(places.operation), at(places.key)];
  if (bucket === undefined || operation === undefined || time === undefined) return "broken";
  const deed = deeds.get(operation);
  const status = at(places.status);
  // Deeds of the service itself (a lifecycle rule, say) answer nobody and have no status.
  if (deed === undefined || key === undefined || (status !== undefined && !/^2\d\d$/u.test(status))) return "other";
  const [caller, address, agent, versionId] = [at(places.requester), at(places.address), at(places.agent), at(places.version)];
  return {
    source: "access-log",
    atMs: time,
    bucket,
    names: namesOf(key),
    deed,
    operation,
    ...(caller !== undefined && { caller }),
    ...(address !== undefined && { address }),
    ...(agent !== undefined && { agent: agent.split("?", 1)[0] ?? agent }),
    ...(versionId !== undefined && { versionId }),
  };
}
