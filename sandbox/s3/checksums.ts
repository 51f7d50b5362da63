import { hash } from "node:crypto";
import { crc32 } from "node:zlib";

/** The names as they stand in `x-amz-checksum-…` headers. */
export const checksumAlgorithms = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; of a composite one with `-` and the number of parts behind it. */
  readonly value: string;
  readonly isComposite: boolean;
}

/** The algorithm of that name in any case, as headers and XML spell it. */
export function algorithmNamed(name: string): ChecksumAlgorithm | undefined {
  return checksumAlgorithms.find((algorithm) => algorithm === name.toLowerCase());
}

interface Polynomial {
  readonly high: number;
  readonly low: number;
}

/** Tables of a reflected 64-bit polynomial in two halves; a 32-bit one has only a low half. */
function tablesOf(polynomial: Polynomial): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const tables = { high: new Uint32Array(256), low: new Uint32Array(256) };
  for (let byte = 0; byte < 256; byte += 1) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = (low & 1) === 1;
      low = (low >>> 1) | ((high & 1) << 31);
      high >>>= 1;
      if (isOdd) {
        low ^= polynomial.low;
        high ^= polynomial.high;
      }
    }
    tables.high[byte] = high;
    tables.low[byte] = low;
  }
  return tables;
}

/** CRC-32C and CRC-64/NVME, both reflected, with all ones before and after. */
const castagnoli = tablesOf({ high: 0, low: 0x82_f6_3b_78 });
const nvme = tablesOf({ high: 0x9a_6c_93_29, low: 0xac_4b_c9_b5 });

function remainder(bytes: Uint8Array, tables: ReturnType<typeof tablesOf>): Polynomial {
  let high = -1;
  let low = -1;
  for (const byte of bytes) {
    const at = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (tables.low[at] ?? 0);
    high = (high >>> 8) ^ (tables.high[at] ?? 0);
  }
  return { high: ~high >>> 0, low: ~low >>> 0 };
}

function crc32c(bytes: Uint8Array): number {
  let low = -1;
  for (const byte of bytes) low = (low >>> 8) ^ (castagnoli.low[(low ^ byte) & 0xff] ?? 0);
  return ~low >>> 0;
}

function words(...numbers: readonly number[]): string {
  const buffer = Buffer.alloc(4 * numbers.length);
  for (const [at, number] of numbers.entries()) buffer.writeUInt32BE(number, 4 * at);
  return buffer.toString("base64");
}

/** Base64 of the checksum of bytes. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  switch (algorithm) {
    case "crc32":
      return words(crc32(bytes));
    case "crc32c":
      return words(crc32c(bytes));
    case "crc64nvme": {
      const { high, low } = remainder(bytes, nvme);
      return words(high, low);
    }
    case "sha1":
    case "sha256":
      return hash(algorithm, bytes, "base64");
  }
}

/** A composite checksum: that of the parts' checksums, one after the other. */
export function compositeOf(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const all = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
  return `${checksumOf(algorithm, all)}-${parts.length}`;
}
