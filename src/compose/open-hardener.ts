/** What `belay harden --apply` writes through. Loaded by that command alone: everything that speaks to AWS comes with it. */

import { hardenBucket } from "../adapters/inspect/harden-bucket.ts";
import type { Hardener } from "../ports/hardener.ts";
import type { Surroundings } from "./surroundings.ts";

/** Nothing is sent before the first write. */
export const openHardener = ({ env, runtime }: Surroundings): Hardener => ({ bucket: (name) => hardenBucket(name, { env, runtime }) });
