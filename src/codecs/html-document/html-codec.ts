import type { Headers } from "../../core/plan/plan.ts";
import type { Read, RecordCodec, Wanted } from "../../core/records/document.ts";
import { invariant } from "../../core/belay-error.ts";
import { pageCharset } from "./page-charset.ts";
import { nestedMax, scanPage, segmentsMax } from "./page-scanner.ts";
import { SignedSpans } from "./signed-spans.ts";
import type { SourcePage } from "./source-page.ts";

/** A longer page is not read: no page for people is. */
export const documentBytesMax: number = 8 * 1024 * 1024;

/** Content encodings are the platform's work, so they are passed in. */
export interface Packing {
  /** `undefined` where the bytes are no gzip stream, or hold more than `sizeMax` bytes. */
  gunzip(bytes: Uint8Array, sizeMax: number): Uint8Array | undefined;
  gzip(bytes: Uint8Array): Uint8Array;
}

/** Reads pages: every text, attribute, JSON-LD and microdata value, script constant and comment, with the bytes that say it. */
export function openHtmlCodec(packing: Packing): RecordCodec {
  return { name: "html", read: (bytes, headers, wanted) => readPage({ body: bytes, headers, packing }, wanted) };
}

const unreadable = (why: string): Read => ({ kind: "unreadable", why });

interface Packed {
  readonly body: Uint8Array;
  readonly headers: Headers;
  readonly packing: Packing;
}

function readPage({ body, headers, packing }: Packed, wanted: Wanted | undefined): Read {
  const unpacked = unpack(body, headers, packing);
  if (typeof unpacked === "string") return unreadable(unpacked);
  const { bytes, seal } = unpacked;
  if (bytes.byteLength > documentBytesMax)
    return unreadable(`it holds ${bytes.byteLength} bytes, and at most ${documentBytesMax} are read`);
  const found = pageCharset(bytes, headers);
  if ("named" in found) return unreadable("it is in a character encoding that is not read here");
  const { charset, markBytes } = found;
  const page: SourcePage = { bytes, charset, view: charset.view(bytes) };
  if (charset.unitBytes === 1 && page.view.includes("\0")) return unreadable("it holds NUL bytes, so it is no text");
  const signs = charset.unitBytes === 1 ? wanted?.signs(bytes) : undefined;
  const scanner = scanPage(page, markBytes / charset.unitBytes, wanted && signs && new SignedSpans(signs, wanted.names));
  if (scanner.isTooMuch)
    return unreadable(`it holds more than ${segmentsMax} pieces of text, or elements nested more than ${nestedMax} deep`);
  return { kind: "document", document: { segments: scanner.segments, parts: [""], bytes, seal, links: [...scanner.links] } };
}

interface Unpacked {
  readonly bytes: Uint8Array;
  readonly seal: (bytes: Uint8Array) => Uint8Array;
}

/** The bytes within the content encodings that the headers name, or why not. `aws-chunked` is a way to send, which some clients leave behind. */
function unpack(body: Uint8Array, headers: Headers, packing: Packing): Unpacked | string {
  const encodings = (headers["content-encoding"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "" && name !== "identity" && name !== "aws-chunked");
  const [encoding] = encodings;
  if (encoding === undefined) return { bytes: body, seal: (bytes) => bytes };
  if (encodings.length > 1 || (encoding !== "gzip" && encoding !== "x-gzip"))
    return "its content encoding is not gzip, the only one that is undone here";
  const bytes = packing.gunzip(body, documentBytesMax);
  if (!bytes) return `its headers say gzip, and its bytes are no gzip stream of at most ${documentBytesMax} bytes`;
  const seal = (edited: Uint8Array): Uint8Array => {
    const packed = packing.gzip(edited);
    const again = packing.gunzip(packed, documentBytesMax + edited.byteLength);
    invariant(again?.byteLength === edited.byteLength && again.every((byte, at) => byte === edited[at]), "gzip keeps bytes");
    return packed;
  };
  return { bytes, seal };
}
