/** Services without a reader of their own: a verb that writes, and whether a guarded name is mentioned. */

import type { Effect, EffectVerb } from "../../effect.ts";
import type { Reading } from "../../reading.ts";
import { hole } from "../../word.ts";
import { words } from "../arguments.ts";
import { effectOf, mention, onlyKnown, reading, type Call } from "../reading-of.ts";
import { isRead, Parameters, type AwsCall } from "./aws-arguments.ts";

/** Where a name is only told to people or to counters. */
const tellingServices: ReadonlySet<string> = words(
  "cloudwatch logs sns sqs ses sesv2 xray ce support chatbot pinpoint codecommit opensearch",
);
/** Options whose values are prose. */
const prose: ReadonlySet<string> = words("--description --comment --message --message-body --subject --notes --reason --tags");

export function readAwsOther(call: Call, { service, operation, rest }: AwsCall): Reading {
  if (isRead(operation) || tellingServices.has(service) || rest[0] === "help") return reading();
  const given = new Parameters(call, rest);
  const tool = `aws ${service} ${operation}`.replaceAll(hole, "…").trim();
  const about = runs.get(service)?.test(operation) === true ? "a run of somebody else's" : undefined;
  if (about !== undefined)
    return reading(effectOf(call, { tool, verb: "delegate", destination: { kind: "opaque", about } }), told(call, tool, given));
  return reading(told(call, tool, given, operation));
}

function told(call: Call, tool: string, given: Parameters, operation = ""): Effect {
  const verb: EffectVerb = operation.startsWith("delete") ? "delete" : "write";
  return effectOf(call, { tool, verb, destination: mention(onlyKnown(given.text(prose))) });
}

/** Builds and pipelines, which deploy as a run of CI does; jobs that copy to where they were told once. */
const runs: ReadonlyMap<string, RegExp> = new Map([
  ["codebuild", /^(?:start-build|start-build-batch|retry-build|retry-build-batch)$/u],
  ["codepipeline", /^(?:start-pipeline-execution|retry-stage-execution|rollback-stage|put-approval-result|enable-stage-transition)$/u],
  ["codedeploy", /^(?:create-deployment|continue-deployment)$/u],
  ["datasync", /^start-task-execution$/u],
  ["backup", /^start-restore-job$/u],
  ["amplify", /^(?:start-job|start-deployment|create-deployment)$/u],
]);

/** Stacks: what stands in a template may be read, what the stack holds already may not. */
export function readAwsCloudformation(call: Call, { operation, rest }: AwsCall): Reading {
  if (isRead(operation) || operation === "package" || rest.includes("--no-execute-changeset")) return reading();
  if (/^create-change-set|^register|^set|^cancel|^signal|^activate|^publish/u.test(operation)) return reading();
  const given = new Parameters(call, rest);
  const tool = `aws cloudformation ${operation.replaceAll(hole, "…")}`;
  const files = given.all("template-file").map((path) => readTemplate(call, path));
  const text = [given.text(), ...files].join("\n");
  const isNew = operation === "create-stack" && (given.has("template-body") || files.length > 0);
  return reading(effectOf(call, { tool, verb: "write", destination: mention(isNew ? text : `${text}${hole}`) }));
}

function readTemplate(call: Call, path: string): string {
  return new Parameters(call, ["--template", `file://${path}`]).all("template").join("\n");
}
