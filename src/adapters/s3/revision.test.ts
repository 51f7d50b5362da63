import { describe, expect, it } from "vitest";
import { asRevision } from "../../core/brand.ts";
import { bareEtag, formatRevision, isHeldBy, parseRevision, secondOf } from "./revision.ts";

describe("a revision of S3", () => {
  it.each([
    ["9a0364b9e99bb480dd25e1f0284c8555", 1_700_000_000],
    ["9a0364b9e99bb480dd25e1f0284c8555-17", 0],
    ["opaque@with=signs", 1_779_278_400],
  ])("%s at %d is read back as it was written", (etag, second) => {
    expect(parseRevision(formatRevision({ etag, second }))).toEqual({ etag, second });
  });

  it.each(["never", "absent", "", "@5", "etag@", "etag@1.5", "etag@-1", "r17"])("%j is none", (text) => {
    expect(parseRevision(asRevision(text))).toBeUndefined();
  });

  it("holds for the same ETag at the same time or before, never later and never for another ETag", () => {
    const expected = { etag: "a", second: 100 };
    expect(isHeldBy(expected, { etag: "a", second: 100 })).toBe(true);
    expect(isHeldBy(expected, { etag: "a", second: 99 })).toBe(true);
    expect(isHeldBy(expected, { etag: "a", second: 101 })).toBe(false);
    expect(isHeldBy(expected, { etag: "b", second: 100 })).toBe(false);
  });
});

describe("an ETag", () => {
  it("loses its quotes and nothing else", () => {
    expect(bareEtag('"abc-2"')).toBe("abc-2");
    expect(bareEtag("abc-2")).toBe("abc-2");
    expect(bareEtag('W/"abc"')).toBe('W/"abc"');
    expect(bareEtag('""')).toBeUndefined();
    expect(bareEtag(undefined)).toBeUndefined();
  });
});

describe("the second of a time", () => {
  it("is the same in the spelling of headers and of listings", () => {
    expect(secondOf("Wed, 20 May 2026 12:00:07 GMT")).toBe(Date.UTC(2026, 4, 20, 12, 0, 7) / 1000);
    expect(secondOf("2026-05-20T12:00:07.000Z")).toBe(secondOf("Wed, 20 May 2026 12:00:07 GMT"));
    expect(secondOf("2026-05-20T12:00:07.999Z")).toBe(secondOf("2026-05-20T12:00:07Z"));
  });

  it("is not made up", () => {
    expect(secondOf("yesterday")).toBeUndefined();
    expect(secondOf(undefined)).toBeUndefined();
  });
});
