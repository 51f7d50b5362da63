/** Feature tokens (D7) in the bytes that visitors get, or that a store holds. */

import { checkToken } from "../../codecs/feature-tokens/check-token.ts";
import { bytesOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import type { Sight } from "../../ports/probe.ts";
import type { Store } from "../../ports/store.ts";
import type { FoundToken, Wanted } from "./look-request.ts";
import type { Standing } from "./look-in-store.ts";
import { findBytes } from "../compare/seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Larger bodies are judged by their digest, and their tokens by the store's bytes. */
export const bodyBytesMax: number = 5 * 1024 * 1024;

interface Place {
  readonly file: Wanted;
  readonly store: Store;
}

/** Of what a visitor got; empty where that could not be told, or where the file has no token. */
export async function tokensServed(
  bench: Workbench,
  { file, store, sight }: Place & { readonly sight: Sight },
  context: Context,
): Promise<readonly FoundToken[]> {
  if (sight.kind === "unreachable") return [];
  if (sight.status !== 200) return file.content === undefined ? tokensIn(bench, file.path, undefined) : [];
  // The body was too large to be kept, but its digest says which bytes it is.
  const bytes =
    sight.body ?? (sight.digest === file.content?.digest ? await bytesAt(bench, { file, store }, sight.digest, context) : undefined);
  return bytes === undefined ? [] : tokensIn(bench, file.path, bytes);
}

/** Of what the store holds, where nobody can be asked as a visitor. */
export async function tokensInStore(
  bench: Workbench,
  { file, store, standing }: Place & { readonly standing: Standing | undefined },
  context: Context,
): Promise<readonly FoundToken[]> {
  if (standing === undefined || standing.kind === "unknown" || !hasTokens(bench, file.path)) return [];
  if (standing.kind === "nothing") return tokensIn(bench, file.path, undefined);
  const bytes = await bytesAt(bench, { file, store }, standing.digest, context);
  return bytes === undefined ? [] : tokensIn(bench, file.path, bytes);
}

const hasTokens = ({ site }: Workbench, path: string): boolean => site.tokens.some(({ file }) => file === path);

async function bytesAt(bench: Workbench, { file, store }: Place, digest: Digest, context: Context): Promise<Uint8Array | undefined> {
  if (!hasTokens(bench, file.path)) return undefined;
  const body = await findBytes(bench, digest, [{ store, path: file.path }], context);
  return body && (await bytesOf(body));
}

const tokensIn = ({ site }: Workbench, path: string, bytes: Uint8Array | undefined): FoundToken[] =>
  site.tokens.filter(({ file }) => file === path).map(({ name, rule, text }) => ({ name, path, state: checkToken(rule, text, bytes) }));
