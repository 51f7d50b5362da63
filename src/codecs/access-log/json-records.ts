/** CloudTrail records and S3 event records: what each says of a write, and nothing else of it. */

import type { WriteEvent } from "../../core/timeline/write-event.ts";

/** `other`: a record of something else. `broken`: no record at all. */
export type Read = WriteEvent | "other" | "broken";

/** One record by its own words: CloudTrail's `eventSource` is `s3.amazonaws.com`, an S3 event's `aws:s3`. */
export function readJsonRecord(text: string): Read {
  const record = parsed(text);
  if (!isObject(record)) return "broken";
  const source = textAt(record, "eventSource");
  if (source === "s3.amazonaws.com") return fromCloudTrail(record);
  return source === "aws:s3" ? fromS3Event(record) : "other";
}

/** Data events that make or remove an object (CloudTrail, "Logging data events", Amazon S3 object-level actions). */
const cloudTrailDeeds: ReadonlyMap<string, WriteEvent["deed"]> = new Map([
  ["PutObject", "put"],
  ["CopyObject", "put"],
  ["PostObject", "put"],
  ["CompleteMultipartUpload", "put"],
  ["RestoreObject", "put"],
  ["DeleteObject", "delete"],
]);

function fromCloudTrail(record: Fields): Read {
  const operation = textAt(record, "eventName") ?? "";
  const deed = cloudTrailDeeds.get(operation);
  // A call that was refused has written nothing.
  if (deed === undefined || textAt(record, "errorCode") !== undefined) return "other";
  const asked = fieldsAt(record, "requestParameters");
  const [bucket, name] = [textAt(asked, "bucketName"), textAt(asked, "key")];
  const at = Date.parse(textAt(record, "eventTime") ?? "");
  if (bucket === undefined || name === undefined || Number.isNaN(at)) return "broken";
  const who = fieldsAt(record, "userIdentity");
  return {
    source: "cloudtrail",
    atMs: at,
    bucket,
    names: [name],
    deed,
    operation,
    ...optional("caller", textAt(who, "arn") ?? textAt(who, "invokedBy") ?? textAt(who, "principalId")),
    ...optional("address", textAt(record, "sourceIPAddress")),
    ...optional("agent", textAt(record, "userAgent")?.replace(/^\[(.*)\]$/u, "$1")),
    ...optional("versionId", textAt(fieldsAt(record, "responseElements"), "x-amz-version-id")),
  };
}

/** Message structure 2.x: keys are encoded as in a form, so that a plus is a space. */
function fromS3Event(record: Fields): Read {
  const operation = (textAt(record, "eventName") ?? "").replace(/^s3:/u, "");
  const deed = operation.startsWith("ObjectCreated:") ? "put" : operation.startsWith("ObjectRemoved:") ? "delete" : undefined;
  if (deed === undefined) return "other";
  const about = fieldsAt(record, "s3");
  const object = fieldsAt(about, "object");
  const [bucket, name] = [textAt(fieldsAt(about, "bucket"), "name"), formDecoded(textAt(object, "key"))];
  const at = Date.parse(textAt(record, "eventTime") ?? "");
  if (bucket === undefined || name === undefined || Number.isNaN(at)) return "broken";
  return {
    source: "s3-event",
    atMs: at,
    bucket,
    names: [name],
    deed,
    operation,
    ...optional("caller", textAt(fieldsAt(record, "userIdentity"), "principalId")),
    ...optional("address", textAt(fieldsAt(record, "requestParameters"), "sourceIPAddress")),
    ...optional("versionId", textAt(object, "versionId")),
    ...optional("etag", textAt(object, "eTag")?.replaceAll('"', "")),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

function fieldsAt(record: Fields, name: string): Fields {
  const value = record[name];
  return isObject(value) ? value : {};
}

function textAt(record: Fields, name: string): string | undefined {
  const value = record[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

const optional = <Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> => {
  const given: Partial<Record<Name, string>> = {};
  if (value !== undefined) given[name] = value;
  return given;
};

function formDecoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
