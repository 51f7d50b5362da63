/** Calls of AWS SDKs and of libraries that speak to S3: boto3, the SDKs of JavaScript, Ruby, PHP, Go, Java, Paws and MinIO. */

import type { EffectVerb } from "../effect.ts";
import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import { givenAt, namedOf, wordsAt } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import { isReading, operationName, operationOf } from "./aws-operations.ts";
import type { Operation } from "./aws-operations.ts";
import type { Call, Findings } from "./findings.ts";
import { presignedCall } from "./presigned-calls.ts";
import { toolOf } from "./sdk-name.ts";
import { statementTables, tablesOf } from "./table-names.ts";
import { wordOf, wordsOf } from "./value.ts";
import type { Thing, Value, Values } from "./value.ts";

const bucketNames = ["bucket", "bucketname", "targetbucket", "destinationbucket", "destinationbucketname"];
const keyNames = ["key", "objectname", "destinationkey", "keyprefix"];

/** A source is read, never written: `CopySource`. */
function keysOf(args: Arguments, operation: Operation): readonly Word[] | undefined {
  const { entries } = namedOf(args);
  if (operationNeedsNoKey(operation)) return undefined;
  const found = keyNames.find((name) => entries.has(name));
  if (found !== undefined) return wordsOf(entries.get(found) ?? []);
  const positional = operation.keyAt === undefined ? undefined : args.positional[operation.keyAt];
  return positional === undefined || positional.some((value) => value.kind === "dict") ? undefined : wordsOf(positional);
}

const operationNeedsNoKey = (operation: Operation): boolean => operation.verb === "configure" && operation.bucketAt === 0;

const isHandedOver = (value: Value): boolean => value.kind === "thing" && value.type === "request";
const handsOverRequest = (args: Arguments): boolean => args.positional.some((values) => values.some(isHandedOver));
const isUnknownSdk = (call: Call): boolean => call.mentionsCloud && !call.isOwn;

function bucketOperation(call: Call, operation: Operation, findings: Findings): void {
  const { args } = call;
  const { entries, isOpen } = namedOf(args);
  const keys = keysOf(args, operation);
  const name = bucketNames.find((each) => entries.has(each));
  if (name !== undefined) {
    findings.bucket(toolOf(call), operation.verb, wordsOf(entries.get(name) ?? []), keys);
    return;
  }
  // The request that is handed over says where, and is read by itself.
  if (handsOverRequest(args)) return;
  const isTyped = call.receiver?.kind === "thing";
  const positional = operation.bucketAt === undefined ? undefined : args.positional[operation.bucketAt];
  if (positional !== undefined && !positional.some((value) => value.kind === "dict")) {
    if (isTyped || call.mentionsCloud) findings.bucket(toolOf(call), operation.verb, wordsOf(positional), keys);
  } else if (isTyped || (isUnknownSdk(call) && (isOpen || args.positional.length > 0))) {
    findings.bucket(toolOf(call), operation.verb, [hole], undefined);
  }
}

function tableOperation(call: Call, operation: Operation, findings: Findings): void {
  const { args, receiver } = call;
  const { entries, isOpen } = namedOf(args);
  const names = entries.get("tablename") ?? entries.get("targettablename");
  const tool = toolOf(call);
  if (names !== undefined) {
    for (const name of wordsOf(names)) findings.effect(tool, operation.verb, { kind: "table", name });
  } else if (receiver?.kind === "thing" && receiver.type === "table") {
    findings.effect(tool, operation.verb, { kind: "table", name: receiver.at["table"] ?? hole });
  } else if (isDynamo(call) && !handsOverRequest(args) && (isOpen || entries.size > 0 || args.positional.length > 0)) {
    findings.effect(tool, operation.verb, { kind: "table", name: hole });
  }
}

const isDynamo = (call: Call): boolean => call.receiver?.kind === "thing" || (call.mentionsCloud && !call.isOwn);

function distributionOperation(call: Call, operation: Operation, findings: Findings): void {
  const ids = wordsAt(call.args, ["distributionid", "id", "targetdistributionid"]);
  const found =
    ids ??
    (call.args.positional.length > 0 && call.mentionsCloud && !call.args.positional.some((values) => values.some(isHandedOver))
      ? [hole]
      : []);
  for (const id of found) findings.effect(toolOf(call), operation.verb, { kind: "distribution", id });
}

function perform(call: Call, operation: Operation, findings: Findings): void {
  switch (operation.on) {
    case "bucket":
      bucketOperation(call, operation, findings);
      return;
    case "table":
      tableOperation(call, operation, findings);
      return;
    case "tables":
      if (
        namedOf(call.args).entries.has("requestitems") ||
        namedOf(call.args).entries.has("transactitems") ||
        call.receiver?.kind === "thing"
      ) {
        for (const name of tablesOf(call.args)) findings.effect(toolOf(call), operation.verb, { kind: "table", name });
      }
      return;
    case "statement":
      for (const { verb, name } of statementTables(call.args)) findings.effect(toolOf(call), verb, { kind: "table", name });
      return;
    case "distribution":
      distributionOperation(call, operation, findings);
  }
}

