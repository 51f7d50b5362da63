/** Which assignments a name may owe its value to. */

import type { Binding, Block, NameExpr, Scope } from "./syntax.ts";

function isWithin(inner: Block, outer: Block): boolean {
  for (let block: Block | undefined = inner; block !== undefined; block = block.parent) {
    if (block === outer) return true;
  }
  return false;
}

/** Whether both may run again, in turn: a loop holds them. */
function shareLoop(one: Block, other: Block): boolean {
  for (let block: Block | undefined = one; block !== undefined; block = block.parent) {
    if (block.isLoop && isWithin(other, block)) return true;
  }
  return false;
}

const isEntry = (binding: Binding): boolean => typeof binding.part === "object" && "entry" in binding.part;

/**
 * Assignments to `use.name` in `scope` that may be in force where it is used, in their order. Within one function an assignment that
 * surely runs hides the earlier ones; for a function inside another, all count.
 */
export function reaching(bindings: readonly Binding[], use: NameExpr, scope: Scope): readonly Binding[] {
  if (use.block.scope !== scope) return bindings;
  const found: Binding[] = [];
  let isHidden = false;
  for (const binding of bindings.toReversed()) {
    if (binding.at >= use.at) {
      if (shareLoop(binding.block, use.block)) found.push(binding);
      continue;
    }
    if (isHidden) continue;
    found.push(binding);
    isHidden = !isEntry(binding) && isWithin(use.block, binding.block);
  }
  return found.length === 0 ? bindings : found.toReversed();
}
