/** The AWS CLI: which service, which operation, and who reads it. */

import type { Reading } from "../../reading.ts";
import { hole, isKnown, type Word } from "../../word.ts";
import { areLocal, endpointOf, isLocalAddress, withoutServices } from "../local-endpoint.ts";
import { effectOf, reading, type Call } from "../reading-of.ts";
import { readAwsWords, type AwsCall } from "./aws-arguments.ts";
import { readAwsCloudfront } from "./aws-cloudfront.ts";
import { readAwsConfigure, readAwsIam, readAwsSts } from "./aws-credentials.ts";
import { readAwsDynamodb } from "./aws-dynamodb.ts";
import { readAwsCloudformation, readAwsOther } from "./aws-other.ts";
import { readAwsS3 } from "./aws-s3.ts";
import { readAwsS3api, readAwsS3control } from "./aws-s3api.ts";

type ServiceReader = (call: Call, aws: AwsCall) => Reading;

const services: ReadonlyMap<string, ServiceReader> = new Map<string, ServiceReader>([
  ["s3", readAwsS3],
  ["s3api", readAwsS3api],
  ["s3control", readAwsS3control],
  ["s3outposts", readAwsS3control],
  ["dynamodb", readAwsDynamodb],
  ["cloudfront", readAwsCloudfront],
  ["cloudfront-keyvaluestore", readAwsCloudfront],
  ["configure", readAwsConfigure],
  ["iam", readAwsIam],
  ["organizations", readAwsIam],
  ["sso-admin", readAwsIam],
  ["rolesanywhere", readAwsIam],
  ["sts", readAwsSts],
  ["cloudformation", readAwsCloudformation],
]);

/** `aws` and programs that take its words. */
export function readAws(call: Call): Reading {
  if (call.args.some((word) => word === "--generate-cli-skeleton" || word.startsWith("--generate-cli-skeleton="))) return reading();
  const aws = readAwsWords(call.args);
  if (aws.service === "help" || aws.operation === "help" || aws.service === "") return reading();
  const found = readService(call, aws);
  return isEmulated(call, aws) ? withoutServices(found) : found;
}

function readService(call: Call, aws: AwsCall): Reading {
  if (!isKnown(aws.service)) return unknownService(call, aws);
  const alias = aliasOf(call, aws.service);
  if (alias !== undefined) return readAlias(call, alias);
  return (services.get(aws.service) ?? readAwsOther)(call, aws);
}

/** `awslocal` goes to LocalStack unless something says otherwise; `aws` to where it is told. */
function isEmulated(call: Call, { service }: AwsCall): boolean {
  const named = call.args.flatMap((word, at) => {
    if (word.startsWith("--endpoint-url=")) return [word.slice("--endpoint-url=".length)];
    return word === "--endpoint-url" ? [call.args[at + 1] ?? hole] : [];
  });
  const address = named.at(-1) ?? endpointOf(call.invocation.env, service);
  if (call.program !== "awslocal") return address !== undefined && isLocalAddress(address);
  return areLocal([address ?? "localhost", call.invocation.env.get("LOCALSTACK_HOST")]);
}

/** The words of a service that nobody knows may hold options; where they decide everything, nothing can be told. */
function unknownService(call: Call, aws: AwsCall): Reading {
  const words = call.args.filter((word) => !word.startsWith("-"));
  const at = words.findIndex((word) => services.has(word));
  if (at > 0) {
    const known = readAwsWords(call.args.slice(call.args.indexOf(words[at] ?? "")));
    return (services.get(known.service) ?? readAwsOther)(call, known);
  }
  return reading(
    effectOf(call, {
      tool: `aws ${aws.service} ${aws.operation}`.replaceAll(hole, "…"),
      verb: "write",
      destination: { kind: "bucket", name: hole },
    }),
  );
}

/** `~/.aws/cli/alias` gives new names to commands. */
function aliasOf(call: Call, service: string): Word | undefined {
  if (services.has(service) || !/^[\w-]+$/u.test(service)) return undefined;
  const file = call.facts.readFile(`${call.facts.homeFolder}/.aws/cli/alias`);
  if (file?.kind !== "text") return undefined;
  const line = file.text.split("\n").find((one) => one.replace(/\s*=.*$/su, "").trim() === service && one.includes("="));
  return line?.slice(line.indexOf("=") + 1).trim();
}

function readAlias(call: Call, alias: Word): Reading {
  const { argv } = call.invocation;
  const rest = call.args.slice(call.args.findIndex((word) => !word.startsWith("-")) + 1);
  const text = alias.startsWith("!")
    ? alias.slice(1)
    : `aws ${alias} ${rest.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ")}`;
  return { effects: [], nested: [{ kind: "shell", text, at: {}, through: `alias of ${argv[0] ?? "aws"}` }] };
}
