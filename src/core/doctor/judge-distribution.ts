/** Whether a target's distribution serves its bucket, under its name, as visitors expect. */

import type { DistributionFacts, OriginFacts } from "./edge-facts.ts";
import { judgeOf, type Finding, type Judge } from "./finding.ts";
import { hostOf, isDomain } from "./host.ts";
import type { Told } from "./told.ts";

export interface DistributionCase {
  readonly target: string;
  /** As belay.yaml names it. */
  readonly id: string;
  readonly url: string | undefined;
  /** Why the distribution does not serve the target's bucket, prefix and url; told by whoever knows S3's host names. */
  readonly mismatch: Told<{ readonly problem: string; readonly remedy: string } | undefined>;
  /** `undefined` where these credentials see no such distribution. */
  readonly distribution: Told<DistributionFacts | undefined>;
  /** Hosts of the site's other targets, by target. */
  readonly others: ReadonlyMap<string, string>;
}

export function judgeDistribution(about: DistributionCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target: about.target });
  const question = { id: "distribution", what: `What distribution ${about.id} is set up to do`, answer: about.distribution };
  return judge.of(question, (found) => {
    if (found === undefined) return missing(about, judge);
    return [
      ...running(found, judge),
      ...rootObject(found, judge),
      ...origin(found, about, judge),
      ...names(found, about, judge),
      ...behaviors(found, judge),
    ];
  });
}

const missing = ({ id }: DistributionCase, judge: Judge): Finding =>
  judge.unsafe({
    id: "distribution",
    message: `These credentials see no distribution ${id}: nothing that is deployed would be purged.`,
    remedy: "aws cloudfront list-distributions --query 'DistributionList.Items[].[Id,DomainName]'",
  });

function running({ id, isEnabled, status }: DistributionFacts, judge: Judge): Finding[] {
  if (!isEnabled) {
    const message = `Distribution ${id} is disabled: no visitor gets anything from it.`;
    return [
      judge.unsafe({
        id: "distribution-enabled",
        message,
        remedy: "Enable it in the CloudFront console, or name another as the target's `cdn:`.",
      }),
    ];
  }
  const on = judge.ok("distribution-enabled", `Distribution ${id} is enabled.`);
  if (status === "Deployed") return [on, judge.ok("distribution-deployed", "Its set-up has reached every edge.")];
  const message = `A change of distribution ${id} has not reached every edge yet: visitors get answers by the old and by the new set-up.`;
  return [
    on,
    judge.note({ id: "distribution-deployed", message, evidence: status, remedy: `aws cloudfront wait distribution-deployed --id ${id}` }),
  ];
}

function rootObject({ id, rootObject: root }: DistributionFacts, judge: Judge): Finding[] {
  if (root === "") {
    const message = `Distribution ${id} has no default root object: its address alone answers with an error, or with a list of the bucket.`;
    return [
      judge.warning({
        id: "distribution-root-object",
        message,
        remedy: `aws cloudfront update-distribution --id ${id} --default-root-object index.html`,
      }),
    ];
  }
  if (root.startsWith("/")) {
    const message = `The default root object of distribution ${id} begins with a slash, which makes it another name than any file's.`;
    return [
      judge.warning({
        id: "distribution-root-object",
        message,
        evidence: root,
        remedy: `aws cloudfront update-distribution --id ${id} --default-root-object ${root.replace(/^\/+/u, "")}`,
      }),
    ];
  }
  return [judge.ok("distribution-root-object", "Its address alone shows a page.", root)];
}

function origin({ origins }: DistributionFacts, { id, mismatch }: DistributionCase, judge: Judge): readonly Finding[] {
  const serves = judge.of(
    { id: "distribution-origin", what: "Whether the distribution serves the target's bucket", answer: mismatch },
    (found) =>
      found === undefined
        ? judge.ok("distribution-origin", "It serves the target's bucket.")
        : judge.unsafe({
            id: "distribution-origin",
            message: `Distribution ${id} ${found.problem}. What is deployed is not what visitors get.`,
            remedy: found.remedy,
          }),
  );
  const bare = origins.filter((one) => one.access === "none" && isS3(one));
  if (bare.length === 0) return [...serves, judge.ok("distribution-origin-access", "It shows itself to the bucket by its own identity.")];
  const websites = bare.filter(({ isWebsite }) => isWebsite);
  const message =
    websites.length > 0
      ? "It reads the bucket's website endpoint, which is public and without TLS: everybody can read past the CDN."
      : "It reads the bucket without showing itself, so the bucket has to be open to everybody.";
  const remedy = "Give the origin an origin access control (CloudFront console: Origins, Edit, Origin access), then close the bucket.";
  return [
    ...serves,
    judge.warning({ id: "distribution-origin-access", message, evidence: bare.map(({ domain }) => domain).join(", "), remedy }),
  ];
}

