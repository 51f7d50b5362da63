/**
 * Whether a policy lets a request through, as far as that can be told without knowing who sends it: in three values, where `maybe`
 * says that it depends. By "Policy evaluation logic" and "IAM JSON policy elements: Condition operators" of the IAM User Guide.
 */

import { covers, matches, meet } from "./match-pattern.ts";
import type { Condition, Patterns, Principals, Statement } from "./parse-policy.ts";

export type Tri = "yes" | "no" | "maybe";

/** A request that nobody has sent. */
export interface Imagined {
  /** `anonymous`: anybody on the internet. `member`: some principal of the account, not known which. */
  readonly by: "anonymous" | "member";
  /** As IAM spells it. */
  readonly action: string;
  /** The beginning that all resources meant have in common, such as `arn:aws:s3:::harbor/`; without one of its own, a bucket's. */
  readonly resource: { readonly beginning: string } | { readonly exactly: string };
  /** Values of condition keys, in lower case; `undefined` where the request has none of that name. */
  readonly keys?: Readonly<Record<string, string | undefined>>;
}

/** Some request of that kind may be sent by some sender: `yes` where the statements allow it and none forbids it. */
export function isAllowed(statements: readonly Statement[], request: Imagined): Tri {
  const allowed = any(statements.filter(({ effect }) => effect === "Allow").map((statement) => applies(statement, request)));
  return both(allowed, not(isDenied(statements, request)));
}

/** Every request of that kind is refused by a statement. */
export const isDenied = (statements: readonly Statement[], request: Imagined): Tri =>
  any(statements.filter(({ effect }) => effect === "Deny").map((statement) => applies(statement, request)));

/** Of an allowing statement: whether it covers some such request. Of a denying one: whether it covers all of them. */
export function applies(statement: Statement, request: Imagined): Tri {
  const isDeny = statement.effect === "Deny";
  return [
    matchesAction(statement.actions, request.action),
    matchesResource(statement.resources, request.resource, isDeny),
    matchesPrincipal(statement.principals, request.by),
    ...statement.conditions.map((condition) => holds(condition, request, isDeny)),
  ].reduce(both, "yes");
}

function matchesAction({ isNot, patterns }: Patterns, action: string): Tri {
  const isNamed = patterns.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  return isNamed === isNot ? "no" : "yes";
}

// The partitions' buckets share one name space of the policy's own partition, so which one it is makes no difference.
const inOnePartition = (pattern: string): string => pattern.replace(/^arn:[^:]*:s3:/u, "arn:aws:s3:");
/** A variable stands for some text: a pattern with one may meet what it does not cover. */
const variable = /\$\{[^}]*\}/gu;

function matchesResource({ isNot, patterns }: Patterns, resource: Imagined["resource"], isDeny: boolean): Tri {
  const meets = patterns.some((pattern) => touches(inOnePartition(pattern).replaceAll(variable, "*"), resource));
  const isWhole = patterns.some((pattern) => !pattern.includes("${") && contains(inOnePartition(pattern), resource));
  const isMet = isNot ? !isWhole : meets;
  const isCovered = isNot ? !meets : isWhole;
  if (isCovered) return "yes";
  // What is allowed for some keys only is allowed; what is denied for some keys only is not denied.
  return isMet && !isDeny ? "yes" : "no";
}

const touches = (pattern: string, resource: Imagined["resource"]): boolean =>
  "exactly" in resource ? matches(pattern, resource.exactly) : meet(pattern, `${resource.beginning}*`);
const contains = (pattern: string, resource: Imagined["resource"]): boolean =>
  "exactly" in resource ? matches(pattern, resource.exactly) : covers(pattern, resource.beginning);

function matchesPrincipal({ isNot, isEveryone, areServices }: Principals, by: Imagined["by"]): Tri {
  if (isEveryone) return isNot ? "no" : "yes";
  if (by === "anonymous") return isNot ? "yes" : "no";
  if (areServices) return isNot ? "yes" : "no";
  return "maybe";
}

