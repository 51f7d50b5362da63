import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openLookBook } from "../../../src/adapters/disk/look-book.ts";
import type { Look } from "../../../src/core/guard/edits/look.ts";
import type { LookBook } from "../../../src/ports/look-book.ts";
import { memoryLookBook } from "../../fakes/memory-look-book.ts";

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "belay-looks-"));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

const look = (atMs: number, more: Partial<Look> = {}): Look => ({ atMs, site: "default", target: "production", unseen: [], ...more });

const openers: readonly (readonly [string, () => LookBook])[] = [
  ["in memory", () => memoryLookBook()],
  ["on disk", () => openLookBook({ folder: join(folder(), ".belay") })],
];

describe.each(openers)("a look book %s", (_, open) => {
  it("knows nothing before anything was noted", () => {
    expect(open().all()).toEqual([]);
  });

  it("gives looks back as they were noted, oldest first", () => {
    const book = open();
    const rich = look(2, {
      paths: ["a.html", "assets/"],
      unseen: [{ path: "a.html", lineage: "behind", isAbsentHere: true, liveAtMs: 7, liveBy: "Ana", release: "r4" }],
      isCut: true,
    });
    book.note(look(1));
    book.note(rich);
    expect(book.all()).toEqual([look(1), rich]);
  });
});

describe("the look book on disk", () => {
  it("is read by another process", () => {
    const at = folder();
    openLookBook({ folder: at }).note(look(5));
    expect(openLookBook({ folder: at }).all()).toEqual([look(5)]);
  });

  it("keeps what a rehearsal saw apart from the real buckets", () => {
    const at = folder();
    openLookBook({ folder: at, endpoint: "http://127.0.0.1:9000" }).note(look(5));
    expect(openLookBook({ folder: at }).all()).toEqual([]);
    expect(openLookBook({ folder: at, endpoint: "http://127.0.0.1:9000" }).all()).toEqual([look(5)]);
  });

  it("takes a torn, foreign or garbled line for no look, and loses no other", () => {
    const at = folder();
    const book = openLookBook({ folder: at });
    book.note(look(1));
    const file = join(at, "looks.jsonl");
    const whole = readFileSync(file, "utf8").trim();
    appendFileSync(file, whole.slice(0, 40));
    book.note(look(2));
    appendFileSync(
      file,
      '\nnull\n[]\n{"format":2}\n{"format":1,"endpoint":"","atMs":"3","site":"default","target":"production","unseen":[]}\n',
    );
    expect(book.all()).toEqual([look(1), look(2)]);
  });

  it("takes an exception that it cannot read for any path at all", () => {
    const at = folder();
    writeFileSync(
      join(at, "looks.jsonl"),
      `${JSON.stringify({ format: 1, endpoint: "", ...look(1), unseen: [{ path: "a.html", lineage: "sideways" }] })}\n`,
    );
    expect(openLookBook({ folder: at }).all()).toEqual([look(1, { isCut: true })]);
  });

  it("stays small, and forgets the oldest first", () => {
    const at = folder();
    const book = openLookBook({ folder: at });
    const unseen = Array.from({ length: 400 }, (_, index) => ({ path: `pages/${index}/index.html`, lineage: "behind" as const }));
    for (let time = 1; time <= 60; time += 1) book.note(look(time, { unseen }));
    const held = book.all();
    const bytes = ["looks.jsonl", "looks.before.jsonl"].map((name) => (existsSync(join(at, name)) ? statSync(join(at, name)).size : 0));
    expect(Math.max(...bytes)).toBeLessThan(300 * 1024);
    expect(held.length).toBeLessThan(60);
    expect(held.at(-1)?.atMs).toBe(60);
    expect(held.map(({ atMs }) => atMs)).toEqual(Array.from({ length: held.length }, (_, index) => 60 - held.length + 1 + index));
  });

  it("never fails where it cannot write", () => {
    const at = folder();
    writeFileSync(join(at, "taken"), "");
    const book = openLookBook({ folder: join(at, "taken") });
    expect(() => book.note(look(1))).not.toThrow();
    expect(book.all()).toEqual([]);
  });
});
