/** Other programs that send requests: signers, load generators, files of requests. Sources: their manuals. */

import type { Nested } from "../invocation.ts";
import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { has, parseArguments, valueOf, valuesOf, words } from "./arguments.ts";
import { requestEffect } from "./request-effect.ts";
import { reading, textOf, type Call, type ToolReader } from "./reading-of.ts";

interface Requester {
  readonly valued: ReadonlySet<string>;
  /** Options that give the method. */
  readonly method: readonly string[];
  /** Options that carry content, and the method that they make it. */
  readonly body: readonly string[];
  readonly bodyMethod?: string;
  readonly urls?: readonly string[];
}

const load = "-n -c -z -q -t -H -d -D -T -A -a -x -m -r -o -R -l -s -k";

const requesters: Readonly<Record<string, Requester>> = {
  awscurl: {
    valued: words("-X --request -d --data -H --header --profile --region --service --access_key --secret_key --session_token --output"),
    method: ["-X", "--request"],
    body: ["-d", "--data"],
    bodyMethod: "POST",
  },
  oha: { valued: words(`${load} --method`), method: ["-m", "--method"], body: [] },
  hey: { valued: words(load), method: ["-m"], body: [] },
  boom: { valued: words(load), method: ["-m"], body: [] },
  bombardier: {
    valued: words(`${load} --method -b --body -f --body-file --connections --duration --requests --rate --timeout`),
    method: ["-m", "--method"],
    body: [],
  },
  autocannon: { valued: words(`${load} --method -b --body -i --input -p`), method: ["-m", "--method"], body: [] },
  ab: { valued: words(`${load} -p -u -C -P -X -y -g -e -i -w -V`), method: ["-m"], body: ["-u"], bodyMethod: "PUT" },
  httpx: {
    valued: words(
      "-m --method -p --params -c --content -d --data -f --files -j --json -h --headers --cookies --proxy --timeout --download",
    ),
    method: ["-m", "--method"],
    body: ["-c", "--content", "-d", "--data", "-f", "--files", "-j", "--json"],
    bodyMethod: "POST",
  },
  siege: { valued: words("-c -r -t -d -l -m -H -A -T -f"), method: [], body: [] },
};

const methodWord = /^(?:PUT|POST|PATCH|DELETE|GET|HEAD|OPTIONS)$/iu;

function readRequester(call: Call): Reading {
  const requester = requesters[call.program];
  if (requester === undefined) return reading();
  const given = parseArguments(call.args, { valued: requester.valued });
  const urls = [...given.operands, ...valuesOf(given, "--url")]
    .flatMap((word) => word.split(/\s+/u))
    .filter((word) => /[./]/u.test(word) || !isKnown(word));
  const asked = valueOf(given, ...requester.method);
  // `siege 'URL PUT data'`.
  const spelled = given.operands.flatMap((word) => word.split(/\s+/u)).find((word) => methodWord.test(word));
  const method = asked ?? spelled ?? (has(given, ...requester.body) ? (requester.bodyMethod ?? "POST") : "GET");
  return reading(...urls.flatMap((url) => requestEffect(call, method, url)));
}

const requestsMax = 300;

/** Lines such as `PUT https://…` in the files that are named: Hurl, and the `.http` files of editors. Variables are not known. */
const requestFiles =
  (valued: string): ToolReader =>
  (call) => {
    const given = parseArguments(call.args, { valued: words(valued) });
    const text = given.operands.length === 0 ? (call.invocation.stdin ?? "") : given.operands.map((file) => textOf(call, file)).join("\n");
    return reading(...requestLines(text).flatMap(([method, url]) => requestEffect(call, method, url)));
  };

const requestLines = (text: Word): (readonly [Word, Word])[] =>
  [...text.matchAll(/^[ \t]*(?<method>PUT|POST|PATCH|DELETE)[ \t]+(?<url>\S+)/gmu)]
    .slice(0, requestsMax)
    .map((found) => [found.groups?.["method"] ?? hole, (found.groups?.["url"] ?? hole).replaceAll(/\{\{[^{}]*\}\}/gu, hole)] as const);

/** `vegeta attack -targets FILE`, or its targets on standard input. */
function readVegeta(call: Call): Reading {
  const given = parseArguments(call.args, {
    valued: words("--targets --rate --duration --output --header --body --name --workers"),
    single: "go",
  });
  const file = valueOf(given, "--targets");
  const text = file === undefined || file === "stdin" ? (call.invocation.stdin ?? "") : textOf(call, file);
  return given.operands[0] === "attack"
    ? reading(...requestLines(text).flatMap(([method, url]) => requestEffect(call, method, url)))
    : reading();
}

/** `k6 run FILE`, `artillery run` has no code of its own: the file is a program. */
function readK6(call: Call): Reading {
  const given = parseArguments(call.args, {
    valued: words("-e --env -u --vus -d --duration -i --iterations -o --out -s --stage --tag --config -c"),
  });
  const [verb, path] = given.operands;
  if (path === undefined || (verb !== "run" && verb !== "cloud")) return reading();
  const nested: Nested = { kind: "file", path, as: "javascript", args: [], through: "k6" };
  return { effects: [], nested: [nested] };
}

/** By base name. */
export const requestReaders: readonly (readonly [string, ToolReader])[] = [
  ...Object.keys(requesters).map((name) => [name, readRequester] as const),
  [
    "hurl",
    requestFiles("--variable --variables-file -o --output --report-html --report-json --report-junit --glob --retry -x --proxy -u --user"),
  ],
  ["httpyac", requestFiles("-e --env -n --name -l --line -o --output --var")],
  ["ijhttp", requestFiles("-e --env -v --env-file -V --private-env-file -L --log-level")],
  ["vegeta", readVegeta],
  ["k6", readK6],
];
