/** Rule D7's facts: each feature token in what is here and in what is live, side by side. */

import { checkToken } from "../../codecs/feature-tokens/check-token.ts";
import { bytesOf } from "../../core/body.ts";
import type { TokenResult } from "../../core/plan/plan.ts";
import type { Observation, Sighting } from "./observe.ts";
import { findBytes } from "./seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

/** In the order of belay.yaml; where paths were selected, only the tokens of those files. Each file is read once a side. */
export async function tokenResults(bench: Workbench, observation: Observation, context: Context): Promise<TokenResult[]> {
  const sightings = new Map(observation.sightings.map((sighting) => [sighting.path, sighting]));
  const isWhole = observation.localCount !== undefined;
  const tokens = bench.site.tokens.filter((token) => isWhole || sightings.has(token.file));
  const files = [...new Set(tokens.map((token) => token.file))];
  const sides = new Map<string, { readonly local: Uint8Array | undefined; readonly live: Uint8Array | undefined }>();
  for (const file of files) sides.set(file, await bothSides(bench, observation, sightings.get(file), context));
  return tokens.map(({ name, file, rule, text }) => ({
    name,
    path: file,
    local: checkToken(rule, text, sides.get(file)?.local),
    live: checkToken(rule, text, sides.get(file)?.live),
  }));
}

async function bothSides(
  bench: Workbench,
  { store }: Observation,
  sighting: Sighting | undefined,
  context: Context,
): Promise<{ readonly local: Uint8Array | undefined; readonly live: Uint8Array | undefined }> {
  if (!sighting) return { local: undefined, live: undefined };
  const { path, local, live } = sighting;
  const here = local && (await findBytes(bench, local.digest, [{ store: bench.folder, path }], context));
  const there = live && (live.digest === local?.digest ? here : await findBytes(bench, live.digest, [{ store, path }], context));
  return { local: here && (await bytesOf(here)), live: there && (await bytesOf(there)) };
}
