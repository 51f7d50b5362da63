/** What a bucket says about itself, by the calls of S3's API for buckets. */

import type { Grant, LifecycleRule } from "../../core/doctor/bucket-facts.ts";
import type { BucketInspector } from "../../ports/inspector.ts";
import type { CallOptions } from "../../ports/store.ts";
import { connectS3, signInOf } from "../shared/aws/connect.ts";
import { answerText } from "../shared/aws/read-answer.ts";
import type { Wire } from "../shared/aws/wire.ts";
import { childOf, childrenOf, childText, type XmlNode } from "../shared/aws/xml.ts";
import { askControl, askDocument, type ControlAsk, type ControlSetup } from "./control-call.ts";

/** Groups of an access control list. Source: S3 User Guide, "Access control list overview". */
const groups: ReadonlyMap<string, Grant["to"]> = new Map([
  ["http://acs.amazonaws.com/groups/global/AllUsers", "everyone"],
  ["http://acs.amazonaws.com/groups/global/AuthenticatedUsers", "any-account"],
]);

/** Connects at the first question, once. */
export function inspectBucket(bucket: string, setup: ControlSetup): BucketInspector {
  let connecting: Promise<Wire> | undefined;
  const wire = async (): Promise<Wire> => {
    connecting ??= connectS3(bucket, { env: setup.env, now: () => setup.runtime.now() });
    return await connecting;
  };
  const ask = async (
    about: Omit<ControlAsk, "method" | "path"> & { readonly root: string | readonly string[] },
    options: CallOptions,
  ): Promise<XmlNode | undefined> => await askDocument(await wire(), { method: "GET", path: "/", ...about }, setup, options);
  const setting = async (name: Setting, options: CallOptions): Promise<XmlNode | undefined> => await ask(settings[name], options);
  return {
    head: async (options) => await headOf(await wire(), setup, options),
    versioning: async (options) => {
      const found = await setting("versioning", options);
      const status = found && childText(found, "Status");
      return {
        status: status === "Enabled" || status === "Suspended" ? status : "never",
        needsMfaToDelete: (found && childText(found, "MfaDelete")) === "Enabled",
      };
    },
    publicAccessBlock: async (options) => {
      const found = await setting("publicAccessBlock", options);
      const isOn = (name: string): boolean => (found && childText(found, name)) === "true";
      return (
        found && {
          blockPublicAcls: isOn("BlockPublicAcls"),
          ignorePublicAcls: isOn("IgnorePublicAcls"),
          blockPublicPolicy: isOn("BlockPublicPolicy"),
          restrictPublicBuckets: isOn("RestrictPublicBuckets"),
        }
      );
    },
    policy: async (options) => {
      const about = {
        action: "s3:GetBucketPolicy",
        method: "GET",
        path: "/",
        query: { policy: "" },
        absent: ["NoSuchBucketPolicy"],
      } as const;
      const answer = await askControl(await wire(), about, setup, options);
      return answer && (await answerText(answer));
    },
    grants: async (options) => grantsIn(await setting("acl", options)),
    ownership: async (options) => {
      const rule = childIn(await setting("ownership", options), "Rule");
      return rule && childText(rule, "ObjectOwnership");
    },
    encryption: async (options) => {
      const byDefault = childIn(childIn(await setting("encryption", options), "Rule"), "ApplyServerSideEncryptionByDefault");
      return byDefault && childText(byDefault, "SSEAlgorithm");
    },
    logging: async (options) => {
      const on = childIn(await setting("logging", options), "LoggingEnabled");
      return on && { bucket: childText(on, "TargetBucket") ?? "", prefix: childText(on, "TargetPrefix") ?? "" };
    },
    lifecycle: async (options) => {
      const found = await setting("lifecycle", options);
      return found ? childrenOf(found, "Rule").map(lifecycleRule) : [];
    },
    isWebsite: async (options) => (await setting("website", options)) !== undefined,
  };
}

type Setting = keyof typeof settings;

