import { expect, test } from "vitest";
import { asDigest } from "../brand.ts";
import { isNamedIn, mayNameOne, textWords, type ShownText } from "./find-keys.ts";

const written = "code=xhq-gmdh";
const bare = "code=xhqgmdh";
const guestOfDay = "2026-07-04 guest=1f0c";
const sha256 = (): ReturnType<typeof asDigest> => asDigest("0".repeat(64));
const shown = (text: string): ShownText => ({ own: [], days: [], words: textWords([text]) });

test("a key names the record that is known by it without its separators, and none whose separators stand elsewhere", () => {
  expect(mayNameOne([written, guestOfDay], [bare, guestOfDay])).toBe(true);
  expect(mayNameOne([bare], [written])).toBe(true);
  expect(mayNameOne([written, guestOfDay], ["code=xh-qgmdh", guestOfDay])).toBe(false);
});

test("a text names the record of a key that it spells without its separators, or with some where the key has none", () => {
  expect(isNamedIn([written], shown("Your code XHQgmdh."), sha256)).toBe(true);
  expect(isNamedIn([bare], shown("Your code: XHQ-gmdh"), sha256)).toBe(true);
  expect(isNamedIn([written], shown("Your code: XH-Qgmdh"), sha256)).toBe(false);
});
