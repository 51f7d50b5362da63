/** SSH keys without hardware: an ordinary one, and a security key in software, which says of itself whether it was touched. */

import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { execFileSync } from "node:child_process";

/** Approvals are made and checked by OpenSSH's own program. */
export const hasSshKeygen: boolean = ((): boolean => {
  try {
    execFileSync("ssh-keygen", ["-Y", "find-principals"], { stdio: "ignore" });
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
})();

const string = (bytes: Uint8Array | string): Buffer => {
  const held = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(held.length);
  return Buffer.concat([length, held]);
};
const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();

export interface SigningHow {
  /** `undefined` for an ordinary key; else the flags byte that the security key signs. */
  readonly flags?: number;
  readonly namespace?: string;
  /** What the blob says the flags were, where that is not what was signed. */
  readonly claimedFlags?: number;
  /** Put behind the end of the blob. */
  readonly tail?: string;
}

export interface SoftwareKey {
  readonly keyType: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** One line of an allowed_signers file. */
  readonly line: (principal: string, options?: string) => string;
  /** Armored. */
  readonly sign: (message: Uint8Array, how?: SigningHow) => string;
}

export function softwareKey(kind: "security-key" | "ordinary" = "security-key"): SoftwareKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const isSecurityKey = kind === "security-key";
  const keyType = isSecurityKey ? "sk-ssh-ed25519@openssh.com" : "ssh-ed25519";
  const blob = Buffer.concat([string(keyType), string(raw), ...(isSecurityKey ? [string("ssh:")] : [])]);
  return {
    keyType,
    fingerprint: `SHA256:${sha256(blob).toString("base64").replace(/=+$/u, "")}`,
    line: (principal, options = "") => `${principal} ${options === "" ? "" : `${options} `}${keyType} ${blob.toString("base64")}\n`,
    sign: (message, how = {}) => armoredBy({ keyType, blob, privateKey, isSecurityKey }, message, how),
  };
}

interface Parts {
  readonly keyType: string;
  readonly blob: Buffer;
  readonly privateKey: KeyObject;
  readonly isSecurityKey: boolean;
}

function armoredBy({ keyType, blob, privateKey, isSecurityKey }: Parts, message: Uint8Array, how: SigningHow): string {
  const { namespace = "belay-approval", flags = 0x01, claimedFlags = flags, tail = "" } = how;
  const digest = createHash("sha512").update(message).digest();
  const signed = Buffer.concat([Buffer.from("SSHSIG"), string(namespace), string(""), string("sha512"), string(digest)]);
  const counter = Buffer.from([0, 0, 0, 7]);
  const over = isSecurityKey ? Buffer.concat([sha256("ssh:"), Buffer.from([flags]), counter, sha256(signed)]) : signed;
  const behind = isSecurityKey ? [Buffer.from([claimedFlags]), counter] : [];
  const signature = Buffer.concat([string(keyType), string(sign(null, over, privateKey)), ...behind]);
  const whole = Buffer.concat([
    Buffer.from("SSHSIG"),
    Buffer.from([0, 0, 0, 1]),
    string(blob),
    string(namespace),
    string(""),
    string("sha512"),
    string(signature),
    Buffer.from(tail),
  ]);
  const lines = whole.toString("base64").match(/.{1,70}/gu) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----", ""].join("\n");
}
