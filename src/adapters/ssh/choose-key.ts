/** Which key a person signs with, where they name none: the one that git signs with, or the only one of theirs that may. */

import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { BelayError } from "../../core/belay-error.ts";

export interface KeyPlaces {
  /** Absolute; git's settings are read there, and relative paths count from it. */
  readonly folder: string;
  /** Text of the allowed_signers file. */
  readonly signers: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** A path to a key file, or a public key itself, whose private half an agent holds. */
export type ChosenKey = { readonly path: string } | { readonly publicKey: string };

/** Throws `signing-failed` where it cannot be told. */
export async function chooseKey(places: KeyPlaces): Promise<ChosenKey> {
  const git = gitKey(places);
  if (git) return git;
  const own = await ownKeys(places);
  const [only, ...others] = own;
  if (only !== undefined && others.length === 0) return { path: only };
  throw new BelayError(
    "signing-failed",
    only === undefined
      ? "None of the keys in ~/.ssh is a signer's, and git signs with none."
      : `Several keys in ~/.ssh are signers': ${own.map((path) => path.split("/").at(-1) ?? path).join(", ")}.`,
    "Name the key to sign with: --key ~/.ssh/id_ed25519_sk",
  );
}

const homeOf = ({ env }: KeyPlaces): string => (env["HOME"] === undefined || env["HOME"] === "" ? homedir() : env["HOME"]);

/** A path as a person writes it. */
export const pathFor = (path: string, places: KeyPlaces): string =>
  path.startsWith("~/") ? join(homeOf(places), path.slice(2)) : resolve(places.folder, path);

function gitKey(places: KeyPlaces): ChosenKey | undefined {
  if (setting("gpg.format", places) !== "ssh") return undefined;
  const key = setting("user.signingkey", places);
  if (key === undefined || key === "") return undefined;
  if (key.startsWith("key::")) return { publicKey: key.slice("key::".length) };
  return key.startsWith("ssh-") ? { publicKey: key } : { path: pathFor(key, places) };
}

function setting(name: string, { folder, env }: KeyPlaces): string | undefined {
  try {
    const args = ["config", "--get", name];
    return execFileSync("git", args, { cwd: folder, env, encoding: "utf8", timeout: 10_000, stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    // No git, or no such setting.
    return undefined;
  }
}

const keyFilesMax = 64;

/** Public halves in ~/.ssh that stand in the signers' file, by their private halves' paths. */
async function ownKeys(places: KeyPlaces): Promise<string[]> {
  const folder = join(homeOf(places), ".ssh");
  const names = await readdir(folder).catch(() => []);
  const found: string[] = [];
  for (const name of names.filter((one) => one.endsWith(".pub")).slice(0, keyFilesMax)) {
    const [, blob] = (await readFile(join(folder, name), "utf8").catch(() => "")).trim().split(/\s+/u);
    if (blob !== undefined && blob !== "" && (places.signers ?? "").split(/\s+/u).includes(blob)) found.push(join(folder, name));
  }
  return found.toSorted();
}
