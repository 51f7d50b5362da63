import { gunzipSync, gzipSync } from "node:zlib";
import type { LearnRequest } from "../../operations/records/learn.ts";

/** How pages that are stored compressed are read; what is no gzip stream, or holds too much, gives nothing. */
export const gzipPacking: LearnRequest["packing"] = {
  gunzip: (bytes, sizeMax) => {
    try {
      return gunzipSync(bytes, { maxOutputLength: sizeMax });
    } catch {
      return undefined;
    }
  },
  gzip: (bytes) => gzipSync(bytes),
};
