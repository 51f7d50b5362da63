/** People with keys, and those who would like to be taken for them: what a signature proves is known here, whatever it looks like. */

import { sha256 } from "../../src/adapters/shared/sha256.ts";
import type { Digest } from "../../src/core/brand.ts";
import type { Signer } from "../../src/ports/signer.ts";

/** One key: whose it is, and whether it wants to be touched. */
export interface Key {
  readonly owner: string;
  readonly kind: "security-key" | "loaded";
}

/** What somebody has really signed. */
export interface Signature {
  readonly key: Key;
  readonly message: Digest;
}

export class People {
  /** As belay.yaml names it: one name a line. */
  readonly signers: string;
  readonly #names: ReadonlySet<string>;
  readonly #given = new Map<string, Signature>();

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.signers = names.map((name) => `${name}\n`).join("");
  }

  /** A signer as the machine of one key's owner has it. */
  signerWith(key: Key): Signer {
    return {
      sign: async ({ message }) => await Promise.resolve(this.#sign(key, message)),
      verify: async ({ message, signature, signers }) => {
        const known = this.#given.get(signature);
        if (known?.message !== sha256(message)) return await Promise.resolve({ kind: "bad", why: "is no signature of this" });
        const { owner, kind } = known.key;
        if (!signers.split("\n").includes(owner)) return { kind: "bad", why: "is nobody who may sign" };
        const isTouched = kind === "security-key";
        const keyType = isTouched ? "sk-ssh-ed25519@openssh.com" : "ssh-ed25519";
        return { kind: "good", by: { principal: owner, key: fingerprintOf(known.key), keyType, wasTouched: isTouched } };
      },
    };
  }

  /** Who has signed exactly these bytes; `undefined` for what only looks like a signature of theirs. */
  truthOf(signature: string, message: Uint8Array): Key | undefined {
    const known = this.#given.get(signature);
    return known?.message === sha256(message) && this.#names.has(known.key.owner) ? known.key : undefined;
  }

  /** It has the shape of a signature, and nobody has given it. */
  forge(owner: string, message: Uint8Array): string {
    return `signature of ${owner} under ${sha256(message)}, forged`;
  }

  #sign(key: Key, message: Uint8Array): string {
    const signature = `signature of ${key.owner} (${key.kind}) under ${sha256(message)}`;
    this.#given.set(signature, { key, message: sha256(message) });
    return signature;
  }
}

const fingerprintOf = ({ owner, kind }: Key): string => `SHA256:${owner}-${kind}`;
