/** The wires to AWS, set up from the environment and the shared AWS files as AWS's own tools are. */

import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContext } from "node:tls";
import { BelayError } from "../../../core/belay-error.ts";
import { credentialsSource } from "./aws-credentials.ts";
import { cloudFrontEndpoint, controlEndpoint, s3Endpoint, tableEndpoint, type ServiceEndpoint } from "./aws-endpoint.ts";
import { type AwsSettings, type ControlService, type Environment, loadAwsSettings, type TableService } from "./aws-settings.ts";
import { openHttpWire } from "./http-wire.ts";
import { plainText } from "./plain-text.ts";
import type { AwsService } from "./request-signer.ts";
import type { Wire } from "./wire.ts";

export interface ConnectSetup {
  readonly env: Environment;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The most connections at a time. 64 where left out. */
  readonly concurrency?: number;
}

/**
 * A wire to one bucket. Nothing is sent to the bucket; credentials are fetched, so that a sign-in which has run out shows
 * here. Throws `credentials-missing` or `usage` (no region, an endpoint that is none, a flag that the partition lacks).
 */
export async function connectS3(bucket: string, setup: ConnectSetup): Promise<Wire> {
  const settings = await loadAwsSettings(setup.env);
  return await connect("s3", s3Endpoint(bucket, settings), settings, setup);
}

/** A wire to the CloudFront API; throws as `connectS3` does. */
export async function connectCloudFront(setup: ConnectSetup): Promise<Wire> {
  const settings = await loadAwsSettings(setup.env);
  return await connect("cloudfront", cloudFrontEndpoint(settings), settings, setup);
}

/** A wire to DynamoDB or to its streams; throws as `connectS3` does. */
export async function connectTables(service: TableService, setup: ConnectSetup): Promise<Wire> {
  const settings = await loadAwsSettings(setup.env);
  return await connect("dynamodb", tableEndpoint(service, settings), settings, setup);
}

/** A wire to IAM, Route 53 or STS; throws as `connectS3` does. */
export async function connectControl(service: ControlService, setup: ConnectSetup): Promise<Wire> {
  const settings = await loadAwsSettings(setup.env);
  return await connect(service, controlEndpoint(service, settings), settings, setup);
}

/** The region that is set, and the id of the access key that requests are signed with: no secret. Throws as `connectS3` does. */
export async function signInOf(
  env: Environment,
): Promise<{ readonly region: string | undefined; readonly accessKeyId: string; readonly isTemporary: boolean }> {
  const settings = await loadAwsSettings(env);
  const { accessKeyId, sessionToken } = await credentialsSource(env, settings)();
  return { region: settings.region, accessKeyId, isTemporary: sessionToken !== undefined };
}

async function connect(service: AwsService, endpoint: ServiceEndpoint, settings: AwsSettings, setup: ConnectSetup): Promise<Wire> {
  const { env, now, concurrency } = setup;
  // Checked before anything is fetched.
  endpoint.endpointOf(endpoint.region);
  const credentials = credentialsSource(env, settings);
  const [secureContext] = await Promise.all([settings.caBundle === undefined ? undefined : readBundle(settings.caBundle), credentials()]);
  return openHttpWire({
    service,
    ...endpoint,
    credentials,
    now,
    ...(concurrency !== undefined && { concurrency }),
    ...(secureContext && { secureContext }),
  });
}

/** Bundles of this process by path: to read one takes tens of milliseconds. */
const bundles = new Map<string, Promise<SecureContext>>();

async function readBundle(path: string): Promise<SecureContext> {
  const reading = bundles.get(path) ?? readFile(path, "utf8").then((ca) => createSecureContext({ ca }));
  bundles.set(path, reading);
  try {
    return await reading;
  } catch (cause) {
    bundles.delete(path);
    throw new BelayError(
      "usage",
      `AWS_CA_BUNDLE names ${plainText(path)}, which cannot be read as certificates`,
      "Correct AWS_CA_BUNDLE (or `ca_bundle` in the AWS config file), or unset it.",
      { cause },
    );
  }
}
