/** The ports to people and browsers where a test has neither. */

import type { Workbench } from "../../src/operations/workbench.ts";

const nobody = (): Promise<never> => Promise.reject(new Error("nobody is here in this test"));

export const noPeople: Pick<Workbench, "inspector" | "hardener" | "browser" | "notifier" | "signer" | "signers" | "policyDocument"> = {
  inspector: nobody,
  hardener: nobody,
  browser: { look: nobody },
  notifier: { channels: () => Promise.resolve([]), notify: () => Promise.resolve([]) },
  signer: { sign: nobody, verify: nobody },
  signers: undefined,
  policyDocument: new Uint8Array(),
};
