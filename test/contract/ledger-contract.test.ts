import { openMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../src/core/brand.ts";
import { ledgerContract } from "./ledger-contract.ts";

ledgerContract("a store in memory", async () => openMemoryStore({ name: asStoreName("memory:ledger"), now: Date.now, sha256 }));
