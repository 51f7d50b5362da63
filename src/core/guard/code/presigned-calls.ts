/** Addresses that let whoever has them write. */

import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { namedOf, wordsAt } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import { operationName, operationOf } from "./aws-operations.ts";
import { toolOf } from "./sdk-name.ts";
import type { Call, Findings } from "./findings.ts";
import { wordsOf } from "./value.ts";

/** `generate_presigned_url("put_object", Params=…)`, `generate_presigned_post`: who has the address can write. Says whether the call was one. */
export function presignedCall(call: Call, findings: Findings): boolean {
  const name = operationName(call.name);
  if (posts.has(name)) {
    findings.bucket(toolOf(call), "write", ownBucket(call, "bucket") ?? wordsAt(call.args, ["bucket"], 0) ?? [hole], undefined);
    return true;
  }
  if (!addresses.has(name)) return false;
  const operation = name === "presignedputobject" ? "put_object" : (wordsAt(call.args, ["clientmethod", "operation"], 0)?.[0] ?? hole);
  const found = operationOf(operation);
  if (found !== undefined && !handsOverCommand(call.args))
    findings.bucket(`${toolOf(call)} ${operation}`, found.verb, ownBucket(call, "object") ?? bucketOf(call.args) ?? [hole], undefined);
  return true;
}

/** `getSignedUrl(client, new PutObjectCommand(…))`: the command says all, and is read by itself. */
const handsOverCommand = ({ positional }: Arguments): boolean =>
  positional[1]?.some((value) => value.kind === "thing" && value.type === "request") === true;

const posts = new Set(["generatepresignedpost", "createpresignedpost", "presignedpost", "presignedpostpolicy"]);
const addresses = new Set([
  "generatepresignedurl",
  "getsignedurl",
  "getsignedurlpromise",
  "presignedurl",
  "presignedputobject",
  "presignedrequest",
]);

/** The bucket of a receiver of that type. */
const ownBucket = ({ receiver }: Call, type: "bucket" | "object"): readonly Word[] | undefined =>
  receiver?.kind === "thing" && receiver.type === type ? [receiver.at["bucket"] ?? hole] : undefined;

function bucketOf(args: Arguments): readonly Word[] | undefined {
  const params = namedOf(args).entries.get("params");
  const named = params?.flatMap((value) => (value.kind === "dict" ? (value.entries.get("Bucket") ?? []) : [])) ?? [];
  return named.length === 0 ? wordsAt(args, ["bucket"]) : wordsOf(named);
}
