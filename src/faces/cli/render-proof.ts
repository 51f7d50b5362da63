/** The six lines of rule D6. Their labels are part of the contract. */

import type { Plan, TokenResult, TokenState } from "../../core/plan/plan.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import { counted, plain } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { aligned, wrap } from "./text-width.ts";

const labelWidth = "production invalidation".length;
const digitsShown = 16;

/** `proof`, then exactly six facts; a long one runs on below itself. */
export function proofLines({ proof, waves, refusals }: Pick<Plan, "proof" | "waves" | "refusals">, view: View): string[] {
  const writes = waves.flatMap((wave) => wave.steps).filter(({ change }) => change.kind !== "delete").length;
  const replaces = waves.flatMap((wave) => wave.steps).filter(({ change }) => change.kind !== "create").length;
  // A refused plan's proof also covers the stale files that it may not write, so no count is given there.
  const of = (count: number): string => (refusals.length > 0 || count < 2 ? "" : `  manifest of ${counted(count, "file")}`);
  const hash = (digest: string, count: number): string =>
    digest === "nothing" ? digest : `${view.isVerbose ? digest : digest.slice(0, digitsShown)}${of(count)}`;
  const facts: readonly (readonly [string, string])[] = [
    ["local", hash(proof.local, writes)],
    ["live", hash(proof.live, replaces)],
    ["diff", diffFact(proof.diff)],
    ["tokens", tokensFact(proof.tokens)],
    ["staging invalidation", plain(proof.stagingInvalidation)],
    ["production invalidation", plain(proof.productionInvalidation)],
  ];
  const indent = " ".repeat(labelWidth + 4);
  const lines = facts.flatMap(([label, fact]) =>
    wrap(fact, { width: view.columns, first: `  ${label.padEnd(labelWidth)}  `, rest: indent }),
  );
  return [view.paint.bold("proof"), ...lines];
}

/** `+3 −1 lines in 2 files`. */
export function diffFact({ added, removed, files, binary }: Plan["proof"]["diff"]): string {
  if (files === 0) return "nothing";
  const inBinary = binary === 0 ? "" : `, ${binary} of them not text`;
  return `+${added} −${removed} lines in ${counted(files, "file")}${inBinary}`;
}

function tokensFact(tokens: readonly TokenResult[]): string {
  if (tokens.length === 0) return "none touched";
  const good = tokens.filter(({ local, live }) => local === "ok" && live === "ok");
  const rest = tokens
    .filter((token) => !good.includes(token))
    .map(({ name, local, live }) => `${plain(name)}: here ${stateWord[local]}, live ${stateWord[live]}`);
  const kept = good.length === 0 ? [] : [`${good.length} kept here and live: ${good.map(({ name }) => plain(name)).join(", ")}`];
  return [...rest, ...kept].join("; ");
}

/** How a side stands with a token, in one or two words. */
export const stateWord: Readonly<Record<TokenState, string>> = {
  ok: "ok",
  missing: "missing",
  resurrected: "came back",
  "absent-file": "no such file",
};

const signs = { create: "+", replace: "~", delete: "−" } as const;
const stepsShownMax = 40;

/** The plan's steps, wave by wave, in the order in which they would land. */
export function stepLines(plan: Plan, { paint, isVerbose }: View): string[] {
  const steps = stepsOf(plan);
  if (steps.length === 0) return ["  nothing to write"];
  const shown = isVerbose ? steps : steps.slice(0, stepsShownMax);
  const rows = shown.map(({ change, because }) => [`  ${signs[change.kind]}`, plain(change.at.key), plain(because)]);
  const painted = aligned(rows).map((line, at) => {
    const kind = shown[at]?.change.kind;
    return kind === "delete" ? paint.red(line) : kind === "create" ? paint.green(line) : line;
  });
  const more = steps.length - shown.length;
  return more > 0 ? [...painted, `  … and ${more} more (--verbose shows all)`] : painted;
}

const idDigits = 12;

/** So many digits of a plan's id are enough to name it on a command line. */
export const shortId = (id: string): string => id.slice(0, idDigits);
