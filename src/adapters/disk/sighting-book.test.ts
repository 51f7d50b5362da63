import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { keep, quiet, remembered, sightingBookContract } from "../../../test/contract/sighting-book-contract.ts";
import type { SightingBook } from "../../ports/sighting-book.ts";
import { openSightingBook } from "./sighting-book.ts";

const ground = mkdtempSync(join(tmpdir(), "belay-sightings-"));
afterAll(() => {
  rmSync(ground, { recursive: true, force: true });
});

function newFolder(): { readonly folder: string; readonly open: (version?: string) => SightingBook } {
  const folder = join(ground, randomUUID());
  return { folder, open: (version = "1.0.0") => openSightingBook({ folder, version }) };
}

sightingBookContract("on disk", async () => {
  const { open } = newFolder();
  return await Promise.resolve({ open: () => open() });
});

const [jonah, maria] = [remembered("g/jonah.html", "r1", "Jonah Reed"), remembered("g/maria.html", "r2", "Maria Silva")];
const countIn = async (book: SightingBook): Promise<number> => (await book.marks("pages", "rules-1", quiet)).marks.size;
const segmentsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(".segment"));

test("an unchanged system is not written again", async () => {
  const { folder, open } = newFolder();
  await keep(open(), [jonah, maria], { knew: "x" });
  const before = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).ino, statSync(join(folder, name)).mtimeMs]);
  await keep(open(), [], { carry: ["g/jonah.html", "g/maria.html"], knew: "x" });
  expect(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).ino, statSync(join(folder, name)).mtimeMs])).toEqual(before);
});

test("a changed page adds a small file, and what is carried stays where it lies", async () => {
  const { folder, open } = newFolder();
  const many = Array.from({ length: 500 }, (_, at) => remembered(`g/${at}.html`, "r1", `Guest ${at}`));
  await keep(open(), many);
  const [first = ""] = segmentsIn(folder);
  const written = statSync(join(folder, first));
  await keep(open(), [remembered("g/7.html", "r2", "Guest 7b")], { carry: many.map(([{ key }]) => key) });
  expect(statSync(join(folder, first)).ino).toBe(written.ino);
  const added = segmentsIn(folder).filter((name) => name !== first);
  expect(added).toHaveLength(1);
  expect(statSync(join(folder, added[0] ?? "")).size).toBeLessThan(written.size / 100);
});

test("many small changes do not leave many files", async () => {
  const { folder, open } = newFolder();
  const many = Array.from({ length: 40 }, (_, at) => remembered(`g/${at}.html`, "r1", `Guest ${at}`));
  await keep(open(), many);
  for (let turn = 2; turn < 40; turn += 1) {
    await keep(open(), [remembered(`g/${turn % 7}.html`, `r${turn}`, `Guest ${turn}`)], { carry: many.map(([{ key }]) => key) });
  }
  expect(segmentsIn(folder).length).toBeLessThanOrEqual(7);
  const book = open();
  expect(await countIn(book)).toBe(40);
  expect(await book.sightings("pages", "g/4.html", quiet)).toEqual(remembered("g/4.html", "r39", "Guest 39")[1]);
  expect(await book.sightings("pages", "g/39.html", quiet)).toEqual(many[39]?.[1]);
});

test("an index that is cut, torn or replaced by garbage counts as forgotten", async () => {
  const { folder, open } = newFolder();
  await keep(open(), [jonah, maria]);
  const index = join(folder, "pages.index");
  const whole = readFileSync(index);
  for (const cut of [0, 1, 10, whole.length >> 1, whole.length - 2, whole.length - 1]) {
    writeFileSync(index, whole.subarray(0, cut));
    expect(await countIn(open())).toBe(0);
  }
  for (const garbage of ["", "\n", "{}\n0\n", "\u0000".repeat(500), whole.toString("latin1").replace("Jonah", "Jonas")]) {
    writeFileSync(index, garbage, "latin1");
    expect(await countIn(open())).toBe(0);
  }
  writeFileSync(index, whole);
  expect(await countIn(open())).toBe(2);
});