const isS3 = ({ domain }: OriginFacts): boolean => /\.s3[.-].*amazonaws\.com(?:\.cn)?$/u.test(domain);

function names(found: DistributionFacts, { url, others }: DistributionCase, judge: Judge): Finding[] {
  const findings: Finding[] = [];
  const host = hostOf(url);
  if (host === undefined) {
    const message = "The target has no url, so nothing can look at what visitors get.";
    findings.push(
      judge.note({
        id: "target-url",
        message,
        remedy: `In belay.yaml, add to the target: url: https://${found.aliases[0] ?? found.domain}`,
      }),
    );
  } else if (host === found.domain || found.aliases.some((alias) => answersTo(alias, host))) {
    findings.push(judge.ok("distribution-alias", "The url's host is among its names.", host));
  } else if (!isDomain(host)) {
    findings.push(
      judge.note({
        id: "distribution-alias",
        message: `The url's host ${host} is no domain, so whether it leads to the distribution cannot be told by name.`,
      }),
    );
  } else {
    const message = `Distribution ${found.id} does not answer to ${host}: visitors of the url get an error, or another distribution's pages.`;
    const evidence = `its names: ${[found.domain, ...found.aliases].join(", ")}`;
    findings.push(
      judge.unsafe({
        id: "distribution-alias",
        message,
        evidence,
        remedy: `Add ${host} to the distribution's alternate domain names, with a certificate for it.`,
      }),
    );
  }
  for (const [other, otherHost] of others) {
    if (otherHost === host || !found.aliases.includes(otherHost)) continue;
    const message = `Distribution ${found.id} answers to ${otherHost}, the domain of the target ${other}: a deploy to this target shows there.`;
    findings.push(
      judge.unsafe({
        id: "distribution-own-domain",
        message,
        remedy: `Move ${otherHost} to the distribution of ${other}: aws cloudfront associate-alias`,
      }),
    );
  }
  return findings;
}

/** An alias may be `*.example.com`, which stands for one more label or several. */
const answersTo = (alias: string, host: string): boolean => (alias.startsWith("*.") ? host.endsWith(alias.slice(1)) : alias === host);

/** Longer than this, a page without cache headers stays old unless it is purged. */
const longTtlSeconds = 60;

function behaviors({ behaviors: all }: DistributionFacts, judge: Judge): Finding[] {
  const listed = (some: typeof all): string => some.map(({ pattern }) => pattern).join(", ");
  const plain = all.filter(({ viewerProtocol }) => viewerProtocol === "allow-all");
  const held = all.filter(({ minTtlSeconds = 0 }) => minTtlSeconds > 0);
  const long = all.filter(({ defaultTtlSeconds = 0 }) => defaultTtlSeconds > longTtlSeconds);
  const findings = [
    plain.length === 0
      ? judge.ok("distribution-protocol", "Visitors are led to https.")
      : judge.warning({
          id: "distribution-protocol",
          message: "Visitors may come without TLS, so anybody on the way can change what they get.",
          evidence: `viewer protocol allow-all for ${listed(plain)}`,
          remedy: "Set the viewer protocol policy to redirect-to-https.",
        }),
  ];
  if (held.length > 0) {
    const message = "A minimum TTL keeps pages at the edge even where their own headers forbid it: only purges help.";
    findings.push(
      judge.note({
        id: "distribution-minimum-ttl",
        message,
        evidence: held.map(({ pattern, minTtlSeconds = 0 }) => `${pattern}: ${minTtlSeconds} s`).join(", "),
      }),
    );
  }
  if (long.length > 0) {
    const message =
      "Pages without a Cache-Control stay at the edge unless they are purged: who may write but not purge leaves visitors with the old page.";
    const evidence = long.map(({ pattern, defaultTtlSeconds = 0 }) => `${pattern}: ${defaultTtlSeconds} s`).join(", ");
    findings.push(
      judge.note({
        id: "distribution-caching",
        message,
        evidence,
        remedy: 'In belay.yaml, below headers: - { match: "**/*.html", cache-control: "no-cache" }',
      }),
    );
  }
  return findings;
}
