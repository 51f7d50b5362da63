/** What callers hand over, as bindings of parameters. */

import { addTo } from "./parser.ts";
import { unknownExpr } from "./syntax.ts";
import type { Argument, Expr, FunctionExpr } from "./syntax.ts";

/** Arguments meet parameters. */
export function handOver(made: FunctionExpr, args: readonly Argument[]): void {
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
export function bindParameter(made: FunctionExpr, parameter: FunctionExpr["parameters"][number], value: Expr): void {
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
