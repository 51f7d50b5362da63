/** Settings of a bucket, put by the calls of S3's API for buckets. */

import { BelayError } from "../../core/belay-error.ts";
import type { BucketHardener } from "../../ports/hardener.ts";
import type { CallOptions } from "../../ports/store.ts";
import { connectS3 } from "../shared/aws/connect.ts";
import type { Wire, WireBody } from "../shared/aws/wire.ts";
import { askControl, type ControlSetup } from "./control-call.ts";

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

interface Setting {
  readonly action: string;
  /** The query parameter that names it. */
  readonly name: string;
  readonly document: string;
}

/** Connects at the first write, once. */
export function hardenBucket(bucket: string, setup: ControlSetup): BucketHardener {
  let connecting: Promise<Wire> | undefined;
  const put = async (setting: Setting, options: CallOptions): Promise<void> => {
    connecting ??= connectS3(bucket, { env: setup.env, now: () => setup.runtime.now() });
    await putSetting(await connecting, setting, setup, options);
  };
  const putXml = async (action: string, name: string, document: string, options: CallOptions): Promise<void> =>
    await put({ action, name, document }, options);
  return {
    putPolicy: async (document, options) => await put({ action: "s3:PutBucketPolicy", name: "policy", document }, options),
    enableVersioning: async (options) =>
      await putXml("s3:PutBucketVersioning", "versioning", root("VersioningConfiguration", leaf("Status", "Enabled")), options),
    putPublicAccessBlock: async (block, options) => {
      const fields = [
        leaf("BlockPublicAcls", String(block.blockPublicAcls)),
        leaf("IgnorePublicAcls", String(block.ignorePublicAcls)),
        leaf("BlockPublicPolicy", String(block.blockPublicPolicy)),
        leaf("RestrictPublicBuckets", String(block.restrictPublicBuckets)),
      ];
      await putXml("s3:PutBucketPublicAccessBlock", "publicAccessBlock", root("PublicAccessBlockConfiguration", ...fields), options);
    },
    putLogging: async (logging, options) => {
      const on = `<LoggingEnabled>${leaf("TargetBucket", logging.bucket)}${leaf("TargetPrefix", logging.prefix)}</LoggingEnabled>`;
      await putXml("s3:PutBucketLogging", "logging", root("BucketLoggingStatus", on), options);
    },
  };
}

/** The service needs a checksum of each setting, and a policy goes as JSON. */
async function putSetting(wire: Wire, { action, name, document }: Setting, setup: ControlSetup, options: CallOptions): Promise<void> {
  const body = bodyOfText(document, setup);
  const headers = {
    "content-type": document.startsWith("<") ? "application/xml" : "application/json",
    "x-amz-checksum-sha256": Buffer.from(body.sha256, "hex").toString("base64"),
  };
  try {
    const answer = await askControl(
      wire,
      { action, method: "PUT", path: "/", query: { [name]: "" }, headers, body, isRepeatable: false },
      setup,
      options,
    );
    answer?.discard();
  } catch (error) {
    throw isMistake(error) ? new BelayError("not-supported", error.message, remedy, { cause: error }) : error;
  }
}

const remedy = "Look at what was to be written: belay harden --json. Nothing of it was taken.";

/** A server that calls the request wrong has certainly not done it: that is no doubt, as a lost reply is. */
function isMistake(error: unknown): error is BelayError {
  if (!(error instanceof BelayError) || error.code !== "store-unreachable") return false;
  const { cause } = error;
  return typeof cause === "object" && cause !== null && "status" in cause && (cause.status === 400 || cause.status === 409);
}

function bodyOfText(text: string, { runtime }: ControlSetup): WireBody {
  const bytes = new TextEncoder().encode(text);
  return {
    sizeBytes: bytes.byteLength,
    sha256: runtime.sha256(bytes),
    async *open() {
      yield bytes;
    },
  };
}

const root = (name: string, ...children: readonly string[]): string => `<${name} xmlns="${namespace}">${children.join("")}</${name}>`;
const leaf = (name: string, text: string): string => `<${name}>${escaped(text)}</${name}>`;

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text: string): string => text.replaceAll(/[&<>]/gu, (character) => escapes[character] ?? character);
