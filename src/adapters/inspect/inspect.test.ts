import { createSocket, type Socket } from "node:dgram";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { CallOptions } from "../../ports/store.ts";
import { controlEndpoint } from "../shared/aws/aws-endpoint.ts";
import type { AwsSettings } from "../shared/aws/aws-settings.ts";
import { readXml } from "../shared/aws/xml.ts";
import { hostNames } from "./host-names.ts";
import { inspectCertificate } from "./inspect-certificate.ts";
import { distributionFacts } from "./inspect-distribution.ts";
import { inspectWorkingCopy } from "./inspect-working-copy.ts";

const calm: CallOptions = { signal: new AbortController().signal };
const left: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const undo of left.splice(0)) await undo();
});
const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), "belay-inspect-"));
  left.push(async () => await rm(made, { recursive: true }));
  return made;
};

const hasOpenssl = spawnSync("openssl", ["version"], { stdio: "ignore" }).status === 0;

/** A name as DNS writes it: each label behind its length. */
const labels = (name: string): Buffer =>
  Buffer.concat([...name.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.from([0])]);

/** A name server that knows these canonical names and addresses, and answers everything else with NXDOMAIN, or not at all. */
async function nameServer(
  zone: Readonly<Record<string, { readonly cname?: string; readonly a?: string }>>,
  isMute = false,
): Promise<string> {
  const socket: Socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    if (isMute) return;
    let at = 12;
    const parts: string[] = [];
    for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
      parts.push(query.toString("latin1", at + 1, at + 1 + size));
      at += size + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const answers: Buffer[] = [];
    let name = parts.join(".").toLowerCase();
    const isKnown = Object.hasOwn(zone, name);
    const add = (of: number, rdata: Buffer): void => {
      const head = Buffer.alloc(10);
      head.writeUInt16BE(of, 0);
      head.writeUInt16BE(1, 2);
      head.writeUInt32BE(60, 4);
      head.writeUInt16BE(rdata.length, 8);
      answers.push(Buffer.concat([labels(name), head, rdata]));
    };
    for (let next = zone[name]?.cname; next !== undefined && answers.length < 3; next = type === 5 ? undefined : zone[name]?.cname) {
      add(5, labels(next));
      name = next;
    }
    const a = zone[name]?.a;
    if (type === 1 && a !== undefined) add(1, Buffer.from(a.split(".").map(Number)));
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180 | (isKnown ? 0 : 3), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, query.subarray(12, at + 5), ...answers]), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  left.push(() => void socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

describe("names", () => {
  it("are followed to their addresses, and a host that nobody knows is told from one without addresses", async () => {
    const servers = [
      await nameServer({
        "www.pier.example": { cname: "Pier.example" },
        "Pier.example": { cname: "d1pier.cloudfront.net" },
        "pier.example": { cname: "d1pier.cloudfront.net" },
        "d1pier.cloudfront.net": { a: "192.0.2.7" },
        "mail.pier.example": {},
      }),
    ];
    expect(await hostNames("www.pier.example", { servers }, calm)).toEqual({
      chain: ["pier.example", "d1pier.cloudfront.net"],
      addresses: ["192.0.2.7"],
    });
    expect(await hostNames("mail.pier.example", { servers }, calm)).toEqual({ chain: [], addresses: [] });
    expect(await hostNames("gone.pier.example", { servers }, calm)).toBeUndefined();
  });

  it("that lead round in a circle come to an end", async () => {
    const servers = [await nameServer({ "a.example": { cname: "b.example" }, "b.example": { cname: "a.example" } })];
    expect(await hostNames("a.example", { servers }, calm)).toMatchObject({ chain: ["b.example", "a.example"], addresses: [] });
  }, 20_000);

  it("that no server answers for are not taken for unknown, and an interruption ends the wait", async () => {
    const servers = [await nameServer({}, true)];
    const command = new AbortController();
    setTimeout(() => command.abort(), 50);
    await expect(hostNames("pier.example", { servers }, { signal: command.signal })).rejects.toMatchObject({ name: "AbortError" });
    const closed = createSocket("udp4").bind(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address();
    closed.close();
    await expect(hostNames("pier.example", { servers: [`127.0.0.1:${port}`] }, calm)).rejects.toMatchObject({ code: "store-unreachable" });
  }, 20_000);
});

describe("certificates", () => {
  it.skipIf(!hasOpenssl)("needs openssl: are read with their end and with what is wrong with them", async () => {
    const made = await folder();
    const [key, cert] = [join(made, "key.pem"), join(made, "cert.pem")];
    const words = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      key,
      "-out",
      cert,
      "-days",
      "9",
      "-subj",
      "/CN=pier.example",
    ];
    const ran = spawnSync("openssl", words, { encoding: "utf8" });
    expect({ status: ran.status, told: ran.stderr }).toMatchObject({ status: 0 });
    const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (socket) => socket.end());
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    left.push(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { validToMs, issuer, problem } = await inspectCertificate("127.0.0.1", port, calm);
    expect(Math.round((validToMs - Date.now()) / 86_400_000)).toBe(9);
    expect([issuer, problem]).toEqual(["pier.example", "its TLS certificate is signed by itself"]);
  });

  it("of a host that answers nobody are not told", async () => {
    await expect(inspectCertificate("127.0.0.1", 9, calm)).rejects.toMatchObject({ code: "store-unreachable" });
  });
});

const origin = (domain: string, access: string): string =>
  `<Origin><DomainName>${domain}</DomainName><OriginPath>/site</OriginPath><S3OriginConfig><OriginAccessIdentity>${access}</OriginAccessIdentity></S3OriginConfig><OriginAccessControlId></OriginAccessControlId></Origin>`;

it("a distribution is read from what GetDistribution says", () => {
  const document =
    "<Distribution><Status>InProgress</Status><DomainName>D1.cloudfront.net</DomainName><DistributionConfig><Enabled>true</Enabled>" +
    "<Aliases><Quantity>1</Quantity><Items><CNAME>Pier.example</CNAME></Items></Aliases><DefaultRootObject></DefaultRootObject>" +
    `<Origins><Items>${origin("pier.s3-website-eu-west-1.amazonaws.com", "")}${origin("pier.s3.amazonaws.com", "origin-access-identity/cloudfront/E1")}</Items></Origins>` +
    "<DefaultCacheBehavior><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy><CachePolicyId>p</CachePolicyId><MinTTL>5</MinTTL></DefaultCacheBehavior>" +
    "<CacheBehaviors><Items><CacheBehavior><PathPattern>a/*</PathPattern><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy><MinTTL>5</MinTTL><DefaultTTL>60</DefaultTTL></CacheBehavior></Items></CacheBehaviors>" +
    "</DistributionConfig></Distribution>";
  expect(distributionFacts("E1", readXml(document))).toEqual({
    id: "E1",
    domain: "d1.cloudfront.net",
    isEnabled: true,
    status: "InProgress",
    aliases: ["pier.example"],
    rootObject: "",
    origins: [
      { domain: "pier.s3-website-eu-west-1.amazonaws.com", path: "/site", access: "none", isWebsite: true },
      { domain: "pier.s3.amazonaws.com", path: "/site", access: "identity", isWebsite: false },
    ],
    behaviors: [
      { pattern: "*", viewerProtocol: "https-only" },
      { pattern: "a/*", viewerProtocol: "allow-all", minTtlSeconds: 5, defaultTtlSeconds: 60 },
    ],
  });
});

it("programs are looked for on the PATH that was given, and agents by their folders", async () => {
  const made = await folder();
  await mkdir(join(made, "bin"));
  await writeFile(join(made, "bin", "git"), "");
  await chmod(join(made, "bin", "git"), 0o755);
  await writeFile(join(made, "bin", "ssh-keygen"), "");
  await mkdir(join(made, ".claude"));
  await writeFile(join(made, ".claude", "settings.json"), '{"hooks":"belay guard claude"}');
  await mkdir(join(made, ".gemini"));
  await writeFile(join(made, ".cursor"), "no folder");
  const found = await inspectWorkingCopy({ folder: made, env: { PATH: join(made, "bin") }, isStateIgnored: undefined });
  expect(found).toEqual({
    nodeVersion: process.versions.node,
    hasGit: true,
    hasSshKeygen: false,
    agents: [
      { folder: ".claude", namesBelay: true },
      { folder: ".gemini", namesBelay: false },
    ],
  });
});

const settings = (region: string | undefined, usesFips = false): AwsSettings => ({
  ...(region !== undefined && { region }),
  usesDualStack: false,
  usesFips,
  endpoints: { s3: undefined, cloudfront: undefined },
});

describe("endpoints of what is only asked", () => {
  // Compared with what botocore 1.43 resolves for the same settings.
  it.each([
    ["iam", undefined, false, "https://iam.amazonaws.com us-east-1"],
    ["iam", "eu-central-1", true, "https://iam-fips.amazonaws.com us-east-1"],
    ["iam", "cn-northwest-1", false, "https://iam.cn-north-1.amazonaws.com.cn cn-north-1"],
    ["iam", "us-gov-east-1", false, "https://iam.us-gov.amazonaws.com us-gov-west-1"],
    ["iam", "us-gov-west-1", true, "https://iam.us-gov.amazonaws.com us-gov-west-1"],
    ["route53", "eu-central-1", false, "https://route53.amazonaws.com us-east-1"],
    ["route53", "cn-north-1", false, "https://route53.amazonaws.com.cn cn-northwest-1"],
    ["route53", "us-gov-west-1", false, "https://route53.us-gov.amazonaws.com us-gov-west-1"],
    ["sts", "eu-central-1", false, "https://sts.eu-central-1.amazonaws.com eu-central-1"],
    ["route53", "us-east-1", true, "https://route53-fips.amazonaws.com us-east-1"],
    ["sts", "us-gov-west-1", true, "https://sts.us-gov-west-1.amazonaws.com us-gov-west-1"],
    ["sts", "us-east-2", true, "https://sts-fips.us-east-2.amazonaws.com us-east-2"],
    ["sts", "cn-north-1", false, "https://sts.cn-north-1.amazonaws.com.cn cn-north-1"],
  ] as const)("%s in %s, FIPS %s", (service, region, fips, is) => {
    const found = controlEndpoint(service, settings(region, fips));
    expect(`${found.endpointOf(found.region).url.origin} ${found.region}`).toBe(is);
    expect(found.endpointOf(found.region).isAws).toBe(true);
  });

  it("follow what was set instead", () => {
    const endpoints = { s3: undefined, cloudfront: undefined, iam: { address: "http://127.0.0.1:9070", setting: "AWS_ENDPOINT_URL" } };
    const found = controlEndpoint("iam", { ...settings("eu-central-1"), endpoints });
    expect(found.endpointOf(found.region)).toMatchObject({ isAws: false, pathPrefix: "" });
  });
});
