/**
 * The words of `belay sandbox --fault`: what goes wrong, then to which requests, in any order and divided by colons.
 *
 *     503                          every request is answered with 503
 *     503:0.1  or  503:10%         one request in ten, by chance
 *     409:PutObject:3x             the next three PutObject
 *     lose-reply:PutObject+DeleteObject:key=index.html
 *     delay:300ms:0.5
 */

import type { FaultAction, FaultRule } from "../../../sandbox/faults.ts";
import { BelayError } from "../../core/belay-error.ts";
import { nearest } from "./nearest.ts";
import { plain, shellWord } from "./plain-text.ts";

/** By the APIs of S3, CloudFront and DynamoDB. A name that is none would never strike, and nobody would notice. */
const faultOperations: readonly string[] = [
  "ListBuckets",
  "CreateBucket",
  "HeadBucket",
  "DeleteBucket",
  "GetBucketLocation",
  "GetBucketVersioning",
  "PutBucketVersioning",
  "ListObjects",
  "ListObjectsV2",
  "ListObjectVersions",
  "GetObject",
  "HeadObject",
  "PutObject",
  "CopyObject",
  "DeleteObject",
  "DeleteObjects",
  "CreateMultipartUpload",
  "UploadPart",
  "UploadPartCopy",
  "CompleteMultipartUpload",
  "AbortMultipartUpload",
  "ListParts",
  "ListMultipartUploads",
  "CreateDistribution",
  "GetDistribution",
  "GetDistributionConfig",
  "ListDistributions",
  "CreateInvalidation",
  "GetInvalidation",
  "ListInvalidations",
  "GetItem",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "Scan",
  "DescribeTable",
  "DescribeStream",
  "GetShardIterator",
  "GetRecords",
];

const listings: readonly string[] = ["ListObjects", "ListObjectsV2", "ListObjectVersions", "Scan", "GetRecords"];
/** What the sandbox waits at most; milliseconds. */
const delayMsMax = 600_000;

const plainActions = {
  "lose-reply": { kind: "lose-reply" },
  "lose-request": { kind: "lose-request" },
  "break-body": { kind: "break-body" },
  "drop-listing": { kind: "drop-listing" },
  "ignore-preconditions": { kind: "ignore-preconditions" },
} as const satisfies Readonly<Record<string, FaultAction>>;

const isPlainAction = (word: string): word is keyof typeof plainActions => Object.hasOwn(plainActions, word);
const actionWords: readonly string[] = [...Object.keys(plainActions), "delay"];

/** What the words after the first say. */
interface Parts {
  chance?: number;
  times?: number;
  operation?: readonly string[];
  key?: string;
  ms?: number;
}

/** One rule for the sandbox. Throws `usage` that names the word at fault and what would stand there. */
export function faultFrom(spec: string): FaultRule {
  const [what = "", ...words] = spec.split(":");
  const parts: Parts = {};
  for (const word of words) {
    const part = partFrom(word, spec);
    const [twice] = Object.keys(part).filter((name) => Object.hasOwn(parts, name));
    if (twice !== undefined) throw wrong(spec, `says twice ${partNames[twice] ?? twice}`, `--fault ${what}`);
    Object.assign(parts, part);
  }
  const { ms, ...rest } = parts;
  const action = actionFrom(what, ms, spec);
  if (action.kind === "drop-listing" && rest.operation?.some((name) => !listings.includes(name)) === true) {
    throw wrong(spec, `would never strike: drop-listing breaks off listings only`, `--fault drop-listing:${listings.join("+")}`);
  }
  return { ...rest, action };
}

const partNames: Readonly<Record<string, string>> = {
  chance: "how likely it is",
  times: "how often it strikes",
  operation: "which operations it strikes",
  key: "which keys it strikes",
  ms: "how long it waits",
};

function actionFrom(what: string, ms: number | undefined, spec: string): FaultAction {
  if (what === "delay") {
    if (ms === undefined) throw wrong(spec, "does not say how long it waits", "--fault delay:300ms");
    return { kind: "delay", ms };
  }
  if (ms !== undefined) throw wrong(spec, "gives a time, and only delay takes one", "--fault delay:300ms");
  if (isPlainAction(what)) return plainActions[what];
  if (/^[45]\d\d$/u.test(what)) return { kind: "status", status: Number(what) };
  const near = nearest(what, actionWords);
  const known = `an error's status (400 to 599), ${actionWords.slice(0, -1).join(", ")} or delay`;
  throw wrong(
    spec,
    `begins with “${plain(what)}”, which is no fault: ${known}`,
    near === undefined ? "--fault 503:0.1" : `--fault ${shellWord(spec.replace(what, near))}`,
  );
}

function partFrom(word: string, spec: string): Parts {
  if (/^(?:0?\.\d+|[01](?:\.0+)?)$/u.test(word)) return chanceFrom(Number(word), spec);
  if (/^\d+(?:\.\d+)?%$/u.test(word)) return chanceFrom(Number(word.slice(0, -1)) / 100, spec);
  if (/^[1-9]\d{0,8}x$/u.test(word)) return { times: Number(word.slice(0, -1)) };
  const time = /^(\d+(?:\.\d+)?)(ms|s)$/u.exec(word);
  if (time) return timeFrom(Number(time[1]) * (time[2] === "s" ? 1000 : 1), spec);
  if (/^key=./u.test(word)) return { key: word.slice("key=".length) };
  if (/^[A-Z]/u.test(word)) return { operation: word.split("+").map((name) => operationFrom(name, spec)) };
  throw wrong(
    spec,
    `has “${plain(word)}”, which is neither a chance (0.1 or 10%), a count (3x), an operation (PutObject), key=TEXT nor a time (300ms)`,
    "--fault 503:PutObject:0.1",
  );
}

function chanceFrom(chance: number, spec: string): Parts {
  if (chance > 0 && chance <= 1) return { chance };
  throw wrong(spec, "has a chance that is not above 0 and at most 1, or 100%", "--fault 503:0.1");
}

function timeFrom(ms: number, spec: string): Parts {
  if (ms <= delayMsMax) return { ms };
  throw wrong(spec, `waits longer than the ${delayMsMax / 1000} seconds that a delay may have`, "--fault delay:30s");
}

function operationFrom(name: string, spec: string): string {
  if (faultOperations.includes(name)) return name;
  const near = nearest(name, faultOperations);
  throw wrong(
    spec,
    `names the operation “${plain(name)}”, which the sandbox does not have`,
    near === undefined ? `One of ${faultOperations.join(", ")}` : `--fault ${shellWord(spec.replace(name, near))}`,
  );
}

const wrong = (spec: string, problem: string, instead: string): BelayError =>
  new BelayError("usage", `--fault ${shellWord(spec)} ${problem}.`, instead.startsWith("--") ? `belay sandbox ${instead}` : instead);
