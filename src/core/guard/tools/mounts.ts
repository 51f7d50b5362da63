/** Buckets as folders: a mount that can write is a way in that no later command names. */

import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { parseArguments, valuesOf, words, type ArgumentStyle } from "./arguments.ts";
import { bucketPlace, effectOf, filePlace, reading, type Call, type ToolReader } from "./reading-of.ts";

const style: ArgumentStyle = {
  valued: words(
    "-o --options --endpoint-url --endpoint --region --profile --prefix --file-mode --dir-mode --uid --gid --type-cache-ttl --stat-cache-ttl --subdomain-- --storage-class --acl --cache --metadata-ttl --max-threads --part-size --sse --sse-kms-key-id --log-directory --bucket --t",
  ),
};

/** `s3fs BUCKET[:/PREFIX] FOLDER`, `mount-s3 BUCKET FOLDER`, `goofys BUCKET[:PREFIX] FOLDER`. */
function readMountTool(call: Call): Reading {
  const given = parseArguments(call.args, style);
  const options = valuesOf(given, "-o", "--options").join(",").split(",");
  if (options.includes("ro") || given.options.has("--read-only") || given.options.has("--help") || given.options.has("--version"))
    return reading();
  const named = options.find((one) => one.startsWith("bucket="))?.slice("bucket=".length);
  const first = named ?? given.operands[0];
  if (first === undefined || (given.operands.length === 0 && named === undefined)) return reading();
  return reading(effectOf(call, { tool: call.program, verb: "write", destination: placeOf(first.replace(/^s3:\/\//u, "")) }));
}

function placeOf(word: Word): ReturnType<typeof bucketPlace> {
  if (word.startsWith("arn:")) return bucketPlace(word);
  const [name = hole, prefix = ""] = word.split(":");
  const key = prefix.replace(/^\/+/u, "");
  return key === "" ? bucketPlace(name) : bucketPlace(name, `${key.replace(/\/+$/u, "")}/`);
}

/** `mount -t fuse.s3fs BUCKET FOLDER`, and folders that are shown under another name. */
function readMount(call: Call): Reading {
  const given = parseArguments(call.args, { valued: words("-t --types -o --options -L -U --source --target") });
  const types = valuesOf(given, "-t", "--types").join(",");
  const options = valuesOf(given, "-o", "--options").join(",").split(",");
  const [from] = given.operands;
  if (from === undefined || options.includes("ro") || given.options.has("-r")) return reading();
  if (/s3fs|rclone|goofys|mount-s3|juicefs/u.test(types) || /^(?:s3fs|goofys|mount-s3)#/u.test(from)) {
    const name = from.replace(/^[\w-]+#/u, "");
    return reading(effectOf(call, { tool: "mount", verb: "write", destination: placeOf(isKnown(types) ? name : hole) }));
  }
  const isBind = given.options.has("--bind") || given.options.has("--rbind") || options.includes("bind") || options.includes("rbind");
  return isBind ? reading(effectOf(call, { tool: "mount --bind", verb: "configure", destination: filePlace(call, from) })) : reading();
}

/** By base name. */
export const mountReaders: readonly (readonly [string, ToolReader])[] = [
  ["s3fs", readMountTool],
  ["mount-s3", readMountTool],
  ["goofys", readMountTool],
  ["mount", readMount],
  [
    "bindfs",
    (call) =>
      reading(
        ...call.args
          .filter((word) => !word.startsWith("-"))
          .slice(0, 1)
          .map((word) => effectOf(call, { tool: "mount bindfs", verb: "configure", destination: filePlace(call, word) })),
      ),
  ],
];
