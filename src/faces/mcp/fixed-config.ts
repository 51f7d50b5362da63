/** belay.yaml as it stood when the server first read it. An agent that edits it, or puts another one in its way, gets no other rules by that. */

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import { BelayError } from "../../core/belay-error.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import { plain } from "../cli/plain-text.ts";

export class FixedConfig {
  #first: { readonly file: string; readonly fingerprint: string } | undefined;

  /** The file that every later call reads, wherever a nearer one may have appeared. */
  get file(): string | undefined {
    return this.#first?.file;
  }

  /** Throws `person-needed` where it says something else than at the first look. Comments and order are no difference. */
  async require(config: Config): Promise<void> {
    const fingerprint = await fingerprintOf(config);
    this.#first ??= { file: config.file, fingerprint };
    if (this.#first.fingerprint === fingerprint) return;
    throw new BelayError(
      "person-needed",
      `${plain(config.file)}, or the list of signers that it names, has changed since this server started, so this server does nothing more with it.`,
      "A person looks at the change (git diff belay.yaml) and restarts the MCP server, or sets the file back.",
    );
  }
}

async function fingerprintOf({ file: _file, signers, ...config }: Config): Promise<string> {
  const people = signers === undefined ? null : await readFile(resolve(config.folder, signers), "utf8").catch(() => null);
  return canonicalJson([signers ?? null, people, asJson(config)]);
}

/** Maps become lists of pairs, and functions are left out. */
function asJson(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(([key, held]: readonly [unknown, unknown]) => [asJson(key), asJson(held)]);
  if (value instanceof Set) return [...value].map((held: unknown) => asJson(held));
  if (value instanceof RegExp) return value.source;
  if (Array.isArray(value)) return value.map((item: unknown) => asJson(item));
  if (typeof value === "function") return undefined;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]: readonly [string, unknown]) => [name, asJson(held)]));
}
