/** The ports to people and browsers where a test has neither. */

import type { Workbench } from "../../src/operations/workbench.ts";

const nobody = (): Promise<never> => Promise.reject(new Error("nobody is here in this test"));

export const noPeople: Pick<Workbench, "browser" | "notifier" | "signer" | "signers" | "policyDocument"> = {
  browser: { look: nobody },
  notifier: { isConfigured: false, notify: () => Promise.resolve([]) },
  signer: { sign: nobody, verify: nobody },
  signers: undefined,
  policyDocument: new Uint8Array(),
};
