/** Feature tokens that instructions for agents speak of, taken over where live bears them out (D7). */

import { checkToken } from "../codecs/feature-tokens/check-token.ts";
import { importTokens } from "../codecs/feature-tokens/import-tokens.ts";
import { bytesOf } from "../core/body.ts";
import { keyProblem } from "../core/paths/key.ts";
import type { TokenState } from "../core/plan/plan.ts";
import type { FeatureToken, Target } from "../core/site.ts";
import { observe, type Sighting } from "./compare/observe.ts";
import { findBytes } from "./compare/seen-bytes.ts";
import type { Context, Workbench } from "./workbench.ts";

export interface TokenDocument {
  /** How a message calls it: `CLAUDE.md`. */
  readonly name: string;
  readonly text: string;
}

/** One token that was found, with how both sides stand with it. */
export interface FoundToken {
  readonly token: FeatureToken;
  /** Where it was found: `CLAUDE.md:12`. */
  readonly source: string;
  readonly local: TokenState;
  readonly live: TokenState;
  /** Live satisfies it, so it may bind; the others are for a person to complete. */
  readonly isActive: boolean;
  /** Parts that the document left open and that were filled in. */
  readonly assumed: readonly ("file" | "text" | "rule")[];
}

/** A token about no named file is most often about the site's first page. */
const fileAssumed = "index.html";

/** Reads documents for tokens and looks at each, here and live. Names that are registered already are left out. */
export async function findTokens(
  bench: Workbench,
  { target, documents }: { readonly target: Target; readonly documents: readonly TokenDocument[] },
  context: Context,
): Promise<FoundToken[]> {
  const known = new Set(bench.site.tokens.map((token) => token.name));
  const heard = documents.flatMap(({ name, text }) =>
    importTokens(text).map((imported) => ({ ...imported, source: `${name}:${imported.line}` })),
  );
  const first = new Map(heard.toReversed().map((imported) => [imported.name, imported]));
  const wanted = heard.filter((imported) => first.get(imported.name) === imported && !known.has(imported.name)).map(completed);
  const files = [...new Set(wanted.map(({ token }) => token.file))].filter((file) => keyProblem(file) === undefined);
  const { store, sightings } = await observe(bench, target, files, context);
  const found: FoundToken[] = [];
  for (const { token, source, assumed } of wanted) {
    const sighting = sightings.find(({ path }) => path === token.file);
    const [here, there] = await bothSides(bench, { store, sighting }, context);
    const [local, live] = [checkToken(token.rule, token.text, here), checkToken(token.rule, token.text, there)];
    // An absent page satisfies every `absent` token and proves none of them.
    found.push({ token, source, local, live, isActive: live === "ok" && there !== undefined, assumed });
  }
  return found;
}

interface Completed {
  readonly token: FeatureToken;
  readonly source: string;
  readonly assumed: FoundToken["assumed"];
}

/** A registry may hold bare names: then the name itself is what was searched for. */
function completed({
  name,
  file,
  rule,
  text,
  source,
}: {
  readonly name: string;
  readonly file?: string;
  readonly rule?: FeatureToken["rule"];
  readonly text?: string;
  readonly source: string;
}): Completed {
  const assumed = [
    ...(file === undefined ? ["file" as const] : []),
    ...(rule === undefined ? ["rule" as const] : []),
    ...(text === undefined ? ["text" as const] : []),
  ];
  return { token: { name, file: file ?? fileAssumed, rule: rule ?? "contains", text: text ?? name }, source, assumed };
}

type Sides = readonly [Uint8Array | undefined, Uint8Array | undefined];

async function bothSides(
  bench: Workbench,
  { store, sighting }: { readonly store: Awaited<ReturnType<Workbench["storeOf"]>>; readonly sighting: Sighting | undefined },
  context: Context,
): Promise<Sides> {
  if (!sighting) return [undefined, undefined];
  const { path, local, live } = sighting;
  const here = local && (await findBytes(bench, local.digest, [{ store: bench.folder, path }], context));
  const there = live && (await findBytes(bench, live.digest, [{ store, path }], context));
  return [here && (await bytesOf(here)), there && (await bytesOf(there))];
}
