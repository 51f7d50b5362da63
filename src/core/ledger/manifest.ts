/** What a target held at one moment: a document in the vault, named by a *baseline* entry. */

import type { Content } from "../plan/plan.ts";

export interface Manifest {
  readonly format: 1;
  readonly kind: "manifest";
  /** By UTF-8 byte order of path. */
  readonly files: readonly (readonly [path: string, content: Content])[];
}
