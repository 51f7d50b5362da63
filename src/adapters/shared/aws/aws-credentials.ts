import { BelayError } from "../../../core/belay-error.ts";
import { type AwsSettings, type Environment, filesIn } from "./aws-settings.ts";
import { clauseOf, plainText } from "./plain-text.ts";
import type { AwsCredentials } from "./request-signer.ts";

export type CredentialsSource = () => Promise<AwsCredentials>;

/** Sources of this process by the profile and files that they read, so that one sign-in serves every wire. */
const chains = new Map<string, CredentialsSource>();

/**
 * Where credentials come from, in the order of the AWS SDKs: a profile that AWS_PROFILE names, the environment, the default
 * profile, web identity, container, instance. The chain remembers what it found and renews it before it expires.
 * The source throws `credentials-missing` with what to do. Beside the profile and the files, the chain reads the process's own environment,
 * and for a profile that signs in it finds the files there too.
 */
export function credentialsSource(env: Environment, { profile }: AwsSettings): CredentialsSource {
  const fixed = profile === undefined ? fixedIn(env) : undefined;
  if (fixed) return async () => await Promise.resolve(fixed);
  const files = filesIn(env);
  const key = JSON.stringify([profile, files]);
  const source = chains.get(key) ?? chainOf(profile, files);
  chains.set(key, source);
  return source;
}

/** Keys in the environment come first and do not change, so nothing needs to be loaded to find them. */
function fixedIn(env: Environment): AwsCredentials | undefined {
  const accessKeyId = env["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = env["AWS_SECRET_ACCESS_KEY"];
  const sessionToken = env["AWS_SESSION_TOKEN"];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

function chainOf(profile: string | undefined, files: ReturnType<typeof filesIn>): CredentialsSource {
  let opened: Promise<CredentialsSource> | undefined;
  return async () => {
    opened ??= openChain(profile, files);
    const source = await opened;
    try {
      return await source();
    } catch (error) {
      throw credentialsError(error, profile);
    }
  };
}

async function openChain(profile: string | undefined, files: ReturnType<typeof filesIn>): Promise<CredentialsSource> {
  const [{ defaultProvider }, { state }] = await Promise.all([import("@aws-sdk/credential-provider-node"), import("@aws-sdk/core/client")]);
  // The packages' notice that a later version will want a newer node is for belay's developers.
  state.warningEmitted = true;
  return defaultProvider({ ...files, ...(profile !== undefined && { profile }), logger: silence });
}

const silent = (): void => {};
const silence = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };

const again = "then run the same command again.";

/** What the chain's errors mean to a person. Its messages are prose, so they are told apart by what they mention. */
export function credentialsError(error: unknown, profile: string | undefined): BelayError {
  const text = clauseOf(error instanceof Error ? error.message : String(error));
  const about = profile === undefined ? "" : ` --profile ${plainText(profile)}`;
  const whose = profile === undefined ? "" : ` of the profile ${plainText(profile)}`;
  const make = (message: string, remedy: string): BelayError => new BelayError("credentials-missing", message, remedy, { cause: error });
  if (/\bmfa\b|multi-factor/iu.test(text)) {
    return make(
      `the AWS credentials${whose} want a code from a second device, which belay cannot ask for (${text})`,
      `Sign in first: eval "$(aws configure export-credentials${about} --format env)", and unset AWS_PROFILE; ${again}`,
    );
  }
  if (/\bsso\b|UnauthorizedException|Session token not found or invalid/iu.test(text))
    return make(`the AWS sign-in${whose} has expired or is missing (${text})`, `Run \`aws sso login${about}\`, ${again}`);
  if (/\baws login\b|\blogin session|reauthenticate/iu.test(text))
    return make(`the AWS sign-in${whose} has expired or is missing (${text})`, `Run \`aws login${about}\`, ${again}`);
  if (/Could not load credentials from any providers|metadata service|Could not resolve credentials using profile/iu.test(text)) {
    return make(
      `no AWS credentials were found${profile === undefined ? " in the environment, the AWS files, a container or an instance" : ` for the profile ${plainText(profile)}`}`,
      `Run \`aws configure${about}\` (or \`aws configure sso${about}\`), or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; ${again}`,
    );
  }
  return make(
    `the AWS credentials${whose} could not be had: ${text}`,
    `Try \`aws sts get-caller-identity${about}\`, which needs the same ones; ${again}`,
  );
}
