/** Finding the invalidation that a reference has made before. */

import type { CallOptions } from "../../ports/store.ts";
import type { AwsProblem } from "../shared/aws/read-aws-error.ts";
import { encodeComponent } from "../shared/aws/encode-path.ts";
import type { Wire } from "../shared/aws/wire.ts";
import { childOf, childrenOf, childText } from "../shared/aws/xml.ts";
import { callCloudFront } from "./cloudfront-call.ts";
import type { CloudFrontSetup } from "./cloudfront-setup.ts";

/** A reference is asked for again within the life of one plan; it stands among the newest of its distribution. */
const looksMax = 25;

/**
 * Whether CloudFront refuses a reference because it has seen it. Documented is that the same reference with the same paths
 * answers with the earlier invalidation; users of other tools report this refusal in its place (aws-cdk#3878).
 */
export const isKnownReference = ({ code, message }: AwsProblem): boolean =>
  code === "InvalidationBatchAlreadyExists" || (code === "InvalidArgument" && /caller ?reference/iu.test(message));

/** The id of the invalidation with that reference, or `undefined` where it is not among the newest. */
export async function earlierInvalidation(
  wire: Wire,
  setup: CloudFrontSetup,
  reference: string,
  options: CallOptions,
): Promise<string | undefined> {
  const listed = await callCloudFront(wire, setup, { method: "GET", below: "/invalidation" }, options);
  const items = listed.kind === "done" ? childOf(listed.root, "Items") : undefined;
  const ids = (items ? childrenOf(items, "InvalidationSummary") : []).flatMap((summary) => childText(summary, "Id") ?? []);
  for (const id of ids.slice(0, looksMax)) {
    const found = await callCloudFront(wire, setup, { method: "GET", below: `/invalidation/${encodeComponent(id)}` }, options);
    const batch = found.kind === "done" ? childOf(found.root, "InvalidationBatch") : undefined;
    if (batch && childText(batch, "CallerReference") === reference) return id;
  }
  return undefined;
}
