/** What was asked about a set-up, and whether an answer came: a question without one is never taken for a good answer. */

export interface Untold {
  readonly kind: "untold";
  /** A clause that completes "could not be told, because …". */
  readonly why: string;
  /** What would make it tellable. */
  readonly remedy: string;
}

export type Told<Value> = { readonly kind: "told"; readonly value: Value } | Untold;

export const told = <Value>(value: Value): Told<Value> => ({ kind: "told", value });

/** The value, or `otherwise` where none was told. */
export const valueOr = <Value, Other>(answer: Told<Value>, otherwise: Other): Value | Other =>
  answer.kind === "told" ? answer.value : otherwise;
