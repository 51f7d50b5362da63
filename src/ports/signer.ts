import type { CallOptions } from "./store.ts";

/** What a good signature proves. */
export interface SignedBy {
  /** As the allowed_signers file names them. */
  readonly principal: string;
  /** Other names that the file has for the same key. */
  readonly alsoKnownAs?: readonly string[];
  /** `SHA256:` and the key's fingerprint. */
  readonly key: string;
  /** For example `sk-ssh-ed25519@openssh.com`. */
  readonly keyType: string;
  /** A security key was touched for this very signature. False for every key that is none. */
  readonly wasTouched: boolean;
}

export type Verdict = { readonly kind: "good"; readonly by: SignedBy } | { readonly kind: "bad"; readonly why: string };

export interface SignRequest {
  readonly message: Uint8Array;
  /** Path of a private or public key file; without it the person's own, where it can be told. */
  readonly key?: string;
}

/** SSH signatures of the namespace `belay-approval`. */
export interface Signer {
  /** Armored signature. May ask the person for a touch or a passphrase. Throws `signing-failed` with what to do. */
  sign(request: SignRequest, options: CallOptions): Promise<string>;
  /** Against the text of an allowed_signers file, at the given time (ISO 8601), since its lines may hold validity intervals. */
  verify(
    about: { readonly message: Uint8Array; readonly signature: string; readonly signers: string; readonly at: string },
    options: CallOptions,
  ): Promise<Verdict>;
}
