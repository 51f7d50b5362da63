/** `aws s3api` and `aws s3control`: every operation by its verb. Source: the API reference of S3. */

import type { Effect, EffectVerb, Place } from "../../effect.ts";
import type { Reading } from "../../reading.ts";
import { hole, type Word } from "../../word.ts";
import { words } from "../arguments.ts";
import { bucketAndKey, bucketPlace, effectOf, filePlace, mention, onlyKnown, reading, type Call } from "../reading-of.ts";
import { isRead, Parameters, type AwsCall } from "./aws-arguments.ts";

/** Operations on the content of one key. */
const writes: ReadonlySet<string> = words(
  "put-object copy-object create-multipart-upload upload-part upload-part-copy complete-multipart-upload restore-object rename-object write-get-object-response put-object-acl put-object-tagging put-object-legal-hold put-object-retention update-object-encryption put-object-annotation",
);
const deletes: ReadonlySet<string> = words(
  "delete-object delete-objects delete-object-tagging abort-multipart-upload delete-bucket delete-object-annotation",
);

export function readAwsS3api(call: Call, { operation, rest }: AwsCall): Reading {
  const given = new Parameters(call, rest);
  if (isRead(operation) || operation === "create-session") return reading(...downloaded(call, operation, given));
  const tool = `aws s3api ${operation.replaceAll(hole, "…")}`;
  const name = given.value("bucket");
  if (name === undefined) return reading();
  const [source] = given.all("copy-source");
  const effect = effectOf(call, {
    tool,
    verb: verbOf(operation),
    destination: bucketPlace(name, keyOf(operation, given)),
    source: sourceOf(source),
  });
  return reading(effect, ...elsewhere(call, tool, given));
}

/** `get-object … FILE` writes the file that stands behind its options. */
function downloaded(call: Call, operation: Word, given: Parameters): Effect[] {
  if (!/^get-object(?:-torrent)?$|^select-object-content$/u.test(operation)) return [];
  // The last option takes one word, and the file comes behind it; or it stands before all options.
  const held = [...given.given].map(([name, values]) => (name === "" ? values : values.slice(1)));
  return held.flat().map((path) => effectOf(call, { tool: `aws s3api ${operation}`, verb: "write", destination: filePlace(call, path) }));
}

function verbOf(operation: Word): EffectVerb {
  if (deletes.has(operation)) return "delete";
  return writes.has(operation) || operation.includes(hole) ? "write" : "configure";
}

function keyOf(operation: string, given: Parameters): Word | undefined {
  if (operation === "delete-objects") return hole;
  return writes.has(operation) || deletes.has(operation) ? given.value("key") : undefined;
}

const sourceOf = (source: Word | undefined): Place | undefined =>
  source === undefined ? undefined : bucketAndKey(source.replace(/^\//u, ""));

/** Documents that have S3 write into another bucket: replication, logs, inventories. */
function elsewhere(call: Call, tool: string, given: Parameters): Effect[] {
  const about = [...given.given.keys()]
    .filter((name) => /configuration$|logging-status$/u.test(name))
    .flatMap((name) => given.all(name.slice(2)))
    .join("\n");
  return about === "" ? [] : [effectOf(call, { tool, verb: "configure", destination: mention(onlyKnown(about)) })];
}

/** Batch jobs write by a list that lies elsewhere: without a literal target nobody knows where. */
export function readAwsS3control(call: Call, { operation, rest }: AwsCall): Reading {
  if (isRead(operation)) return reading();
  const given = new Parameters(call, rest);
  const tool = `aws s3control ${operation.replaceAll(hole, "…")}`;
  if (operation === "create-job") return reading(effectOf(call, { tool, verb: "write", destination: jobTarget(given) }));
  if (operation === "update-job-status" && given.value("requested-job-status") !== "Cancelled")
    return reading(effectOf(call, { tool, verb: "write", destination: mention(hole) }));
  const bucket = given.value("bucket");
  const named = bucket === undefined ? [] : [effectOf(call, { tool, verb: "configure", destination: bucketPlace(bucket) })];
  const name = given.value("name");
  const point = name === undefined ? [] : [effectOf(call, { tool, verb: "configure", destination: bucketPlace(name) })];
  return reading(...named, ...point, effectOf(call, { tool, verb: "configure", destination: mention(onlyKnown(given.text())) }));
}

function jobTarget(given: Parameters): Place {
  const text = given.text();
  const target = /"?TargetResource"?\s*[:=]\s*"?(?:arn:[^:]*:s3:::)?([^",}\s]+)/u.exec(text)?.[1];
  if (target === undefined) return text.includes("S3PutObjectCopy") ? mention(text) : mention(`${text}${hole}`);
  return mention(`${onlyKnown(text.replace(/"?Manifest"?[\s\S]*$/u, ""))} ${target}`);
}
