/** Makes sure, before anything is written, that a target's distribution serves what is written to the target. */

import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";
import { awsError } from "../shared/aws/aws-error.ts";
import { WireFailure } from "../shared/aws/wire.ts";
import { childOf, childrenOf, childText, type XmlNode } from "../shared/aws/xml.ts";
import { callCloudFront } from "./cloudfront-call.ts";
import type { CloudFrontSetup } from "./cloudfront-setup.ts";
import { originMismatch, type Origin } from "../../core/edge/origin-mismatch.ts";

/**
 * Asks for the distribution once. Throws `edge-mismatch` where it is not there, is switched off, or does not serve the
 * target's bucket, prefix and URL; `store-denied` where looking is not allowed. A target that is no bucket is only
 * checked for a distribution that is there and on.
 */
export async function verifyOrigin(setup: CloudFrontSetup, options: CallOptions): Promise<void> {
  const { distribution, store, urlPath } = setup;
  const wire = await setup.wire();
  const about = { wire, action: "cloudfront:GetDistribution", subject: distribution };
  const answer = await callCloudFront(wire, setup, { method: "GET", below: "" }, options);
  if (answer.kind === "refused") throw awsError(answer.problem, about);
  if (answer.kind === "unanswered") throw awsError(answer.failure, about);
  const config = childOf(answer.root, "DistributionConfig");
  if (!config) throw awsError(new WireFailure("its answer describes no distribution", true), about);
  if (childText(config, "Enabled") !== "true") {
    throw new BelayError(
      "edge-mismatch",
      `Distribution ${distribution} is disabled, so no visitor gets anything from it.`,
      "Enable it in the CloudFront console, or name another distribution as the target's `cdn:` in belay.yaml.",
    );
  }
  const mismatch = store && originMismatch(originsOf(config), { ...store, urlPath });
  if (mismatch) throw new BelayError("edge-mismatch", `Distribution ${distribution} ${mismatch.problem}.`, mismatch.remedy);
}

function originsOf(config: XmlNode): Origin[] {
  const origins = childOf(config, "Origins");
  const items = origins && childOf(origins, "Items");
  return items
    ? childrenOf(items, "Origin").map((origin) => ({
        domain: childText(origin, "DomainName") ?? "",
        path: childText(origin, "OriginPath") ?? "",
      }))
    : [];
}
