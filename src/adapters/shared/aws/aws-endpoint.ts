import { isVirtualHostableS3Bucket, partition } from "@aws-sdk/core/client";
import { BelayError } from "../../../core/belay-error.ts";
import type { AwsSettings, ConfiguredEndpoint, ControlService, TableService } from "./aws-settings.ts";
import { encodePath } from "./encode-path.ts";
import type { Endpoint } from "./http-wire.ts";
import { plainText } from "./plain-text.ts";

/** How a service is reached: what to sign for, and where a region's endpoint is. */
export interface ServiceEndpoint {
  readonly region: string;
  readonly endpointOf: (region: string) => Endpoint;
}

// AWS's own names, VPC endpoints among them.
const awsHost = /\.(?:amazonaws\.(?:com|com\.cn|eu)|api\.aws)$/u;

/**
 * A bucket's endpoint. AWS has the bucket in the host name, unless TLS could not vouch for it there; other servers and
 * endpoints that were configured have it in the path. Throws `usage` where no region is known or the partition lacks what the flags ask for.
 */
export function s3Endpoint(bucket: string, settings: AwsSettings): ServiceEndpoint {
  const configured = settings.endpoints.s3;
  if (configured) {
    const base = configuredUrl(configured);
    const pathPrefix = base.pathPrefix + encodePath(bucket);
    return { region: settings.region ?? "us-east-1", endpointOf: () => ({ ...base, pathPrefix }) };
  }
  if (settings.region === undefined) throw regionMissing();
  // The partition has FIPS endpoints, S3 has none there. Source: the endpoint rules in the S3 service model.
  if (settings.usesFips && partition(settings.region).name === "aws-cn") throw flagInVain("AWS_USE_FIPS_ENDPOINT", settings.region);
  const isInHost = isVirtualHostableS3Bucket(bucket);
  return {
    region: settings.region,
    endpointOf: (region) => {
      const service = `s3${settings.usesFips ? "-fips" : ""}${settings.usesDualStack ? ".dualstack" : ""}`;
      const host = `${service}.${region}.${suffixOf(region, settings)}`;
      return isInHost ? awsAt(`${bucket}.${host}`, "") : awsAt(host, encodePath(bucket));
    },
  };
}

/** The CloudFront API, which has one endpoint and one signing region in each partition. Needs no region to be set. */
export function cloudFrontEndpoint(settings: AwsSettings): ServiceEndpoint {
  const found = partition(settings.region ?? "us-east-1");
  const { name, dnsSuffix, dualStackDnsSuffix } = found;
  // The table has it, the package's type does not.
  const region = "implicitGlobalRegion" in found ? String(found.implicitGlobalRegion) : "us-east-1";
  const configured = settings.endpoints.cloudfront;
  if (configured) {
    const base = configuredUrl(configured);
    return { region, endpointOf: () => base };
  }
  suffixOf(region, settings);
  const service = `cloudfront${settings.usesFips ? "-fips" : ""}`;
  // Source: the endpoint rules in the CloudFront service model.
  const globalName = name === "aws" ? "global." : "";
  const chinaName = name === "aws-cn" ? `${region}.` : "";
  const host = settings.usesDualStack ? `${service}.${globalName}${dualStackDnsSuffix}` : `${service}.${chinaName}${dnsSuffix}`;
  return { region, endpointOf: () => awsAt(host, "") };
}

/**
 * STS in the region that is set, IAM and Route 53 in the one place that each partition has. Needs no region to be set.
 * Source: the endpoint rules in the service models, and "Service endpoints" of the AWS General Reference.
 */
export function controlEndpoint(service: ControlService, settings: AwsSettings): ServiceEndpoint {
  const found = partition(settings.region ?? "us-east-1");
  const isChina = found.name === "aws-cn";
  const global = "implicitGlobalRegion" in found ? String(found.implicitGlobalRegion) : "us-east-1";
  const central = isChina && service === "iam" ? "cn-north-1" : global;
  const region = service === "sts" ? (settings.region ?? central) : central;
  const configured = settings.endpoints[service];
  if (configured) {
    const base = configuredUrl(configured);
    return { region, endpointOf: () => base };
  }
  const suffix = suffixOf(region, { ...settings, usesDualStack: false });
  const isGovernment = found.name === "aws-us-gov";
  // What is there for the government is validated in any case.
  const name = settings.usesFips && !isGovernment ? `${service}-fips` : service;
  if (service === "sts") return { region, endpointOf: () => awsAt(`${name}.${region}.${suffix}`, "") };
  const place = isGovernment ? ".us-gov" : isChina && service === "iam" ? `.${region}` : "";
  return { region, endpointOf: () => awsAt(`${name}${place}.${suffix}`, "") };
}

/**
 * DynamoDB or its streams in the region that is set. Throws `usage` where none is set or the partition lacks what the flags ask for.
 * Source: the endpoint rules in the service models; the government's regions have FIPS under the plain name.
 */
export function tableEndpoint(service: TableService, settings: AwsSettings): ServiceEndpoint {
  // Who reaches DynamoDB elsewhere, as in a rehearsal, reaches its streams there too.
  const configured = settings.endpoints[service] ?? settings.endpoints.dynamodb;
  if (configured) {
    const base = configuredUrl(configured);
    return { region: settings.region ?? "us-east-1", endpointOf: () => base };
  }
  if (settings.region === undefined) throw regionMissing("table");
  const isPlain = !settings.usesFips || partition(settings.region).name === "aws-us-gov";
  const name = `${service === "dynamodb" ? "" : "streams."}dynamodb${isPlain ? "" : "-fips"}`;
  return { region: settings.region, endpointOf: (region) => awsAt(`${name}.${region}.${suffixOf(region, settings)}`, "") };
}

const awsAt = (host: string, pathPrefix: string): Endpoint => ({ url: new URL(`https://${host}`), pathPrefix, isAws: true });

/** The domain of a region's endpoints, checked to have what the flags ask for. */
function suffixOf(region: string, { usesDualStack, usesFips }: AwsSettings): string {
  const { dnsSuffix, supportsDualStack, supportsFIPS } = partition(region);
  if (usesFips && !supportsFIPS) throw flagInVain("AWS_USE_FIPS_ENDPOINT", region);
  if (usesDualStack && !supportsDualStack) throw flagInVain("AWS_USE_DUALSTACK_ENDPOINT", region);
  return dnsSuffix;
}

function configuredUrl({ address, setting }: ConfiguredEndpoint): Endpoint {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (!url || !isWeb || url.username !== "" || url.search !== "" || url.hash !== "") {
    throw new BelayError(
      "usage",
      `${setting} is no endpoint: ${JSON.stringify(plainText(withoutSecrets(address)))}`,
      `Set it to an address such as http://127.0.0.1:9000 or https://s3.example.com.`,
    );
  }
  const isAws = url.protocol === "https:" && awsHost.test(url.hostname);
  return { url: new URL(url.origin), pathPrefix: url.pathname.replace(/\/+$/u, ""), isAws };
}

const withoutSecrets = (address: string): string => address.replace(/\/\/[^/@]*@/u, "//…@");

const regionMissing = (what: "bucket" | "table" = "bucket"): BelayError =>
  new BelayError(
    "usage",
    `no AWS region is set, so the ${what}'s endpoint is not known`,
    `export AWS_REGION=eu-central-1 (the ${what}'s region), or \`aws configure set region REGION\`.`,
  );

const flagInVain = (setting: string, region: string): BelayError =>
  new BelayError("usage", `${setting} is true, and AWS has no such endpoint in ${plainText(region)}`, `unset ${setting}`);
