import { closeSync, type Stats } from "node:fs";
import { sep } from "node:path";
import { BelayError } from "../../core/belay-error.ts";
import { asRevision, type Digest, type Revision } from "../../core/brand.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import type { Headers, Observed } from "../../core/plan/plan.ts";
import { errnoOf } from "../shared/errno.ts";
import { sha256OfText } from "../shared/sha256.ts";
import { diskError } from "./disk-error.ts";
import type { HeaderBook } from "./header-book.ts";
import type { Said } from "./header-line.ts";
import { ownerName } from "./owner-name.ts";
import { openRegular, stableContent } from "./read-file.ts";
import type { OldFile } from "./replace-file.ts";
import type { Place, RootFolder } from "./root-folder.ts";

const headerDigits = 16;

/** The revision of bytes and headers; see `openDiskStore`. */
export function revisionOf(digest: Digest, headers: Headers): Revision {
  if (Object.keys(headers).length === 0) return asRevision(digest);
  return asRevision(`${digest}.${sha256OfText(canonicalJson(headers)).slice(0, headerDigits)}`);
}

export interface SightOptions {
  readonly root: RootFolder;
  /** Absolute and real. */
  readonly scratch: string;
  readonly book: HeaderBook | undefined;
}

/** One file as it was seen. `file.fd` is open: whoever looked closes it. */
export interface Looked {
  readonly observed: Observed;
  readonly file: OldFile;
  readonly isLink: boolean;
  /** Present for small files. */
  readonly bytes: Uint8Array | undefined;
}

interface Seen {
  readonly key: string;
  readonly stats: Stats;
  readonly digest: Digest;
  readonly said: Said | undefined;
}

/** What stands at a key, always from the bytes themselves and never from a cache. */
export class Sight {
  readonly scratch: string;
  readonly #root: RootFolder;
  readonly #book: HeaderBook | undefined;

  constructor(options: SightOptions) {
    this.#root = options.root;
    this.scratch = options.scratch;
    this.#book = options.book;
  }

  /** Finds the place of a key; belay's own folder holds no objects. */
  locate(key: string): Place {
    const place = this.#root.locate(key);
    if (place.path === this.scratch || place.path.startsWith(this.scratch + sep))
      throw new BelayError("store-denied", `${place.path} lies in belay's own folder`, "Choose another name.");
    return place;
  }

  /** Opens and hashes the file of a key; `undefined` where there is none. */
  async look(key: string, signal?: AbortSignal): Promise<Looked | undefined> {
    const place = this.locate(key);
    if (place.kind !== "file") return undefined;
    try {
      const { fd } = openRegular(place.path);
      try {
        const { stats, digest, bytes } = await stableContent(fd, place.path, signal);
        const observed = this.observed({ key, stats, digest, said: this.#book?.said(key, digest) });
        return { observed, file: { path: place.path, fd, stats, digest }, isLink: place.isLink, bytes };
      } catch (error) {
        closeSync(fd);
        throw error;
      }
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw diskError(error, "read", place.path);
    }
  }

  observed({ key, stats, digest, said }: Seen): Observed {
    const headers = said?.headers ?? {};
    return {
      key,
      revision: revisionOf(digest, headers),
      sizeBytes: stats.size,
      digest,
      modifiedAtMs: Math.trunc(stats.mtimeMs),
      headers,
      // Whose file it is tells something only where belay did not write it.
      ...(said?.provenance ? { provenance: said.provenance } : { owner: ownerName(stats.uid) }),
    };
  }
}
