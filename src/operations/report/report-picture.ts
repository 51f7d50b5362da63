import type { Picture } from "./report-facts.ts";

const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));

/** By how the bytes begin, whatever the file is called; `undefined` for anything but raster images of the web. */
export function pictureFrom(bytes: Uint8Array): Picture | undefined {
  const type = typeOf(bytes);
  return type && { type, bytes };
}

function typeOf(bytes: Uint8Array): Picture["type"] | undefined {
  const head = ascii(bytes, 0, 12);
  if (head.startsWith("\u0089PNG\r\n\u001a\n")) return "image/png";
  if (head.startsWith("\u00ff\u00d8\u00ff")) return "image/jpeg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "image/webp";
  return /^ftypavi[fs]$/u.test(head.slice(4)) ? "image/avif" : undefined;
}
