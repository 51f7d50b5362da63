/** Tells people by webhook, by Slack's incoming webhook, and by a command of the user's own. */

import type { Channel, Delivery, Notice, Notifier } from "../../ports/notifier.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type { CallOptions } from "../../ports/store.ts";
import { noticeDocument } from "./notice-document.ts";
import { addressFrom, postJson } from "./post-json.ts";
import { runCommand, type CommandSetup } from "./run-command.ts";
import { slackBody } from "./slack-body.ts";
import { patience as usual, tryAgain, type Attempt, type Patience } from "./try-again.ts";

/** A channel with what it takes to use it; `problem` where that is missing, a clause without secrets. */
export type Way =
  | (Channel & { readonly channel: "webhook" | "slack"; readonly address: string })
  | (Channel & { readonly channel: "command" } & CommandSetup)
  | (Channel & { readonly problem: string });

export interface NotifierSetup {
  readonly ways: readonly Way[];
  readonly runtime: Pick<Runtime, "now" | "sleep">;
  readonly patience?: Patience;
}

/** Shorter ones would stand in half of all words. */
const secretCharsMin = 8;

export function openNotifier({ ways, runtime, patience = usual }: NotifierSetup): Notifier {
  const addresses = ways.flatMap((way) => ("address" in way ? [way.address.trim()] : [])).filter(({ length }) => length >= secretCharsMin);
  const send = async (way: Way, notice: Notice, options: CallOptions): Promise<Delivery> => {
    const { channel, from } = way;
    const attempt = attemptFor(way, notice, (body) => withoutAny(addresses, JSON.stringify(body)));
    const told = typeof attempt === "string" ? failedFor(attempt) : await tryAgain(attempt, { patience, runtime }, options);
    return told.kind === "delivered"
      ? { channel, from, outcome: "delivered" }
      : { channel, from, outcome: "failed", cause: withoutAny(addresses, told.cause) };
  };
  return {
    channels: async () => await Promise.resolve(ways.map(({ channel, from }) => ({ channel, from }))),
    notify: async (notice, options) => await Promise.all(ways.map(async (way) => await send(way, notice, options))),
  };
}

const failedFor = (cause: string): Attempt => ({ kind: "failed", cause, isFinal: true });

/** How one attempt is made, or why none can be. */
function attemptFor(
  way: Way,
  notice: Notice,
  written: (body: Readonly<Record<string, unknown>>) => string,
): ((signal: AbortSignal) => Promise<Attempt>) | string {
  if ("problem" in way) return way.problem;
  if (way.channel === "command") {
    const document = `${written(noticeDocument(notice))}\n`;
    return async (signal) => await runCommand(way, document, signal);
  }
  const address = addressFrom(way.address);
  if (typeof address === "string") return address;
  const body = written(way.channel === "slack" ? slackBody(notice) : noticeDocument(notice));
  return async (signal) => await postJson(address, body, { id: notice.about, signal });
}

/** The addresses are secrets of their own: a text that happens to hold one does not carry it on. */
const withoutAny = (secrets: readonly string[], text: string): string =>
  secrets.reduce((clean, secret) => clean.replaceAll(secret, "[redacted]"), text);
