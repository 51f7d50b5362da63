import { get } from "node:http";
import { ClaimFailed } from "./narrator.ts";

const timeoutMs = 5000;
const sizeBytesMax = 8 * 1024 * 1024;

/** A page as a visitor gets it. */
export interface Visit {
  readonly bytes: Buffer;
  /** Whether a cache answered, in the words of the edge; empty where none says so. */
  readonly cache: string;
}

/** The page's bytes as a visitor gets them. */
export const fetchPage = async (url: string): Promise<Buffer> => (await visitPage(url)).bytes;

/** Loopback only, no proxy; anything but a 200 fails the demo. */
export function visitPage(url: string): Promise<Visit> {
  return new Promise((resolve, reject) => {
    const request = get(url, { timeout: timeoutMs }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new ClaimFailed(`${url} answers 200, and not ${response.statusCode ?? "nothing"}`));
        return;
      }
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on("data", (chunk: Buffer) => {
        sizeBytes += chunk.byteLength;
        chunks.push(chunk);
        if (sizeBytes > sizeBytesMax) request.destroy(new ClaimFailed(`${url} is smaller than ${sizeBytesMax} bytes`));
      });
      const cache = String(response.headers["x-cache"] ?? "");
      response.once("end", () => resolve({ bytes: Buffer.concat(chunks), cache }));
      response.once("error", reject);
    });
    request.once("timeout", () => request.destroy(new ClaimFailed(`${url} answers within ${timeoutMs} ms`)));
    request.once("error", reject);
  });
}
