/** The same walls as Terraform configuration (HCL). Source: the AWS provider's documentation, version 5. */

import type { Json } from "../canonical-json.ts";
import type { AccessLogging } from "../doctor/bucket-facts.ts";
import { isList, jsonValue, type IamDocument } from "./iam-document.ts";

export interface TerraformBucket {
  readonly bucket: string;
  /** Whether a policy is there already: then it is imported, so that Terraform shows what changes. */
  readonly hasPolicy: boolean;
  /** Everybody's statements, and belay's. */
  readonly policy: Json;
  readonly blocksPublicAccess: boolean;
  readonly logging: AccessLogging | undefined;
}

export interface TerraformSetup {
  readonly buckets: readonly TerraformBucket[];
  readonly roles: {
    readonly agent: IamDocument;
    readonly publisher: IamDocument;
    readonly person: IamDocument;
    readonly trust: IamDocument;
  };
}

/** One file, as `terraform fmt` would leave it but for how far apart its equals signs stand. */
export function terraformText({ buckets, roles }: TerraformSetup): string {
  const blocks = [
    'terraform {\n  required_version = ">= 1.5"\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = ">= 5.0"\n    }\n  }\n}',
    ...buckets.flatMap(bucketBlocks),
    resource("aws_iam_policy", "belay_agent", { name: "belay-agent", policy: encoded(roles.agent) }),
    resource("aws_iam_policy", "belay_publisher", { name: "belay-publisher", policy: encoded(roles.publisher) }),
    resource("aws_iam_policy", "belay_person", { name: "belay-person", policy: encoded(roles.person) }),
    resource("aws_iam_role", "belay_publisher", { name: "belay-publisher", assume_role_policy: encoded(roles.trust) }),
    resource("aws_iam_role_policy_attachment", "belay_publisher", {
      role: { code: "aws_iam_role.belay_publisher.name" },
      policy_arn: { code: "aws_iam_policy.belay_publisher.arn" },
    }),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function bucketBlocks({ bucket, hasPolicy, policy, blocksPublicAccess, logging }: TerraformBucket): string[] {
  const name = labelOf(bucket);
  return [
    ...(hasPolicy ? [`import {\n  to = aws_s3_bucket_policy.${name}\n  id = ${quoted(bucket)}\n}`] : []),
    resource("aws_s3_bucket_policy", name, { bucket, policy: encoded(policy) }),
    resource("aws_s3_bucket_versioning", name, { bucket }, ['  versioning_configuration {\n    status = "Enabled"\n  }']),
    ...(blocksPublicAccess
      ? [
          resource("aws_s3_bucket_public_access_block", name, {
            bucket,
            block_public_acls: { code: "true" },
            ignore_public_acls: { code: "true" },
            block_public_policy: { code: "true" },
            restrict_public_buckets: { code: "true" },
          }),
        ]
      : []),
    ...(logging ? [resource("aws_s3_bucket_logging", name, { bucket, target_bucket: logging.bucket, target_prefix: logging.prefix })] : []),
  ];
}

/** A text, or an expression as it stands. */
type Value = string | { readonly code: string };

function resource(type: string, name: string, values: Readonly<Record<string, Value>>, nested: readonly string[] = []): string {
  const width = Math.max(...Object.keys(values).map((key) => key.length));
  const lines = Object.entries(values).map(
    ([key, value]) => `  ${key.padEnd(width)} = ${typeof value === "string" ? quoted(value) : value.code}`,
  );
  return `resource "${type}" "${name}" {\n${[...lines, ...nested.map((block) => `\n${block}`)].join("\n")}\n}`;
}

const encoded = (document: Json | IamDocument): Value => ({ code: `jsonencode(${expression(jsonValue(document) ?? null, 2)})` });

/** Bucket names hold dots and may begin with a digit; Terraform's own names do neither. Two buckets never come out alike. */
const labelOf = (bucket: string): string => `belay_${bucket.replaceAll("-", "_").replaceAll(".", "-")}`;

function expression(value: Json, indent: number): string {
  const [inner, outer] = [" ".repeat(indent + 2), " ".repeat(indent)];
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value !== "object") return String(value);
  if (isList(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => `${inner}${expression(item, indent + 2)},\n`).join("")}${outer}]`;
  }
  const entries = Object.entries(value).flatMap(([key, held]) => (held === undefined ? [] : [[key, held] as const]));
  if (entries.length === 0) return "{}";
  const keyed = entries.map(([key, held]) => `${inner}${keyOf(key)} = ${expression(held, indent + 2)}\n`);
  return `{\n${keyed.join("")}${outer}}`;
}

/** `null`, `true` and `for` would be read as something else. */
const keyOf = (key: string): string => (/^(?!(?:null|true|false|for|if)$)[A-Za-z_][A-Za-z0-9_]*$/u.test(key) ? key : quoted(key));

/** A template without anything to fill in: `${` and `%{`, which stand in policies' variables, are spelled out. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`)
    .replaceAll("\t", String.raw`\t`)
    .replaceAll("${", () => "$${")
    .replaceAll("%{", "%%{")
    // oxlint-disable-next-line no-control-regex -- HCL takes them as escapes only
    .replaceAll(/[\u0000-\u001f\u007f]/gu, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `"${escaped}"`;
}
