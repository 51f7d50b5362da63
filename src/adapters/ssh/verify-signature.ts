import { BelayError } from "../../core/belay-error.ts";
import type { Signer, Verdict } from "../../ports/signer.ts";
import type { CallOptions } from "../../ports/store.ts";
import { runSshKeygen, withPrivateFiles, type KeygenEnd } from "./run-ssh-keygen.ts";
import { armored, parseSshSignature, type SshSignature } from "./sshsig.ts";

export const namespace = "belay-approval";

const principalsMax = 8;

/**
 * ssh-keygen says whether a signature is good and whose key it is; the blob is read here as well, because ssh-keygen does
 * not say whether a security key was touched. Validity intervals of the signers' lines are read as UTC on every machine.
 */
export async function verifySignature(
  { message, signature, signers, at }: Parameters<Signer["verify"]>[0],
  env: NodeJS.ProcessEnv,
  options: CallOptions,
): Promise<Verdict> {
  const parsed = parseSshSignature(signature);
  if ("why" in parsed) return { kind: "bad", why: `has no usable signature: ${parsed.why}` };
  if (parsed.namespace !== namespace) return { kind: "bad", why: "has a signature that was given for something else" };
  const quiet = { ...env, LC_ALL: "C", TZ: "UTC" };
  return await withPrivateFiles({ signature: armored(parsed), signers }, async (pathOf) => {
    const common = ["-s", pathOf("signature"), "-f", pathOf("signers"), "-O", `verify-time=${stampOf(at)}`];
    const listed = ended(await runSshKeygen({ args: ["-Y", "find-principals", ...common], env: quiet }, options));
    const principals = listed.exit === 0 ? linesOf(listed.stdout) : [];
    if (principals.length === 0) return { kind: "bad", why: `signed with ${parsed.fingerprint}, which is no key of a current signer` };
    for (const principal of principals.slice(0, principalsMax)) {
      const args = ["-Y", "verify", "-n", namespace, "-I", principal, ...common];
      const verdict = ended(await runSshKeygen({ args, stdin: message, env: quiet }, options));
      if (verdict.exit === 0) return { kind: "good", by: signedBy(parsed, principal, principals) };
      // "key is not permitted for use in signature namespace …": ssh-keygen looks at that before the signature.
      if (/not permitted.*namespace/iu.test(verdict.stderr))
        return {
          kind: "bad",
          why: `signed by ${principal}, whose line among the signers does not allow it: it needs namespaces="${namespace}"`,
        };
    }
    return { kind: "bad", why: "has a signature that does not fit: it is forged, or for another plan, ledger, target or expiry" };
  });
}

function signedBy(
  { fingerprint, keyType, wasTouched }: SshSignature,
  principal: string,
  principals: readonly string[],
): Extract<Verdict, { kind: "good" }>["by"] {
  const alsoKnownAs = principals.filter((name) => name !== principal);
  return { principal, ...(alsoKnownAs.length === 0 ? {} : { alsoKnownAs }), key: fingerprint, keyType, wasTouched };
}

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** `2031-05-20T14:02:00.000Z` as ssh-keygen takes it; it reads that by TZ. */
const stampOf = (at: string): string => new Date(at).toISOString().replaceAll(/[-:T]/gu, "").slice(0, 14);

export function ended(end: KeygenEnd): Extract<KeygenEnd, { kind: "ended" }> {
  if (end.kind === "ended") return end;
  throw new BelayError(
    "not-supported",
    "There is no ssh-keygen on this machine, and approvals are SSH signatures.",
    "Install OpenSSH (8.2 or newer), and try again.",
  );
}
