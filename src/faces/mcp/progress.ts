/** Progress notifications, where whoever calls has asked for them. */

import type { ServerContext } from "@modelcontextprotocol/server";
import type { Progress } from "../../operations/workbench.ts";
import { plain } from "../cli/plain-text.ts";

const pauseMs = 100;

/** Steps of all phases are counted through, since progress must never go back; the phase's own count stands in the message. */
export function progressOf({ mcpReq }: ServerContext): (progress: Progress) => void {
  const { _meta: about } = mcpReq;
  const progressToken = about?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let count = 0;
  let phase: string | undefined;
  let toldAtMs = 0;
  return (step) => {
    count += 1;
    const nowMs = performance.now();
    if (step.phase === phase && nowMs - toldAtMs < pauseMs) return;
    phase = step.phase;
    toldAtMs = nowMs;
    const told = { method: "notifications/progress" as const, params: { progressToken, progress: count, message: messageOf(step) } };
    // Whoever has gone needs no progress; the answer's own way tells of the closed connection.
    mcpReq.notify(told).catch(() => undefined);
  };
}

function messageOf({ phase, done, total, path }: Progress): string {
  const counted = total === undefined ? "" : ` ${done}/${total}`;
  return `${phase}${counted}${path === undefined ? "" : ` ${plain(path).slice(0, 200)}`}`;
}
