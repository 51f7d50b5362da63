import { BelayError } from "../../../core/belay-error.ts";
import { testNotice } from "../../../operations/notice/test-notice.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { plain } from "../plain-text.ts";
import type { Session } from "../session.ts";
import { aligned, wrap } from "../text-width.ts";

/** Addresses are never shown: whoever may run belay need not know them. */
export async function runNotify(session: Session): Promise<number> {
  const { screen, globals } = session;
  const { channels, deliveries } = await testNotice(await session.bench(), await session.context());
  if (channels.length === 0) {
    throw new BelayError(
      "usage",
      "No channel is configured, so nobody is told when a person is needed.",
      "Add `notify:` to belay.yaml (webhook, slack), or to your own ~/.config/belay/config.yaml, then run: belay notify",
    );
  }
  const failed = deliveries.some(({ outcome }) => outcome === "failed");
  if (globals.isJson) printJson(screen, { deliveries });
  else {
    const rows = deliveries.map(({ channel, from, outcome, cause }) => [
      outcome === "delivered" ? `${screen.data.paint.green("✔")} ${channel}` : `${screen.data.paint.red("✖")} ${channel}`,
      from === "user" ? "your own" : "belay.yaml",
      cause === undefined ? outcome : `${outcome}: ${plain(cause)}`,
    ]);
    const { columns } = screen.data;
    screen.print(aligned(rows).flatMap((row) => wrap(row, { width: columns, rest: "    " })));
  }
  // A channel that cannot be reached is a set-up to be mended: the same exit as an address that is wrong.
  return failed ? exits.usage : exits.done;
}
