/** `belay watch KIND`: looks again and again, corrects what authority decides, and tells people once of what it may not. */

import type { WatchEvent, WatchMemory } from "./watch-look.ts";
import { lookOnce } from "./watch-look.ts";
import { escalate, type Occasion } from "../notice/escalate.ts";
import type { Context } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";

export interface WatchRequest {
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  readonly isOnce: boolean;
}

export type WatchEnd = { readonly kind: "once" } | { readonly kind: "stopped"; readonly why: string } | { readonly kind: "interrupted" };

/** Until it is stopped by the switch in the record, or interrupted. Nothing is left half done by either. */
export async function watch(
  records: RecordsBench,
  request: WatchRequest,
  onEvent: (event: WatchEvent) => void,
  context: Context,
): Promise<WatchEnd> {
  const memory: WatchMemory = new Map();
  const { home } = records;
  for (;;) {
    const events: WatchEvent[] = [];
    const tell = (event: WatchEvent): void => {
      events.push(event);
      onEvent(event);
    };
    try {
      await lookOnce(records, memory, tell, context);
      await tellPeople(records, events, context);
      const stopped = events.find((event) => event.kind === "stopped");
      if (stopped) return { kind: "stopped", why: stopped.why };
      if (request.isOnce) return { kind: "once" };
      await home.runtime.sleep(request.everyMs, context.signal);
    } catch (error) {
      if (context.signal.aborted) return { kind: "interrupted" };
      throw error;
    }
  }
}

/** Each record by itself while they are few; else one notice for all of them. */
const apartMax = 5;

async function tellPeople(records: RecordsBench, events: readonly WatchEvent[], context: Context): Promise<void> {
  const asked = events.flatMap((event) => (event.kind === "asked" ? [event] : []));
  const groups = asked.length > apartMax ? [asked] : asked.map((event) => [event]);
  for (const group of groups) await escalate(records.home, askedNotice(records, group), context);
  for (const event of events) {
    const occasion = noticeOf(records, event);
    if (occasion) await escalate(records.home, occasion, context);
  }
}

type Asked = Extract<WatchEvent, { kind: "asked" }>;

const occasionOf = (
  records: RecordsBench,
  more: Pick<Occasion, "subject" | "lines" | "run" | "of"> & Partial<Pick<Occasion, "paths">>,
): Occasion => ({
  reason: "record-drift",
  target: records.kind.name,
  paths: [],
  ...more,
});

function askedNotice(records: RecordsBench, asked: readonly Asked[]): Occasion {
  const { name } = records.kind;
  const [first] = asked;
  const isOne = asked.length === 1 && first;
  return occasionOf(records, {
    subject: isOne ? `${name} ${first.record} waits for a person` : `${asked.length} records of ${name} wait for a person`,
    lines: asked.flatMap(({ record, why }) => why.map((one) => (isOne ? one : `${record}: ${one}`))),
    run: isOne ? [`belay audit ${name} ${first.record}`, `belay reconcile ${name} ${first.record}`] : [`belay audit ${name}`],
    of: asked.map(({ record, why }) => `${record} ${why.join("; ")}`),
  });
}

function noticeOf(records: RecordsBench, event: WatchEvent): Occasion | undefined {
  const { name } = records.kind;
  switch (event.kind) {
    case "failed": {
      const where = event.system === "" ? name : event.system;
      return occasionOf(records, {
        subject: `${where} could not be looked at`,
        lines: [event.error.message],
        run: [`belay audit ${name}`],
        of: ["failed", where],
      });
    }
    case "limited":
      return occasionOf(records, {
        subject: `${name}: more than ${event.perHourMax} corrections within an hour`,
        lines: ["Watchers wait until an hour has passed: look whether a system has gone wrong."],
        run: [`belay audit ${name}`, `belay watch ${name} --stop "…"`],
        of: ["limited"],
      });
    case "asked":
    case "corrected":
    case "drift":
    case "looked":
    case "pending":
    case "stopped":
    case "task":
    case "unfinished":
      return undefined;
  }
}
