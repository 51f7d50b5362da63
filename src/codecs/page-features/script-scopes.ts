/** The nodes of a script with what their names stand for: enough to fold constants, whatever a minifier calls them. */

import type { AnyNode, Pattern, VariableDeclaration } from "acorn";

/** What a name was bound to: a value, a parameter, or nothing that can be told. */
export type Binding =
  | { readonly kind: "value"; readonly node: AnyNode; readonly scope: Scope }
  | { readonly kind: "parameter"; readonly of: AnyNode; readonly index: number }
  | { readonly kind: "unknown" };

export class Scope {
  readonly #names: Map<string, Binding> = new Map();
  readonly around: Scope | undefined;
  readonly isFunction: boolean;

  constructor(around: Scope | undefined, isFunction: boolean) {
    this.around = around;
    this.isFunction = isFunction;
  }

  /** What is bound twice could be either. */
  bind(name: string, binding: Binding): void {
    this.#names.set(name, this.#names.has(name) ? { kind: "unknown" } : binding);
  }

  find(name: string): Binding | undefined {
    return this.#names.get(name) ?? this.around?.find(name);
  }

  /** Where the name was bound, for an assignment to it; else the outermost scope. */
  home(name: string): Scope {
    return this.#names.has(name) ? this : (this.around?.home(name) ?? this);
  }

  get nearestFunction(): Scope {
    return this.isFunction ? this : (this.around?.nearestFunction ?? this);
  }
}

export interface Visit {
  readonly node: AnyNode;
  readonly scope: Scope;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value;

/** `undefined` for what is no function. */
export function parametersOf(node: AnyNode): readonly Pattern[] | undefined {
  const isOne = node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
  return isOne ? node.params : undefined;
}

/** Every node that may run, outer ones first, in the order of the source. `isUnused`: nothing else on the page has this name. */
export function visitsOf(program: AnyNode, outermost: Scope, isUnused: (name: string) => boolean): readonly Visit[] {
  const visits: Visit[] = [];
  const stack: Visit[] = [{ node: program, scope: outermost }];
  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    const { node } = visit;
    if (node.type === "FunctionDeclaration" && node.id !== null && isUnused(node.id.name)) continue;
    const scope = enter(node, visit.scope);
    visits.push({ node, scope });
    const dead = deadIn(node, isUnused);
    const isDead = new Set(dead);
    for (const child of childrenOf(node).toReversed()) if (!isDead.has(child)) stack.push({ node: child, scope });
  }
  return visits;
}

/** Children that never run: a branch that is never taken, what follows a return, a function that nothing names. */
function deadIn(node: AnyNode, isUnused: (name: string) => boolean): readonly AnyNode[] {
  if (node.type === "IfStatement" || node.type === "ConditionalExpression") {
    const holds = constantTruth(node.test);
    if (holds === true) return node.alternate ? [node.alternate] : [];
    return holds === false ? [node.consequent] : [];
  }
  if (node.type === "VariableDeclarator") {
    const { id, init } = node;
    return init && parametersOf(init) && id.type === "Identifier" && isUnused(id.name) ? [init] : [];
  }
  return node.type === "BlockStatement" || node.type === "Program" ? afterTheEnd(node.body) : [];
}

const ends = new Set(["ReturnStatement", "ThrowStatement", "BreakStatement", "ContinueStatement"]);

/** Functions that are declared there are known before anything runs. */
function afterTheEnd(body: readonly AnyNode[]): readonly AnyNode[] {
  const end = body.findIndex(({ type }) => ends.has(type));
  return end < 0 ? [] : body.slice(end + 1).filter(({ type }) => type !== "FunctionDeclaration");
}

/** `false`, `0`, `!1`, `!0`: what people and minifiers write for a branch that is switched off or on. */
function constantTruth(test: AnyNode): boolean | undefined {
  if (test.type === "Literal") return typeof test.value === "object" ? undefined : Boolean(test.value);
  if (test.type !== "UnaryExpression" || test.operator !== "!") return undefined;
  const inner = constantTruth(test.argument);
  return inner === undefined ? undefined : !inner;
}

const blocks = new Set(["BlockStatement", "ForStatement", "ForOfStatement", "ForInStatement", "CatchClause", "SwitchStatement"]);

/** Binds what the node binds, and answers the scope of what is in it. */
function enter(node: AnyNode, scope: Scope): Scope {
  if (node.type === "FunctionDeclaration" && node.id !== null) scope.bind(node.id.name, { kind: "value", node, scope });
  const parameters = parametersOf(node);
  if (parameters) return enterFunction(node, parameters, scope);
  if (blocks.has(node.type)) return new Scope(scope, false);
  if (node.type === "VariableDeclaration") declare(node, scope);
  if (node.type === "AssignmentExpression" && node.left.type === "Identifier") {
    const { name } = node.left;
    scope.home(name).bind(name, node.operator === "=" ? { kind: "value", node: node.right, scope } : { kind: "unknown" });
  }
  return scope;
}

function declare({ kind, declarations }: VariableDeclaration, scope: Scope): void {
  const home = kind === "var" ? scope.nearestFunction : scope;
  for (const { id, init } of declarations) {
    if (id.type !== "Identifier") bindUnknown(id, home);
    else if (init) home.bind(id.name, { kind: "value", node: init, scope });
  }
}

function enterFunction(node: AnyNode, parameters: readonly Pattern[], around: Scope): Scope {
  const scope = new Scope(around, true);
  for (const [index, parameter] of parameters.entries()) {
    if (parameter.type === "Identifier") scope.bind(parameter.name, { kind: "parameter", of: node, index });
    else bindUnknown(parameter, scope);
  }
  return scope;
}

/** Names that a destructuring binds, and a few that it does not: either way they are unknown. */
function bindUnknown(pattern: Pattern, scope: Scope): void {
  const stack: AnyNode[] = [pattern];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === "Identifier") scope.bind(node.name, { kind: "unknown" });
    stack.push(...childrenOf(node));
  }
}

export function childrenOf(node: AnyNode): readonly AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node)) {
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) children.push(...value.filter(isNode));
  }
  return children;
}
