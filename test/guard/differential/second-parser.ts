/**
 * The other parser: `mvdan/sh`, as `sh-syntax` carries it. Its own entry starts the machine anew for each text; here one machine reads some
 * hundred texts, so that a line can be taken apart by asking often. Of its tree it tells statements, redirections and the parts of their words,
 * and of a command only where that begins and ends.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Offsets into the text that was asked about. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface WordSpan extends Span {
  readonly parts: readonly Span[];
}

export interface RedirectSpan extends Span {
  readonly operator: string;
  readonly word: WordSpan;
  /** The text of a here-document. */
  readonly document: WordSpan | undefined;
}

export interface StatementSpan extends Span {
  /** Without `!`, redirections behind it, and the separator. */
  readonly command: Span | undefined;
  readonly redirects: readonly RedirectSpan[];
  /** Where its `;` or `&` stands; 0 where it has none. */
  readonly separator: number;
}

/** `failure`: what it says about a text that it does not read. */
export type SecondReading = { readonly statements: readonly StatementSpan[] } | { readonly failure: string };

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly wasmAlloc: (size: number) => number;
  readonly wasmFree: (pointer: number) => void;
  readonly process: (...words: readonly (number | boolean)[]) => number;
}

interface Machine {
  readonly exports: Exports;
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => Machine;
};
declare const Go: new () => { readonly importObject: object; readonly run: (machine: Machine) => Promise<unknown> };

/** The machine never gives back what it used, and ends at some thousand texts. */
const textsMax = 300;
const bytesMax = 200_000;

/** Makes `Go`. */
createRequire(import.meta.url)("sh-syntax/vendors/wasm_exec");

let compiled: object | undefined;
let machine: { readonly exports: Exports; texts: number; bytes: number } | undefined;

function machineFor(length: number): Exports {
  if (machine !== undefined && machine.texts < textsMax && machine.bytes + length < bytesMax) {
    machine.texts += 1;
    machine.bytes += length;
    return machine.exports;
  }
  compiled ??= new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve("sh-syntax/main.wasm"))));
  const go = new Go();
  const { exports } = new WebAssembly.Instance(compiled, go.importObject);
  void go.run({ exports });
  machine = { exports, texts: 1, bytes: length };
  return exports;
}

const bash = 1;

function ask(text: string): unknown {
  const { memory, wasmAlloc, wasmFree, process: read } = machineFor(text.length);
  const put = (bytes: Buffer): number => {
    const pointer = wasmAlloc(Math.max(1, bytes.length));
    new Uint8Array(memory.buffer).set(bytes, pointer);
    return pointer;
  };
  const bytes = Buffer.from(text, "latin1");
  const pointers = [put(Buffer.from("x.sh")), put(bytes), put(Buffer.alloc(0))] as const;
  const [name, whole, stop] = pointers;
  const flags = [0, false, 2, true, true, true, false, false, false, false];
  const answer = read(name, 4, 4, whole, bytes.length, bytes.length, false, true, bash, stop, 0, 0, ...flags);
  for (const pointer of pointers) wasmFree(pointer);
  const result = Buffer.from(memory.buffer).subarray(answer);
  return JSON.parse(result.subarray(0, result.indexOf(0)).toString());
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

const listOf = (value: unknown, name: string): readonly unknown[] => {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
};

function offsetOf(value: unknown, name: string): number {
  const found = field(field(value, name), "Offset");
  if (typeof found !== "number") throw new Error(`the other parser tells no ${name}`);
  return found;
}

const spanOf = (value: unknown): Span => ({ from: offsetOf(value, "Pos"), to: offsetOf(value, "End") });

const wordOf = (value: unknown): WordSpan => ({ ...spanOf(value), parts: listOf(value, "Parts").map(spanOf) });

const isThere = (value: unknown): boolean => value !== null && value !== undefined;

const redirectOf = (value: unknown): RedirectSpan => ({
  ...spanOf(value),
  operator: String(field(value, "Op")),
  word: wordOf(field(value, "Word")),
  document: isThere(field(value, "Hdoc")) ? wordOf(field(value, "Hdoc")) : undefined,
});

const statementOf = (value: unknown): StatementSpan => ({
  ...spanOf(value),
  command: isThere(field(value, "Cmd")) ? spanOf(field(value, "Cmd")) : undefined,
  redirects: listOf(value, "Redirs").map(redirectOf),
  separator: offsetOf(value, "Semicolon"),
});

const known = new Map<string, SecondReading>();
const knownMax = 20_000;

/** `text`: one character for each byte. */
export function secondReading(text: string): SecondReading {
  const before = known.get(text);
  if (before !== undefined) return before;
  const answer = ask(text);
  const message = field(answer, "message");
  const reading: SecondReading =
    typeof message === "string" && message !== ""
      ? { failure: message }
      : { statements: listOf(field(answer, "file"), "Stmts").map(statementOf) };
  if (known.size >= knownMax) known.clear();
  known.set(text, reading);
  return reading;
}
