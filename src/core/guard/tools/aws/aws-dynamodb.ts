/** `aws dynamodb`. Source: its command reference. */

import type { EffectVerb } from "../../effect.ts";
import type { Reading } from "../../reading.ts";
import { hole, type Word } from "../../word.ts";
import { words } from "../arguments.ts";
import { effectOf, mention, onlyKnown, reading, type Call } from "../reading-of.ts";
import { isRead, Parameters, type AwsCall } from "./aws-arguments.ts";
import { tableOfStatement } from "./partiql.ts";

const itemWrites: ReadonlySet<string> = words(
  "put-item update-item batch-write-item transact-write-items execute-statement batch-execute-statement execute-transaction import-table restore-table-from-backup restore-table-to-point-in-time create-table put put-items",
);
const statements: ReadonlySet<string> = words("execute-statement batch-execute-statement execute-transaction");

export function readAwsDynamodb(call: Call, { operation, rest }: AwsCall): Reading {
  if (isRead(operation)) return reading();
  const given = new Parameters(call, rest);
  const tool = `aws dynamodb ${operation.replaceAll(hole, "…")}`;
  const verb = verbOf(operation);
  if (statements.has(operation)) {
    return reading(...statementsOf(given).flatMap((text) => tableEffects(call, { tool, verb, names: [tableOfStatement(text)] })));
  }
  return reading(...tableEffects(call, { tool, verb, names: tablesOf(operation, given) }), ...arnEffects(call, { tool, operation }, given));
}

function verbOf(operation: Word): EffectVerb {
  if (operation.startsWith("delete")) return "delete";
  return itemWrites.has(operation) || operation.includes(hole) ? "write" : "configure";
}

const tableEffects = (
  call: Call,
  { tool, verb, names }: { readonly tool: string; readonly verb: EffectVerb; readonly names: readonly (Word | undefined)[] },
): ReturnType<typeof effectOf>[] =>
  names.flatMap((name) => (name === undefined ? [] : [effectOf(call, { tool, verb, destination: { kind: "table", name } })]));

/** `--statement`, and each `Statement` of the list forms. */
function statementsOf(given: Parameters): Word[] {
  const single = given.value("statement");
  const lists = [...given.all("statements"), ...given.all("transact-statements")].join("\n");
  const found = [...lists.matchAll(/"?Statement"?\s*[:=]\s*"((?:\\.|[^"\\])*)"|Statement=([^,\]}]*)/gu)].map((one) =>
    (one[1] ?? one[2] ?? "").replaceAll(/\\(.)/gu, "$1"),
  );
  const unread = found.length === 0 && lists.includes(hole) ? [hole] : [];
  return [...(single === undefined ? [] : [single]), ...found, ...unread];
}

function tablesOf(operation: string, given: Parameters): (Word | undefined)[] {
  if (operation === "batch-write-item") return requestTables(given);
  if (operation === "transact-write-items") return namesIn(given.value("transact-items", "TransactItems") ?? given.text());
  const target = given.value("target-table-name", "TargetTableName");
  if (target !== undefined && operation.startsWith("restore")) return [target];
  if (operation === "import-table") return namesIn(given.text());
  return [given.value("table-name"), given.value("global-table-name")];
}

/** Every `TableName` in a document; a hole where a part of it cannot be read. */
function namesIn(text: Word): Word[] {
  const found = [...text.matchAll(/"?TableName"?\s*[:=]\s*"?([^\s",}\]]+)/gu)].map((one) => one[1] ?? "");
  return found.length === 0 && text.includes(hole) ? [hole] : found;
}

/** Keys at the top of `--request-items`, in JSON or in shorthand. */
function requestTables(given: Parameters): Word[] {
  const [text] = given.all("request-items");
  const whole = text ?? given.text();
  const top = topKeys(whole.replace(/^[\s\S]*?"RequestItems"\s*:\s*/u, ""));
  const short = [...whole.matchAll(/(?:^|,)\s*([A-Za-z0-9_.:/-]+)=\[/gu)].map((one) => one[1] ?? "");
  const found = [...top, ...short];
  return found.length === 0 && (whole.includes(hole) || given.hasUnknownWords) ? [hole] : found;
}

const textMax = 262_144;

/** Names at depth one of a JSON object, however broken the rest is. */
function topKeys(text: Word): Word[] {
  const keys: Word[] = [];
  let depth = 0;
  for (const token of text.slice(0, textMax).matchAll(/"((?:\\.|[^"\\])*)"(\s*:)?|[{}[\]]/gu)) {
    const sign = token[0];
    if (sign === "{" || sign === "[") depth += 1;
    else if (sign === "}" || sign === "]") depth -= 1;
    else if (depth === 1 && token[2] !== undefined) keys.push(token[1] ?? "");
  }
  return keys;
}

/** What is named by ARN: tags, resource policies, streams; and the bucket that an export goes to. */
function arnEffects(
  call: Call,
  { tool, operation }: { readonly tool: string; readonly operation: Word },
  given: Parameters,
): ReturnType<typeof effectOf>[] {
  // An export reads its table.
  const names = operation.startsWith("export-") ? ["s3-bucket"] : ["resource-arn", "table-arn", "s3-bucket", "backup-arn"];
  const about = names.flatMap((name) => given.all(name)).join("\n");
  return about === "" ? [] : [effectOf(call, { tool, verb: "configure", destination: mention(onlyKnown(about)) })];
}
