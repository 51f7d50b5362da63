import { exits } from "../exit-codes.ts";
import type { Session } from "../session.ts";

/** `belay guard AGENT` with options beside it: without any, src/main.ts goes straight to the hook. Ends the process. */
export async function runGuardVerb({ setup }: Session): Promise<number> {
  await setup.runGuard();
  return exits.bug;
}
