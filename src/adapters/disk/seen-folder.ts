/** Content-addressed bytes in a folder of this machine, for what can be had again: quick to keep, free to forget. */

import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import { bodyOf, bytesOf, type Body } from "../../core/body.ts";
import { asDigest, type Digest } from "../../core/brand.ts";
import type { Vault } from "../../ports/vault.ts";
import { errnoOf } from "../shared/errno.ts";
import { sha256 } from "../shared/sha256.ts";
import { diskError } from "./disk-error.ts";

const foundMax = 16;

/**
 * A vault of `<folder>/<first two digits>/<digest>` files, without the locks, syncs and temporary files that a shared vault
 * needs: whatever a crash or another process left half-written is found out by its digest, when it is opened or kept again.
 */
export function openSeenFolder(folder: string): Vault {
  const made = new Set<string>();
  const placeOf = (digest: string): string => join(folder, digest.slice(0, 2), digest);
  return {
    keep: async (body, { signal }) => {
      signal.throwIfAborted();
      const parent = join(folder, body.digest.slice(0, 2));
      const bytes = await bytesOf(body);
      if (sha256(bytes) !== body.digest)
        throw new BelayError("input-changed", "A file changed while it was being remembered.", "Run the same command again.");
      try {
        if (!made.has(parent)) mkdirSync(parent, { recursive: true });
        made.add(parent);
        place(placeOf(body.digest), bytes);
      } catch (error) {
        throw diskError(error, "write", placeOf(body.digest));
      }
    },
    open: async (digest, { signal }) => {
      signal.throwIfAborted();
      return await Promise.resolve(bodyAt(placeOf(digest), digest));
    },
    find: async (prefix, { signal }) => {
      signal.throwIfAborted();
      const start = prefix.toLowerCase();
      const names = /^[0-9a-f]{4,64}$/u.test(start) ? namesIn(join(folder, start.slice(0, 2))) : [];
      const found = names.filter((name) => name.startsWith(start) && /^[0-9a-f]{64}$/u.test(name)).toSorted();
      return await Promise.resolve(found.slice(0, foundMax).map(asDigest));
    },
  };
}

/** Creates the file; one that is there already is left alone, unless it is not as long as it should be. */
function place(path: string, bytes: Uint8Array): void {
  try {
    writeNew(path, bytes);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    if (statSync(path, { throwIfNoEntry: false })?.size === bytes.byteLength) return;
    // Half of it, by a process that was killed, or that is writing it at this moment: then it loses nothing but this copy.
    try {
      unlinkSync(path);
      writeNew(path, bytes);
    } catch (mending) {
      // Another process is mending it too.
      if (errnoOf(mending) !== "ENOENT" && errnoOf(mending) !== "EEXIST") throw mending;
    }
  }
}

function writeNew(path: string, bytes: Uint8Array): void {
  const fd = openSync(path, "wx");
  try {
    writeFileSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
}

function bodyAt(path: string, digest: Digest): Body | undefined {
  try {
    const bytes = readFileSync(path);
    if (sha256(bytes) === digest) return bodyOf(bytes, digest);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw diskError(error, "read", path);
  }
  // The next time it is kept it is whole again.
  unlinkSync(path);
  throw new BelayError("vault-damaged", `${path} holds other bytes than its name says.`, "It was removed; run the same command again.");
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
