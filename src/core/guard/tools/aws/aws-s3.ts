/** `aws s3`: copies and listings. Source: the command reference of the AWS CLI, `s3`. */

import type { Effect, Place } from "../../effect.ts";
import type { Reading } from "../../reading.ts";
import { hole, isKnown, type Word } from "../../word.ts";
import { parseArguments, words, type Arguments } from "../arguments.ts";
import { effectOf, filePlace, reading, s3Place, type Call } from "../reading-of.ts";
import type { AwsCall } from "./aws-arguments.ts";

const flags: ReadonlySet<string> = words(
  "--recursive --dryrun --quiet --delete --exact-timestamps --size-only --follow-symlinks --no-follow-symlinks --guess-mime-type --no-guess-mime-type --only-show-errors --no-progress --progress --force --ignore-glacier-warnings --force-glacier-transfer --human-readable --summarize --no-overwrite --debug --no-verify-ssl --no-paginate --no-sign-request --no-cli-pager --cli-auto-prompt --no-cli-auto-prompt --version --validate-same-s3-paths",
);

const destinationVerbs: ReadonlySet<string> = words("cp mv sync");

export function readAwsS3(call: Call, { operation, rest }: AwsCall): Reading {
  const given = parseArguments(rest, { flags, unknown: "valued" });
  if (given.operands.at(-1) === "help" || isDryRun(given)) return reading();
  if (destinationVerbs.has(operation)) return reading(...copyEffects(call, operation, given));
  if (operation === "ls" || operation === "presign" || operation === "help") return reading();
  const tool = `aws s3 ${isKnown(operation) ? operation : "…"}`;
  const places = given.operands.flatMap((word) => s3Place(word) ?? []);
  if (!isKnown(operation)) {
    const unknown = places.length === 0 ? [{ kind: "bucket", name: hole } as const] : places;
    return reading(...unknown.map((destination) => effectOf(call, { tool, verb: "write", destination })));
  }
  const verb = operation === "rm" || operation === "rb" ? "delete" : "configure";
  // The CLI takes one place and refuses a second; which of them a later version would take nobody knows.
  return reading(...places.map((destination) => effectOf(call, { tool, verb, destination })));
}

/** A switch: `--dryrun=false` is no such option. Abbreviations count as far as no other option begins so. */
const isDryRun = ({ options }: Arguments): boolean =>
  [...options].some(([name, values]) => name.startsWith("--dr") && "--dryrun".startsWith(name) && values.every((value) => value === ""));

function copyEffects(call: Call, operation: string, given: Arguments): Effect[] {
  const [from = "", to = ""] = given.operands;
  const tool = `aws s3 ${operation}`;
  const source = s3Place(from);
  const place = s3Place(to);
  const destination = place === undefined ? localPlace(call, to) : withName(place, from);
  const written =
    destination === undefined ? [] : [effectOf(call, { tool, verb: "write", destination, source: source ?? filePlace(call, from) })];
  const taken = operation === "mv" && source !== undefined ? [effectOf(call, { tool, verb: "delete", destination: source })] : [];
  return [...written, ...taken];
}

const localPlace = (call: Call, to: Word): Place | undefined => (to === "-" || to === "" ? undefined : filePlace(call, to));

/** A copy to a folder keeps the file's name. */
function withName(place: Place & { readonly kind: "bucket" }, from: Word): Place {
  const { name, key = "" } = place;
  const file = from.split("/").at(-1) ?? "";
  const isFolder = (key === "" || key.endsWith("/")) && file !== "" && file !== "-" && file !== "." && file !== "..";
  return isFolder && file.includes(".") ? { ...place, name, key: `${key}${file}` } : place;
}
