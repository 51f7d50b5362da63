/** `belay tokens`: the registry of features that must stay, or must not come back (D7). */

import { suggestTokens, type SuggestedToken } from "../codecs/feature-tokens/suggest-tokens.ts";
import { BelayError } from "../core/belay-error.ts";
import { bytesOf } from "../core/body.ts";
import { tokensOf } from "../core/ledger/fold.ts";
import { isPage } from "../core/paths/key.ts";
import type { TokenResult } from "../core/plan/plan.ts";
import type { Target } from "../core/site.ts";
import { appendAlways } from "./append-always.ts";
import { compare } from "./compare/compare.ts";
import { observe, type Selection } from "./compare/observe.ts";
import { findBytes, isRemembered } from "./compare/seen-bytes.ts";
import { tokenResults } from "./compare/token-results.ts";
import type { Context, Workbench } from "./workbench.ts";

/** Every token of belay.yaml, here and live. */
export async function checkTokens(bench: Workbench, target: Target, context: Context): Promise<TokenResult[]> {
  const files = [...new Set(bench.site.tokens.map((token) => token.file))];
  const observation = await observe(bench, target, files, context);
  return tokenResults(bench, { ...observation, localCount: observation.sightings.length }, context);
}

/** Candidates from what live has and local lacks, best first, for each page that differs. */
export async function suggest(
  bench: Workbench,
  request: { readonly target: Target; readonly selection: Selection },
  context: Context,
): Promise<SuggestedToken[]> {
  const observation = await observe(bench, request.target, request.selection, context);
  const { paths, history } = await compare(bench, observation, context);
  const known = new Set(bench.site.tokens.map((token) => token.name));
  const suggested: SuggestedToken[] = [];
  for (const { path, local, live, lineage } of paths) {
    if (lineage.kind === "same" || !local || !live || !isPage(path) || !isRemembered(path, Math.max(local.sizeBytes, live.sizeBytes)))
      continue;
    const here = await findBytes(bench, local.digest, [{ store: bench.folder, path }], context);
    const there = await findBytes(bench, live.digest, [{ store: observation.store, path }], context);
    if (!here || !there) continue;
    const earlier = [];
    for (const version of (await history())
      .inLedger(path)
      .filter(({ digest }) => digest !== live.digest)
      .slice(0, 8)) {
      const body = await findBytes(bench, version.digest, [], context);
      if (body) earlier.push({ name: version.release?.id ?? "before belay", bytes: await bytesOf(body) });
    }
    suggested.push(...suggestTokens({ path, local: await bytesOf(here), live: await bytesOf(there), earlier: earlier.toReversed() }));
  }
  return suggested.filter((token) => !known.has(token.name));
}

/** A person gives a feature up; the ledger remembers who and why. */
export async function retireToken(
  bench: Workbench,
  { name, why }: { readonly name: string; readonly why: string },
  context: Context,
): Promise<void> {
  const isKnown =
    tokensOf(await bench.ledger.state(context), bench.site.name).includes(name) || bench.site.tokens.some((token) => token.name === name);
  if (!isKnown) throw new BelayError("usage", `There is no feature token ${name}.`, "belay tokens list");
  if (!context.isAttended || bench.actor.kind === "agent") {
    throw new BelayError(
      "person-needed",
      `Only a person at a terminal retires a feature token.`,
      `A person runs: belay tokens retire ${name} --why "…"`,
    );
  }
  if (why.trim() === "") throw new BelayError("usage", "Say why the feature is given up.", `belay tokens retire ${name} --why "…"`);
  await appendAlways(bench, { kind: "token-retired", actor: bench.actor, site: bench.site.name, token: name, why: why.trim() }, context);
}
