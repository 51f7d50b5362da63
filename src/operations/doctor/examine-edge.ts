/** Everything that is asked about what stands between a target's bucket and its visitors. */

import type { DistributionFacts } from "../../core/doctor/edge-facts.ts";
import type { Finding } from "../../core/doctor/finding.ts";
import { hostOf, isDomain, portOf } from "../../core/doctor/host.ts";
import { judgeDistribution } from "../../core/doctor/judge-distribution.ts";
import { judgeNames, type Visit } from "../../core/doctor/judge-names.ts";
import { told, type Told } from "../../core/doctor/told.ts";
import { originMismatch } from "../../core/edge/origin-mismatch.ts";
import { urlPathPrefix, type Target } from "../../core/site.ts";
import type { Sight } from "../../ports/probe.ts";
import { placeOf, type Examination } from "./examine-bucket.ts";

const scheme = "cloudfront:";

/** What every target's distribution says; each target's findings need those of the others. */
export async function distributionsOf(
  { inspector, ask }: Pick<Examination, "inspector" | "ask">,
  targets: readonly Target[],
): Promise<ReadonlyMap<string, Told<DistributionFacts | undefined>>> {
  const found = await Promise.all(
    targets.flatMap(({ name, cdn }) =>
      cdn?.startsWith(scheme) === true
        ? [ask((options) => inspector.distribution(cdn.slice(scheme.length), options)).then((facts) => [name, facts] as const)]
        : [],
    ),
  );
  return new Map(found);
}

export async function examineEdge(
  about: Examination,
  target: Target,
  distributions: Promise<ReadonlyMap<string, Told<DistributionFacts | undefined>>>,
): Promise<readonly Finding[]> {
  const { name, url } = target;
  const [facts, seen] = await Promise.all([distributions, url === undefined ? undefined : lookAt(about, url)]);
  const distribution = facts.get(name);
  const { targets } = about.bench.site;
  const others = new Map(
    targets.flatMap((one) => (one.name === name || hostOf(one.url) === undefined ? [] : [[one.name, hostOf(one.url) ?? ""] as const])),
  );
  const otherDomains = new Map(
    [...facts].flatMap(([other, answer]) =>
      other === name || answer.kind === "untold" || answer.value === undefined ? [] : [[other, answer.value.domain] as const],
    ),
  );
  return [
    ...(distribution
      ? judgeDistribution({
          target: name,
          id: target.cdn?.slice(scheme.length) ?? "",
          url,
          distribution,
          others,
          mismatch: mismatchOf(distribution, target),
        })
      : []),
    ...(url === undefined || seen === undefined
      ? []
      : judgeNames({ target: name, url, distribution, otherDomains, ...seen, nowMs: about.bench.runtime.now() })),
  ];
}

function mismatchOf(distribution: Told<DistributionFacts | undefined>, target: Target): Told<ReturnType<typeof originMismatch>> {
  if (distribution.kind === "untold") return distribution;
  const place = placeOf(target);
  const { value } = distribution;
  return told(place && value && originMismatch(value.origins, { ...place, urlPath: urlPathPrefix(target) }));
}

type Seen = Pick<Parameters<typeof judgeNames>[0], "names" | "hosted" | "visit" | "certificate">;

async function lookAt({ bench, inspector, ask }: Examination, url: string): Promise<Seen> {
  const host = hostOf(url) ?? "";
  const [names, hosted, visit, certificate] = await Promise.all([
    isDomain(host) ? ask((options) => inspector.names(host, options)) : told(undefined),
    isDomain(host) ? ask((options) => inspector.hostedRecords(host, options)) : told(undefined),
    ask(async (options) => visitOf(await bench.probe.look(`${url}/`, options))),
    url.startsWith("https:") ? ask((options) => inspector.certificate(host, portOf(url), options)) : undefined,
  ]);
  return { names, hosted, visit, certificate };
}

/** CloudFront names itself in each answer, the errors that it makes included. */
function visitOf(sight: Sight): Visit {
  if (sight.kind === "unreachable") return sight;
  const { via = "", "x-cache": cache = "", "x-amz-cf-id": id } = sight.headers;
  return { kind: "seen", status: sight.status, isCloudFront: id !== undefined || /cloudfront/iu.test(`${via} ${cache}`) };
}
