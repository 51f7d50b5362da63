import { describe, expect, it } from "vitest";
import { asDigest } from "../brand.ts";
import type { Glimpse } from "../verify/judge-sight.ts";
import { isFresh, judgeEdgeCopy, type OriginPage } from "./edge-copy.ts";

const [now, before, stranger] = ["a", "b", "c"].map((digit) => asDigest(digit.repeat(64)));
const origin: OriginPage = {
  ...(now !== undefined && { digest: now }),
  earlier: before === undefined ? [] : [{ digest: before, at: "2026-05-09T10:00:00Z" }],
};
const seen = (digest = now, more: object = {}): Glimpse => ({
  kind: "seen",
  status: 200,
  digest: digest ?? asDigest(""),
  headers: {},
  ...more,
});

describe("a copy at the edge", () => {
  it("is the same where its bytes are the origin's", () => {
    expect(judgeEdgeCopy({ path: "/g/a.html" }, seen(), origin)).toMatchObject({ path: "/g/a.html", verdict: "same", digest: now });
  });

  it("is older where the page had its bytes before, with the evidence of the answer", () => {
    const headers = { age: "4711", "x-cache": "Hit from cloudfront", etag: '"old"', "set-cookie": "secret=1", server: "x" };
    expect(judgeEdgeCopy({ path: "/g/a" }, seen(before, { headers, cache: "hit" }), origin)).toEqual({
      path: "/g/a",
      verdict: "older",
      says: "an earlier version of 2026-05-09T10:00:00Z (bbbbbbbbbbbb, from a cache)",
      status: 200,
      digest: before,
      older: { digest: before, at: "2026-05-09T10:00:00Z" },
      ageSeconds: 4711,
      cache: "hit",
      evidence: { age: "4711", "x-cache": "Hit from cloudfront", etag: '"old"' },
    });
  });

  it("is other where nobody knows its bytes", () => {
    expect(judgeEdgeCopy({ path: "/g/a" }, seen(stranger), origin)).toMatchObject({ verdict: "other", says: "other bytes (cccccccccccc)" });
  });

  it.each([401, 403, 302, 429, 500, 503])("is unknown, never gone, behind a status %i", (status) => {
    expect(judgeEdgeCopy({ path: "/g/a" }, seen(now, { status }), origin).verdict).toBe("unknown");
  });

  it.each([404, 410])("is gone where the edge says %i", (status) => {
    expect(judgeEdgeCopy({ path: "/g/a" }, seen(now, { status }), origin).verdict).toBe("gone");
  });

  it("is unknown where nothing came back", () => {
    const sight: Glimpse = { kind: "unreachable", cause: "the connection broke off" };
    expect(judgeEdgeCopy({ path: "/g/a" }, sight, origin)).toEqual({
      path: "/g/a",
      verdict: "unknown",
      says: "the connection broke off",
      evidence: {},
    });
  });

  it("all are fresh only where each is what the origin holds", () => {
    const [same, older] = [judgeEdgeCopy({ path: "/a" }, seen(), origin), judgeEdgeCopy({ path: "/b" }, seen(before), origin)];
    const gone = judgeEdgeCopy({ path: "/c" }, seen(now, { status: 404 }), origin);
    expect(isFresh([same], origin)).toBe(true);
    expect(isFresh([same, older], origin)).toBe(false);
    expect(isFresh([same, gone], origin)).toBe(false);
    expect(isFresh([same, { ...gone, isGuess: true }], origin)).toBe(true);
    expect(isFresh([gone], { earlier: [] })).toBe(true);
    expect(isFresh([same], { earlier: [] })).toBe(false);
  });
});
