import { describe, expect, it } from "vitest";
import { FreshWrites } from "./fresh-writes.ts";

const write = { etag: "a", second: 100, spelling: "[]" };
const noted = (more: object = {}): FreshWrites => {
  const fresh = new FreshWrites();
  fresh.note("index.html", { ...write, ...more });
  return fresh;
};

describe("our own writes", () => {
  it.each([98, 99, 100, 101, 102])("are known again when LastModified says %d after an answer at 100", (second) => {
    expect(noted().markOf("index.html", { etag: "a", second })).toEqual({ etag: "a", second: 100 });
  });

  it.each([97, 103])("are not known again at %d", (second) => {
    expect(noted().markOf("index.html", { etag: "a", second })).toEqual({ etag: "a", second });
  });

  it("are told from other bytes, other keys, other headers, other versions and what they replaced", () => {
    const other = { etag: "a", second: 101 };
    expect(noted().markOf("index.html", { etag: "b", second: 101 }).second).toBe(101);
    expect(noted().markOf("other.html", other).second).toBe(101);
    expect(noted().markOf("index.html", { ...other, spelling: '[["cache-control","no-store"]]' }).second).toBe(101);
    expect(noted({ versionId: "v2" }).markOf("index.html", { ...other, versionId: "v3" }).second).toBe(101);
    expect(noted({ after: 99 }).markOf("index.html", { etag: "a", second: 99 }).second).toBe(99);
  });

  it("are known again by their version and headers where these are told", () => {
    const sight = { etag: "a", second: 101, spelling: "[]", versionId: "v2" };
    expect(noted({ versionId: "v2" }).markOf("index.html", sight).second).toBe(100);
  });

  it("can be forgotten, and the oldest are once there are very many", () => {
    const fresh = noted();
    fresh.forget("index.html");
    expect(fresh.markOf("index.html", { etag: "a", second: 101 }).second).toBe(101);
    for (let at = 0; at <= 20_000; at += 1) fresh.note(`${at}`, write);
    expect(fresh.of("0")).toBeUndefined();
    expect(fresh.of("1")).toBeDefined();
  });
});
