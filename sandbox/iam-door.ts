/** IAM with the one action that asks what somebody may do. It answers by what each account was made to deny. */

import { randomId } from "./cloudfront/random-id.ts";
import { branch, leaf } from "./cloudfront/xml.ts";
import { Refusal } from "./s3/signature-claim.ts";
import type { Account } from "./signature.ts";
import type { Clock, SandboxHandler, SandboxRequest, SandboxResponse } from "./wire.ts";

export interface IamOptions {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly clock: Clock;
  readonly random: () => number;
  /** The access key id that signed a request; throws `Refusal`. */
  readonly callerOf: (request: SandboxRequest, body: Buffer, options: Omit<IamOptions, "callerOf">) => string;
}

/** Actions whose names in IAM are not those of their operations. */
const operationNames: Readonly<Record<string, string>> = {
  PutLifecycleConfiguration: "PutBucketLifecycleConfiguration",
  PutBucketPublicAccessBlock: "PutPublicAccessBlock",
};

/** Opens the door. Who asks needs `SimulatePrincipalPolicy`, which an account may be denied like anything else. */
export function iamDoor(options: IamOptions): SandboxHandler {
  return async (request) => {
    const { accounts, clock, random } = options;
    const id = randomId(16, random).toLowerCase();
    const answer = (status: number, root: string, ...children: readonly string[]): SandboxResponse => ({
      status,
      headers: { "content-type": "text/xml", date: new Date(clock.now()).toUTCString(), "x-amzn-requestid": id },
      body: Buffer.from(`<${root} xmlns="https://iam.amazonaws.com/doc/2010-05-08/">${children.join("")}</${root}>`),
    });
    try {
      const body = await collected(request);
      const caller = accounts.get(options.callerOf(request, body, options));
      const form = new URLSearchParams(body.toString("utf8"));
      const action = form.get("Action") ?? "";
      if (action !== "SimulatePrincipalPolicy") throw new Refusal(400, "InvalidAction", `Could not find operation ${action}.`);
      if (caller?.denies?.(action, "", "") === true)
        throw new Refusal(403, "AccessDenied", "User is not authorized to perform: iam:SimulatePrincipalPolicy");
      const results = branch("EvaluationResults", ...simulated(form, accounts));
      const result = branch("SimulatePrincipalPolicyResult", leaf("IsTruncated", false), results);
      return answer(200, "SimulatePrincipalPolicyResponse", result, branch("ResponseMetadata", leaf("RequestId", id)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const said = branch("Error", leaf("Type", "Sender"), leaf("Code", error.code), leaf("Message", error.message));
      return answer(error.status, "ErrorResponse", said, leaf("RequestId", id));
    }
  };
}

function simulated(form: URLSearchParams, accounts: IamOptions["accounts"]): string[] {
  const name = /:user\/(.+)$/u.exec(form.get("PolicySourceArn") ?? "")?.[1] ?? "";
  const account = accounts.get(name);
  if (!account) throw new Refusal(404, "NoSuchEntity", `The user with name ${name} cannot be found.`);
  const listOf = (list: string): string[] => [...form].flatMap(([key, value]) => (key.startsWith(`${list}.member.`) ? [value] : []));
  return listOf("ActionNames").flatMap((action) =>
    listOf("ResourceArns").map((resource) => {
      const operation = action.split(":")[1] ?? "";
      const [bucket = "", ...key] = (/^arn:[^:]+:s3:::(.*)$/u.exec(resource)?.[1] ?? "").split("/");
      const isDenied = account.denies?.(operationNames[operation] ?? operation, key.join("/"), bucket) === true;
      return branch(
        "member",
        leaf("EvalActionName", action),
        leaf("EvalResourceName", resource),
        leaf("EvalDecision", isDenied ? "implicitDeny" : "allowed"),
      );
    }),
  );
}

async function collected(request: SandboxRequest): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request.body()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
