/** A run of text of a page, as it is gathered. */

import type { Place } from "../../core/records/document.ts";
import type { Piece } from "./source-page.ts";

/** Text that is being gathered until its block ends. */
export interface Run {
  /** As they are written: references are read once it turns out that the text is wanted. */
  pieces: (Piece & { readonly isPlain?: boolean })[];
  /** Where its first character that is not blank stands, and on which line. */
  start: number | undefined;
  line: number;
  block: string;
  landmark: string;
  isTemplate: boolean;
  isStruck: boolean;
  /** The microdata property that it is the value of, as long as nothing else stands in it. */
  property: string | undefined;
  /** How many elements are open around the one with the property. */
  propertyDepth: number;
  isPropertyOver: boolean;
}

/** Nothing so far. */
export const emptyRun = (): Run => ({
  pieces: [],
  start: undefined,
  line: 1,
  block: "",
  landmark: "",
  isTemplate: false,
  isStruck: false,
  property: undefined,
  propertyDepth: 0,
  isPropertyOver: false,
});

/** The first character from `start` that is not blank, or `end`. */
export function firstVisible(view: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(view.charCodeAt(at))) at += 1;
  return at;
}

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** For people: ` in <main>, line 41`. */
export const where = (landmark: string, line: number): string => `${landmark === "" ? "" : ` in <${landmark}>`}, line ${line}`;

/** Where a run of text stands. */
export function placeOfRun({ block, property, landmark, line, isStruck, isTemplate }: Run): Place {
  const label = `${block === "" ? "text" : `<${block}>`}${where(landmark === block ? "" : landmark, line)}`;
  const medium = block === "title" && landmark !== "svg" ? "title" : property === undefined ? "text" : "microdata";
  const name = medium === "microdata" ? (property ?? "") : "";
  return { medium, name, label, part: "", ...(isStruck && { isStruck }), ...(isTemplate && { isTemplate }) };
}
