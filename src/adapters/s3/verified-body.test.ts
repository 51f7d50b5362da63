import { describe, expect, it } from "vitest";
import type { Body } from "../../core/body.ts";
import { sha256OfText } from "../shared/sha256.ts";
import { PartReader } from "./part-reader.ts";
import { collectVerified, verifiedChunks } from "./verified-body.ts";

const bodyOfChunks = (chunks: readonly string[], more: Partial<Body> = {}): Body => ({
  digest: sha256OfText(chunks.join("")),
  sizeBytes: chunks.join("").length,
  async *open() {
    for (const chunk of chunks) yield await Promise.resolve(new TextEncoder().encode(chunk));
  },
  ...more,
});
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("verified bytes", () => {
  it("come whole and in order", async () => {
    expect(text(await collectVerified(bodyOfChunks(["one ", "", "two ", "three"]), "a"))).toBe("one two three");
    expect(await collectVerified(bodyOfChunks([]), "a")).toHaveLength(0);
  });

  it.each([
    ["other bytes", { digest: sha256OfText("else") }],
    ["fewer than were said", { sizeBytes: 14 }],
    ["more than were said", { sizeBytes: 12 }],
  ] as const)("%s: the last chunk is never handed over", async (_, lie) => {
    const got: string[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of verifiedChunks(bodyOfChunks(["one ", "two ", "three"], lie), "a")) got.push(text(chunk));
    };
    await expect(read()).rejects.toMatchObject({ code: "input-changed" });
    expect(got).not.toContain("three");
  });
});

describe("a reader of parts", () => {
  it.each([1, 3, 4, 5, 13, 20])("cuts any stream into parts of %d bytes", async (size) => {
    const reader = new PartReader(bodyOfChunks(["one ", "two ", "", "three"]).open());
    const parts: string[] = [];
    while (!(await reader.isAtEnd())) parts.push(text(await reader.read(size)));
    expect(parts.join("")).toBe("one two three");
    for (const part of parts.slice(0, -1)) expect(part).toHaveLength(size);
  });
});
