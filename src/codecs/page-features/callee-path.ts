import { heldBy, memberName, resolved } from "./fold-text.ts";
import type { Visit } from "./script-scopes.ts";

/** Names of a page's own may stand for names of the platform: so many steps are followed. */
const stepsMax = 6;

/**
 * What is called, in the platform's own names: `fetch`, `navigator.sendBeacon`, `*.append` where the object is the page's own.
 * `const f = window.fetch` makes `f` a `fetch`. Empty where it has no name.
 */
export function calleePath(visit: Visit, steps: number = stepsMax): string {
  const { node, scope } = visit;
  if (steps === 0) return "";
  if (node.type === "ChainExpression") return calleePath({ node: node.expression, scope }, steps);
  if (node.type === "Identifier") {
    const binding = scope.find(node.name);
    if (!binding) return node.name;
    const held = heldBy(visit);
    return held ? calleePath(held, steps - 1) : "";
  }
  const name = memberName(node);
  if (node.type !== "MemberExpression" || name === undefined) return "";
  const object = calleePath({ node: node.object, scope }, steps - 1);
  if (/^(?:window|self|globalThis|top|parent)$/u.test(object)) return name;
  return `${object === "" ? "*" : object}.${name}`;
}

/** Whether an expression is, or stands for, a new object of a class of the platform. */
export function isNew(visit: Visit, className: string): boolean {
  const held = resolved(visit);
  return held?.node.type === "NewExpression" && calleePath({ node: held.node.callee, scope: held.scope }) === className;
}
