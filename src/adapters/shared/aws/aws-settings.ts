import { CONFIG_PREFIX_SEPARATOR, loadSharedConfigFiles } from "@smithy/core/config";
import { BelayError } from "../../../core/belay-error.ts";
import { plainText } from "./plain-text.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment and the profile say about reaching AWS; names and precedence are those of the AWS SDKs and Tools Reference Guide. */
export interface AwsSettings {
  /** The profile that AWS_PROFILE names; `undefined` where it names none and `default` stands in. */
  readonly profile?: string;
  readonly region?: string;
  readonly usesDualStack: boolean;
  readonly usesFips: boolean;
  /** A file of certificate authorities, in PEM. */
  readonly caBundle?: string;
  /** An address that was set instead of AWS's own, with the name of the setting. */
  readonly endpoints: Readonly<Record<"s3" | "cloudfront", ConfiguredEndpoint | undefined>> &
    Readonly<Partial<Record<ControlService | TableService, ConfiguredEndpoint | undefined>>>;
}

/** Services that are only asked how things stand. */
export type ControlService = "iam" | "route53" | "sts";

/** DynamoDB, and the streams of what changes there, which have endpoints of their own. */
export type TableService = "dynamodb" | "dynamodbStreams";

export interface ConfiguredEndpoint {
  readonly address: string;
  readonly setting: string;
}

type Section = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings. Throws `credentials-missing` where AWS_PROFILE names a profile that stands in neither file,
 * `usage` for a flag that is neither true nor false or a `services` section that is not there.
 */
export async function loadAwsSettings(env: Environment): Promise<AwsSettings> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles(filesIn(env));
  const named = given(env["AWS_PROFILE"]);
  const name = named ?? "default";
  const inConfig = section(configFile, name);
  const inCredentials = section(credentialsFile, name);
  if (named !== undefined && !inConfig && !inCredentials)
    throw profileMissing(named, [...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  const profile: Section = { ...inCredentials, ...inConfig };
  const read = (variable: string, key: string): string | undefined => given(env[variable]) ?? given(profile[key]);
  const region =
    given(env["AWS_REGION"]) ?? given(env["AWS_DEFAULT_REGION"]) ?? given(inCredentials?.["region"]) ?? given(profile["region"]);
  const caBundle = read("AWS_CA_BUNDLE", "ca_bundle");
  const ignoresEndpoints = flag(
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    read("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"),
  );
  const endpointOf = (service: string): ConfiguredEndpoint | undefined =>
    ignoresEndpoints ? undefined : (endpointInEnv(service, env) ?? endpointInProfile(service, profile, configFile));
  return {
    ...(named !== undefined && { profile: named }),
    ...(region !== undefined && { region }),
    ...(caBundle !== undefined && { caBundle }),
    usesDualStack: flag("AWS_USE_DUALSTACK_ENDPOINT", read("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")),
    usesFips: flag("AWS_USE_FIPS_ENDPOINT", read("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")),
    endpoints: {
      s3: endpointOf("s3"),
      cloudfront: endpointOf("cloudfront"),
      dynamodb: endpointOf("dynamodb"),
      dynamodbStreams: endpointOf("dynamodb_streams"),
      iam: endpointOf("iam"),
      // Its service id is two words.
      route53: endpointOf("route_53"),
      sts: endpointOf("sts"),
    },
  };
}

/** Where the shared files are, as the official loaders take it; absent parts are in the home folder. */
export function filesIn(env: Environment): { filepath?: string; configFilepath?: string; ignoreCache: boolean } {
  const filepath = given(env["AWS_SHARED_CREDENTIALS_FILE"]);
  const configFilepath = given(env["AWS_CONFIG_FILE"]);
  return { ...(filepath !== undefined && { filepath }), ...(configFilepath !== undefined && { configFilepath }), ignoreCache: true };
}

/** An empty variable is as good as none. */
const given = (value: string | undefined): string | undefined => (value === undefined || value.trim() === "" ? undefined : value.trim());

const section = (file: Readonly<Record<string, Section>>, name: string): Section | undefined =>
  Object.hasOwn(file, name) ? file[name] : undefined;

function endpointInEnv(service: string, env: Environment): ConfiguredEndpoint | undefined {
  for (const setting of [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, "AWS_ENDPOINT_URL"]) {
    const address = given(env[setting]);
    if (address !== undefined) return { address, setting };
  }
  return undefined;
}

function endpointInProfile(service: string, profile: Section, file: Readonly<Record<string, Section>>): ConfiguredEndpoint | undefined {
  const services = given(profile["services"]);
  if (services !== undefined) {
    const found = section(file, `services${CONFIG_PREFIX_SEPARATOR}${services}`);
    if (!found) {
      throw new BelayError(
        "usage",
        `the AWS profile names the services section ${plainText(services)}, which is not there`,
        `Add [services ${plainText(services)}] to the AWS config file, or take \`services\` out of the profile.`,
      );
    }
    const address = given(found[`${service}${CONFIG_PREFIX_SEPARATOR}endpoint_url`]);
    if (address !== undefined) return { address, setting: `endpoint_url of ${service} in [services ${services}]` };
  }
  const address = given(profile["endpoint_url"]);
  return address === undefined ? undefined : { address, setting: "endpoint_url of the profile" };
}

function flag(name: string, value: string | undefined): boolean {
  if (value === undefined || value.toLowerCase() === "false") return false;
  if (value.toLowerCase() === "true") return true;
  throw new BelayError("usage", `${name} is ${JSON.stringify(plainText(value))}`, `Set ${name} to true or false.`);
}

function profileMissing(name: string, found: readonly string[]): BelayError {
  const profiles = [...new Set(found)].filter((key) => !key.includes(CONFIG_PREFIX_SEPARATOR)).toSorted();
  const listed = profiles.length === 0 ? "there is none" : `there are: ${profiles.slice(0, 10).map(plainText).join(", ")}`;
  return new BelayError(
    "credentials-missing",
    `AWS_PROFILE names the profile ${plainText(name)}, which is in neither AWS file (${listed})`,
    `Run \`aws configure --profile ${plainText(name)}\` (or \`aws configure sso --profile ${plainText(name)}\`), or set AWS_PROFILE to one that is there.`,
  );
}
