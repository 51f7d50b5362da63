import { describe, expect, it } from "vitest";
import { isSeen, lookValidMs, sightOf } from "./is-seen.ts";
import type { Look } from "./look.ts";

const place = { site: "default", target: "production", path: "rooms/index.html" };
const time = { startedAtMs: 1_000_000, nowMs: 2_000_000 };
const look = (atMs: number, more: Partial<Look> = {}): Look => ({ atMs, site: "default", target: "production", unseen: [], ...more });
const behind = { path: place.path, lineage: "behind" } as const;

describe("what counts as seen", () => {
  it("is what a look of this session found the same or ahead", () => {
    expect(isSeen(place, time, [look(1_500_000)])).toBe(true);
    expect(isSeen(place, time, [look(1_500_000, { paths: ["rooms/index.html"] })])).toBe(true);
    expect(isSeen(place, time, [look(1_500_000, { paths: ["rooms/"] })])).toBe(true);
  });

  it("is not what was never looked at, or looked at elsewhere", () => {
    expect(isSeen(place, time, [])).toBe(false);
    expect(isSeen(place, time, [look(1_500_000, { target: "staging" })])).toBe(false);
    expect(isSeen(place, time, [look(1_500_000, { site: "other" })])).toBe(false);
    expect(isSeen(place, time, [look(1_500_000, { paths: ["index.html", "room/"] })])).toBe(false);
  });

  it("is not what another session looked at, and not what was looked at half a day ago", () => {
    expect(isSeen(place, time, [look(999_999)])).toBe(false);
    const late = { startedAtMs: 1_000_000, nowMs: 1_500_001 + lookValidMs };
    expect(isSeen(place, late, [look(1_500_000)])).toBe(false);
  });

  it("is decided by the newest look alone, in the order in which they were noted", () => {
    expect(isSeen(place, time, [look(1_400_000), look(1_500_000, { unseen: [behind] })])).toBe(false);
    expect(isSeen(place, time, [look(1_400_000, { unseen: [behind] }), look(1_500_000, { paths: [place.path] })])).toBe(true);
    expect(isSeen(place, time, [look(1_500_000), look(1_500_000, { unseen: [behind] })])).toBe(false);
  });

  it("is not what a look had no room to name", () => {
    expect(isSeen(place, time, [look(1_500_000, { isCut: true })])).toBe(false);
  });

  it("is not what a clock that runs ahead claims", () => {
    expect(isSeen(place, time, [look(9_000_000)])).toBe(false);
  });

  it("tells what the newest look found, whenever it was", () => {
    const old = look(10, { unseen: [{ ...behind, liveBy: "Ana", release: "r41" }] });
    expect(sightOf(place, time, [old])).toEqual({ isSeen: false, newest: old, found: { ...behind, liveBy: "Ana", release: "r41" } });
  });
});
