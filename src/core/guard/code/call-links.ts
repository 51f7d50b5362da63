/** What callers hand over, as bindings of parameters. */

import { addTo } from "./parser.ts";
import { unknownExpr } from "./syntax.ts";
import type { Argument, CallExpr, Expr, FunctionExpr, Program } from "./syntax.ts";

/** Who calls which function of a program. */
export class CallLinks {
  readonly program: Program;
  #linked = 0;
  readonly #callers = new Set<FunctionExpr>();
  /** Calls that change a list or a dict in place, by the name it has. */
  readonly #changes = new Map<string, CallExpr[]>();

  constructor(program: Program) {
    this.program = program;
  }

  /** Calls of `append`, `update` and the like on what has that name. */
  changesOf(name: string): readonly CallExpr[] {
    return this.#changes.get(name) ?? [];
  }

  /** Binds parameters to what callers hand over; to be called again when the program has grown. */
  link(): void {
    const calls = this.program.calls.slice(this.#linked);
    this.#linked = this.program.calls.length;
    for (const call of calls) {
      if (call.kind === "call") this.#linkCall(call);
    }
    for (const made of new Set([...this.program.functions.values()].flat())) {
      const isOnlyCalled = (this.program.mentions.get(made.name) ?? 0) <= 0;
      if (this.#callers.has(made) && isOnlyCalled) continue;
      for (const parameter of made.parameters) {
        for (const value of [parameter.fallback ?? unknownExpr, unknownExpr]) bindParameter(made, parameter, value);
      }
    }
  }

  #linkCall(call: CallExpr): void {
    const { callee } = call;
    if (callee.kind === "member" && callee.object.kind === "name" && changing.has(callee.name))
      addTo(this.#changes, callee.object.name, call);
    const isNamed = callee.kind === "name" || callee.kind === "member";
    const named = isNamed ? (this.program.functions.get(callee.name) ?? []) : [];
    for (const made of callee.kind === "function" ? [callee] : named) {
      this.#callers.add(made);
      handOver(made, call.args);
    }
    for (const { value } of call.args) if (value.kind === "function" && value.name === "") linkCallback(value, callee);
  }
}

const changing = new Set([
  "append",
  "push",
  "extend",
  "insert",
  "unshift",
  "update",
  "add",
  "splice",
  "sort",
  "remove",
  "setdefault",
  "merge!",
  "put",
]);

/** The first parameter of `list.forEach(x => …)` is an element; of other callbacks nothing is known. */
function linkCallback(made: FunctionExpr, callee: Expr): void {
  const over =
    callee.kind === "member" && /^(?:forEach|map|flatMap|filter|some|every|each|find)$/.test(callee.name) ? callee.object : undefined;
  for (const [index, parameter] of made.parameters.entries()) {
    bindParameter(made, parameter, over !== undefined && index === 0 ? { kind: "index", object: over, index: unknownExpr } : unknownExpr);
  }
}

/** Arguments meet parameters. */
function handOver(made: FunctionExpr, args: readonly Argument[]): void {
  const hasSpread = args.some((argument) => argument.spread === true);
  const positional = args.filter((argument) => argument.name === undefined);
  for (const [index, parameter] of made.parameters.entries()) {
    const named = args.find((argument) => argument.name !== undefined && argument.name === parameter.name);
    const given = named ?? positional[index];
    if (hasSpread) bindParameter(made, parameter, unknownExpr);
    else bindParameter(made, parameter, given?.value ?? parameter.fallback ?? unknownExpr);
  }
}

/** One more thing that a parameter may be. */
function bindParameter(made: FunctionExpr, parameter: FunctionExpr["parameters"][number], value: Expr): void {
  const binding = { value, at: -1, block: made.block } as const;
  for (const [key, name] of parameter.fields ?? []) addTo(made.scope.bindings, name, { ...binding, part: { key } });
  // Several callers: none hides the other.
  if (parameter.name === "") return;
  const known = made.scope.bindings.get(parameter.name);
  const earlier = known?.find((each) => each.at === -1 && each.part === "whole");
  if (earlier === undefined) made.scope.bindings.set(parameter.name, [{ ...binding, part: "whole" }, ...(known ?? [])]);
  else {
    const merged: Expr = {
      kind: "either",
      options: earlier.value.kind === "either" ? [...earlier.value.options, value] : [earlier.value, value],
    };
    made.scope.bindings.set(parameter.name, [{ ...earlier, value: merged }, ...(known ?? []).filter((each) => each !== earlier)]);
  }
}
