/** Where the record keeps what, below its prefix: what is created once, and what is replaced. Held to the adapters' own keys by a test. */

/** Entries and their checkpoints: created, never replaced, never deleted. */
export const ledgerKeys: readonly string[] = ["ledger/*", "ledger-checkpoints/*"];
/** Bytes by digest: created, never replaced; a person may have them forgotten. */
export const vaultKeys = "vault/*";
/** Given back when a command ends. */
export const leaseKeys = "leases/*";
/** Objects on which belay tries out what a bucket honours, in every store. */
export const canaryKeys = ".belay-canary/*";
