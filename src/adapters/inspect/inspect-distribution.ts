/** How a distribution is set up, by GetDistribution. */

import type { BehaviorFacts, DistributionFacts, OriginFacts } from "../../core/doctor/edge-facts.ts";
import type { CallOptions } from "../../ports/store.ts";
import { connectCloudFront } from "../shared/aws/connect.ts";
import { encodeComponent } from "../shared/aws/encode-path.ts";
import { childOf, childrenOf, childText, type XmlNode } from "../shared/aws/xml.ts";
import { askDocument, type ControlSetup } from "./control-call.ts";

export async function inspectDistribution(id: string, setup: ControlSetup, options: CallOptions): Promise<DistributionFacts | undefined> {
  const wire = await connectCloudFront({ env: setup.env, now: () => setup.runtime.now() });
  const path = `/2020-05-31/distribution/${encodeComponent(id)}`;
  const about = {
    action: "cloudfront:GetDistribution",
    subject: id,
    method: "GET",
    path,
    root: "Distribution",
    absent: ["NoSuchDistribution"],
  } as const;
  const root = await askDocument(wire, about, setup, options);
  return root && distributionFacts(id, root);
}

/** What a `Distribution` document says. */
export function distributionFacts(id: string, root: XmlNode): DistributionFacts {
  const config = childIn(root, "DistributionConfig");
  const behaviors = [childIn(config, "DefaultCacheBehavior"), ...itemsIn(childIn(config, "CacheBehaviors"), "CacheBehavior")];
  return {
    id,
    domain: textIn(root, "DomainName").toLowerCase(),
    isEnabled: textIn(config, "Enabled") === "true",
    status: textIn(root, "Status"),
    aliases: itemsIn(childIn(config, "Aliases"), "CNAME").map(({ text }) => text.toLowerCase()),
    rootObject: textIn(config, "DefaultRootObject"),
    origins: itemsIn(childIn(config, "Origins"), "Origin").map(originFacts),
    behaviors: behaviors.flatMap((behavior) => (behavior ? [behaviorFacts(behavior)] : [])),
  };
}

function originFacts(origin: XmlNode): OriginFacts {
  const domain = textIn(origin, "DomainName").toLowerCase();
  const identity = textIn(childOf(origin, "S3OriginConfig"), "OriginAccessIdentity");
  const access = textIn(origin, "OriginAccessControlId") === "" ? (identity === "" ? "none" : "identity") : "control";
  return { domain, path: textIn(origin, "OriginPath"), access, isWebsite: /\.s3-website[.-]/u.test(domain) };
}

function behaviorFacts(behavior: XmlNode): BehaviorFacts {
  const [defaultTtl, minTtl] = ["DefaultTTL", "MinTTL"].map((name) => childText(behavior, name));
  // Where a cache policy is named, it decides, and these are leftovers.
  const isOwn = textIn(behavior, "CachePolicyId") === "";
  return {
    pattern: textIn(behavior, "PathPattern") || "*",
    viewerProtocol: textIn(behavior, "ViewerProtocolPolicy"),
    ...(isOwn && isCount(defaultTtl) && { defaultTtlSeconds: Number(defaultTtl) }),
    ...(isOwn && isCount(minTtl) && { minTtlSeconds: Number(minTtl) }),
  };
}

const isCount = (text: string | undefined): boolean => /^\d{1,12}$/u.test(text ?? "");
const childIn = (node: XmlNode | undefined, name: string): XmlNode | undefined => node && childOf(node, name);
const textIn = (node: XmlNode | undefined, name: string): string => (node && childText(node, name)) ?? "";
const itemsIn = (node: XmlNode | undefined, name: string): readonly XmlNode[] => {
  const items = childIn(node, "Items");
  return items ? childrenOf(items, name) : [];
};
