/** Why a page is not made although nothing stands at its address (R9). */

/** What stands against a page that a plan would create. */
export type KnownRecord = {
  /** The page to be. */
  readonly path: string;
  readonly kind: string;
  readonly record: string;
} & (
  | {
      readonly is: "record";
      /** The page that the record has: its key, the target or system that has it, and where visitors find it. */
      readonly page: { readonly key: string; readonly at: string; readonly url?: string };
      /** `target`: it can be pulled from `at`. `plan`: this very plan makes it too. */
      readonly from: "target" | "system" | "plan";
      /** Why it is taken for that record, one clause each. */
      readonly evidence: readonly string[];
    }
  | { readonly is: "claim"; readonly by: string; readonly until: string; readonly note?: string }
);