/** Methods of buckets, objects and tables that change them. */
const ofBucket =
  /^(?:upload_?[a-z]*|put_?[a-z]*|copy[a-z_]*|delete[a-z_]*|create|clear!?|batch_delete!?|suspend|enable|save|move[a-z_]*|write[a-z_]*|restore[a-z_]*)$/i;
const ofObject =
  /^(?:put|delete|upload_[a-z]+|copy_from|copy|move_to|copy_to|write|restore_object|initiate_multipart_upload|upload|upload_stream|multipart_upload|complete|abort|suspend|enable|save|batch_delete!?)$/i;
const removing = /^(?:delete|clear|batch_delete|remove|abort)/i;
const methods: Readonly<Partial<Record<Thing["type"], RegExp>>> = { bucket: ofBucket, object: ofObject, objects: removing };

function ofThing(call: Call, receiver: Thing, findings: Findings): boolean {
  const { at, type } = receiver;
  const { name, args } = call;
  const changes = name.includes(hole) ? /^/ : (methods[type] ?? /^$/);
  if (methods[type] === undefined || !changes.test(name)) return false;
  const verb: EffectVerb = type === "objects" || removing.test(name) ? "delete" : "write";
  const bucket = [at["bucket"] ?? hole];
  if (type === "bucket") findings.bucket(toolOf(call), verb, bucket, bucketKeys(name, args));
  else if (name === "copy_to" || name === "move_to") copyTo(call, findings);
  else findings.bucket(toolOf(call), verb, bucket, type === "objects" || at["key"] === undefined ? undefined : [at["key"]]);
  return true;
}

function bucketKeys(name: string, args: Arguments): readonly Word[] | undefined {
  if (/^upload_?file(?:obj)?$|^copy$/i.test(name)) return givenAt(args, ["key"], 1);
  if (/^put_?object$/i.test(name)) return wordsAt(args, ["key"]);
  return undefined;
}

/** `object.copy_to(bucket: "b", key: "k")` of Ruby. */
function copyTo(call: Call, findings: Findings): void {
  const named = wordsAt(call.args, ["bucket"]);
  const keys = wordsAt(call.args, ["key"]);
  const places = call.args.positional.flatMap((values) =>
    values.flatMap((value) => (value.kind === "thing" && value.type === "object" ? [value.at["bucket"] ?? hole] : [])),
  );
  const slashed = wordsAt(call.args, [], 0)?.map((word) => word.split("/", 1)[0] ?? hole);
  findings.bucket(toolOf(call), "write", named ?? (places.length > 0 ? places : (slashed ?? [hole])), keys);
}

/** `PutObjectRequest.builder()…build()` of Java. */
function builtRequest(call: Call, receiver: Thing, findings: Findings): boolean {
  const operation = operationOf(receiver.at["operation"] ?? "");
  if (receiver.type !== "request" || call.name !== "build" || operation === undefined) return receiver.type === "request";
  const tool = `AWS SDK ${receiver.at["operation"] ?? ""}`;
  if (operation.on === "bucket")
    findings.bucket(
      tool,
      operation.verb,
      [receiver.at["bucket"] ?? receiver.at["destinationBucket"] ?? hole],
      receiver.at["key"] === undefined ? undefined : [receiver.at["key"]],
    );
  else if (operation.on === "distribution")
    findings.effect(tool, operation.verb, { kind: "distribution", id: receiver.at["distributionId"] ?? hole });
  else findings.effect(tool, operation.verb, { kind: "table", name: receiver.at["tableName"] ?? hole });
  return true;
}

/** Names that say where, so that a call whose name says "write" is one whatever it hangs on. */
const isPlaced = (args: Arguments): "bucket" | "table" | "distribution" | undefined => {
  const { entries } = namedOf(args);
  if (entries.has("bucket")) return "bucket";
  if (entries.has("tablename")) return "table";
  return entries.has("distributionid") ? "distribution" : undefined;
};

const writing =
  /^(?:put|update|delete|create|upload|copy|write|remove|restore|complete|batchwrite|transactwrite|add|set|move|sync|store|publish|replace|append)/;

/** Another service's operation, as the command line of `aws` would say it: one set of rules for both. */
function otherService(call: Call, service: Word, findings: Findings): void {
  const argv: Word[] = [
    "aws",
    service,
    call.name
      .replaceAll("_", "-")
      .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
      .toLowerCase(),
  ];
  for (const [name, values] of namedOf(call.args).entries) {
    const original = [...call.args.named.keys(), name].find((each) => each.replaceAll("_", "").toLowerCase() === name) ?? name;
    argv.push(`--${original.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase()}`, plainText(values));
  }
  findings.argv(argv, toolOf(call));
}

