import type { StalePath } from "../../plan/plan.ts";
import type { PathFacts } from "../deploy-facts.ts";

/** The evidence of a stale path in the shape a refusal carries it. */
export const staleOf = ({ stale }: PathFacts): { stale?: readonly StalePath[] } => (stale === undefined ? {} : { stale: [stale] });
