/** Ledger, vault, leases and base book over a bucket of the server in hand. */

import { baseBookContract } from "../contract/base-book-contract.ts";
import { leaserContract } from "../contract/leaser-contract.ts";
import { ledgerContract } from "../contract/ledger-contract.ts";
import { vaultContract } from "../contract/vault-contract.ts";
import type { Store } from "../../src/ports/store.ts";
import { makeBucket, openBucketStore } from "./support/buckets.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

let bucket: Promise<string> | undefined;
let opened = 0;

/** An empty prefix of one bucket, as `state: s3://bucket/prefix` would have it. */
async function openState(): Promise<Store> {
  const name = await (bucket ??= makeBucket());
  opened += 1;
  return openBucketStore(name, { watchesHeaders: false, prefix: `state/${opened}` });
}

const place = `a bucket of ${server.title}`;
ledgerContract(place, openState);
vaultContract(place, openState);
leaserContract(place, openState);
baseBookContract(place, openState);
