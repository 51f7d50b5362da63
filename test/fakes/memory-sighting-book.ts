import type { Sighting } from "../../src/core/records/claim.ts";
import type { SightingBook, SightingMark } from "../../src/ports/sighting-book.ts";

interface Edition {
  readonly fingerprint: string;
  readonly knew: string;
  readonly kept: ReadonlyMap<string, readonly [SightingMark, readonly Sighting[]]>;
}

/** A memory of sightings that lasts as long as the test. It passes the contract that the one on disk passes. */
export function memoryBook(): SightingBook {
  const held = new Map<string, Edition>();
  const notes = new Map<string, string>();
  return {
    marks: async (system, fingerprint) => {
      const last = held.get(system);
      if (last?.fingerprint !== fingerprint) return await Promise.resolve({ marks: new Map<string, SightingMark>(), knew: "" });
      return { marks: new Map([...last.kept].map(([key, [mark]]) => [key, mark])), knew: last.knew };
    },
    sightings: async (system, key) => await Promise.resolve(held.get(system)?.kept.get(key)?.[1]),
    edition: (system, fingerprint) => {
      const kept = new Map<string, readonly [SightingMark, readonly Sighting[]]>();
      return {
        carry: (key) => {
          const last = held.get(system);
          const one = last?.fingerprint === fingerprint ? last.kept.get(key) : undefined;
          if (one && !kept.has(key)) kept.set(key, one);
        },
        put: async (mark, sightings) => {
          kept.set(mark.key, [mark, sightings]);
          await Promise.resolve();
        },
        close: async (knew) => {
          held.set(system, { fingerprint, knew, kept });
          await Promise.resolve();
        },
        discard: async () => {
          await Promise.resolve();
        },
      };
    },
    recall: async (name) => await Promise.resolve(notes.get(name)),
    remember: async (name, text) => {
      notes.set(name, text);
      await Promise.resolve();
    },
  };
}
