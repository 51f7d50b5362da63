import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { credentialsError } from "./aws-credentials.ts";
import { cloudFrontEndpoint, s3Endpoint } from "./aws-endpoint.ts";
import { type AwsSettings, type Environment, loadAwsSettings } from "./aws-settings.ts";
import { connectCloudFront, connectS3 } from "./connect.ts";
import type { Wire } from "./wire.ts";

let folder = "";
const closers: (() => void)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "belay-aws-"));
  // The official packages read the process's own environment beside what they are given.
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", folder);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});

afterEach(async () => {
  for (const close of closers.splice(0)) close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

/** An environment with these two files. */
async function envWith(config: string, credentials = "", rest: Environment = {}): Promise<Environment> {
  await writeFile(join(folder, "config"), config);
  await writeFile(join(folder, "credentials"), credentials);
  return { AWS_CONFIG_FILE: join(folder, "config"), AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"), ...rest };
}

const connectTo = async (env: Environment): Promise<Wire> => await connectS3("tide-site", { env, now: Date.now });

/** The access key and region that a request of this environment is signed with. */
async function signerOf(env: Environment): Promise<string | undefined> {
  let authorization: string | undefined;
  const endpoint = await serve((request, response) => {
    ({ authorization } = request.headers);
    response.end();
  });
  const wire = await connectTo({ ...env, AWS_ENDPOINT_URL_S3: endpoint });
  await wire.send({ method: "GET", path: "/" }, { signal: new AbortController().signal });
  return /Credential=([^/]+\/\d+\/[^/]+)/u.exec(authorization ?? "")?.[1]?.replace(/\/\d+\//u, " ");
}

const keys = (name: string): string => `aws_access_key_id = ${name}\naws_secret_access_key = secret-of-${name}\n`;
const fixed = { AWS_ACCESS_KEY_ID: "AKIDENV", AWS_SECRET_ACCESS_KEY: "secret" };

describe("the settings", () => {
  it("take the region from AWS_REGION, then AWS_DEFAULT_REGION, then the profile", async () => {
    const config = "[default]\nregion = eu-west-1\n[profile low]\nregion = eu-west-2\n";
    const region = async (rest: Environment): Promise<string | undefined> =>
      (await loadAwsSettings(await envWith(config, "", rest))).region;
    expect(await region({ AWS_REGION: "us-west-1", AWS_DEFAULT_REGION: "us-west-2", AWS_PROFILE: "low" })).toBe("us-west-1");
    expect(await region({ AWS_REGION: "", AWS_DEFAULT_REGION: "us-west-2" })).toBe("us-west-2");
    expect(await region({ AWS_PROFILE: "low" })).toBe("eu-west-2");
    expect(await region({})).toBe("eu-west-1");
    expect((await loadAwsSettings(await envWith(""))).region).toBeUndefined();
  });

  it("take an endpoint from the nearest place that names one, unless told to ignore them all", async () => {
    const config =
      "[default]\nendpoint_url = http://profile:1\nservices = tide\n[services tide]\ns3 =\n  endpoint_url = http://service:2\n[profile plain]\nendpoint_url = http://plain:3\n";
    const of = async (rest: Environment): Promise<(string | undefined)[]> => {
      const { endpoints } = await loadAwsSettings(await envWith(config, "", rest));
      return [endpoints.s3?.address, endpoints.cloudfront?.address];
    };
    expect(await of({})).toStrictEqual(["http://service:2", "http://profile:1"]);
    expect(await of({ AWS_PROFILE: "plain" })).toStrictEqual(["http://plain:3", "http://plain:3"]);
    expect(await of({ AWS_ENDPOINT_URL: "http://all:4" })).toStrictEqual(["http://all:4", "http://all:4"]);
    expect(await of({ AWS_ENDPOINT_URL: "http://all:4", AWS_ENDPOINT_URL_CLOUDFRONT: "http://cdn:5" })).toStrictEqual([
      "http://all:4",
      "http://cdn:5",
    ]);
    expect(await of({ AWS_ENDPOINT_URL: "http://all:4", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" })).toStrictEqual([
      undefined,
      undefined,
    ]);
  });

  it("refuse a profile that is in neither file, naming those that are", async () => {
    const env = await envWith("[profile low]\nregion = eu-west-2\n", `[high]\n${keys("AKIDHIGH")}`, { AWS_PROFILE: "hihg" });
    await expect(loadAwsSettings(env)).rejects.toMatchObject({
      code: "credentials-missing",
      message: expect.stringMatching(/hihg.*high, low/u),
      remedy: expect.stringContaining("aws configure --profile hihg"),
    });
  });

  it("refuse a flag that is no flag and a services section that is not there", async () => {
    await expect(loadAwsSettings(await envWith("", "", { AWS_USE_FIPS_ENDPOINT: "yes" }))).rejects.toMatchObject({ code: "usage" });
    await expect(loadAwsSettings(await envWith("[default]\nservices = gone\n"))).rejects.toMatchObject({ code: "usage" });
  });
});

const plain: AwsSettings = { usesDualStack: false, usesFips: false, endpoints: { s3: undefined, cloudfront: undefined } };
const at = (region: string, dual = 0, fips = 0): AwsSettings => ({ ...plain, region, usesDualStack: dual === 1, usesFips: fips === 1 });
const addressOf = ({ region, endpointOf }: ReturnType<typeof s3Endpoint>): string => {
  const { url, pathPrefix, isAws } = endpointOf(region);
  return `${url.origin}${pathPrefix} ${region} ${isAws ? "AWS" : "other"}`;
};
const address = (bucket: string, s3?: string): string =>
  addressOf(
    s3Endpoint(bucket, {
      ...at("eu-central-1"),
      endpoints: { s3: s3 === undefined ? undefined : { address: s3, setting: "X" }, cloudfront: undefined },
    }),
  );

describe("the endpoints", () => {
  // Compared with what botocore 1.43 resolves for the same settings.
  it.each([
    [at("us-east-1"), "tide.s3.us-east-1.amazonaws.com us-east-1", "cloudfront.amazonaws.com us-east-1"],
    [at("eu-central-1", 1), "tide.s3.dualstack.eu-central-1.amazonaws.com eu-central-1", "cloudfront.global.api.aws us-east-1"],
    [at("eu-central-1", 0, 1), "tide.s3-fips.eu-central-1.amazonaws.com eu-central-1", "cloudfront-fips.amazonaws.com us-east-1"],
    [at("us-east-1", 1, 1), "tide.s3-fips.dualstack.us-east-1.amazonaws.com us-east-1", "cloudfront-fips.global.api.aws us-east-1"],
    [at("cn-north-1"), "tide.s3.cn-north-1.amazonaws.com.cn cn-north-1", "cloudfront.cn-northwest-1.amazonaws.com.cn cn-northwest-1"],
    [at("us-gov-west-1"), "tide.s3.us-gov-west-1.amazonaws.com us-gov-west-1", "cloudfront.amazonaws.com us-gov-west-1"],
    [at("eusc-de-east-1"), "tide.s3.eusc-de-east-1.amazonaws.eu eusc-de-east-1", "cloudfront.amazonaws.eu eusc-de-east-1"],
  ])("of %j are AWS's own", (settings, s3, cloudFront) => {
    expect(addressOf(s3Endpoint("tide", settings))).toBe(`https://${s3} AWS`);
    expect(addressOf(cloudFrontEndpoint(settings))).toBe(`https://${cloudFront} AWS`);
  });

  it("have a bucket in the path where its name would break TLS, or where the endpoint was configured", () => {
    expect(address("www.tide.example")).toBe("https://s3.eu-central-1.amazonaws.com/www.tide.example eu-central-1 AWS");
    expect(address("Tide_X")).toBe("https://s3.eu-central-1.amazonaws.com/Tide_X eu-central-1 AWS");
    expect(address("tide", "http://127.0.0.1:9000/")).toBe("http://127.0.0.1:9000/tide eu-central-1 other");
    expect(address("tide", "https://store.example/s3/")).toBe("https://store.example/s3/tide eu-central-1 other");
    expect(address("tide", "https://bucket.vpce-1.s3.eu-central-1.vpce.amazonaws.com")).toContain("/tide eu-central-1 AWS");
    expect(address("tide", "https://s3.amazonaws.com.example.net")).toContain("other");
    for (const wrong of ["127.0.0.1:9000", "ftp://x", "http://user:pass@x", "http://x/?a=b"])
      expect(() => address("tide", wrong)).toThrow("X is no endpoint");
    expect(() => address("tide", "http://user:pass@x")).not.toThrow("pass");
  });

  it("are refused where the partition has none of the kind", () => {
    expect(() => s3Endpoint("tide", at("cn-north-1", 0, 1))).toThrow("AWS_USE_FIPS_ENDPOINT");
  });
});

describe("connecting", () => {
  it("without a region teaches how to set one, and needs none for another server or for CloudFront", async () => {
    const env = await envWith("", "", fixed);
    await expect(connectTo(env)).rejects.toMatchObject({ code: "usage", remedy: expect.stringContaining("export AWS_REGION=") });
    expect((await connectTo({ ...env, AWS_ENDPOINT_URL: "http://127.0.0.1:9000" })).base).toBe("http://127.0.0.1:9000/tide-site");
    expect((await connectCloudFront({ env, now: Date.now })).base).toBe("https://cloudfront.amazonaws.com");
  });

  it("signs with the keys of AWS_PROFILE before those of the environment, and with those before the default profile's", async () => {
    const env = await envWith("[profile low]\nregion = eu-west-2\n", `[default]\n${keys("AKIDDEFAULT")}[low]\n${keys("AKIDLOW")}`);
    expect(await signerOf({ ...env, ...fixed, AWS_PROFILE: "low" })).toBe("AKIDLOW eu-west-2");
    expect(await signerOf({ ...env, ...fixed })).toBe("AKIDENV us-east-1");
    expect(await signerOf(env)).toBe("AKIDDEFAULT us-east-1");
  });

  it("with keys that expire fetches them again before they do, and once for all wires", async () => {
    const log = join(folder, "runs");
    const script = join(folder, "keys.sh");
    const answer = `{"Version":1,"AccessKeyId":"AKIDPROCESS","SecretAccessKey":"s","SessionToken":"t","Expiration":"'$(date -u -d @$(($(date +%s) + 3600)) +%FT%TZ)'"}`;
    await writeFile(script, `#!/bin/sh\necho run >> '${log}'\necho '${answer}'\n`, { mode: 0o755 });
    const env = await envWith(`[profile run]\ncredential_process = ${script}\n`, "", { AWS_PROFILE: "run" });
    expect([await signerOf(env), await signerOf(env)]).toStrictEqual(["AKIDPROCESS us-east-1", "AKIDPROCESS us-east-1"]);
    const { readFile } = await import("node:fs/promises");
    expect(await readFile(log, "utf8")).toBe("run\n");
  });

  it("assumes a role as the files say, without a word on stderr", async () => {
    const warnings: unknown[] = [];
    const note = (warning: unknown): void => {
      warnings.push(warning);
    };
    process.on("warning", note);
    closers.push(() => process.off("warning", note));
    const sts = await serve((_, response) => {
      response.setHeader("content-type", "text/xml");
      response.end(
        `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
      );
    });
    vi.stubEnv("AWS_ENDPOINT_URL_STS", sts);
    vi.stubEnv("AWS_REGION", "eu-west-2");
    const env = await envWith(
      "[profile role]\nrole_arn = arn:aws:iam::111122223333:role/tide\nsource_profile = low\n",
      `[low]\n${keys("AKIDLOW")}`,
      {
        AWS_PROFILE: "role",
        AWS_REGION: "eu-west-2",
        ...fixed,
      },
    );
    expect(await signerOf(env)).toBe("AKIDROLE eu-west-2");
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toStrictEqual([]);
  });

  it("without credentials says so, and how to get some", async () => {
    const env = await envWith("[default]\nregion = eu-west-2\n");
    await expect(connectTo(env)).rejects.toMatchObject({
      code: "credentials-missing",
      message: expect.stringContaining("no AWS credentials were found"),
      remedy: expect.stringContaining("aws configure"),
    });
  });

  it("with a sign-in that has run out says which one to renew", async () => {
    const config =
      "[profile web]\nregion = eu-west-2\nsso_session = tide\nsso_account_id = 111122223333\nsso_role_name = Deploy\n[sso-session tide]\nsso_start_url = https://tide.awsapps.example/start\nsso_region = eu-west-2\nsso_registration_scopes = sso:account:access\n";
    const env = await envWith(config, "", { AWS_PROFILE: "web" });
    // Where a profile signs in, the official packages look for its files in the process's own environment alone.
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    await expect(connectTo(env)).rejects.toMatchObject({
      code: "credentials-missing",
      message: expect.stringContaining("of the profile web has expired or is missing"),
      remedy: expect.stringContaining("aws sso login --profile web"),
    });
  });

  it("with a bundle of authorities that cannot be read says which setting names it", async () => {
    const env = await envWith("", "", { ...fixed, AWS_REGION: "eu-west-2", AWS_CA_BUNDLE: join(folder, "none.pem") });
    await expect(connectTo(env)).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("AWS_CA_BUNDLE") });
  });
});

describe("credentialsError", () => {
  it.each([
    [
      "Profile low requires multi-factor authentication, but no MFA code callback was provided.",
      "aws configure export-credentials --profile low",
    ],
    ["Your session has expired. Please reauthenticate using aws login.", "aws login --profile low"],
    ["Token is expired. To refresh this SSO session run 'aws sso login'", "aws sso login --profile low"],
    ["Could not resolve credentials using profile: [low] in configuration/credentials file(s).", "aws configure --profile low"],
    ["Command failed: helper \u001b[31mboom", "aws sts get-caller-identity --profile low"],
  ])("%j leads to `%s`", (text, command) => {
    const error = credentialsError(new Error(text), "low");
    expect(error).toMatchObject({ code: "credentials-missing", remedy: expect.stringContaining(command) });
    expect(error.message).not.toContain("\u001b");
  });
});
