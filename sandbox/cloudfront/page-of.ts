import { CloudFrontError } from "./cloudfront-error.ts";
import type { Page } from "./documents.ts";

/** Items of one page, in CloudFront's documents the default and the most. */
const itemsMax = 100;

/**
 * The page that `Marker` and `MaxItems` ask for. `Marker` is the id of the last item of the page before.
 * Throws `InvalidArgument` for a marker that names no item and for a count that is none.
 */
export function pageOf<Item extends { readonly id: string }>(all: readonly Item[], query: URLSearchParams): Page<Item> {
  const asked = query.get("MaxItems") ?? String(itemsMax);
  if (!/^[1-9]\d{0,8}$/u.test(asked)) throw new CloudFrontError(400, "InvalidArgument", "MaxItems has to be a positive number.");
  const marker = query.get("Marker") ?? "";
  const before = marker === "" ? -1 : all.findIndex((each) => each.id === marker);
  if (marker !== "" && before === -1) throw new CloudFrontError(400, "InvalidArgument", "The marker is invalid.");
  const maxItems = Math.min(Number(asked), itemsMax);
  const items = all.slice(before + 1, before + 1 + maxItems);
  const last = items.at(-1);
  const isTruncated = before + 1 + items.length < all.length;
  return { marker, maxItems, items, ...(isTruncated && last ? { nextMarker: last.id } : {}) };
}