type Known =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown" }
  | { readonly kind: "chosen" };

/** Keys about the sender that requests without credentials lack, and those that only a network of AWS adds. */
const ofPrincipals =
  /^aws:(?:principal|userid$|username$|multifactor|tokenissue|federated|source(?:arn|account|org|vpc|identity|owner)|via|called|assumed)/u;
/** Keys whose values a sender cannot choose. */
const ofPlaces = /^aws:(?:sourceip|vpcsourceip|currenttime|epochtime|requestedregion|resource)/u;

function valueOf(key: string, { by, keys = {} }: Imagined): Known {
  if (Object.hasOwn(keys, key)) {
    const text = keys[key];
    return text === undefined ? { kind: "absent" } : { kind: "value", text };
  }
  if (ofPrincipals.test(key)) return { kind: by === "anonymous" ? "absent" : "unknown" };
  if (ofPlaces.test(key) || key.startsWith("aws:resourcetag") || key.startsWith("s3:existingobjecttag")) return { kind: "unknown" };
  // A referer, a user agent, a prefix, a header: whoever sends the request writes them.
  return { kind: "chosen" };
}

function holds({ operator, key, values }: Condition, request: Imagined, isDeny: boolean): Tri {
  const known = valueOf(key, request);
  const base = operator.replace(/^(?:forallvalues|foranyvalue):/u, "").replace(/ifexists$/u, "");
  // A sender chooses so that what allows applies, and what denies does not.
  if (known.kind === "chosen") return isDeny ? "no" : "yes";
  if (base === "null") return holdsNull(known, values);
  if (known.kind === "absent") return holdsWithout(operator) ? "yes" : "no";
  if (base === "ipaddress") return reachesAll(values) ? "yes" : "maybe";
  if (base === "notipaddress") return reachesAll(values) ? "no" : "maybe";
  if (known.kind === "unknown" || values.some((value) => value.includes("${"))) return "maybe";
  const { text } = known;
  const tested = any(values.map((value) => test(base.replace("not", ""), value, text)));
  return base.includes("not") ? not(tested) : tested;
}

/** Whether a condition holds for a request that lacks its key. `ForAllValues` does, which makes it a wall of paper where it allows. */
function holdsWithout(operator: string): boolean {
  if (operator.endsWith("ifexists") || operator.startsWith("forallvalues:")) return true;
  return operator.includes("not") && !operator.startsWith("foranyvalue:");
}

function holdsNull(known: Known, values: readonly string[]): Tri {
  if (known.kind === "unknown") return "maybe";
  const wantsAbsent = values.some((value) => value.toLowerCase() === "true");
  return (known.kind === "absent") === wantsAbsent ? "yes" : "no";
}

/** A range that holds every address restricts nobody. */
const reachesAll = (values: readonly string[]): boolean => values.some((value) => /\/0+$/u.test(value.trim()));

function test(operator: string, wanted: string, text: string): Tri {
  switch (operator) {
    case "stringequals":
      return triOf(wanted === text);
    case "stringequalsignorecase":
    case "bool":
      return triOf(wanted.toLowerCase() === text.toLowerCase());
    case "stringlike":
    case "arnlike":
    case "arnequals":
      return triOf(matches(wanted, text));
    default:
      return "maybe";
  }
}

const triOf = (isSo: boolean): Tri => (isSo ? "yes" : "no");

function both(left: Tri, right: Tri): Tri {
  if (left === "no" || right === "no") return "no";
  return left === "yes" && right === "yes" ? "yes" : "maybe";
}

const opposite: Readonly<Record<Tri, Tri>> = { yes: "no", no: "yes", maybe: "maybe" };
const not = (of: Tri): Tri => opposite[of];

function any(all: readonly Tri[]): Tri {
  if (all.includes("yes")) return "yes";
  return all.includes("maybe") ? "maybe" : "no";
}
