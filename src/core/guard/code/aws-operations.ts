/** Operations of AWS SDKs, by their names without case, underscores and endings. From the API references of S3, DynamoDB and CloudFront. */

import type { EffectVerb } from "../effect.ts";
import { own } from "./own.ts";

export interface Operation {
  readonly on: "bucket" | "table" | "tables" | "statement" | "distribution";
  readonly verb: EffectVerb;
  /** Where the bucket and the key stand in calls without names; absent where they never do. */
  readonly bucketAt?: number;
  readonly keyAt?: number;
}

const object = (verb: EffectVerb, bucketAt?: number, keyAt?: number): Operation => ({
  on: "bucket",
  verb,
  ...(bucketAt === undefined ? {} : { bucketAt }),
  ...(keyAt === undefined ? {} : { keyAt }),
});
const configure: Operation = { on: "bucket", verb: "configure", bucketAt: 0 };

const table: Readonly<Record<string, Operation>> = {
  putobject: object("write", 0, 1),
  fputobject: object("write", 0, 1),
  copyobject: object("write"),
  renameobject: object("write"),
  composeobject: object("write", 0, 1),
  uploadfile: object("write", 1, 2),
  uploadfileobj: object("write", 1, 2),
  uploadpart: object("write"),
  uploadpartcopy: object("write"),
  uploadobject: object("write", 0, 1),
  uploaddirectory: object("write", 1, 2),
  createmultipartupload: object("write"),
  completemultipartupload: object("write"),
  abortmultipartupload: object("delete"),
  restoreobject: object("write"),
  writegetobjectresponse: object("write"),
  updateobjectencryption: object("configure"),
  deleteobject: object("delete", 0, 1),
  deleteobjects: object("delete", 0),
  deletematchingobjects: object("delete", 0, 1),
  removeobject: object("delete", 0, 1),
  removeobjects: object("delete", 0),
  removeincompleteupload: object("delete", 0, 1),
  deleteversion: object("delete", 0, 1),
  putobjectacl: object("configure"),
  putobjecttagging: object("configure"),
  deleteobjecttagging: object("configure"),
  putobjectlegalhold: object("configure"),
  putobjectlockconfiguration: object("configure"),
  putobjectretention: object("configure"),
  setobjectacl: object("configure", 0, 1),
  setobjecttags: object("configure", 0, 1),
  removebucket: { ...configure, verb: "delete" },
  deletebucket: { ...configure, verb: "delete" },
  createbucket: configure,
  makebucket: configure,
  putpublicaccessblock: configure,
  deletepublicaccessblock: configure,
  putitem: { on: "table", verb: "write" },
  updateitem: { on: "table", verb: "write" },
  deleteitem: { on: "table", verb: "delete" },
  batchwriteitem: { on: "tables", verb: "write" },
  transactwriteitems: { on: "tables", verb: "write" },
  batchwrite: { on: "tables", verb: "write" },
  transactwrite: { on: "tables", verb: "write" },
  executestatement: { on: "statement", verb: "write" },
  batchexecutestatement: { on: "statement", verb: "write" },
  executetransaction: { on: "statement", verb: "write" },
  createtable: { on: "table", verb: "configure" },
  updatetable: { on: "table", verb: "configure" },
  deletetable: { on: "table", verb: "delete" },
  updatetimetolive: { on: "table", verb: "configure" },
  updatecontinuousbackups: { on: "table", verb: "configure" },
  updatetablereplicaautoscaling: { on: "table", verb: "configure" },
  restoretablefrombackup: { on: "table", verb: "write" },
  restoretabletopointintime: { on: "table", verb: "write" },
  createinvalidation: { on: "distribution", verb: "purge" },
  updatedistribution: { on: "distribution", verb: "configure" },
  updatedistributionwithstagingconfig: { on: "distribution", verb: "configure" },
  deletedistribution: { on: "distribution", verb: "delete" },
  associatealias: { on: "distribution", verb: "configure" },
};

/** `PutObjectCommand`, `put_object`, `putObjectAsync` → putobject. */
export function operationName(name: string): string {
  const plain = name.replace(/(?:Command|Request|Input|Async|WithContext|CommandInput)+$/, "");
  return (plain === "" ? name : plain).replaceAll(/[_!]/g, "").toLowerCase();
}

/** The operation of that name, if it changes something. */
export function operationOf(name: string): Operation | undefined {
  const plain = operationName(name);
  const known = own(table, plain);
  if (known !== undefined) return known;
  if (/^(?:put|delete|create|set|update)bucket[a-z]+$/.test(plain)) return configure;
  return undefined;
}

/** Names that only look, or that are no operation at all. */
export const isReading = (name: string): boolean =>
  /^(?:get|head|list|describe|select|can|wait|query|scan|batchget|transactget|search|exists|download|generate|close|meta|exceptions|on|add|send|middleware|config|destroy|paginate|stat|fget|presigned|has|is|lookup|filter|all|objects|name|load|url|public|to|then|catch|with|region|builder|build|__|new|bucket|client|resource|do)/.test(
    operationName(name),
  );
