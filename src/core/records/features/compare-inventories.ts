import { featureText, type PageFeature } from "./page-feature.ts";

export interface InventoryDifference {
  /** As `a` has them. */
  readonly shared: readonly PageFeature[];
  readonly onlyA: readonly PageFeature[];
  readonly onlyB: readonly PageFeature[];
  /** `a` or `b` where it has all that the other has, and more. `both`: each has something that the other lacks, so a person chooses. */
  readonly richer: "a" | "b" | "neither" | "both";
}

/** Compares by kind and name, each once. */
export function compareInventories(a: readonly PageFeature[], b: readonly PageFeature[]): InventoryDifference {
  const [inA, inB] = [a, b].map((features) => new Set(features.map(featureText)));
  const shared = a.filter((feature) => inB?.has(featureText(feature)));
  const onlyA = a.filter((feature) => !inB?.has(featureText(feature)));
  const onlyB = b.filter((feature) => !inA?.has(featureText(feature)));
  return { shared, onlyA, onlyB, richer: richerOf(onlyA.length > 0, onlyB.length > 0) };
}

function richerOf(hasMoreA: boolean, hasMoreB: boolean): InventoryDifference["richer"] {
  if (hasMoreA) return hasMoreB ? "both" : "a";
  return hasMoreB ? "b" : "neither";
}