/** The calls, with the error codes by which S3 says that nothing is set. Source: the S3 API reference; the second root of versioning is moto's. */
const settings = {
  versioning: {
    action: "s3:GetBucketVersioning",
    query: { versioning: "" },
    root: ["VersioningConfiguration", "GetBucketVersioningResponse"],
    absent: [],
  },
  publicAccessBlock: {
    action: "s3:GetBucketPublicAccessBlock",
    query: { publicAccessBlock: "" },
    root: "PublicAccessBlockConfiguration",
    absent: ["NoSuchPublicAccessBlockConfiguration"],
  },
  acl: { action: "s3:GetBucketAcl", query: { acl: "" }, root: "AccessControlPolicy", absent: [] },
  ownership: {
    action: "s3:GetBucketOwnershipControls",
    query: { ownershipControls: "" },
    root: "OwnershipControls",
    absent: ["OwnershipControlsNotFoundError"],
  },
  encryption: {
    action: "s3:GetEncryptionConfiguration",
    query: { encryption: "" },
    root: "ServerSideEncryptionConfiguration",
    absent: ["ServerSideEncryptionConfigurationNotFoundError"],
  },
  logging: { action: "s3:GetBucketLogging", query: { logging: "" }, root: "BucketLoggingStatus", absent: [] },
  lifecycle: {
    action: "s3:GetLifecycleConfiguration",
    query: { lifecycle: "" },
    root: "LifecycleConfiguration",
    absent: ["NoSuchLifecycleConfiguration"],
  },
  website: { action: "s3:GetBucketWebsite", query: { website: "" }, root: "WebsiteConfiguration", absent: ["NoSuchWebsiteConfiguration"] },
} as const;

/** By the beginning of a listing: an error of HEAD has no body that says what is wrong. */
async function headOf(wire: Wire, setup: ControlSetup, options: CallOptions): Promise<Awaited<ReturnType<BucketInspector["head"]>>> {
  const { region } = await signInOf(setup.env);
  const about = {
    action: "s3:ListBucket",
    method: "GET",
    path: "/",
    query: { "list-type": "2", "max-keys": "1" },
    absent: ["NoSuchBucket"],
  } as const;
  const answer = await askControl(wire, about, setup, options);
  if (answer === undefined) return undefined;
  const localMs = setup.runtime.now();
  answer.discard();
  const found = answer.headers["x-amz-bucket-region"];
  const serverMs = Date.parse(answer.headers["date"] ?? "");
  return {
    ...(found !== undefined && found !== "" && { region: found }),
    configuredRegion: region ?? "us-east-1",
    isAws: wire.isAws,
    ...(Number.isFinite(serverMs) && { clock: { serverMs, localMs } }),
  };
}

const childIn = (node: XmlNode | undefined, name: string): XmlNode | undefined => node && childOf(node, name);

function grantsIn(found: XmlNode | undefined): Grant[] {
  const list = childIn(found, "AccessControlList");
  // AWS writes a grant for each right; others write one grant with all rights of a grantee.
  return (list ? childrenOf(list, "Grant") : []).flatMap((grant) => {
    const to = groups.get(childText(childOf(grant, "Grantee") ?? grant, "URI") ?? "") ?? "named";
    return childrenOf(grant, "Permission").map(({ text }) => ({ to, permission: text }));
  });
}

function lifecycleRule(rule: XmlNode): LifecycleRule {
  const filter = childOf(rule, "Filter");
  const all = childIn(filter, "And");
  const noncurrent = childOf(rule, "NoncurrentVersionExpiration");
  const expiration = childOf(rule, "Expiration");
  const days = numberIn(noncurrent, "NoncurrentDays");
  const kept = numberIn(noncurrent, "NewerNoncurrentVersions");
  return {
    id: childText(rule, "ID") ?? "",
    isEnabled: childText(rule, "Status") === "Enabled",
    prefix: [all, filter, rule].map((node) => node && childText(node, "Prefix")).find((prefix) => prefix !== undefined) ?? "",
    ...(days !== undefined && { noncurrentDays: days }),
    ...(kept !== undefined && { noncurrentKept: kept }),
    expiresCurrent: expiration !== undefined && (childOf(expiration, "Days") ?? childOf(expiration, "Date")) !== undefined,
  };
}

function numberIn(node: XmlNode | undefined, name: string): number | undefined {
  const text = node && childText(node, name);
  return text !== undefined && /^\d{1,9}$/u.test(text) ? Number(text) : undefined;
}
