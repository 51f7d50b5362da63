import { openMemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../src/core/brand.ts";
import { baseBookContract } from "./base-book-contract.ts";

baseBookContract("a store in memory", async () => openMemoryStore({ name: asStoreName("memory:base-book"), now: Date.now, sha256 }));
