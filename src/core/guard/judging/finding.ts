import type { Verdict } from "../verdict.ts";

/** A verdict that objects. */
export type Finding = Exclude<Verdict, { readonly kind: "allow" }>;
