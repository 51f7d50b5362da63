import { createHash } from "node:crypto";
import { BelayError } from "../../core/belay-error.ts";
import type { Body } from "../../core/body.ts";
import { asDigest, type Digest } from "../../core/brand.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { CallOptions, Store } from "../../ports/store.ts";
import type { Vault } from "../../ports/vault.ts";

export interface VaultSetup {
  readonly store: Store;
  /** The folder of the store that holds the vault, without a trailing slash. */
  readonly prefix?: string;
}

/** One try and three more. */
const writesMax = 4;
const foundMax = 16;
// From here on, sending bytes that are there already costs more than asking first.
const lookFirstBytes = 256 * 1024;

const keyIn = (prefix: string, digest: string): string => `${prefix}/${digest.slice(0, 2)}/${digest}`;

/** Content-addressed bytes as objects of a store, each at `<prefix>/<first two digits>/<digest>`. */
export function openVault({ store, prefix = "vault" }: VaultSetup): Vault {
  return {
    keep: async (body, options) => await keep(store, { key: keyIn(prefix, body.digest), body }, options),
    open: async (digest, options) => await open(store, { key: keyIn(prefix, digest), digest }, options),
    find: async (start, options) => await find(store, { prefix, start: start.toLowerCase() }, options),
  };
}

interface Keeping {
  readonly key: string;
  readonly body: Body;
}

/**
 * Whether an object under this address is the body, as far as the store says without sending the bytes. Where it
 * reports no digest the size must do: `open` checks the bytes themselves.
 */
function isBody(found: Observed, { sizeBytes, digest }: Body): boolean {
  return found.sizeBytes === sizeBytes && (found.digest === undefined || found.digest === digest);
}

async function look(store: Store, key: string, { signal }: CallOptions): Promise<Observed | undefined> {
  for await (const observed of store.list(key, { signal, limit: 1 })) return observed.key === key ? observed : undefined;
  return undefined;
}

async function keep(store: Store, { key, body }: Keeping, options: CallOptions): Promise<void> {
  let found = body.sizeBytes >= lookFirstBytes ? await look(store, key, options) : undefined;
  let doubt: unknown;
  for (let attempt = 1; attempt <= writesMax; attempt += 1) {
    if (found && isBody(found, body)) return;
    // What lies under this address but is not these bytes is damaged: it is mended, since the right bytes are at hand.
    const expect = found ? ({ kind: "unchanged", revision: found.revision } as const) : ({ kind: "absent" } as const);
    const outcome = await store.write({ key, expect, body, headers: {} }, options);
    if (outcome.kind === "written") return;
    if (outcome.kind === "unknown") doubt = outcome.cause;
    found = outcome.kind === "conflict" && outcome.found ? outcome.found : await look(store, key, options);
  }
  if (found && isBody(found, body)) return;
  throw new BelayError(
    "unsettled",
    `Whether ${key} is in the vault is not known: ${writesMax} attempts brought no clear answer.`,
    "Run the same command again once the store of the state answers. Nothing was overwritten.",
    { cause: doubt },
  );
}

function damaged(store: Store, key: string, what: string): BelayError {
  return new BelayError(
    "vault-damaged",
    `The vault object ${store.name}/${key} ${what}.`,
    `Restore ${key} from a backup of the state or from another machine's vault; its name is the SHA-256 of the bytes it must hold.`,
  );
}

interface Opening {
  readonly key: string;
  readonly digest: Digest;
}

async function open(store: Store, { key, digest }: Opening, options: CallOptions): Promise<Body | undefined> {
  const reading = await store.read(key, options);
  if (!reading) return undefined;
  const { body } = reading;
  if (body.digest !== digest) throw damaged(store, key, `holds bytes whose SHA-256 is ${body.digest}`);
  return { digest, sizeBytes: body.sizeBytes, open: () => checked(body, () => damaged(store, key, "gave other bytes than it named")) };
}

/**
 * The bytes of a body, hashed once more on the way: the vault is the last copy of what was overwritten, so a store that
 * is wrong about its own bytes is found out here. The last chunk is handed over only when all of them are right.
 */
async function* checked(body: Body, problem: () => BelayError): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash("sha256");
  let withheld: Uint8Array | undefined;
  for await (const chunk of body.open()) {
    hash.update(chunk);
    if (withheld) yield withheld;
    withheld = chunk;
  }
  if (hash.digest("hex") !== body.digest) throw problem();
  if (withheld) yield withheld;
}

interface Finding {
  readonly start: string;
  readonly prefix: string;
}

async function find(store: Store, { start, prefix }: Finding, { signal }: CallOptions): Promise<Digest[]> {
  if (!/^[0-9a-f]{4,64}$/u.test(start)) {
    throw new BelayError(
      "usage",
      `${JSON.stringify(start)} is not the beginning of an id.`,
      "Give at least four hexadecimal digits of it.",
    );
  }
  const found: Digest[] = [];
  for await (const { key } of store.list(keyIn(prefix, start), { signal })) {
    const name = key.slice(key.lastIndexOf("/") + 1);
    if (/^[0-9a-f]{64}$/u.test(name)) found.push(asDigest(name));
    if (found.length === foundMax) break;
  }
  return found;
}
