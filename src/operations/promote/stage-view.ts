/** A stage's verified contents in the place of a working copy: what a promotion takes its bytes from. */

import { BelayError } from "../../core/belay-error.ts";
import type { Revision } from "../../core/brand.ts";
import type { Content, Observed } from "../../core/plan/plan.ts";
import type { BaseBook } from "../../ports/base-book.ts";
import type { Reading, Store } from "../../ports/store.ts";
import { openRemembered } from "../plan-shelf.ts";
import type { Workbench } from "../workbench.ts";

export interface Staged {
  readonly content: Content;
  readonly revision: Revision;
}

/** Read-only; it holds these paths in these revisions and nothing else. Bytes that this machine remembers are not fetched again. */
export function stageView(bench: Workbench, stage: Store, staged: ReadonlyMap<string, Staged>): Store {
  const observed = (key: string, { content, revision }: Staged): Observed => ({ key, revision, ...content });
  const refuse = (): Promise<never> =>
    Promise.reject(new BelayError("usage", `${stage.name} is only read from in a promotion.`, "belay promote TARGET"));
  return {
    name: stage.name,
    guarantees: async (options) => await stage.guarantees(options),
    async *list(prefix) {
      for (const [key, held] of staged) if (key.startsWith(prefix)) yield await Promise.resolve(observed(key, held));
    },
    read: async (key, options): Promise<Reading | undefined> => {
      const held = staged.get(key);
      if (!held) return undefined;
      const here = await openRemembered(bench.seenBytes, held.content.digest, options);
      if (here) return { observed: observed(key, held), body: here };
      const reading = await stage.read(key, options);
      return reading?.observed.revision === held.revision && reading.body.digest === held.content.digest ? reading : undefined;
    },
    write: refuse,
    remove: refuse,
  };
}

/** A promotion's expectations come from the record: nothing that a working copy remembers is asked, and nothing is remembered. */
export const noBase: BaseBook = {
  load: () => Promise.resolve(new Map()),
  async *entries() {
    // Nothing is remembered.
  },
  save: () => Promise.resolve(),
};
