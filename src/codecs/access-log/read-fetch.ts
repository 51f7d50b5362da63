/** Pages that were handed out, by S3 server access logs and by CloudFront's standard logs. */

import type { Fetch } from "../../core/records/page-use.ts";
import { decoded, fieldsOf, namesOf, originOf, timeOf, visitorOf } from "./log-fields.ts";

/** `other`: a request that handed nothing out. */
export type ReadFetch = Fetch | "other" | "broken";

/** Counted from 0; "Amazon S3 server access log format" in the S3 user guide. */
const places = { bucket: 1, time: 2, operation: 6, key: 7, status: 9, referrer: 15, agent: 16 } as const;

/** A website endpoint answers as `WEBSITE`, the API as `REST`. */
const isGet = /^(?:REST|WEBSITE)\.GET\.OBJECT$/u;

export function readS3Fetch(line: string): ReadFetch {
  const fields = fieldsOf(line);
  const at = (place: number): string | undefined => (fields[place] === "-" ? undefined : fields[place]);
  const [bucket, operation, key, atMs] = [at(places.bucket), at(places.operation), at(places.key), timeOf(at(places.time))];
  if (bucket === undefined || operation === undefined || atMs === undefined) return "broken";
  if (!isGet.test(operation) || key === undefined || !isHandedOut(at(places.status))) return "other";
  return { atMs, at: { kind: "bucket", bucket, names: namesOf(key) }, by: visitorOf(at(places.agent)), ...fromOf(at(places.referrer)) };
}

/** `304`: the visitor has it already. */
const isHandedOut = (status: string | undefined): boolean => status !== undefined && /^(?:200|206|304)$/u.test(status);

function fromOf(referrer: string | undefined): Pick<Fetch, "from"> {
  const from = originOf(referrer);
  return from ? { from } : {};
}

/** Names of the fields that a CloudFront log's `#Fields:` line gives, in their order. */
export const edgeFieldsOf = (line: string): readonly string[] | undefined =>
  line.startsWith("#Fields:") ? line.slice("#Fields:".length).trim().split(/\s+/u) : undefined;

/**
 * A line of CloudFront's standard log: fields parted by tabs, in the order that the file's own header gives ("Standard log file
 * format" in the CloudFront developer guide). Addresses, cookies and queries are not read.
 */
export function readEdgeFetch(line: string, names: readonly string[]): ReadFetch {
  const fields = line.split("\t");
  if (fields.length < names.length || names.length === 0) return "broken";
  return edgeFetch((name) => fields[names.indexOf(name)]);
}

/** The same as a JSON object, as the log can be had since 2024. `other` for an object that is none. */
export function readEdgeJson(text: string): ReadFetch {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("cs-uri-stem" in value)) return "other";
    const fields = new Map<string, unknown>(Object.entries(value));
    return edgeFetch((name) => {
      const field = fields.get(name);
      return typeof field === "string" || typeof field === "number" ? String(field) : undefined;
    });
  } catch {
    return "broken";
  }
}

function edgeFetch(field: (name: string) => string | undefined): ReadFetch {
  const at = (name: string): string | undefined => {
    const text = field(name);
    return text === "-" || text === "" ? undefined : text;
  };
  const [day, clock, stem] = [at("date"), at("time"), at("cs-uri-stem")];
  const atMs = Date.parse(`${day}T${clock}Z`);
  if (stem === undefined || Number.isNaN(atMs)) return "broken";
  if (at("cs-method") !== "GET" || !isHandedOut(at("sc-status"))) return "other";
  const hosts = [at("x-host-header"), at("cs(Host)")].flatMap((host) => (host === undefined ? [] : [host.toLowerCase()]));
  const [agent, referrer] = [at("cs(User-Agent)"), at("cs(Referer)")].map((text) => text && plainOf(text));
  return { atMs, at: { kind: "edge", hosts, path: plainOf(stem) }, by: visitorOf(agent), ...fromOf(referrer) };
}

/** CloudFront encodes what the request had encoded already. */
function plainOf(text: string): string {
  const once = decoded(text) ?? text;
  return decoded(once) ?? once;
}
