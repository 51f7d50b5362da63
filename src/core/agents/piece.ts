/** What belay puts into a JSON file that is somebody else's. */

import { spelled } from "./reach.ts";

export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

export interface Piece {
  /** Names of objects from the root; made where they are missing. */
  readonly path: readonly string[];
  /** `element`: a member of the list at the path. `property`: the value at the path. */
  readonly kind: "element" | "property";
  readonly value: Json;
  /** What counts as this piece too: the same with a switch that only newer agents know. */
  readonly others?: readonly Json[];
  /** A property that the file needs and that is nobody's: any value will do, and it goes only with the file. */
  readonly isShared?: true;
}

/** Whether a value that was found is this piece. */
export const isPiece = (piece: Piece, found: unknown): boolean =>
  piece.isShared === true || [piece.value, ...(piece.others ?? [])].some((value) => spelled(value) === spelled(found));

/** A piece by one name, for records of what was put in. */
export const nameOf = (path: readonly string[], value: unknown): string => `${path.join(".")} ${spelled(value)}`;
