/** `belay notify`: a notice that nothing happened, so that nobody learns only in need that a channel is broken. */

import type { Channel, Delivery } from "../../ports/notifier.ts";
import { noticeOf } from "./escalate.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface TestNotice {
  readonly channels: readonly Channel[];
  readonly deliveries: readonly Delivery[];
}

/** Nothing is recorded. */
export async function testNotice(bench: Workbench, context: Context): Promise<TestNotice> {
  const channels = await bench.notifier.channels(context);
  if (channels.length === 0) return { channels, deliveries: [] };
  const notice = noticeOf(bench, {
    reason: "test",
    target: bench.site.targets[0]?.name ?? "",
    subject: "belay reaches you here when a person is needed",
    lines: ["Somebody ran belay notify to see whether it does."],
    paths: [],
    run: ["belay status"],
  });
  return { channels, deliveries: await bench.notifier.notify(notice, context) };
}
