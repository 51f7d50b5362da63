import { fileURLToPath } from "node:url";
import { mergeDiff3 } from "node-diff3";
import { describe, expect, test } from "vitest";
import { edited, lostFeatures } from "./demo-case.ts";
import { incidentCase } from "./incident-case.ts";

const assets = fileURLToPath(new URL("../../../demo", import.meta.url));

describe("incident 1 as shipped", () => {
  test("its first page lacks all three features, its second only the checkout, its third none", async () => {
    const { versions, features } = await incidentCase(assets);
    const lost = versions.map((page) => lostFeatures(page, features).map((feature) => feature.name));
    expect(lost).toEqual([["JADA_HERO_FADE", "STRIPE_CHECKOUT", "RANCH_COAST_LINE"], ["STRIPE_CHECKOUT"], []]);
  });

  test("the edit on the first version merges cleanly with the third, and gives the third with the edit", async () => {
    const { versions, edit } = await incidentCase(assets);
    const [first, , third] = versions;
    expect(first.split(edit.find)).toHaveLength(2);
    expect(third.split(edit.find)).toHaveLength(2);
    const merged = mergeDiff3(edited(first, edit).split("\n"), first.split("\n"), third.split("\n"));
    expect(merged.conflict).toBe(false);
    expect(merged.result.join("\n")).toBe(edited(third, edit));
  });

  test("its pages ask nothing of any other host", async () => {
    const { versions } = await incidentCase(assets);
    for (const page of versions)
      expect(page).not.toMatch(/(?:src|href|action)="?(?:https?:)?\/\/|url\(\s*["']?(?:https?:)?\/\/|fetch\(|XMLHttpRequest|@import/iu);
  });
});
