/** Whether a target's address leads to its own distribution, and answers. */

import type { CertificateFacts, DistributionFacts, HostedRecord, HostNames } from "./edge-facts.ts";
import { judgeOf, type Finding, type Judge } from "./finding.ts";
import { hostOf, isDomain } from "./host.ts";
import type { Told } from "./told.ts";

export interface NamesCase {
  readonly target: string;
  readonly url: string;
  /** `undefined` where the target has no CDN; told as `undefined` where it is not there. */
  readonly distribution: Told<DistributionFacts | undefined> | undefined;
  /** Domains of the other targets' distributions, by target. */
  readonly otherDomains: ReadonlyMap<string, string>;
  readonly names: Told<HostNames | undefined>;
  readonly hosted: Told<readonly HostedRecord[] | undefined>;
  readonly visit: Told<Visit>;
  /** `undefined` where the address is without TLS. */
  readonly certificate: Told<CertificateFacts> | undefined;
  readonly nowMs: number;
}

/** What a visitor's request got. */
export type Visit =
  | { readonly kind: "seen"; readonly status: number; readonly isCloudFront: boolean }
  | { readonly kind: "unreachable"; readonly cause: string };

const cloudFrontName = /\.cloudfront\.(?:net|cn)$/u;
const dayMs = 24 * 60 * 60_000;
const certificateDaysMin = 14;

export function judgeNames(about: NamesCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target: about.target });
  const host = hostOf(about.url) ?? "";
  return [...(isDomain(host) ? resolution(host, about, judge) : []), ...answer(about, judge), ...certificate(about, judge)];
}

function resolution(host: string, about: NamesCase, judge: Judge): readonly Finding[] {
  const { names, distribution, hosted } = about;
  const resolves = judge.of({ id: "dns-resolves", what: `Where ${host} leads`, answer: names }, (found) => {
    if (found !== undefined && found.addresses.length > 0) {
      return judge.ok("dns-resolves", `${host} has an address.`, [...found.chain, ...found.addresses.slice(0, 4)].join(" → "));
    }
    const message =
      found === undefined
        ? `The name servers know no ${host}.`
        : `${host} leads to ${found.chain.at(-1) ?? "a name"}, which has no address.`;
    return judge.warning({
      id: "dns-resolves",
      message,
      remedy: `Point ${host} at ${pointAt(distribution)}, or correct the target's url.`,
    });
  });
  if (distribution?.kind !== "told" || distribution.value === undefined) return resolves;
  const { domain } = distribution.value;
  const led = ledTo(names, hosted);
  return [
    ...resolves,
    ...(led.length === 0 ? unclear(host, about, judge) : led.flatMap((name) => leads(name, { host, about, domain, judge }))),
  ];
}

const pointAt = (distribution: NamesCase["distribution"]): string =>
  (distribution?.kind === "told" ? distribution.value?.domain : undefined) ?? "the server that holds the target";

/** Names of CloudFront that the host leads to: by canonical names, or by Route 53's aliases, which no visitor sees. */
function ledTo(names: NamesCase["names"], hosted: NamesCase["hosted"]): string[] {
  const canonical = names.kind === "told" ? (names.value?.chain ?? []) : [];
  const aliases = hosted.kind === "told" ? (hosted.value ?? []).flatMap(({ to }) => to) : [];
  return [...new Set([...canonical, ...aliases].filter((name) => cloudFrontName.test(name)))];
}

interface Leading {
  readonly host: string;
  readonly about: NamesCase;
  /** The target's own distribution. */
  readonly domain: string;
  readonly judge: Judge;
}

