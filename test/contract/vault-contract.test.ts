import { openMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../src/core/brand.ts";
import { vaultContract } from "./vault-contract.ts";

vaultContract("a store in memory", async () => openMemoryStore({ name: asStoreName("memory:vault"), now: Date.now, sha256 }));
