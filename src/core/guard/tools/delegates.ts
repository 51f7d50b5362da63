/** Commands that have somebody else do it: CI runs, and what those runs take their settings from. Sources: the CLIs' manuals. */

import type { Reading } from "../reading.ts";
import { hole, type Word } from "../word.ts";
import { parseArguments, valueOf, words } from "./arguments.ts";
import { effectOf, reading, type Call, type ToolReader } from "./reading-of.ts";

const delegated = (call: Call, tool: string, about: string): Reading =>
  reading(effectOf(call, { tool, verb: "delegate", destination: { kind: "opaque", about } }));

interface Rule {
  /** Over the operands, joined. */
  readonly line: RegExp;
  readonly about: string;
}

const rules: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  [
    "gh",
    [
      { line: /^workflow (?:run|enable|disable)\b/u, about: "a workflow run" },
      { line: /^run (?:rerun|cancel|delete)\b/u, about: "a workflow run" },
      { line: /^secret (?:set|delete|remove)\b/u, about: "the secrets of a workflow" },
      { line: /^variable (?:set|delete|remove)\b/u, about: "the variables of a workflow" },
      { line: /^repo deploy-key (?:add|delete)\b/u, about: "the keys of a repository" },
    ],
  ],
  [
    "glab",
    [
      { line: /^(?:ci|pipeline|pipe) (?:run|retry|trigger|run-trig|cancel|delete)\b/u, about: "a pipeline" },
      { line: /^(?:schedule) (?:run|create|update|delete)\b/u, about: "a scheduled pipeline" },
      { line: /^variable (?:set|update|delete|remove)\b/u, about: "the variables of a pipeline" },
    ],
  ],
  ["circleci", [{ line: /^(?:pipeline run|context (?:store-secret|delete|remove-secret)|run)\b/u, about: "a pipeline" }]],
  ["bk", [{ line: /^(?:build (?:create|new|rebuild)|job retry)\b/u, about: "a build" }]],
  ["jenkins-cli", [{ line: /^(?:build|reload-configuration|delete-job)\b/u, about: "a build" }]],
  ["drone", [{ line: /^(?:build (?:create|promote|restart|rollback)|deploy)\b/u, about: "a build" }]],
  ["woodpecker-cli", [{ line: /^(?:pipeline|build) (?:create|start|deploy)\b/u, about: "a pipeline" }]],
  ["fly", [{ line: /^(?:trigger-job|tj)\b/u, about: "a job" }]],
  ["travis", [{ line: /^(?:restart|env set)\b/u, about: "a build" }]],
  ["argo", [{ line: /^(?:submit|resubmit|retry)\b/u, about: "a workflow" }]],
  ["argocd", [{ line: /^app (?:sync|rollback|set|delete)\b/u, about: "an application's sync" }]],
  ["az", [{ line: /^pipelines (?:run|build queue)\b/u, about: "a pipeline" }]],
  ["act", []],
]);

const valued: ReadonlySet<string> = words(
  "-R --repo -f --field -F --raw-field -r --ref --ref-- -b --branch --json-- -e --env --body -w --workflow -X --method -H --header --input -q --jq --hostname --cache --preview -t--",
);

function readRules(call: Call): Reading | undefined {
  const given = parseArguments(call.args, { valued });
  const line = given.operands.join(" ");
  const api = given.operands[0] === "api" ? readApi(call, given.operands[1] ?? "", methodOf(call, given)) : undefined;
  if (api !== undefined) return api;
  const rule = rules.get(call.program)?.find((one) => one.line.test(line));
  if (rule === undefined) return reading();
  return delegated(call, `${call.program} ${line.split(" ").slice(0, 2).join(" ")}`.replaceAll(hole, "…"), rule.about);
}

function methodOf(call: Call, given: ReturnType<typeof parseArguments>): Word {
  const method = valueOf(given, "-X", "--method");
  if (method !== undefined) return method.toUpperCase();
  return call.args.some((word) => /^(?:-f|-F|--field|--raw-field|--input)(?:=|$)/u.test(word)) ? "POST" : "GET";
}

/** Addresses of CI services that start runs, or hold what runs take their settings from. */
const runAddress =
  /^(?:https?:\/\/)?(?:(?:api\.github\.com|[^/?#]+\/api\/v3)\/repos\/[^/]+\/[^/]+\/(?:dispatches|actions\/(?:workflows|runs|secrets|variables))|[^/?#]+\/api\/v4\/projects\/[^/]+\/(?:pipelines?|trigger|jobs\/[^/]+\/play|variables|ref\/[^/]+\/trigger)|circleci\.com\/api\/v[12][.\d]*\/project\/|api\.buildkite\.com\/v2\/.*\/builds)\b/iu;

export const startsRun = (url: Word): boolean => runAddress.test(url);

/** The API starts workflows and writes their settings; the rest of it is not about deploys. */
function readApi(call: Call, path: Word, method: Word): Reading | undefined {
  if (method === "GET" || method === "HEAD") return reading();
  const isDelegate =
    /dispatches\b|\/rerun|\/actions\/(?:secrets|variables|workflows|runs)|\/deployments\b|\/pipelines?\b|\/trigger\b|\/jobs\/[^/]+\/play/u.test(
      path,
    );
  return isDelegate ? delegated(call, `${call.program} api ${method}`, "a workflow run") : reading();
}

/** By base name. */
export const delegateReaders: readonly (readonly [string, ToolReader])[] = [...rules.keys()].map((name) => [name, readRules] as const);
