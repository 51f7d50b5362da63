import { expect, test } from "vitest";
import { refusePromotion, type PromotionFacts } from "./d2-promotion.ts";

const facts: PromotionFacts = {
  stage: "staging",
  target: "production",
  changedOnStage: [],
  unverified: [],
  uncommitted: [],
  headersMoved: [],
  overlaps: [],
  relies: [],
  change: undefined,
};
const whole = { isShallow: false };

test("nothing stands in the way of a verified, committed change that touches no other", () => {
  expect(refusePromotion(facts, whole)).toEqual([]);
});

test("bytes that a shallow clone knows no commit of may be committed: first its history is fetched", () => {
  const uncommitted = { ...facts, uncommitted: ["index.html"] };
  expect(refusePromotion(uncommitted, whole)).toMatchObject([{ code: "not-committed", remedy: expect.stringContaining("git commit") }]);
  expect(refusePromotion(uncommitted, { isShallow: true })).toMatchObject([{ remedy: expect.stringContaining("fetch-depth: 0") }]);
});

test("a change that refers to another's new files names both, and goes together with it", () => {
  const relies = [{ id: "r4", title: "new look", paths: ["new.css"] }];
  const [refusal] = refusePromotion({ ...facts, change: "r6", relies }, whole);
  expect(refusal).toMatchObject({ rule: "D3", code: "relies-on-change", paths: ["new.css"] });
  expect(refusal?.message).toContain('r6 refers to what r4 ("new look") has brought');
});
