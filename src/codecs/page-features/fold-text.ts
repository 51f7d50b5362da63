/** What expressions say before anything runs. */

import type { AnyNode, CallExpression } from "acorn";
import { unknownPart } from "./address-pattern.ts";
import type { Scope, Visit } from "./script-scopes.ts";

/** Arguments that a function is called with, by its node: what its parameters stand for. */
export type Calls = ReadonlyMap<AnyNode, readonly (readonly Visit[])[]>;

/** Names lead to names; and constants could be made to lead in circles. */
const stepsMax = 24;
/** A helper may be called from many places; so many of them count. */
const textsMax = 32;
/** Expressions that are looked at for one page. */
const looksMax = 50_000;

/** How far names of names are followed. */
const namesMax = 6;

type Texts = readonly string[];
const unknown: Texts = [unknownPart];

export class TextFolder {
  readonly #calls: Calls;
  #left: number = looksMax;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Texts that an expression may have, `{}` for what cannot be told. Several where a parameter stands for several. */
  texts(visit: Visit, steps: number = stepsMax): Texts {
    this.#left -= 1;
    if (steps === 0 || this.#left < 0) return unknown;
    return this.#written(visit, steps - 1) ?? this.#looked(visit, steps - 1);
  }

  /** Of expressions that say themselves. */
  #written({ node, scope }: Visit, steps: number): Texts | undefined {
    const fold = (inner: AnyNode): Texts => this.texts({ node: inner, scope }, steps);
    if (node.type === "Literal") return typeof node.value === "string" || typeof node.value === "number" ? [String(node.value)] : unknown;
    if (node.type === "TemplateLiteral") {
      const { quasis, expressions } = node;
      return joined(quasis.flatMap(({ value }, at) => [[value.cooked ?? value.raw], ...expressions.slice(at, at + 1).map(fold)]));
    }
    if (node.type === "BinaryExpression") return node.operator === "+" ? joined([node.left, node.right].map(fold)) : unknown;
    if (node.type === "ConditionalExpression") return [...fold(node.consequent), ...fold(node.alternate)].slice(0, textsMax);
    if (node.type === "LogicalExpression") {
      const either = [...fold(node.left), ...fold(node.right)].filter((text) => text !== unknownPart).slice(0, textsMax);
      return either.length > 0 ? either : unknown;
    }
    return undefined;
  }

  /** Of expressions that stand for others. */
  #looked(visit: Visit, steps: number): Texts {
    const { node, scope } = visit;
    if (node.type === "Identifier") return this.#named(node.name, scope, steps);
    if (node.type === "MemberExpression") {
      const held = heldBy(visit);
      return held ? this.texts(held, steps) : unknown;
    }
    if (node.type === "CallExpression") return this.#called(node, scope, steps);
    const [first] = node.type === "NewExpression" ? node.arguments : [];
    return first ? this.texts({ node: first, scope }, steps) : unknown;
  }

  #named(name: string, scope: Scope, steps: number): Texts {
    const binding = scope.find(name);
    if (binding?.kind === "value") return this.texts(binding, steps);
    if (binding?.kind !== "parameter") return unknown;
    const given = (this.#calls.get(binding.of) ?? []).flatMap((call) => call[binding.index] ?? []).slice(0, textsMax);
    return given.length === 0 ? unknown : [...new Set(given.flatMap((visit) => this.texts(visit, steps)))].slice(0, textsMax);
  }

  /** `"/api".concat(id)`, `String(id)`, `encodeURIComponent(id)`, `path.trim()`. */
  #called({ callee, arguments: given }: CallExpression, scope: Scope, steps: number): Texts {
    const fold = (inner: AnyNode): Texts => this.texts({ node: inner, scope }, steps);
    const [first] = given;
    if (callee.type === "Identifier") return first && /^(?:String|encodeURI(?:Component)?)$/u.test(callee.name) ? fold(first) : unknown;
    if (callee.type !== "MemberExpression") return unknown;
    const name = memberName(callee) ?? "";
    if (name === "concat") return joined([callee.object, ...given].map(fold));
    return /^(?:trim|toString|toLowerCase)$/u.test(name) ? fold(callee.object) : unknown;
  }
}

/** Every combination of the parts. */
function joined(parts: readonly Texts[]): Texts {
  let texts: Texts = [""];
  for (const part of parts) texts = texts.flatMap((text) => part.map((next) => text + next)).slice(0, textsMax);
  return texts;
}

/** The expression that a name or property stands for. */
export function heldBy({ node, scope }: Visit, steps: number = namesMax): Visit | undefined {
  if (steps === 0) return undefined;
  if (node.type === "Identifier") {
    const binding = scope.find(node.name);
    return binding?.kind === "value" ? { node: binding.node, scope: binding.scope } : undefined;
  }
  if (node.type !== "MemberExpression") return undefined;
  const key = memberName(node);
  const object = node.object.type === "ObjectExpression" ? { node: node.object, scope } : resolved({ node: node.object, scope }, steps - 1);
  if (object?.node.type !== "ObjectExpression" || key === undefined) return undefined;
  const property = object.node.properties.find((each) => each.type === "Property" && keyName(each) === key);
  return property?.type === "Property" ? { node: property.value, scope: object.scope } : undefined;
}

/** Follows names and properties until there is something else. */
export function resolved(visit: Visit, steps: number = namesMax): Visit | undefined {
  let at: Visit | undefined = visit;
  for (let step = 0; step < steps; step += 1) {
    const held: Visit | undefined = at ? heldBy(at, steps - step - 1) : undefined;
    if (!held) return at;
    at = held;
  }
  return at;
}

/** The name of a property that is read: `a.b`, `a["b"]`. */
export function memberName(node: AnyNode): string | undefined {
  if (node.type !== "MemberExpression") return undefined;
  if (!node.computed) return node.property.type === "Identifier" ? node.property.name : undefined;
  return node.property.type === "Literal" && typeof node.property.value === "string" ? node.property.value : undefined;
}

/** The name of a property that is written out. */
export function keyName(node: AnyNode): string | undefined {
  if (node.type !== "Property" || node.computed) return undefined;
  if (node.key.type === "Identifier") return node.key.name;
  return node.key.type === "Literal" ? String(node.key.value) : undefined;
}
