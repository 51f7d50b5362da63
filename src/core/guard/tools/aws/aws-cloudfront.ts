/** `aws cloudfront`. Source: its command reference. */

import type { Effect, EffectVerb } from "../../effect.ts";
import type { Reading } from "../../reading.ts";
import { hole, type Word } from "../../word.ts";
import { words } from "../arguments.ts";
import { effectOf, mention, onlyKnown, reading, type Call } from "../reading-of.ts";
import { isRead, Parameters, type AwsCall } from "./aws-arguments.ts";

/** What every distribution that uses it takes up at once, and nothing in the command says which those are. */
const shared: ReadonlySet<string> = words(
  "publish-function update-cache-policy update-response-headers-policy update-origin-request-policy update-origin-access-control update-key-group update-public-key delete-function delete-key-value-store update-continuous-deployment-policy put-key delete-key update-keys",
);

export function readAwsCloudfront(call: Call, { service, operation, rest }: AwsCall): Reading {
  if (isRead(operation)) return reading();
  const given = new Parameters(call, rest);
  const tool = `aws ${service} ${operation.replaceAll(hole, "…")}`;
  if (shared.has(operation)) {
    const about = `what every distribution with this ${operation.replace(/^[a-z]+-/u, "").replaceAll("-", " ")} serves`;
    return reading(effectOf(call, { tool, verb: "delegate", destination: { kind: "opaque", about } }), ...mentioned(call, tool, given));
  }
  const ids = distributions(operation, given);
  const effects = ids.map((id) => effectOf(call, { tool, verb: verbOf(operation), destination: { kind: "distribution", id } }));
  return reading(...effects, ...mentioned(call, tool, given));
}

function verbOf(operation: Word): EffectVerb {
  if (operation.includes("invalidation")) return "purge";
  return operation.startsWith("delete") ? "delete" : "configure";
}

function distributions(operation: Word, given: Parameters): Word[] {
  if (/invalidation/u.test(operation)) return [given.value("distribution-id") ?? given.value("id") ?? hole];
  if (operation === "copy-distribution" || operation.startsWith("create-distribution")) return [];
  if (/distribution|alias|web-acl|monitoring/u.test(operation) || operation.includes(hole)) {
    const id = given.value("id") ?? given.value("distribution-id") ?? given.value("target-distribution-id");
    return id === undefined ? [] : [id];
  }
  return [];
}

const mentioned = (call: Call, tool: string, given: Parameters): Effect[] => [
  effectOf(call, {
    tool,
    verb: "configure",
    destination: mention(onlyKnown([...given.all("resource"), ...given.all("target-resource")].join("\n"))),
  }),
];
