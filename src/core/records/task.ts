/** A change that only a person can make (R1): open until observation, or a person, says that it is done. */

import type { Value } from "./value.ts";

export interface ManualTask {
  /** Twelve hexadecimal digits: of kind, record, system and field, so that the same task is never opened twice. */
  readonly id: string;
  readonly kind: string;
  readonly record: string;
  readonly system: string;
  readonly changes: readonly { readonly field: string; readonly from: string; readonly to: Value }[];
  readonly link?: string;
  readonly note?: string;
  /** ISO 8601, UTC. */
  readonly due?: string;
  /** Only a person can say that it is done. */
  readonly attest?: true;
}

export type TaskState =
  | { readonly state: "open"; readonly since: string; readonly reopened: boolean }
  | {
      readonly state: "done";
      readonly at: string;
      readonly how: "observed" | "attested";
      readonly by: string;
      readonly evidence?: string;
      /** When an attestation has to be looked at again. ISO 8601, UTC. */
      readonly recheckAt?: string;
    };