function plainText(values: Values, depth = 0): Word {
  const [value] = values;
  if (value === undefined || values.length > 1 || depth > 6) return hole;
  if (value.kind === "list") return `[${value.items.map((item) => plainText(item, depth + 1)).join(",")}]`;
  if (value.kind === "dict") return `{${[...value.entries].map(([key, inner]) => `"${key}":"${plainText(inner, depth + 1)}"`).join(",")}}`;
  return wordOf(value);
}

function ofClient(call: Call, receiver: Thing, findings: Findings): boolean {
  const service = receiver.at["service"] ?? hole;
  const operation = operationOf(call.name);
  if (call.name.includes(hole)) unknownMethod(call, service, findings);
  else if (operationName(call.name) === "copy" && (service === "s3" || !isKnown(service))) copyCall(call, findings);
  else if (operation !== undefined) perform(call, operation, findings);
  else if (isReading(call.name) || !isKnown(service) || service === "minio") return false;
  else if (service === "s3") placedInBucket(call, findings);
  else otherService(call, service, findings);
  return true;
}

/** boto3's `copy(source, bucket, key)`. */
function copyCall(call: Call, findings: Findings): void {
  findings.bucket(toolOf(call), "write", givenAt(call.args, ["bucket"], 1) ?? [hole], givenAt(call.args, ["key"], 2));
}

/** An operation of S3 that no table here has. */
function placedInBucket(call: Call, findings: Findings): void {
  const bucket = namedOf(call.args).entries.get("bucket");
  if (bucket !== undefined) findings.bucket(toolOf(call), "configure", wordsOf(bucket), undefined);
}

function unknownMethod(call: Call, service: Word, findings: Findings): void {
  const { args } = call;
  if (service === "dynamodb") findings.effect(toolOf(call), "write", { kind: "table", name: wordsAt(args, ["tablename"])?.[0] ?? hole });
  else if (service === "cloudfront")
    findings.effect(toolOf(call), "purge", { kind: "distribution", id: wordsAt(args, ["distributionid"])?.[0] ?? hole });
  else findings.bucket(toolOf(call), "write", wordsAt(args, ["bucket"]) ?? [hole], undefined);
}

/** Calls of SDKs; says whether the call was one. */
export function awsCall(call: Call, findings: Findings): boolean {
  const { receiver, name } = call;
  if (presignedCall(call, findings)) return true;
  if (receiver?.kind === "thing") {
    if (receiver.type === "client") return ofClient(call, receiver, findings);
    if (receiver.type === "request") return builtRequest(call, receiver, findings);
    if (ofThing(call, receiver, findings)) return true;
  }
  // An upload of the SDK's own library: `new Upload({client, params: {Bucket, …}})`.
  if (name === "Upload" || name === "ManagedUpload") return uploader(call, findings);
  const operation = operationOf(name);
  if (operation !== undefined) {
    // `wr.s3.delete_objects("s3://…")`: an address, which says all.
    if (call.args.positional.flat().some((value) => value.kind === "text" && /^s3[an]?:\/\//i.test(value.word))) return false;
    if (call.isOwn && isPlaced(call.args) === undefined) return false;
    perform(call, operation, findings);
    return true;
  }
  return placed(call, findings);
}

/** `docs.put({TableName})`, `new PutCommand({TableName})`, `s3.upload({Bucket})`: known by the names of their arguments. */
function placed(call: Call, findings: Findings): boolean {
  const place = isPlaced(call.args);
  const name = operationName(call.name);
  if (place === undefined || call.isOwn || isReading(call.name) || !writing.test(name)) return false;
  const verb: EffectVerb = /^(?:delete|remove)/.test(name) ? "delete" : "write";
  const words = (key: string): readonly Word[] => wordsAt(call.args, [key]) ?? [hole];
  switch (place) {
    case "bucket":
      if (call.mentionsCloud || namedOf(call.args).entries.has("key"))
        findings.bucket(toolOf(call), verb, words("bucket"), wordsAt(call.args, ["key"]));
      return true;
    case "table":
      for (const table of words("tablename")) findings.effect(toolOf(call), verb, { kind: "table", name: table });
      return true;
    case "distribution":
      for (const id of words("distributionid")) findings.effect(toolOf(call), verb, { kind: "distribution", id });
      return true;
  }
}

function uploader(call: Call, findings: Findings): boolean {
  const params = namedOf(call.args).entries.get("params");
  const bucket = params?.flatMap((value): readonly Word[] => (value.kind === "dict" ? wordsOf(value.entries.get("Bucket") ?? []) : [hole]));
  if (bucket === undefined && !call.mentionsCloud) return false;
  findings.bucket(toolOf(call), "write", bucket === undefined || bucket.length === 0 ? [hole] : bucket, undefined);
  return true;
}
