/** What this process has written itself, so that it knows its own writes again whatever second the server gives them. */

import type { Mark } from "./revision.ts";

/** One of our own writes. */
export interface FreshWrite extends Mark {
  /** The headers that were sent, in the canonical form of `spellHeaders`. */
  readonly spelling: string;
  readonly versionId?: string;
  /** The second of what it replaced, where that had the same ETag: not this write. */
  readonly after?: number;
}

/** One look at an object. A listing tells no headers, a bucket without versioning no version. */
export interface Sight extends Mark {
  readonly spelling?: string;
  readonly versionId?: string;
}

const slackSeconds = 2;
const heldMax = 20_000;

/**
 * After a PUT only the answer's `Date` is known, and LastModified may be another second. The revision that was given
 * out is reported again for what is plainly that write: the same ETag within two seconds, and the same version and the
 * same headers wherever the look tells them. A forgotten write costs one more read, never a wrong answer.
 */
export class FreshWrites {
  readonly #held = new Map<string, FreshWrite>();

  note(key: string, write: FreshWrite): void {
    this.#held.delete(key);
    this.#held.set(key, write);
    if (this.#held.size <= heldMax) return;
    const [oldest] = this.#held.keys();
    if (oldest !== undefined) this.#held.delete(oldest);
  }

  forget(key: string): void {
    this.#held.delete(key);
  }

  of(key: string): FreshWrite | undefined {
    return this.#held.get(key);
  }

  /** Whether a look shows that what was expected, a write of our own, has other headers or is another version by now. */
  isRewritten(key: string, expected: Mark, sight: Sight): boolean {
    const fresh = this.#held.get(key);
    if (!fresh || fresh.etag !== expected.etag || fresh.second !== expected.second || sight.etag !== fresh.etag) return false;
    const isOtherVersion = sight.versionId !== undefined && fresh.versionId !== undefined && sight.versionId !== fresh.versionId;
    return isOtherVersion || (sight.spelling !== undefined && sight.spelling !== fresh.spelling);
  }

  /** The mark to report for a sight: our own write's where it is that, its own otherwise. */
  markOf(key: string, sight: Sight): Mark {
    const fresh = this.#held.get(key);
    return { etag: sight.etag, second: fresh && isSameWrite(fresh, sight) ? fresh.second : sight.second };
  }
}

function isSameWrite(fresh: FreshWrite, sight: Sight): boolean {
  if (sight.etag !== fresh.etag || Math.abs(sight.second - fresh.second) > slackSeconds) return false;
  if (fresh.after !== undefined && sight.second <= fresh.after) return false;
  if (sight.versionId !== undefined && fresh.versionId !== undefined && sight.versionId !== fresh.versionId) return false;
  return sight.spelling === undefined || sight.spelling === fresh.spelling;
}
