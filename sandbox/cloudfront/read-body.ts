import * as v from "valibot";
import { readXml, type XmlElement } from "../read-xml.ts";
import type { SandboxRequest } from "../wire.ts";
import { CloudFrontError } from "./cloudfront-error.ts";
import type { DistributionSettings } from "./distribution.ts";
import type { InvalidationBatch } from "./invalidations.ts";

/** More than 3,000 paths of 4,000 characters take. */
const bodySizeBytesMax = 16 * 1024 * 1024;

const repeated = new Set(["Path", "CNAME", "Origin"]);

/** An element as a schema takes it: a text, or its children by name, in a list where they may be several. */
function valueOf({ text, children }: XmlElement): unknown {
  if (children.size === 0) return text;
  const entries = [...children].map(([name, all]) => [name, repeated.has(name) ? all.map(valueOf) : firstOf(all)] as const);
  return Object.fromEntries(entries);
}

const firstOf = ([first]: readonly XmlElement[]): unknown => (first ? valueOf(first) : undefined);

/** An empty list element parses as text, one with items as an object. */
const listOf = <Item extends v.GenericSchema>(
  items: Item,
): v.OptionalSchema<v.UnionSchema<[Item, v.StringSchema<undefined>], undefined>, undefined> => v.optional(v.union([items, v.string()]));

const quantity = v.pipe(v.string(), v.trim(), v.digits(), v.transform(Number));
const pathItems = v.object({ Path: v.array(v.string()) });
const aliasItems = v.object({ CNAME: v.array(v.string()) });
const originItems = v.object({ Origin: v.array(v.object({ DomainName: v.string(), OriginPath: v.optional(v.string()) })) });

const invalidationBody = v.object({
  InvalidationBatch: v.object({ CallerReference: v.string(), Paths: v.object({ Quantity: quantity, Items: listOf(pathItems) }) }),
});
const distributionBody = v.object({
  DistributionConfig: v.object({
    CallerReference: v.pipe(v.string(), v.minLength(1)),
    Aliases: v.optional(v.union([v.object({ Quantity: quantity, Items: listOf(aliasItems) }), v.string()])),
    DefaultRootObject: v.optional(v.string()),
    Origins: v.object({ Quantity: quantity, Items: originItems }),
    Comment: v.optional(v.string()),
  }),
});

async function textOf(request: SandboxRequest): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body()) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > bodySizeBytesMax) throw new CloudFrontError(413, "BatchTooLarge", "The request's body is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function parsed<Schema extends v.GenericSchema>(request: SandboxRequest, schema: Schema): Promise<v.InferOutput<Schema>> {
  const text = await textOf(request);
  if (text.trim() === "") throw new CloudFrontError(400, "MissingBody", "This operation needs a body.");
  const root = readXml(text);
  if (!root) throw new CloudFrontError(400, "MalformedInput", "The body is no well-formed XML.");
  const result = v.safeParse(schema, { [root.name]: valueOf(root) });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new CloudFrontError(400, "MalformedInput", `${v.getDotPath(issue) ?? "The body"}: ${issue.message}`);
}

function checkQuantity(stated: number, found: number): void {
  if (stated !== found) throw new CloudFrontError(400, "InconsistentQuantities", "The value of Quantity and the number of Items differ.");
}

/** The batch that a CreateInvalidation request carries; its paths are not judged here. Throws `CloudFrontError`. */
export async function readInvalidationBatch(request: SandboxRequest): Promise<InvalidationBatch> {
  const { InvalidationBatch: batch } = await parsed(request, invalidationBody);
  const paths = typeof batch.Paths.Items === "object" ? batch.Paths.Items.Path : [];
  checkQuantity(batch.Paths.Quantity, paths.length);
  return { callerReference: batch.CallerReference, paths };
}

/** The bucket that an S3 origin's domain names: `BUCKET.s3.amazonaws.com` or `BUCKET.s3.REGION.amazonaws.com`. */
const bucketOf = (domain: string): string | undefined => /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/u.exec(domain)?.[1];

/** The settings that a CreateDistribution request carries: one S3 origin and the names. Everything else keeps the sandbox's defaults. */
export async function readDistributionSettings(request: SandboxRequest): Promise<Omit<DistributionSettings, "id">> {
  const { DistributionConfig: config } = await parsed(request, distributionBody);
  const [origin, ...more] = config.Origins.Items.Origin;
  checkQuantity(config.Origins.Quantity, config.Origins.Items.Origin.length);
  const bucket = bucketOf(origin?.DomainName ?? "");
  if (!origin || bucket === undefined || more.length > 0) {
    throw new CloudFrontError(
      400,
      "InvalidOrigin",
      "The sandbox serves distributions with one origin, a bucket: BUCKET.s3.REGION.amazonaws.com.",
    );
  }
  const originPath = origin.OriginPath ?? "";
  if (originPath !== "" && !/^\/.*[^/]$/u.test(originPath)) {
    throw new CloudFrontError(400, "InvalidArgument", "The origin path has to begin with a slash and must not end with one.");
  }
  const aliases = typeof config.Aliases === "object" && typeof config.Aliases.Items === "object" ? config.Aliases.Items.CNAME : [];
  if (typeof config.Aliases === "object") checkQuantity(config.Aliases.Quantity, aliases.length);
  return {
    bucket,
    originPath,
    aliases,
    defaultRootObject: config.DefaultRootObject ?? "",
    callerReference: config.CallerReference,
    comment: config.Comment ?? "",
  };
}
