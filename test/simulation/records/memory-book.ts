/** A memory of sightings that lasts as long as the machine that it stands for. */

import type { Sighting } from "../../../src/core/records/claim.ts";
import type { SightingBook, SightingMark } from "../../../src/ports/sighting-book.ts";

interface Page {
  readonly mark: SightingMark;
  readonly sightings: readonly Sighting[];
}

interface Edition {
  readonly fingerprint: string;
  readonly pages: ReadonlyMap<string, Page>;
  readonly knew: string;
}

/** What one machine remembers, for all processes that run there. */
export interface MemoryShelf {
  readonly closed: Map<string, Edition>;
  readonly notes: Map<string, string>;
}

export const openShelf = (): MemoryShelf => ({ closed: new Map(), notes: new Map() });

/** As one process sees it: what it opened or closed last is what it goes by, whatever others close meanwhile. */
export function openMemoryBook({ closed, notes }: MemoryShelf): SightingBook {
  const mine = new Map<string, Edition>();
  return {
    marks: async (system, fingerprint) => {
      const last = closed.get(system);
      const known = last?.fingerprint === fingerprint ? last : { fingerprint, pages: new Map<string, Page>(), knew: "" };
      mine.set(system, known);
      return await Promise.resolve({ marks: new Map([...known.pages].map(([key, { mark }]) => [key, mark])), knew: known.knew });
    },
    sightings: async (system, key) => await Promise.resolve(mine.get(system)?.pages.get(key)?.sightings),
    edition: (system, fingerprint) => {
      const pages = new Map<string, Page>();
      return {
        carry: (key) => {
          const last = mine.get(system)?.pages.get(key);
          if (last) pages.set(key, last);
        },
        put: async (mark, sightings) => {
          pages.set(mark.key, { mark, sightings });
          await Promise.resolve();
        },
        close: async (knew) => {
          const edition = { fingerprint, pages, knew };
          closed.set(system, edition);
          mine.set(system, edition);
          await Promise.resolve();
        },
        discard: async () => await Promise.resolve(),
      };
    },
    recall: async (name) => await Promise.resolve(notes.get(name)),
    remember: async (name, text) => {
      notes.set(name, text);
      await Promise.resolve();
    },
  };
}
