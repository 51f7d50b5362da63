/** What belay has put into one file, so that it can be taken out to the byte. Kept on this machine: `.belay/agents.json`. */

import { elementsOf, fieldsOf, reach } from "./reach.ts";

export interface Inserted {
  readonly at: number;
  readonly text: string;
}

export interface Receipt {
  /** Relative to the project's folder, or to the home folder. */
  readonly path: string;
  /** SHA-256 of the text as belay left it: to that text alone `insertions` apply. */
  readonly digest: string;
  /** Whether there was no file before, and the outermost folder that was made for it, relative too. */
  readonly isCreated: boolean;
  readonly made?: string;
  readonly insertions: readonly Inserted[];
  /** Names of the pieces that were not there before, and paths of what was made to hold them. */
  readonly pieces: readonly string[];
  readonly containers: readonly string[];
}

export const receiptsText = (receipts: readonly Receipt[]): string =>
  `${JSON.stringify({ format: 1, files: receipts.toSorted((left, right) => (left.path < right.path ? -1 : 1)) }, undefined, 2)}\n`;

/** What cannot be read counts as not there: then pieces are taken out by what they are. */
export function receiptsIn(document: unknown): readonly Receipt[] {
  if (reach(document, "format") !== 1) return [];
  return elementsOf(reach(document, "files")).flatMap((file) => {
    const receipt = receiptOf(file);
    return receipt === undefined ? [] : [receipt];
  });
}

function receiptOf(file: unknown): Receipt | undefined {
  const { path, digest, isCreated, made } = fieldsOf(file);
  if (typeof path !== "string" || typeof digest !== "string" || typeof isCreated !== "boolean") return undefined;
  const texts = (name: string): string[] => elementsOf(reach(file, name)).filter((one) => typeof one === "string");
  const insertions = elementsOf(reach(file, "insertions")).flatMap((one) => {
    const { at, text } = fieldsOf(one);
    return typeof at === "number" && Number.isInteger(at) && at >= 0 && typeof text === "string" ? [{ at, text }] : [];
  });
  const base = { path, digest, isCreated, insertions, pieces: texts("pieces"), containers: texts("containers") };
  return typeof made === "string" ? { ...base, made } : base;
}
