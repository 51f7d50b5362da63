import { sha256OfText } from "../adapters/shared/sha256.ts";
import { openBaseBook } from "../adapters/state/store-base-book.ts";
import type { Config } from "../config/config.ts";
import type { Site } from "../core/site.ts";
import type { BaseBook } from "../ports/base-book.ts";
import type { Store } from "../ports/store.ts";
import { placeOf, type Surroundings } from "./surroundings.ts";

export interface Placing {
  readonly config: Config;
  readonly site: Site;
  readonly about: Pick<Surroundings, "env">;
}

/** A base is of one place: what was seen there says nothing of another site, or of another store under the same target's name. */
export function baseOf(store: Store, { config: { portableStores }, site, about }: Placing): BaseBook {
  const book = openBaseBook({ store });
  const places = new Map(
    site.targets.map((target) => {
      const address = placeOf(portableStores.get(target.store) ?? target.store, about);
      return [target.name, `${site.name}.${target.name}.${sha256OfText(address).slice(0, 8)}`];
    }),
  );
  const folderOf = (target: string): string => places.get(target) ?? target;
  return {
    load: async (target, paths, options) => await book.load(folderOf(target), paths, options),
    entries: (target, options) => book.entries(folderOf(target), options),
    save: async (target, changes, options) => {
      await book.save(folderOf(target), changes, options);
    },
  };
}
