import { BelayError } from "../../core/belay-error.ts";
import type { Target } from "../../core/site.ts";
import type { Context, Workbench } from "../workbench.ts";

export type Purged =
  | { readonly kind: "purged"; readonly id?: string }
  /** The store holds what it should; visitors may get the old copy until the CDN has been told. */
  | { readonly kind: "unsettled"; readonly cause: string };

export interface PurgeRequest {
  readonly target: Target;
  readonly paths: readonly string[];
  /** The same reference never purges twice, so that asking again is safe. */
  readonly reference: string;
}

/** Nothing is taken back for a CDN that is slow, or that cannot be asked: `belay resume` asks it again. */
export async function purge(bench: Workbench, { target, paths, reference }: PurgeRequest, context: Context): Promise<Purged> {
  if (paths.length === 0) return { kind: "purged" };
  try {
    const edge = await bench.edgeOf(target);
    const purged = await edge?.purge(paths, reference, context);
    return { kind: "purged", ...purged };
  } catch (error) {
    if (error instanceof BelayError) return { kind: "unsettled", cause: error.message };
    if (context.signal.aborted) return { kind: "unsettled", cause: "the wait for the CDN was interrupted" };
    throw error;
  }
}
