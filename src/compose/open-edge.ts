import { parseStore } from "../config/store-address.ts";
import { BelayError } from "../core/belay-error.ts";
import { urlPathPrefix, type Target } from "../core/site.ts";
import type { Edge } from "../ports/edge.ts";
import type { Surroundings } from "./surroundings.ts";

const scheme = "cloudfront:";

/** Opens each target's CDN once, and makes sure first that it serves the target's bucket. */
export function edgesOf(about: Surroundings): (target: Target) => Promise<Edge | undefined> {
  const opened = new Map<string, Promise<Edge>>();
  return async (target) => {
    if (target.cdn === undefined) return undefined;
    const opening = opened.get(target.name) ?? openEdge(target, target.cdn, about);
    opened.set(target.name, opening);
    // A question that was not answered is asked again.
    opening.catch(() => opened.delete(target.name));
    return await opening;
  };
}

async function openEdge(target: Target, cdn: string, { env, concurrency, runtime }: Surroundings): Promise<Edge> {
  if (!cdn.startsWith(scheme)) {
    throw new BelayError(
      "not-supported",
      `${cdn}: belay purges CloudFront only.`,
      "Write cdn: cloudfront:DISTRIBUTION-ID, or leave it out.",
    );
  }
  const [{ openCloudFrontEdge }, { verifyOrigin }, { connectCloudFront }] = await Promise.all([
    import("../adapters/cloudfront/cloudfront-edge.ts"),
    import("../adapters/cloudfront/verify-origin.ts"),
    import("../adapters/shared/aws/connect.ts"),
  ]);
  const address = parseStore(target.store, "/");
  const setup = {
    distribution: cdn.slice(scheme.length),
    store: typeof address !== "string" && address.kind === "s3" ? address : undefined,
    urlPath: urlPathPrefix(target),
    wire: async () => await connectCloudFront({ env, concurrency, now: () => runtime.now() }),
    runtime,
  };
  await verifyOrigin(setup, { signal: new AbortController().signal });
  return openCloudFrontEdge(setup);
}
