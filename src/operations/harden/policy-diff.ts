import { unifiedDiff } from "../../codecs/text-diff/unified-diff.ts";
import type { SettingChange } from "../../core/harden/harden-plan.ts";
import { policyLines } from "../../core/harden/merge-policy.ts";

/** What a change of a policy adds and takes away, as a unified diff of its JSON over lines. Empty for any other setting. */
export function policyDiff(change: SettingChange): string {
  if (change.setting !== "policy") return "";
  return unifiedDiff({
    before: change.now === null ? undefined : bytes(change.now),
    after: bytes(change.next),
    beforeName: `${change.bucket}/policy (now)`,
    afterName: `${change.bucket}/policy (next)`,
  });
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(policyLines(text));
