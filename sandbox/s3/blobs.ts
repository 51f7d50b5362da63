import { hash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Bytes that an object or a part holds. Nobody changes them. */
export interface Blob {
  /** Under which name a folder holds them; empty in memory. */
  readonly id: string;
  readonly read: () => Uint8Array;
}

export interface Blobs {
  keep(bytes: Uint8Array): Blob;
  /** Bytes kept before, by a blob's id. */
  open(id: string): Blob;
}

/** Bytes in memory live as long as something holds their blob. */
export function memoryBlobs(): Blobs {
  return {
    keep: (bytes) => ({ id: "", read: () => bytes }),
    open: (id) => {
      throw new Error(`memory holds no blob ${id}`);
    },
  };
}

/** Bytes in files named by their SHA-256, never deleted. A file is complete or it is not there. */
export function folderBlobs(folder: string): Blobs {
  mkdirSync(folder, { recursive: true });
  const pathOf = (id: string): string => join(folder, id.slice(0, 2), id.slice(2));
  const open = (id: string): Blob => ({ id, read: () => readFileSync(pathOf(id)) });
  return {
    open,
    keep: (bytes) => {
      const id = hash("sha256", bytes, "hex");
      const path = pathOf(id);
      if (!existsSync(path)) {
        mkdirSync(join(folder, id.slice(0, 2)), { recursive: true });
        writeFileSync(`${path}.part`, bytes);
        renameSync(`${path}.part`, path);
      }
      return open(id);
    },
  };
}