function leads(name: string, { host, about, domain, judge }: Leading): Finding[] {
  const id = "dns-distribution";
  if (name === domain) return [judge.ok(id, `${host} leads to the target's distribution.`, name)];
  const remedy = `Point ${host} at ${domain}.`;
  const [other] = [...about.otherDomains].find(([, otherDomain]) => otherDomain === name) ?? [];
  if (other !== undefined) {
    const message = `${host} leads to the distribution of the target ${other}: what is deployed and verified here is not what its visitors get.`;
    return [judge.unsafe({ id, message, evidence: name, remedy })];
  }
  const message = `${host} leads to another distribution than the target's. CloudFront chooses by the name, so it may still work, by accident.`;
  return [judge.warning({ id, message, evidence: name, remedy })];
}

/** Addresses alone do not name a distribution: many share them. CloudFront's own answer settles it, since it chooses by the name. */
function unclear(host: string, { distribution, visit, names }: NamesCase, judge: Judge): Finding[] {
  const id = "dns-distribution";
  if (names.kind !== "told" || names.value === undefined || distribution?.kind !== "told" || distribution.value === undefined) return [];
  const isAlias = distribution.value.aliases.includes(host);
  if (visit.kind === "told" && visit.value.kind === "seen" && visit.value.isCloudFront && isAlias) {
    return [judge.ok(id, `CloudFront answers for ${host}, which is a name of the target's distribution alone.`)];
  }
  if (visit.kind === "told" && visit.value.kind === "seen" && !visit.value.isCloudFront) {
    const message = `${host} is answered by something else than CloudFront: purges of the target's distribution change nothing there.`;
    return [
      judge.warning({
        id,
        message,
        evidence: [...names.value.chain, ...names.value.addresses.slice(0, 4)].join(" → "),
        remedy: `Point ${host} at ${distribution.value.domain}.`,
      }),
    ];
  }
  const message = `Whether ${host} leads to the target's distribution could not be told from its addresses.`;
  return [
    {
      ...judge.note({
        id,
        message,
        remedy: "Allow route53:ListHostedZonesByName and route53:ListResourceRecordSets, where the zone is in Route 53.",
      }),
      untold: "addresses alone do not name a distribution",
    },
  ];
}

function answer({ url, visit, distribution }: NamesCase, judge: Judge): readonly Finding[] {
  const id = "visitors";
  return judge.of({ id, what: `What visitors of ${url} get`, answer: visit }, (found) => {
    if (found.kind === "unreachable") {
      return {
        ...judge.note({ id, message: `What visitors of ${url} get could not be told, because ${found.cause}.`, remedy: `curl -sI ${url}` }),
        untold: found.cause,
      };
    }
    if (found.status >= 400) {
      const message = `${url} answers with status ${found.status}.`;
      return judge.warning({ id, message, remedy: `curl -sI ${url}` });
    }
    const by = found.isCloudFront ? " through CloudFront" : "";
    return judge.ok(id, `${url} answers${by}.`, `status ${found.status}${distribution === undefined ? "" : by}`);
  });
}

function certificate({ url, certificate: answered, nowMs }: NamesCase, judge: Judge): readonly Finding[] {
  const id = "certificate";
  if (answered === undefined) return [];
  return judge.of(
    { id, what: `How long the certificate of ${hostOf(url) ?? url} is valid`, answer: answered },
    ({ validToMs, problem, issuer }) => {
      const days = Math.floor((validToMs - nowMs) / dayMs);
      const until = new Date(validToMs).toISOString().slice(0, 10);
      if (problem !== undefined || days < 0) {
        const message = `No browser takes the certificate of ${hostOf(url) ?? url}: ${days < 0 ? `it ran out on ${until}` : (problem ?? "")}.`;
        return judge.unsafe({ id, message, evidence: issuer, remedy: "Renew it, or attach one for that name to the distribution." });
      }
      if (days < certificateDaysMin) {
        const message = `The certificate of ${hostOf(url) ?? url} runs out in ${days} day${days === 1 ? "" : "s"}.`;
        return judge.warning({
          id,
          message,
          evidence: `${until}, ${issuer}`,
          remedy: "Renew it; one of AWS Certificate Manager renews itself as long as its DNS record stands.",
        });
      }
      return judge.ok(id, `The certificate is valid until ${until}.`, issuer);
    },
  );
}
