import { describe, expect, it } from "vitest";
import { answerText } from "./read-answer.ts";
import { exchange, readWindowMs, writeWindowMs } from "./retry.ts";
import { type Wire, type WireAnswer, WireFailure, type WireRequest } from "./wire.ts";

const request: WireRequest = { method: "PUT", path: "/k" };
const error = (code: string): string => `<Error><Code>${code}</Code></Error>`;

type Turn = { readonly status: number; readonly text?: string } | WireFailure | Error;

async function* bodyOf(text: string): AsyncGenerator<Uint8Array> {
  if (text !== "") yield Buffer.from(await Promise.resolve(text));
}

const answerOf = (status: number, text = ""): WireAnswer => ({ status, headers: {}, body: bodyOf(text), discard() {} });

/** A wire that goes through some turns and repeats the last; each attempt takes `attemptMs` by its own clock. */
function scripted(turns: readonly Turn[], attemptMs = 0) {
  const clock = { ms: 0 };
  const attempts: number[] = [];
  const pauses: number[] = [];
  const wire: Wire = {
    base: "http://tide.example",
    isAws: false,
    send: async () => {
      const turn = turns[Math.min(attempts.length, turns.length - 1)];
      attempts.push(clock.ms);
      clock.ms += attemptMs;
      if (turn === undefined || turn instanceof Error) throw await Promise.resolve(turn);
      return answerOf(turn.status, turn.text);
    },
  };
  const run = async (isRepeatable: boolean, signal: AbortSignal = new AbortController().signal): Promise<WireAnswer> =>
    await exchange(wire, request, {
      isRepeatable,
      signal,
      now: () => clock.ms,
      random: () => 1,
      sleep: async (ms) => {
        pauses.push(ms);
        clock.ms += ms;
        await Promise.resolve();
      },
    });
  return { run, attempts, pauses };
}

describe("a read", () => {
  it.each([
    ["500", { status: 500 }],
    ["502", { status: 502 }],
    ["503", { status: 503 }],
    ["504", { status: 504 }],
    ["429", { status: 429 }],
    ["RequestTimeout", { status: 400, text: error("RequestTimeout") }],
    ["a lost connection", new WireFailure("gone", true)],
    ["no connection", new WireFailure("refused", false)],
  ])("is sent again after %s", async (_, turn) => {
    const { run, attempts } = scripted([turn, turn, { status: 200, text: "fine" }]);
    expect(await answerText(await run(true))).toBe("fine");
    expect(attempts).toHaveLength(3);
  });

  it.each([
    ["404", { status: 404 }],
    ["403", { status: 403, text: error("AccessDenied") }],
    ["400", { status: 400, text: error("InvalidRequest") }],
    ["412", { status: 412 }],
    ["501", { status: 501 }],
  ])("is not sent again after %s, whose body is left to be read", async (_, turn: { status: number; text?: string }) => {
    const { run, attempts } = scripted([turn]);
    const answered = await run(true);
    expect([answered.status, await answerText(answered)]).toStrictEqual([turn.status, turn.text ?? ""]);
    expect(attempts).toHaveLength(1);
  });

  it("ends after five attempts with the last answer or failure, pausing twice as long each time", async () => {
    const failing = scripted([{ status: 500, text: error("InternalError") }]);
    const last = await failing.run(true);
    expect([last.status, await answerText(last)]).toStrictEqual([500, error("InternalError")]);
    expect(failing.pauses).toStrictEqual([100, 200, 400, 800]);
    const failure = new WireFailure("gone", true);
    const lost = scripted([failure]);
    await expect(lost.run(true)).rejects.toBe(failure);
    expect(lost.attempts).toHaveLength(5);
  });

  it("begins no attempt after its window, however slow each of them is", async () => {
    const { run, attempts } = scripted([new WireFailure("gone", true)], 29_000);
    await expect(run(true)).rejects.toBeInstanceOf(WireFailure);
    expect(Math.max(...attempts)).toBeLessThanOrEqual(readWindowMs);
    expect(attempts).toHaveLength(3);
  });

  it("does not insist where the certificate is not in order", async () => {
    const cause = Object.assign(new Error("expired"), { code: "CERT_HAS_EXPIRED" });
    const { run, attempts } = scripted([new WireFailure("expired", false, { cause })]);
    await expect(run(true)).rejects.toBeInstanceOf(WireFailure);
    expect(attempts).toHaveLength(1);
  });
});

describe("a write", () => {
  it.each([
    ["503 SlowDown", { status: 503, text: error("SlowDown") }],
    ["503 ServiceUnavailable", { status: 503, text: error("ServiceUnavailable") }],
    ["429", { status: 429 }],
    ["a connection that never was", new WireFailure("refused", false)],
  ])("is sent again after %s, which proves that nothing has landed", async (_, turn) => {
    const { run, attempts } = scripted([turn, { status: 200 }]);
    expect((await run(false)).status).toBe(200);
    expect(attempts).toHaveLength(2);
  });

  it.each([
    ["500", { status: 500, text: error("InternalError") }],
    ["500 SlowDown", { status: 500, text: error("SlowDown") }],
    ["502", { status: 502 }],
    ["a 503 that is not the service's own", { status: 503, text: "<html><body>Service Unavailable</body></html>" }],
    ["a 503 that was cut", { status: 503, text: "<Error><Code>SlowDown</Code>" }],
    ["504", { status: 504 }],
    ["400 RequestTimeout", { status: 400, text: error("RequestTimeout") }],
    ["409", { status: 409 }],
  ])("is never sent again after %s", async (_, turn) => {
    const { run, attempts } = scripted([turn]);
    expect((await run(false)).status).toBe(turn.status);
    expect(attempts).toHaveLength(1);
  });

  it("is never sent again where it may have arrived", async () => {
    const { run, attempts } = scripted([new WireFailure("gone", true)]);
    await expect(run(false)).rejects.toMatchObject({ isSent: true });
    expect(attempts).toHaveLength(1);
  });

  it("begins no attempt after its window", async () => {
    for (const attemptMs of [0, 100, 3_000, 11_000, 26_000]) {
      const { run, attempts } = scripted([{ status: 503, text: error("SlowDown") }], attemptMs);
      expect((await run(false)).status).toBe(503);
      expect(Math.max(...attempts)).toBeLessThanOrEqual(writeWindowMs);
      expect(attempts.length).toBeGreaterThan(attemptMs > writeWindowMs ? 0 : 1);
    }
  });
});

describe("an exchange", () => {
  it("ends with the signal's reason where it aborts during a pause, and with any other error at once", async () => {
    const reason = new Error("enough");
    const abort = new AbortController();
    const { run, attempts } = scripted([{ status: 503 }]);
    const running = run(true, abort.signal);
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(attempts).toHaveLength(1);
    const bug = new TypeError("a bug");
    const broken = scripted([bug]);
    await expect(broken.run(true)).rejects.toBe(bug);
    expect(broken.attempts).toHaveLength(1);
  });
});
