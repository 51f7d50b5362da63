/** A resource policy as JSON, read into one shape. Policies are written by hand: every spelling that IAM takes is taken here. */

/** Patterns of one element, or of its negation (`NotAction`, `NotResource`, `NotPrincipal`). */
export interface Patterns {
  readonly isNot: boolean;
  readonly patterns: readonly string[];
}

export interface Principals extends Patterns {
  /** Whether everybody is among them: `"*"` or `{"AWS": "*"}`. */
  readonly isEveryone: boolean;
  /** Only services, such as `cloudfront.amazonaws.com`. */
  readonly areServices: boolean;
}

export interface Condition {
  /** Lower case, such as `stringnotequalsifexists`. */
  readonly operator: string;
  /** Lower case, such as `aws:sourcearn`. */
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  readonly principals: Principals;
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly conditions: readonly Condition[];
}

/** `undefined` where the text is no policy, or one that cannot be read whole: it is then judged by nobody. */
export function parsePolicy(text: string): readonly Statement[] | undefined {
  const root = fieldsOf(parsedJson(text));
  const given = root?.get("Statement");
  if (given === undefined) return undefined;
  const statements = (Array.isArray(given) ? given : [given]).map(statementOf);
  const whole = statements.filter((statement) => statement !== undefined);
  return whole.length === statements.length ? whole : undefined;
}

function statementOf(value: unknown): Statement | undefined {
  const fields = fieldsOf(value);
  const effect = fields?.get("Effect");
  if (!fields || (effect !== "Allow" && effect !== "Deny")) return undefined;
  const actions = either(fields, "Action", "NotAction");
  const resources = either(fields, "Resource", "NotResource");
  const principals = principalsOf(fields);
  const conditions = conditionsOf(fields.get("Condition"));
  if (!actions || !resources || !principals || !conditions) return undefined;
  const sid = fields.get("Sid");
  return { sid: typeof sid === "string" ? sid : "", effect, principals, actions, resources, conditions };
}

function either(fields: ReadonlyMap<string, unknown>, name: string, negated: string): Patterns | undefined {
  const isNot = fields.has(negated);
  const patterns = textsOf(fields.get(isNot ? negated : name));
  return patterns && patterns.length > 0 ? { isNot, patterns } : undefined;
}

function principalsOf(fields: ReadonlyMap<string, unknown>): Principals | undefined {
  const isNot = fields.has("NotPrincipal");
  const given = fields.get(isNot ? "NotPrincipal" : "Principal");
  if (given === "*") return { isNot, patterns: ["*"], isEveryone: true, areServices: false };
  const kinds = fieldsOf(given);
  if (!kinds || kinds.size === 0) return undefined;
  const patterns: string[] = [];
  for (const texts of [...kinds.values()].map(textsOf)) {
    if (!texts) return undefined;
    patterns.push(...texts);
  }
  const isEveryone = (textsOf(kinds.get("AWS")) ?? []).includes("*");
  return { isNot, patterns, isEveryone, areServices: [...kinds.keys()].every((kind) => kind === "Service") };
}

function conditionsOf(given: unknown): readonly Condition[] | undefined {
  if (given === undefined) return [];
  const operators = fieldsOf(given);
  if (!operators) return undefined;
  const conditions: Condition[] = [];
  for (const [operator, tests] of operators) {
    const keys = fieldsOf(tests);
    if (!keys) return undefined;
    for (const [key, wanted] of keys) {
      const values = textsOf(wanted);
      if (!values) return undefined;
      conditions.push({ operator: operator.toLowerCase(), key: key.toLowerCase(), values });
    }
  }
  return conditions;
}

/** One text or a list of them; IAM takes `true` for `"true"` and 5 for `"5"`. */
function textsOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.flatMap((one) =>
    typeof one === "string" || typeof one === "boolean" || typeof one === "number" ? [String(one)] : [],
  );
  return texts.length === list.length ? texts : undefined;
}

const fieldsOf = (value: unknown): ReadonlyMap<string, unknown> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? new Map<string, unknown>(Object.entries(value)) : undefined;

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
