/** Comparisons with now: what a page allows, shows or counts down until a certain time. */

import type { BinaryExpression } from "acorn";
import { calleePath } from "./callee-path.ts";
import { resolved } from "./fold-text.ts";
import type { Visit } from "./script-scopes.ts";

const stepsMax = 4;

/** `compares now with a time`, `counts down to a time`; `undefined` for any other expression. `time` is the side that is not now. */
export function dateFeature(node: BinaryExpression, scope: Visit["scope"]): { readonly name: string; readonly time: Visit } | undefined {
  const isComparison = /^[<>]=?$/u.test(node.operator);
  if (!isComparison && node.operator !== "-") return undefined;
  const [left, right] = [node.left, node.right].map((side): Visit => ({ node: side, scope }));
  if (!left || !right) return undefined;
  if (isNow(left) && isTime(right) && isComparison) return { name: "compares now with a time", time: right };
  if (isTime(left) && isNow(right)) return { name: isComparison ? "compares now with a time" : "counts down to a time", time: left };
  return undefined;
}

function isNow(visit: Visit, steps: number = stepsMax): boolean {
  const held = steps === 0 ? undefined : resolved(visit);
  if (!held) return false;
  const { node, scope } = held;
  if (node.type === "UnaryExpression") return node.operator === "+" && isNow({ node: node.argument, scope }, steps - 1);
  if (node.type === "NewExpression") return node.arguments.length === 0 && calleePath({ node: node.callee, scope }) === "Date";
  if (node.type !== "CallExpression") return false;
  if (calleePath({ node: node.callee, scope }) === "Date.now") return true;
  return isReading(held) && node.callee.type === "MemberExpression" && isNow({ node: node.callee.object, scope }, steps - 1);
}

function isTime(visit: Visit, steps: number = stepsMax): boolean {
  const held = steps === 0 ? undefined : resolved(visit);
  if (!held) return false;
  const { node, scope } = held;
  if (node.type === "UnaryExpression") return node.operator === "+" && isTime({ node: node.argument, scope }, steps - 1);
  if (node.type === "NewExpression") return node.arguments.length > 0 && calleePath({ node: node.callee, scope }) === "Date";
  if (node.type === "Literal") return typeof node.value === "string" && /^\d{4}-\d\d-\d\d/u.test(node.value);
  if (node.type !== "CallExpression") return false;
  if (/^Date\.(?:parse|UTC)$/u.test(calleePath({ node: node.callee, scope }))) return true;
  return isReading(held) && node.callee.type === "MemberExpression" && isTime({ node: node.callee.object, scope }, steps - 1);
}

const isReading = ({ node, scope }: Visit): boolean =>
  node.type === "CallExpression" && /\.(?:getTime|valueOf)$/u.test(`.${calleePath({ node: node.callee, scope })}`);