test("sightings that were cut off or overwritten are forgotten, and the others are not", async () => {
  const { folder, open } = newFolder();
  await keep(open(), [jonah, maria]);
  const segment = join(folder, segmentsIn(folder)[0] ?? "");
  truncateSync(segment, statSync(segment).size - 1);
  const book = open();
  expect(await book.sightings("pages", "g/maria.html", quiet)).toBeUndefined();
  expect(await book.sightings("pages", "g/jonah.html", quiet)).toEqual(jonah[1]);
  const bytes = readFileSync(segment);
  bytes[20] = 0x7f;
  writeFileSync(segment, bytes);
  expect(await open().sightings("pages", "g/jonah.html", quiet)).toBeUndefined();
});

test("a segment that is gone is forgotten with all that it held", async () => {
  const { folder, open } = newFolder();
  await keep(open(), [jonah]);
  await keep(open(), [maria], { carry: ["g/jonah.html"] });
  const index = readFileSync(join(folder, "pages.index"), "utf8");
  const [first = ""] = segmentsIn(folder).toSorted((one, other) => index.indexOf(one) - index.indexOf(other));
  rmSync(join(folder, first));
  expect(await countIn(open())).toBe(1);
});

test("a note that was changed, or of another version, is forgotten", async () => {
  const { folder, open } = newFolder();
  await open().remember("identity", "who is who");
  const path = join(folder, "identity.note");
  expect(await open("1.0.1").recall("identity", quiet)).toBeUndefined();
  writeFileSync(path, readFileSync(path, "utf8").replace("who is", "who was"));
  expect(await open().recall("identity", quiet)).toBeUndefined();
});

test("what another version of belay has read is read again", async () => {
  const { open } = newFolder();
  await keep(open("1.0.0"), [jonah]);
  expect(await countIn(open("1.1.0"))).toBe(0);
});

test("two processes at once leave one edition of theirs, whole, and each reads its own to the end", async () => {
  const { open } = newFolder();
  await keep(open(), [jonah]);
  const [one, other] = [open(), open()];
  await Promise.all([one.marks("pages", "rules-1", quiet), other.marks("pages", "rules-1", quiet)]);
  const several = (by: string): Promise<void>[] =>
    Array.from(
      { length: 12 },
      async (_, at) =>
        await keep(by === "one" ? one : other, [remembered("g/maria.html", `${by}${at}`, `${by} ${at}`)], { carry: ["g/jonah.html"] }),
    );
  await Promise.all([...several("one"), ...several("other")]);
  for (const book of [one, other, open()]) {
    const { marks } = await book.marks("pages", "rules-1", quiet);
    const mark = marks.get("g/maria.html");
    const sightings = await book.sightings("pages", "g/maria.html", quiet);
    // Either of them may have been forgotten; what is there belongs together.
    expect(sightings?.[0]?.revision ?? mark?.revision).toBe(mark?.revision ?? sightings?.[0]?.revision);
  }
  expect(await countIn(open())).toBeGreaterThan(0);
});

test("what a process left that died while it wrote is cleared away later, and what one is writing is not", async () => {
  const { folder, open } = newFolder();
  await keep(open(), [jonah]);
  const [old, young] = [join(folder, "pages.old.segment"), join(folder, "pages.young.segment")];
  writeFileSync(old, "half");
  writeFileSync(young, "half");
  const longAgo = Date.now() / 1000 - 7200;
  utimesSync(old, longAgo, longAgo);
  await keep(open(), [maria], { carry: ["g/jonah.html"] });
  expect(readdirSync(folder)).not.toContain("pages.old.segment");
  expect(readdirSync(folder)).toContain("pages.young.segment");
});

test("names of systems cannot lead out of the folder, and what it holds is for its owner alone", async () => {
  const { folder, open } = newFolder();
  const edition = open().edition("../../out", "rules-1");
  await edition.put(...jonah);
  await edition.close("");
  const names = readdirSync(folder);
  expect(names).toHaveLength(2);
  for (const name of names) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
});

test("a disk that cannot be written is said in people's terms", async () => {
  const blocked = join(ground, `file-${randomUUID()}`);
  writeFileSync(blocked, "");
  const book = openSightingBook({ folder: join(blocked, "records"), version: "1.0.0" });
  await expect(keep(book, [jonah])).rejects.toMatchObject({ name: "BelayError", code: "store-denied" });
});
