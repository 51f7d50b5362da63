/** Who one is towards AWS, and the walls around that: `configure`, `iam`, `sts`, `organizations`. */

import type { Reading } from "../../reading.ts";
import { hole } from "../../word.ts";
import { effectOf, reading, type Call } from "../reading-of.ts";
import { isRead, type AwsCall } from "./aws-arguments.ts";

/** Settings that decide who acts, or where requests go. */
const identitySetting =
  /(?:^|\.)(?:aws_access_key_id|aws_secret_access_key|aws_session_token|role_arn|source_profile|credential_source|credential_process|web_identity_token_file|role_session_name|external_id|mfa_serial|sso_[a-z_]+|endpoint_url|services|login_session|ca_bundle)$/u;

export function readAwsConfigure(call: Call, { operation, rest }: AwsCall): Reading {
  if (/^(?:get|list|list-profiles|export-credentials|help)$/u.test(operation)) return reading();
  const [setting = ""] = rest.filter((word) => !word.startsWith("--"));
  if (operation === "set" && !setting.includes(hole) && !identitySetting.test(setting)) return reading();
  const about = operation === "set" ? setting : "credentials";
  const tool = `aws configure${operation === "" ? "" : ` ${operation.replaceAll(hole, "…")}`}`;
  return reading(effectOf(call, { tool, verb: "configure", destination: { kind: "credentials", about } }));
}

export function readAwsIam(call: Call, { service, operation, rest }: AwsCall): Reading {
  if (isRead(operation) || operation.startsWith("generate-")) return reading();
  const about = rest.filter((word) => !word.startsWith("--"))[0] ?? "";
  return reading(
    effectOf(call, {
      tool: `aws ${service} ${operation.replaceAll(hole, "…")}`,
      verb: "configure",
      destination: { kind: "credentials", about },
    }),
  );
}

/** Another role is a person's choice; the publisher's is not for an agent at all. */
export function readAwsSts(call: Call, { operation, rest }: AwsCall): Reading {
  if (!operation.startsWith("assume-r")) return reading();
  const about = rest.join(" ");
  const verb = /publish|break-?glass|belay/iu.test(about) ? "configure" : "delegate";
  return reading(effectOf(call, { tool: `aws sts ${operation}`, verb, destination: { kind: "credentials", about: roleIn(about) } }));
}

const roleIn = (text: string): string => /arn:\S+/u.exec(text)?.[0] ?? "another role";
