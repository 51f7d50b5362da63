import type { Json } from "../core/canonical-json.ts";
import type { Site } from "../core/site.ts";
import type { Config } from "./config.ts";

/**
 * What of a site's configuration is policy (decision 18): its targets with their order and approvals, its tokens, its
 * signers. Equal on every machine and for every order, comment and spelling of the same belay.yaml, so that its
 * canonical JSON can be digested and approved. `signers` is the text of the file that belay.yaml names, without
 * comments: whoever adds a key to it changes the policy.
 */
export function policyOf(config: Config, site: Site, signers?: string): Json {
  return {
    format: 1,
    site: site.name,
    signers: config.signers ?? null,
    signersText: signers ?? null,
    targets: Object.fromEntries(
      site.targets.map(({ name, store, ...target }) => [name, { ...target, store: config.portableStores.get(store) ?? store }]),
    ),
    tokens: Object.fromEntries(site.tokens.map(({ name, ...token }) => [name, token])),
  };
}
