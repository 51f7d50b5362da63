import type { Revision } from "../brand.ts";
import type { Change } from "./plan.ts";

/**
 * What takes a landed change back, over the revision that it left. `undefined` for a created asset: it stays, since
 * a page that a visitor still has open may name it, and nothing was lost by it.
 */
export function invertChange(change: Change, landed: Revision | undefined, isPage: boolean): Change | undefined {
  const { at } = change;
  if (change.kind === "delete") return { kind: "create", at, expect: { kind: "absent" }, content: change.prior };
  if (landed === undefined) return undefined;
  const expect = { kind: "unchanged", revision: landed } as const;
  if (change.kind === "replace") return { kind: "replace", at, expect, content: change.prior, prior: change.content };
  return isPage ? { kind: "delete", at, expect, prior: change.content } : undefined;
}
