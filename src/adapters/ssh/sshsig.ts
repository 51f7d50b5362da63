/** The SSHSIG format as OpenSSH's PROTOCOL.sshsig and PROTOCOL.u2f describe it, read by ourselves before a verdict is believed. */

import { createHash } from "node:crypto";

export interface SshSignature {
  /** The whole blob, without its armor. */
  readonly blob: Buffer;
  /** In wire form. */
  readonly publicKey: Buffer;
  /** For example `ssh-ed25519`. */
  readonly keyType: string;
  /** `SHA256:` and the fingerprint, as ssh-keygen shows it. */
  readonly fingerprint: string;
  readonly namespace: string;
  /** By the security key itself, covered by the signature: somebody touched it for this. False for every other key. */
  readonly wasTouched: boolean;
}

const magic = "SSHSIG";
const begin = "-----BEGIN SSH SIGNATURE-----";
const end = "-----END SSH SIGNATURE-----";
const armoredCharsMax = 64 * 1024;
const securityKeyTypes = ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"];
const userPresent = 0x01;

/** What an armored signature says of itself, or why it cannot be one. Whether it is good is for ssh-keygen to tell. */
export function parseSshSignature(text: string): SshSignature | { readonly why: string } {
  if (text.length > armoredCharsMax) return { why: "the signature is too long to be one" };
  const whole = text.trim();
  if (!whole.startsWith(begin) || !whole.endsWith(end)) return { why: "it is no armored SSH signature" };
  const base64 = whole.slice(begin.length, -end.length).replaceAll(/\s/gu, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/u.test(base64)) return { why: "its armor is damaged" };
  try {
    return fieldsOf(Buffer.from(base64, "base64"));
  } catch (error) {
    if (error instanceof FormatProblem) return { why: error.message };
    throw error;
  }
}

class FormatProblem extends Error {}

function fieldsOf(blob: Buffer): SshSignature {
  const fields = new Fields(blob);
  if (fields.take(magic.length).toString("latin1") !== magic) throw new FormatProblem("it does not begin as an SSH signature");
  const version = fields.number();
  if (version !== 1) throw new FormatProblem(`it is of version ${version}, and only 1 is known`);
  const publicKey = fields.string();
  const namespace = fields.string().toString("utf8");
  fields.string();
  const hash = fields.string().toString("latin1");
  if (hash !== "sha256" && hash !== "sha512") throw new FormatProblem("its hash is neither SHA-256 nor SHA-512");
  const signature = fields.string();
  fields.requireEnd();
  return {
    blob,
    publicKey,
    keyType: new Fields(publicKey).string().toString("latin1"),
    fingerprint: `SHA256:${createHash("sha256").update(publicKey).digest("base64").replace(/=+$/u, "")}`,
    namespace,
    wasTouched: touchOf(new Fields(signature)),
  };
}

/** A security key signs its own flags along; other signatures have none. A kind that is not known here is not believed. */
function touchOf(signature: Fields): boolean {
  const type = signature.string().toString("latin1");
  if (type.startsWith("webauthn-")) throw new FormatProblem(`signatures of the kind ${type} are not understood`);
  signature.string();
  if (!securityKeyTypes.includes(type)) {
    if (type.startsWith("sk-")) throw new FormatProblem(`signatures of the kind ${type} are not understood`);
    signature.requireEnd();
    return false;
  }
  const flags = signature.take(1)[0] ?? 0;
  signature.number();
  signature.requireEnd();
  return (flags & userPresent) !== 0;
}

/** SSH's wire format: 32-bit lengths, most significant byte first. */
class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw new FormatProblem("it is cut short");
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  number(): number {
    return this.take(4).readUInt32BE(0);
  }

  string(): Buffer {
    return this.take(this.number());
  }

  /** What ssh-keygen would not look at must not be there. */
  requireEnd(): void {
    if (this.#at !== this.#bytes.length) throw new FormatProblem("something stands behind its end");
  }
}

const armorColumns = 70;

/** The blob as ssh-keygen reads it: what was parsed, and nothing else. */
export function armored({ blob }: Pick<SshSignature, "blob">): string {
  const lines = blob.toString("base64").match(new RegExp(`.{1,${armorColumns}}`, "gu")) ?? [];
  return `${[begin, ...lines, end].join("\n")}\n`;
}
