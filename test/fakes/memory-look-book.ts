import type { Look } from "../../src/core/guard/edits/look.ts";
import type { LookBook } from "../../src/ports/look-book.ts";

/** Looks that last as long as the test. It passes the contract that the one on disk passes. */
export function memoryLookBook(looks: readonly Look[] = []): LookBook {
  const held = [...looks];
  return {
    note: (look) => {
      held.push(look);
    },
    all: () => [...held],
  };
}
