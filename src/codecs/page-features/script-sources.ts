/** A page's scripts as one program in several pieces: they share their outermost names. */

import { parse, type AnyNode } from "acorn";
import { parse as parseLoosely } from "acorn-loose";
import type { Calls } from "./fold-text.ts";
import { resolved } from "./fold-text.ts";
import { childrenOf, parametersOf, Scope, visitsOf, type Visit } from "./script-scopes.ts";

export interface ScriptSource {
  readonly source: string;
  /** `script`, or which attribute it stands in. */
  readonly label: string;
  /** Line of the page on which it begins, from 1. */
  readonly line: number;
}

export interface Program {
  readonly script: ScriptSource;
  readonly visits: readonly Visit[];
}

/** Longer ones are libraries that were pasted in. */
const sourceCharsMax = 1024 * 1024;

/** As a classic script, as a module, and at last as far as it makes sense. `undefined` where nothing does. */
function programOf(source: string): AnyNode | undefined {
  if (source.length > sourceCharsMax) return undefined;
  const options = { ecmaVersion: "latest", allowReturnOutsideFunction: true } as const;
  const ways = [
    () => parse(source, { ...options, sourceType: "script" }),
    () => parse(source, { ...options, sourceType: "module" }),
    () => parseLoosely(source, options),
  ];
  for (const way of ways) {
    try {
      return way();
    } catch {
      // The next way is more forgiving; scripts that are nested without end are given up.
    }
  }
  return undefined;
}

/** `mentioned`: other text of the page in which a function may be named, as attributes do. */
export function readPrograms(
  scripts: readonly ScriptSource[],
  mentioned: string,
): { readonly programs: readonly Program[]; readonly calls: Calls } {
  const roots = scripts.flatMap((script) => {
    const root = programOf(script.source);
    return root ? [{ script, root }] : [];
  });
  const counts = namesOf(roots.map(({ root }) => root));
  const isUnused = (name: string): boolean => (counts.get(name) ?? 0) < 2 && !mentioned.includes(name);
  const outermost = new Scope(undefined, true);
  const programs = roots.map(({ script, root }) => ({ script, visits: visitsOf(root, outermost, isUnused) }));
  return { programs, calls: callsIn(programs.flatMap(({ visits }) => visits)) };
}

function namesOf(roots: readonly AnyNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const stack = [...roots];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === "Identifier") counts.set(node.name, (counts.get(node.name) ?? 0) + 1);
    for (const child of childrenOf(node)) stack.push(child);
  }
  return counts;
}

function callsIn(visits: readonly Visit[]): Calls {
  const calls = new Map<AnyNode, (readonly Visit[])[]>();
  for (const { node, scope } of visits) {
    if (node.type !== "CallExpression") continue;
    const called = resolved({ node: node.callee, scope })?.node;
    if (!called || !parametersOf(called)) continue;
    const given = node.arguments.map((each): Visit => ({ node: each, scope }));
    calls.set(called, [...(calls.get(called) ?? []), given]);
  }
  return calls;
}
