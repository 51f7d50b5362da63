/** A world in memory whose production waits for signatures: real ones, made with keys in software, checked by ssh-keygen. */

import { openSshSigner } from "../../src/adapters/ssh/ssh-signer.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { canonicalBytes } from "../../src/core/canonical-json.ts";
import type { Site, Target } from "../../src/core/site.ts";
import type { Workbench } from "../../src/operations/workbench.ts";
import { softwareKey, type SigningHow, type SoftwareKey } from "./software-key.ts";

export interface Configured {
  /** Text of the allowed_signers file. */
  readonly signers?: string;
  readonly targets?: readonly Target[];
  readonly tokens?: Site["tokens"];
  /** Which key the person at this working copy signs with. */
  readonly key?: SoftwareKey;
  readonly how?: SigningHow;
}

/** The working copy's bench with a belay.yaml that says this. */
export function benchWith(
  { bench }: { readonly bench: Workbench },
  { signers, targets = bench.site.targets, tokens = [], key = softwareKey(), how = {} }: Configured,
): Workbench {
  const site: Site = { ...bench.site, targets, tokens };
  const policyDocument = canonicalBytes({
    format: 1,
    site: site.name,
    signers: signers === undefined ? null : "allowed_signers",
    signersText: signers ?? null,
    targets: Object.fromEntries(targets.map(({ name, ...target }) => [name, target])),
    tokens: Object.fromEntries(tokens.map(({ name, ...token }) => [name, token])),
  });
  const checker = openSshSigner({ folder: "/", signers, env: { PATH: process.env["PATH"] } });
  return {
    ...bench,
    site,
    policy: sha256(policyDocument),
    policyDocument,
    signers,
    signer: {
      sign: async ({ message }) => await Promise.resolve(key.sign(message, how)),
      verify: async (...about) => await checker.verify(...about),
    },
  };
}
