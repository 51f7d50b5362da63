/** What a page does, told by its behaviour: not by how much code it takes, nor by what that code calls things (R4). */

export type FeatureKind =
  | "form"
  | "field"
  | "upload"
  | "endpoint"
  | "validation"
  | "spam-guard"
  | "token"
  | "storage"
  | "embed"
  | "player"
  | "listener"
  | "cut-off"
  | "navigation"
  | "script";

export interface PageFeature {
  /** The same on every page that does the same: `POST /api/photos`, `field photo (file)`, `honeypot website`. */
  readonly name: string;
  readonly kind: FeatureKind;
  /** More of it for people: limits, accepted types. May differ between pages that share the feature; empty where there is no more. */
  readonly detail: string;
  /** Where it was seen first: `<form>, line 41`, `script, line 80`. */
  readonly evidence: string;
}

/** One text that tells features apart, for lists of them: `endpoint: POST /api/photos`. */
export const featureText = ({ kind, name }: Pick<PageFeature, "kind" | "name">): string => `${kind}: ${name}`;
