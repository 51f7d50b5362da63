import { openMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../src/core/brand.ts";
import { leaserContract } from "./leaser-contract.ts";

leaserContract("a store in memory", async () => openMemoryStore({ name: asStoreName("memory:leaser"), now: Date.now, sha256 }));
