import type { FeatureKind, PageFeature } from "../../core/records/features/page-feature.ts";

/** A page with more is generated; what comes later adds nothing that people could weigh. */
const featuresMax = 2000;
const nameMax = 160;

/** Features of one page, each once, in the order in which they were first seen. */
export class FeatureBook {
  readonly #features: Map<string, PageFeature> = new Map();

  /** `name` and `detail` may hold anything that a page says: they are folded to one line. */
  add(kind: FeatureKind, name: string, evidence: string, detail: string = ""): void {
    const [shown, more] = [name, detail].map((text) =>
      text
        .replaceAll(/[\s\p{Cc}]+/gu, " ")
        .trim()
        .slice(0, nameMax)
        .toWellFormed(),
    );
    const key = `${kind}: ${shown}`;
    if (shown === undefined || shown === "" || this.#features.has(key) || this.#features.size >= featuresMax) return;
    this.#features.set(key, { kind, name: shown, detail: more ?? "", evidence });
  }

  get features(): readonly PageFeature[] {
    return [...this.#features.values()];
  }
}
