import { expect, test } from "vitest";
import { charsetNamed, codePointOf } from "./charset.ts";

const read = (label: string, bytes: readonly number[]): string => {
  const charset = charsetNamed(label) ?? expect.fail(`no ${label}`);
  return bytes.map((byte) => String.fromCodePoint(codePointOf(charset.read(Uint8Array.of(byte), 0, 1)))).join("");
};

test("windows-1252 has its dashes, quotes and the euro where the standard has them, whatever the platform's decoder says", () => {
  const upper = Array.from({ length: 32 }, (_, at) => 0x80 + at);
  const said = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
  for (const label of ["windows-1252", "iso-8859-1", "latin1", "ascii"]) expect([label, read(label, upper)]).toEqual([label, said]);
  expect(read("windows-1252", [0x41, 0xa0, 0xe9, 0xff])).toBe("A\u{a0}éÿ");
});

test("what windows-1252 can say is written in the bytes that say it", () => {
  const charset = charsetNamed("windows-1252");
  expect([...(charset?.encode("10–1 “PM”") ?? [])]).toEqual([0x31, 0x30, 0x96, 0x31, 0x20, 0x93, 0x50, 0x4d, 0x94]);
  expect(charset?.encode("日")).toBeUndefined();
});
