/** Whether this machine's clock agrees with a store's. */

import type { BucketHead } from "./bucket-facts.ts";
import { judgeOf, type About, type Finding } from "./finding.ts";
import type { Told } from "./told.ts";

/** What services forgive is five minutes; approvals and leases go by minutes too. */
const unsafeMs = 5 * 60_000;
const warningMs = 30_000;

export function judgeClock(about: About, head: Told<BucketHead | undefined>): readonly Finding[] {
  const judge = judgeOf(about);
  if (head.kind === "untold" || head.value?.clock === undefined) return [];
  const { serverMs, localMs } = head.value.clock;
  // The server tells whole seconds.
  const apartMs = Math.max(Math.abs(localMs - serverMs) - 1000, 0);
  const evidence = `here ${new Date(localMs).toISOString()}, there ${new Date(serverMs).toISOString()}`;
  const remedy = "Set this machine's clock, and keep it set (NTP): date -u";
  const message = `This machine's clock is ${Math.round(Math.abs(localMs - serverMs) / 1000)} seconds ${localMs > serverMs ? "ahead of" : "behind"} the store's`;
  if (apartMs > unsafeMs)
    return [
      judge.unsafe({
        id: "clock",
        message: `${message}: signatures are refused, and what expires does so at the wrong time.`,
        evidence,
        remedy,
      }),
    ];
  if (apartMs > warningMs)
    return [judge.warning({ id: "clock", message: `${message}: what expires does so at the wrong time.`, evidence, remedy })];
  return [judge.ok("clock", "This machine's clock agrees with the store's.")];
}
