/** What every memory of sightings promises. */

import { describe, expect, test } from "vitest";
import { asRevision, asStoreName } from "../../src/core/brand.ts";
import type { Sighting } from "../../src/core/records/claim.ts";
import { sketchOf } from "../../src/core/records/sketch.ts";
import type { SightingBook, SightingMark } from "../../src/ports/sighting-book.ts";
import type { CallOptions } from "../../src/ports/store.ts";

export const quiet: CallOptions = { signal: new AbortController().signal };

/** One sighting that says a guest's name, and its mark. */
export function remembered(key: string, revision: string, guest: string): readonly [SightingMark, readonly Sighting[]] {
  const sighting: Sighting = {
    id: `pages ${key}`,
    system: "pages",
    at: { store: asStoreName("dir:site"), key },
    part: "",
    revision: asRevision(revision),
    claims: [
      {
        field: "guest",
        value: { kind: "text", text: guest },
        raw: guest,
        spans: [{ start: 3, end: 3 + guest.length }],
        segment: 0,
        from: 0,
        to: guest.length,
        place: { medium: "text", name: "", label: "<h1>, line 1", part: "" },
        because: "another system has this value",
      },
    ],
    unexplained: [],
  };
  return [{ key, revision: asRevision(revision), days: ["2026-05-30"], sketches: [sketchOf(sighting)] }, [sighting]];
}

/** Puts all of these, with what else it is to take over. */
export async function keep(
  book: SightingBook,
  entries: readonly (readonly [SightingMark, readonly Sighting[]])[],
  {
    carry = [],
    knew = "",
    rules = "rules-1",
  }: { readonly carry?: readonly string[]; readonly knew?: string; readonly rules?: string } = {},
): Promise<void> {
  const edition = book.edition("pages", rules);
  for (const key of carry) edition.carry(key);
  for (const [mark, sightings] of entries) await edition.put(mark, sightings);
  await edition.close(knew);
}

const marksOf = async (book: SightingBook, rules = "rules-1"): Promise<readonly SightingMark[]> => [
  ...(await book.marks("pages", rules, quiet)).marks.values(),
];

/** `open` opens the same memory again, as another process would, where it outlives one. */
export function sightingBookContract(name: string, start: () => Promise<{ readonly open: () => SightingBook }>): void {
  const [jonah, maria] = [remembered("g/jonah.html", "r1", "Jonah Reed"), remembered("g/maria.html", "r2", "Maria Silva")];

  describe(`${name}: a memory of sightings`, () => {
    test("gives back marks and sightings as they were put", async () => {
      const { open } = await start();
      await keep(open(), [jonah, maria], { knew: "both" });
      const book = open();
      expect(await book.marks("pages", "rules-1", quiet)).toEqual({
        marks: new Map([jonah, maria].map(([mark]) => [mark.key, mark])),
        knew: "both",
      });
      expect(await book.sightings("pages", "g/maria.html", quiet)).toEqual(maria[1]);
    });

    test("knows nothing of other rules, other systems and other keys", async () => {
      const { open } = await start();
      await keep(open(), [jonah], { knew: "jonah" });
      const book = open();
      expect(await book.marks("pages", "rules-2", quiet)).toEqual({ marks: new Map(), knew: "" });
      expect(await book.marks("calendar", "rules-1", quiet)).toEqual({ marks: new Map(), knew: "" });
      expect(await book.sightings("pages", "g/nobody.html", quiet)).toBeUndefined();
    });

    test("takes over what is carried, forgets what is not, and prefers what is put", async () => {
      const { open } = await start();
      await keep(open(), [jonah, maria]);
      const newer = remembered("g/jonah.html", "r3", "Jonas Reed");
      const book = open();
      await keep(book, [newer], { carry: ["g/jonah.html"] });
      expect(await marksOf(book)).toEqual([newer[0]]);
      expect(await book.sightings("pages", "g/jonah.html", quiet)).toEqual(newer[1]);
      expect(await book.sightings("pages", "g/maria.html", quiet)).toBeUndefined();
      await keep(open(), [maria], { carry: ["g/jonah.html", "g/unheard-of.html"] });
      expect(await marksOf(open())).toHaveLength(2);
      expect(await open().sightings("pages", "g/jonah.html", quiet)).toEqual(newer[1]);
    });

    test("carries nothing over a change of rules", async () => {
      const { open } = await start();
      await keep(open(), [jonah]);
      await keep(open(), [maria], { carry: ["g/jonah.html"], rules: "rules-2" });
      expect(await marksOf(open(), "rules-2")).toEqual([maria[0]]);
    });

    test("lets nothing of an edition count before it is closed, nor after it is discarded", async () => {
      const { open } = await start();
      await keep(open(), [jonah]);
      const book = open();
      const edition = book.edition("pages", "rules-1");
      await edition.put(...maria);
      expect(await marksOf(book)).toEqual([jonah[0]]);
      await edition.discard();
      expect(await marksOf(open())).toEqual([jonah[0]]);
    });

    test("keeps what an edition knew although nothing else changed", async () => {
      const { open } = await start();
      await keep(open(), [jonah], { knew: "one" });
      await keep(open(), [], { carry: ["g/jonah.html"], knew: "two" });
      expect((await open().marks("pages", "rules-1", quiet)).knew).toBe("two");
    });

    test("holds an object without sightings", async () => {
      const { open } = await start();
      const mark: SightingMark = { key: "g/old.html", revision: asRevision("r9"), days: [], sketches: [], unreadable: "it is no page" };
      await keep(open(), [[mark, []]]);
      expect(await marksOf(open())).toEqual([mark]);
      expect(await open().sightings("pages", "g/old.html", quiet)).toEqual([]);
    });

    test("gives back the last note of a name", async () => {
      const { open } = await start();
      expect(await open().recall("identity", quiet)).toBeUndefined();
      await open().remember("identity", "first");
      await open().remember("identity", "second\nline");
      expect(await open().recall("identity", quiet)).toBe("second\nline");
    });
  });
}
