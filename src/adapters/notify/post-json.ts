import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { connectionCause, isTlsProblem } from "../shared/aws/connection-cause.ts";
import type { Attempt } from "./try-again.ts";

/** What may be tried again: time ran out, too many requests, and whatever the server says of its own troubles. */
const passing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** The address of a channel, or why it is none. Neither repeats it: an incoming webhook's address is a secret. */
export function addressFrom(text: string): URL | string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : "what is configured is not an http or https address";
}

/** One POST. Redirects are not followed: the notice is for that address and no other. */
export async function postJson(address: URL, body: string, { id, signal }: { id: string; signal: AbortSignal }): Promise<Attempt> {
  const request = address.protocol === "https:" ? secureRequest : plainRequest;
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "user-agent": "belay",
    // A notice that is sent again after a lost reply can be told from a second one.
    "idempotency-key": id,
    connection: "close",
  };
  return await new Promise<Attempt>((resolve) => {
    const sent = request(address, { method: "POST", headers, signal, agent: false }, (response) => {
      resolve(attemptOf(response.statusCode ?? 0, response.headers["retry-after"]));
      // Nothing of what it says is used, so nothing of it is read.
      response.destroy();
    });
    sent.on("error", (error) => resolve({ kind: "failed", cause: causeOf(error, address, signal), isFinal: isTlsProblem(error) }));
    sent.end(body);
  });
}

function attemptOf(status: number, retryAfter: string | undefined): Attempt {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status >= 300 && status < 400) return { kind: "failed", cause: `it redirects (${status}), which is not followed`, isFinal: true };
  const pauseMs = /^\d{1,5}$/u.test(retryAfter ?? "") ? Number(retryAfter) * 1000 : undefined;
  const cause = `it answered ${status}`;
  return { kind: "failed", cause, isFinal: !passing(status), ...(pauseMs === undefined ? {} : { pauseMs }) };
}

function causeOf(error: unknown, { hostname }: URL, signal: AbortSignal): string {
  if (signal.aborted) return "it did not answer in time";
  const cause = connectionCause(error);
  return cause.includes(hostname) ? "the request failed" : cause;
}
