/** What is said of a link, gathered while its element is open. */

import type { Anchor } from "../../core/records/document.ts";
import type { HtmlSegment } from "./html-segment.ts";
import { attributeText, type Tag } from "./tag-segments.ts";
import { textOf, type Piece, type SourcePage } from "./source-page.ts";

export interface OpenLink extends Anchor {
  /** The link's own text comes first. */
  readonly said: string[];
  before: string;
}

const textMax = 200;
const leading: ReadonlySet<string> = new Set(["a", "area", "iframe", "video", "audio", "embed"]);

/** The link that a tag begins; `undefined` where it is none. `added`: the segments of its attributes. */
export function openLink(page: SourcePage, tag: Tag, added: readonly HtmlSegment[], before: string): OpenLink | undefined {
  if (!leading.has(tag.name)) return undefined;
  const address = added.find(({ place: { medium, name } }) => medium === "attribute" && (name === "href" || name === "src"));
  if (!address) return undefined;
  const titles = ["title", "aria-label", "alt"].map((name) => attributeText(page, tag, name) ?? "").filter((text) => text !== "");
  const link: OpenLink = { said: ["", ...titles], before };
  address.anchor = link;
  return link;
}

export function saidIn(link: OpenLink, page: SourcePage, { start, end }: Piece): void {
  const [own = ""] = link.said;
  if (own.length < textMax) link.said[0] = own + textOf(page, start, Math.min(end, start + textMax));
}

/** The end of a text that is being gathered. */
export const endOfText = (page: SourcePage, pieces: readonly Piece[]): string =>
  pieces
    .slice(-6)
    .map(({ start, end, said }) => said ?? textOf(page, Math.max(start, end - textMax), end))
    .join("")
    .slice(-textMax);
