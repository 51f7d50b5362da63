import type { Proof, TokenResult } from "../plan/plan.ts";

const digitsShown = 16;
const tokensShownMax = 6;

/** The six lines of rule D6 as plain text, in their order and with their labels, for whoever has no terminal before them. */
export function plainProof({ local, live, diff, tokens, stagingInvalidation, productionInvalidation }: Proof): string[] {
  const facts: readonly (readonly [string, string])[] = [
    ["local", local.slice(0, digitsShown)],
    ["live", live.slice(0, digitsShown)],
    [
      "diff",
      diff.files === 0 ? "nothing" : `+${diff.added} −${diff.removed} lines in ${diff.files} ${diff.files === 1 ? "file" : "files"}`,
    ],
    ["tokens", tokensFact(tokens)],
    ["staging invalidation", stagingInvalidation],
    ["production invalidation", productionInvalidation],
  ];
  const width = Math.max(...facts.map(([label]) => label.length));
  return facts.map(([label, fact]) => `${label.padEnd(width)}  ${fact}`);
}

function tokensFact(tokens: readonly TokenResult[]): string {
  if (tokens.length === 0) return "none touched";
  const bad = tokens.filter(({ local, live }) => local !== "ok" || live !== "ok");
  const told = bad.slice(0, tokensShownMax).map(({ name, local, live }) => `${name}: here ${local}, live ${live}`);
  const more = bad.length > told.length ? [`${bad.length - told.length} more`] : [];
  const kept = tokens.length - bad.length;
  return [...told, ...more, ...(kept === 0 ? [] : [`${kept} kept here and live`])].join("; ");
}
