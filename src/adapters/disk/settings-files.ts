/** Settings of other programs: replaced only as what was read, never in part, and with their links and permissions. */

import { randomBytes } from "node:crypto";
import { closeSync, existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, rmdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import type { SettingsFiles, SettingsWrite } from "../../ports/settings-files.ts";
import { errnoOf } from "../shared/errno.ts";
import { contentNow, openRegular } from "./read-file.ts";
import { createFile, type OldFile, removeFile, replaceFile, type SwapOptions } from "./replace-file.ts";
import { discard, strayPrefix, Workspace } from "./workspace.ts";

export interface SettingsFilesOptions {
  /** For tests: called in the window between the last look and the change, where a stranger may strike. */
  readonly inWindow?: () => void;
}

export const openSettingsFiles = ({ inWindow }: SettingsFilesOptions = {}): SettingsFiles => ({
  read: async (path) => (await opened(path, ({ text }) => text)) ?? undefined,
  exists: (path) => Promise.resolve(existsSync(path)),
  write: async (path, text, expected) => await write(path, text, { expected, inWindow }),
  remove: async (path, expected, made) => await remove(path, expected, { made, inWindow }),
});

/** Where the file itself is; a link whose end is missing names where it would be. */
function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw unusable(path, error);
    const link = lstatSync(path, { throwIfNoEntry: false });
    return link?.isSymbolicLink() ? resolve(dirname(path), readlinkSync(path)) : path;
  }
}

interface Opened extends OldFile {
  readonly text: string;
}

/** `undefined` where there is no file. */
async function opened<Result>(path: string, use: (file: Opened) => Result | Promise<Result>): Promise<Result | undefined> {
  const place = placeOf(path);
  if (!lstatSync(place, { throwIfNoEntry: false })) return undefined;
  const { fd } = open(place);
  try {
    const { stats, digest, bytes } = await contentNow(fd);
    return await use({ path: place, fd, stats, digest, text: decoded(path, bytes) });
  } finally {
    closeSync(fd);
  }
}

function open(path: string): ReturnType<typeof openRegular> {
  try {
    return openRegular(path);
  } catch (error) {
    throw error instanceof BelayError ? error : unusable(path, error);
  }
}

function decoded(path: string, bytes: Uint8Array | undefined): string {
  try {
    if (bytes) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Told below, as what is too large.
  }
  throw new BelayError(
    "input-invalid",
    `${path} is no text in UTF-8 of a size that settings have. Nothing was written.`,
    "Look at it, or move it away.",
  );
}

async function write(
  path: string,
  text: string,
  { expected, inWindow }: { readonly expected: string | undefined; readonly inWindow: (() => void) | undefined },
): Promise<SettingsWrite> {
  const place = placeOf(path);
  const made = mkdirs(dirname(place));
  const temp = strayBeside(place);
  try {
    await writeFile(temp, text, { flag: "wx", flush: true });
    if (expected === undefined) {
      inWindow?.();
      return createFile(temp, place) ? { kind: "done", ...(made === undefined ? {} : { made }) } : { kind: "moved" };
    }
    const swap = await opened(path, async (old) =>
      old.text === expected ? await replaceFile(temp, old, swapOptions(place, inWindow)) : "moved",
    );
    return { kind: swap ?? "moved" };
  } catch (error) {
    throw error instanceof BelayError ? error : unusable(path, error);
  } finally {
    discard(temp);
  }
}

async function remove(
  path: string,
  expected: string,
  { made, inWindow }: { readonly made: string | undefined; readonly inWindow: (() => void) | undefined },
): Promise<SettingsWrite> {
  const place = placeOf(path);
  const swap = await opened(path, async (old) => (old.text === expected ? await removeFile(old, swapOptions(place, inWindow)) : "moved"));
  if (swap === "done" && made !== undefined) removeEmpty(dirname(place), made);
  return { kind: swap ?? "moved" };
}

const swapOptions = (place: string, inWindow: (() => void) | undefined): SwapOptions => ({
  workspace: new Workspace(dirname(place), () => dirname(place)),
  aside: strayBeside(place),
  inWindow,
});

const strayBeside = (place: string): string => join(dirname(place), `${strayPrefix}${randomBytes(8).toString("hex")}`);

function mkdirs(folder: string): string | undefined {
  try {
    return mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Innermost first; the first that holds something ends it. */
function removeEmpty(folder: string, outermost: string): void {
  for (let at = folder; at.length >= outermost.length && at.startsWith(outermost); at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch {
      return;
    }
  }
}

const unusable = (path: string, cause: unknown): BelayError =>
  new BelayError(
    "store-denied",
    `${path} cannot be read or written (${errnoOf(cause) ?? "unknown"}).`,
    "Look at its permissions, and at those of its folder.",
    { cause },
  );
