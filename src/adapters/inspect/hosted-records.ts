/** What Route 53 holds for a host, where its zone is there and may be read. */

import type { HostedRecord } from "../../core/doctor/edge-facts.ts";
import type { CallOptions } from "../../ports/store.ts";
import { connectControl } from "../shared/aws/connect.ts";
import { encodeComponent } from "../shared/aws/encode-path.ts";
import type { Wire } from "../shared/aws/wire.ts";
import { childOf, childrenOf, childText, type XmlNode } from "../shared/aws/xml.ts";
import { askDocument, type ControlSetup } from "./control-call.ts";

const recordTypes = new Set(["A", "AAAA", "CNAME"]);
const apiVersion = "2013-04-01";
/** Records of a host: a few types, and a few more where they are weighted. */
const recordsMax = 40;

/** Of the closest public zone that holds the host; `undefined` where these credentials see none. */
export async function hostedRecords(host: string, setup: ControlSetup, options: CallOptions): Promise<readonly HostedRecord[] | undefined> {
  const wire = await connectControl("route53", { env: setup.env, now: () => setup.runtime.now() });
  const zone = await zoneOf(host, { wire, setup }, options);
  if (zone === undefined) return undefined;
  const root = await askDocument(
    wire,
    {
      action: "route53:ListResourceRecordSets",
      subject: zone,
      method: "GET",
      path: `/${apiVersion}/hostedzone/${encodeComponent(zone)}/rrset`,
      query: { name: `${host}.`, maxitems: String(recordsMax) },
      root: "ListResourceRecordSetsResponse",
    },
    setup,
    options,
  );
  const sets = root && childOf(root, "ResourceRecordSets");
  return (sets ? childrenOf(sets, "ResourceRecordSet") : [])
    .filter((set) => bare(childText(set, "Name")) === host && recordTypes.has(childText(set, "Type") ?? ""))
    .map(recordOf);
}

/** Zones are looked for from the host itself up to its last two labels: `a.b.example.com` may have a zone of its own. */
async function zoneOf(
  host: string,
  { wire, setup }: { readonly wire: Wire; readonly setup: ControlSetup },
  options: CallOptions,
): Promise<string | undefined> {
  const labels = host.split(".");
  for (let at = 0; at <= labels.length - 2; at += 1) {
    const name = labels.slice(at).join(".");
    const root = await askDocument(
      wire,
      {
        action: "route53:ListHostedZonesByName",
        method: "GET",
        path: `/${apiVersion}/hostedzonesbyname`,
        query: { dnsname: `${name}.`, maxitems: "10" },
        root: "ListHostedZonesByNameResponse",
      },
      setup,
      options,
    );
    const zones = root && childOf(root, "HostedZones");
    const found = (zones ? childrenOf(zones, "HostedZone") : []).find((zone) => bare(childText(zone, "Name")) === name && !isPrivate(zone));
    if (found) return childText(found, "Id")?.replace(/^\/hostedzone\//u, "");
  }
  return undefined;
}

/** A private zone is seen from within a network only, not by visitors. */
const isPrivate = (zone: XmlNode): boolean => {
  const config = childOf(zone, "Config");
  return (config && childText(config, "PrivateZone")) === "true";
};

function recordOf(set: XmlNode): HostedRecord {
  const alias = childOf(set, "AliasTarget");
  const records = childOf(set, "ResourceRecords");
  const values = alias
    ? [childText(alias, "DNSName")]
    : (records ? childrenOf(records, "ResourceRecord") : []).map((one) => childText(one, "Value"));
  return { type: childText(set, "Type") ?? "", to: values.map(bare), isAlias: alias !== undefined };
}

/** Names in lower case, without the dot at their end. Route 53 spells a `*` as `\052`. */
const bare = (name: string | undefined): string =>
  (name ?? "")
    .toLowerCase()
    .replaceAll(String.raw`\052`, "*")
    .replace(/\.$/u, "");
