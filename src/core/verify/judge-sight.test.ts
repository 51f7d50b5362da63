import { describe, expect, test } from "vitest";
import { asDigest } from "../brand.ts";
import { judgeSight, worst, type Glimpse, type Promised } from "./judge-sight.ts";

const [page, other] = [asDigest("a".repeat(64)), asDigest("b".repeat(64))];
const seen = (more: Partial<Extract<Glimpse, { kind: "seen" }>> = {}): Glimpse => ({
  kind: "seen",
  status: 200,
  digest: page,
  headers: { "content-type": "text/html" },
  ...more,
});
const typed = (got: string | undefined): Glimpse => seen({ headers: got === undefined ? {} : { "content-type": got } });
const cached = (got: string | undefined): Glimpse => seen({ headers: got === undefined ? {} : { "cache-control": got } });

describe("a look at a page", () => {
  test("is good where status, bytes and headers are as promised", () => {
    const promised: Promised = { digest: page, contentType: "text/html", cacheControl: "no-cache", isHtml: true };
    const sight = seen({ headers: { "content-type": "text/html", "cache-control": "no-cache" } });
    expect(judgeSight(sight, promised)).toEqual({ outcome: "good", problems: [], mayPass: false });
  });

  test("is bad where other bytes come, says which and from where, and may pass", () => {
    expect(judgeSight(seen({ digest: other }), { digest: page })).toEqual({
      outcome: "bad",
      problems: ["other bytes (bbbbbbbbbbbb)"],
      mayPass: true,
    });
    expect(judgeSight(seen({ digest: other, cache: "hit" }), { digest: page }).problems).toEqual([
      "other bytes (bbbbbbbbbbbb, from a cache)",
    ]);
    expect(judgeSight(seen({ digest: other, cache: "miss" }), { digest: page }).problems).toEqual(["other bytes (bbbbbbbbbbbb)"]);
  });

  test.each([301, 401, 403, 404, 410, 500])("is bad at status %i, whatever the bytes are", (status) => {
    expect(judgeSight(seen({ status }), { digest: page })).toMatchObject({ outcome: "bad", problems: [`status ${status}`], mayPass: true });
  });

  test.each([429, 502, 503, 504])("is unknown at status %i: the page itself was not asked", (status) => {
    expect(judgeSight(seen({ status }), { digest: page })).toMatchObject({ outcome: "unknown", mayPass: true });
    expect(judgeSight(seen({ status }), {})).toMatchObject({ outcome: "unknown" });
  });

  test("is unknown where nobody answered, and is not repeated where that would be in vain", () => {
    const cause = "the server refused the connection";
    expect(judgeSight({ kind: "unreachable", cause }, { digest: page })).toEqual({ outcome: "unknown", problems: [cause], mayPass: true });
    const final: Glimpse = { kind: "unreachable", cause: "it redirects to another host, b.example", isFinal: true };
    expect(judgeSight(final, { digest: page })).toMatchObject({ outcome: "unknown", mayPass: false });
  });

  test.each([
    ["text/html", "text/html", true],
    ["text/html; charset=utf-8", "text/html", true],
    ['Text/HTML;charset="UTF-8"', "text/html; charset=utf-8", true],
    ["text/html", "text/html; charset=utf-8", false],
    ["text/html; charset=latin1", "text/html; charset=utf-8", false],
    ["text/plain", "text/html", false],
    [undefined, "text/html", false],
  ])("of type %j where %j is promised: good is %s", (got, wanted, isGood) => {
    const { outcome, problems } = judgeSight(typed(got), { digest: page, contentType: wanted });
    expect(outcome).toBe(isGood ? "good" : "bad");
    expect(problems).toEqual(isGood ? [] : [`content type ${got ?? "(none)"} instead of ${wanted}`]);
  });

  test.each([
    ["text/html", true],
    ["text/html; charset=utf-8", true],
    ["application/xhtml+xml", true],
    [undefined, true],
    ["text/plain", false],
    ["application/octet-stream", false],
  ])("of type %j where none is promised is shown as a page: %s", (got, isShown) => {
    expect(judgeSight(typed(got), { digest: page, isHtml: true }).outcome).toBe(isShown ? "good" : "bad");
    expect(judgeSight(typed(got), { digest: page }).outcome).toBe("good");
  });

  test.each([
    ["max-age=60, public", "public,max-age=60", true],
    ["No-Cache", "no-cache", true],
    ["max-age=600", "max-age=60", false],
    [undefined, "no-cache", false],
  ])("kept for %j where %j is promised: good is %s", (got, wanted, isGood) => {
    expect(judgeSight(cached(got), { digest: page, cacheControl: wanted }).outcome).toBe(isGood ? "good" : "bad");
  });

  test("says no more of a header than fits a line", () => {
    const [problem = ""] = judgeSight(typed("x".repeat(5000)), { digest: page, contentType: "text/html" }).problems;
    expect(problem.length).toBeLessThan(200);
  });

  test.each([
    [200, "bad"],
    [301, "bad"],
    [500, "bad"],
    [403, "good"],
    [404, "good"],
    [410, "good"],
  ])("of a deleted page at status %i is %s", (status, outcome) => {
    expect(judgeSight(seen({ status }), {})).toMatchObject({ outcome });
  });
});

test("bad outweighs unknown, and unknown outweighs good", () => {
  expect(worst([])).toBe("good");
  expect(worst(["good", "unknown", "good"])).toBe("unknown");
  expect(worst(["unknown", "bad", "good"])).toBe("bad");
});
