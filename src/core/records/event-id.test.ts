import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { asDigest } from "../brand.ts";
import { eventIdOf } from "./event-id.ts";

const sha256 = (bytes: Uint8Array): ReturnType<typeof asDigest> => asDigest(createHash("sha256").update(bytes).digest("hex"));

describe("the id of a record's event", () => {
  it("holds only what Google Calendar takes, and is the same each time", () => {
    for (const record of ["S2FJLN", "", "Ünï · 4:30", "x".repeat(5000)]) {
      expect(eventIdOf("booking", record, sha256)).toMatch(/^[a-v0-9]{52}$/u);
      expect(eventIdOf("booking", record, sha256)).toBe(eventIdOf("booking", record, sha256));
    }
  });

  it("is the digest's base32hex, so that no bit of it is lost", () => {
    const digest = asDigest("00443214c74254b635cf84653a56d7c675be77df".padEnd(64, "0"));
    // RFC 4648's alphabet in order: the bytes that spell 0 to v.
    expect(eventIdOf("booking", "any", () => digest).slice(0, 32)).toBe("0123456789abcdefghijklmnopqrstuv");
  });

  it("tells kinds and records apart, however they are cut", () => {
    const ids = [
      ["ab", "c"],
      ["a", "bc"],
      ["abc", ""],
      ["", "abc"],
    ].map(([kind = "", record = ""]) => eventIdOf(kind, record, sha256));
    expect(new Set(ids).size).toBe(4);
  });
});
