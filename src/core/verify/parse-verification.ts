import { canonicalBytes } from "../canonical-json.ts";
import type { Verification } from "./verification.ts";

/** The bytes of a verification, as the vault keeps them. */
export const verificationBytes = (verification: Verification): Uint8Array => canonicalBytes(verification);

/** A verification from the vault's bytes; `undefined` where they are none, or one of a newer belay. The vault has checked their digest. */
export function parseVerification(bytes: Uint8Array): Verification | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isVerification(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isVerification = (value: unknown): value is Verification =>
  typeof value === "object" &&
  value !== null &&
  "format" in value &&
  value.format === 1 &&
  "kind" in value &&
  value.kind === "verification" &&
  "files" in value &&
  Array.isArray(value.files) &&
  "tokens" in value &&
  Array.isArray(value.tokens) &&
  (!("looks" in value) || Array.isArray(value.looks));
