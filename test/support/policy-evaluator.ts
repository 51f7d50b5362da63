/**
 * Decides by a policy as IAM does, for one known request: a second reading of AWS's evaluation logic, which shares no code with belay's.
 * It throws at whatever it does not know, so that no statement passes by not being understood.
 */

import * as v from "valibot";

/** One request, told in full. */
export interface PolicyRequest {
  /** The caller's ARN, of a role in place of its session; `undefined` for a service or somebody without credentials. */
  readonly principal?: string;
  readonly service?: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys by their names; one that is not there is absent from the request. */
  readonly keys?: Readonly<Record<string, string>>;
}

const names = v.union([v.string(), v.array(v.string())]);
const schema = v.object({
  Version: v.string(),
  Statement: v.array(
    v.strictObject({
      Sid: v.optional(v.string()),
      Effect: v.picklist(["Allow", "Deny"]),
      Principal: v.optional(v.union([v.literal("*"), v.record(v.string(), names)])),
      Action: v.optional(names),
      NotAction: v.optional(names),
      Resource: v.optional(names),
      Condition: v.optional(v.record(v.string(), v.record(v.string(), names))),
    }),
  ),
});
type Statement = v.InferOutput<typeof schema>["Statement"][number];

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** Sids of the statements that deny a request, and of those that allow it. */
export function decisionOf(
  policy: unknown,
  request: PolicyRequest,
): { readonly denied: readonly string[]; readonly allowed: readonly string[] } {
  const { Statement: statements } = v.parse(schema, policy);
  const hit = (effect: Statement["Effect"]): string[] =>
    statements.filter((statement) => statement.Effect === effect && applies(statement, request)).map(({ Sid = "" }) => Sid);
  return { denied: hit("Deny"), allowed: hit("Allow") };
}

function applies({ Principal, Action, NotAction, Resource, Condition }: Statement, request: PolicyRequest): boolean {
  const action = request.action.toLowerCase();
  const isNamed = (patterns: string | readonly string[] | undefined): boolean =>
    list(patterns).some((one) => like(one.toLowerCase(), action));
  return (
    hasPrincipal(Principal, request) &&
    (NotAction === undefined ? isNamed(Action) : !isNamed(NotAction)) &&
    (Resource === undefined || list(Resource).some((one) => like(one, request.resource))) &&
    Object.entries(Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, keyOf(key, request), list(wanted))),
    )
  );
}

function hasPrincipal(principal: Statement["Principal"], { principal: arn, service }: PolicyRequest): boolean {
  if (principal === undefined || principal === "*") return true;
  return Object.entries(principal).some(([kind, wanted]) => {
    if (kind === "Service") return service !== undefined && list(wanted).includes(service);
    if (kind === "AWS") return arn !== undefined && list(wanted).includes(arn);
    throw new Error(`the evaluator knows no principals of the kind ${kind}`);
  });
}

function keyOf(key: string, { principal, keys = {} }: PolicyRequest): string | undefined {
  const found = Object.entries(keys).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  return found ?? (key.toLowerCase() === "aws:principalarn" ? principal : undefined);
}

/** IAM User Guide, "IAM JSON policy elements: Condition operators": a negated operator holds where the key is absent, others do not. */
function holds(operator: string, found: string | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case "Null":
      return wanted.some((one) => (one === "true") === (found === undefined));
    case "Bool":
      return found !== undefined && wanted.some((one) => one.toLowerCase() === found.toLowerCase());
    case "StringEquals":
      return found !== undefined && wanted.includes(found);
    case "ArnLike":
      return found !== undefined && wanted.some((one) => like(one, found));
    case "ArnNotLike":
      return found === undefined || !wanted.some((one) => like(one, found));
    default:
      throw new Error(`the evaluator knows no operator ${operator}`);
  }
}

const like = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/gu, String.raw`\$&`)
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "su",
  ).test(text);
