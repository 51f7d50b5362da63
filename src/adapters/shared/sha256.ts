import { hash } from "node:crypto";
import { asDigest, type Digest, type Sha256 } from "../../core/brand.ts";

/** SHA-256 of bytes that are in memory, by the runtime's own implementation. */
export const sha256: Sha256 = (bytes) => asDigest(hash("sha256", bytes, "hex"));

/** SHA-256 of a text's UTF-8 bytes. */
export const sha256OfText = (text: string): Digest => asDigest(hash("sha256", text, "hex"));
