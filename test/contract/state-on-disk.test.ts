/** The state of a working copy lies in a folder: what holds in memory must hold there too. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openDiskStore } from "../../src/adapters/disk/disk-store.ts";
import { scratchBeside } from "../../src/adapters/disk/root-folder.ts";
import { asStoreName } from "../../src/core/brand.ts";
import type { Store } from "../../src/ports/store.ts";
import { baseBookContract } from "./base-book-contract.ts";
import { leaserContract } from "./leaser-contract.ts";
import { ledgerContract } from "./ledger-contract.ts";
import { vaultContract } from "./vault-contract.ts";

const folder = mkdtempSync(join(tmpdir(), "belay-state-"));
let opened = 0;

async function openStore(): Promise<Store> {
  opened += 1;
  const root = join(folder, String(opened), "state");
  mkdirSync(root, { recursive: true });
  return openDiskStore({ name: asStoreName(`dir:${root}`), root, scratch: scratchBeside(root), keepsHeaders: false });
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

ledgerContract("a folder", openStore);
vaultContract("a folder", openStore);
leaserContract("a folder", openStore);
baseBookContract("a folder", openStore);
