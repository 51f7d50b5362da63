import type { Revision } from "../../core/brand.ts";
import type { CallOptions, Store } from "../../ports/store.ts";

// Twelve digits: an entry per second would last for thirty thousand years.
const seqMax = 999_999_999_999;
const keyDigits = 12;

export const entryPrefix = "ledger/";
export const checkpointPrefix = "ledger-checkpoints/";
/** A checkpoint stands for every entry whose sequence number is a multiple of this. */
export const checkpointEvery = 128;

// Counting down makes the newest key the first one of a listing, so that the head is one LIST of one key.
const keyOf = (prefix: string, seq: number): string => `${prefix}${String(seqMax - seq).padStart(keyDigits, "0")}.json`;

/** Where the entry with this sequence number lives. */
export const entryKey = (seq: number): string => keyOf(entryPrefix, seq);
/** Where the state after the entry with this sequence number is kept, if it is. */
export const checkpointKey = (seq: number): string => keyOf(checkpointPrefix, seq);

function seqOf(prefix: string, key: string): number | undefined {
  const name = key.slice(prefix.length);
  if (!key.startsWith(prefix) || !/^\d{12}\.json$/u.test(name)) return undefined;
  const seq = seqMax - Number(name.slice(0, keyDigits));
  return seq >= 1 ? seq : undefined;
}

/** Where an entry or a checkpoint stands, and as which content of its key the listing reported it. */
export interface Listed {
  readonly seq: number;
  readonly revision: Revision;
}

/** What stands under a prefix, newest first, at most `limit`. Files that others left there are passed over. */
export async function newest(store: Store, prefix: string, options: CallOptions & { readonly limit: number }): Promise<Listed[]> {
  const { signal, limit } = options;
  const found: Listed[] = [];
  let strangers = 0;
  for await (const { key, revision } of store.list(prefix, { signal, limit })) {
    const seq = seqOf(prefix, key);
    if (seq === undefined) strangers += 1;
    else found.push({ seq, revision });
    if (found.length === limit) return found;
  }
  if (strangers === 0) return found;
  // A stranger's file (say, one that a file browser left) took places of the limited listing: it must not hide the head.
  found.length = 0;
  for await (const { key, revision } of store.list(prefix, { signal })) {
    const seq = seqOf(prefix, key);
    if (seq !== undefined) found.push({ seq, revision });
    if (found.length === limit) break;
  }
  return found;
}
