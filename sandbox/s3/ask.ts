/** One exchange with a handler, for tests: no socket, bodies as text or bytes. */

import type { SandboxHandler } from "../wire.ts";

export interface Question {
  /** Method, path and query in one: `PUT /bucket/key?x=y`, percent-encoded. */
  readonly line: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The content of the first element of that name, as it is written; empty where there is none. */
  readonly element: (name: string) => string;
  /** The contents of all elements of that name. */
  readonly elements: (name: string) => string[];
}

/** Asks, and reads the answer to its end. Throws what the handler or the body throws. */
export async function ask(handler: SandboxHandler, question: Question | string): Promise<Answered> {
  const { line, headers = {}, body = "" }: Question = typeof question === "string" ? { line: question } : question;
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query = ""] = target.split("?");
  const sent = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  const response = await handler({
    method,
    path,
    query: new URLSearchParams(query),
    headers,
    body: async function* bytes() {
      // Two pieces, so that whoever takes the first for all is found out.
      yield sent.subarray(0, sent.byteLength >>> 1);
      yield sent.subarray(sent.byteLength >>> 1);
    },
  });
  const chunks: Uint8Array[] = [];
  if (response.body instanceof Uint8Array) chunks.push(response.body);
  else if (response.body) for await (const chunk of response.body()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString("utf8");
  const elements = (name: string): string[] =>
    [...text.matchAll(new RegExp(`<${name}(?: [^>]*)?>(.*?)</${name}>`, "gsu"))].map((match) => match[1] ?? "");
  return { status: response.status, headers: response.headers, bytes, text, elements, element: (name) => elements(name)[0] ?? "" };
}

/** Status and error code in one, for expectations: `412 PreconditionFailed`; only the status where there is no code. */
export const verdict = ({ status, element }: Answered): string => `${status} ${element("Code")}`.trim();

/** Chance that is the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
