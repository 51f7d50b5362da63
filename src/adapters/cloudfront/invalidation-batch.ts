/** The request that asks CloudFront to forget paths, as XML. */

import { sha256 } from "../shared/sha256.ts";
import type { WireBody } from "../shared/aws/wire.ts";

/** The version of CloudFront's API that belay speaks: the first part of every path and of the XML namespace. */
export const apiVersion = "2020-05-31";

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/gu, (character) => escapes[character] ?? character);

/**
 * The body of CreateInvalidation: exactly these paths under this reference. CloudFront answers the same reference and
 * paths with the invalidation that it has made of them before, so the request may be sent any number of times.
 */
export function invalidationBatch(paths: readonly string[], reference: string): WireBody {
  const items = paths.map((path) => `<Path>${escaped(path)}</Path>`).join("");
  const bytes = new TextEncoder().encode(
    `<?xml version="1.0" encoding="UTF-8"?>` +
      `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/${apiVersion}/">` +
      `<Paths><Quantity>${paths.length}</Quantity><Items>${items}</Items></Paths>` +
      `<CallerReference>${escaped(reference)}</CallerReference></InvalidationBatch>`,
  );
  return {
    sizeBytes: bytes.byteLength,
    sha256: sha256(bytes),
    async *open() {
      yield bytes;
    },
  };
}
