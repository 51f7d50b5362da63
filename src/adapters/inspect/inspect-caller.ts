/** Whose credentials these are, and what IAM grants them: STS and IAM, which are asked by forms. */

import type { Caller, Simulated } from "../../core/doctor/machine-facts.ts";
import type { CallOptions } from "../../ports/store.ts";
import { connectControl, signInOf } from "../shared/aws/connect.ts";
import { plainText } from "../shared/aws/plain-text.ts";
import type { WireBody } from "../shared/aws/wire.ts";
import { childOf, childrenOf, childText, type XmlNode } from "../shared/aws/xml.ts";
import { askDocument, type ControlSetup } from "./control-call.ts";

/** STS answers this to anybody whose signature is right, whatever is denied. */
export async function inspectCaller(setup: ControlSetup, options: CallOptions): Promise<Caller> {
  const form = { Action: "GetCallerIdentity", Version: "2011-06-15" };
  const [{ accessKeyId, isTemporary }, root] = await Promise.all([signInOf(setup.env), ask("sts", form, setup, options)]);
  const result = root && childOf(root, "GetCallerIdentityResult");
  const text = (name: string): string => plainText((result && childText(result, name)) ?? "");
  return { arn: text("Arn"), account: text("Account"), key: keyKind(accessKeyId, isTemporary) };
}

/** By the first letters of an access key's id. Source: IAM User Guide, "IAM identifiers". */
function keyKind(accessKeyId: string, isTemporary: boolean): Caller["key"] {
  if (accessKeyId.startsWith("AKIA")) return "long-lived";
  return isTemporary || accessKeyId.startsWith("ASIA") ? "temporary" : "unknown";
}

/** By the principal's own policies alone, one resource a call: of several, IAM answers for all of them together. */
export async function simulateFor(
  about: { readonly principal: string; readonly actions: readonly string[]; readonly resource: string },
  setup: ControlSetup,
  options: CallOptions,
): Promise<readonly Simulated[]> {
  const { principal, actions, resource } = about;
  const form = {
    Action: "SimulatePrincipalPolicy",
    Version: "2010-05-08",
    PolicySourceArn: principal,
    "ResourceArns.member.1": resource,
    ...Object.fromEntries(actions.map((action, at) => [`ActionNames.member.${at + 1}`, action])),
  };
  const root = await ask("iam", form, setup, options);
  const result = root && childOf(root, "SimulatePrincipalPolicyResult");
  const results = result && childOf(result, "EvaluationResults");
  return (results ? childrenOf(results, "member") : []).map((one) => ({
    action: childText(one, "EvalActionName") ?? "",
    resource,
    isAllowed: childText(one, "EvalDecision") === "allowed",
  }));
}

async function ask(
  service: "iam" | "sts",
  form: Readonly<Record<string, string>>,
  setup: ControlSetup,
  options: CallOptions,
): Promise<XmlNode | undefined> {
  const { env, runtime } = setup;
  const action = form["Action"] ?? "";
  const wire = await connectControl(service, { env, now: () => runtime.now() });
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const body = formBody(form, runtime);
  return await askDocument(
    wire,
    { action: `${service}:${action}`, method: "POST", path: "/", headers, body, root: `${action}Response` },
    setup,
    options,
  );
}

function formBody(form: Readonly<Record<string, string>>, { sha256 }: ControlSetup["runtime"]): WireBody {
  const bytes = new TextEncoder().encode(new URLSearchParams(form).toString());
  return {
    sizeBytes: bytes.byteLength,
    sha256: sha256(bytes),
    async *open() {
      yield bytes;
    },
  };
}
