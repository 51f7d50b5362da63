import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BelayError } from "../../core/belay-error.ts";
import { asker } from "./questions.ts";

const runtime = { sleep: async (ms: number, signal: AbortSignal): Promise<void> => await pause(ms, undefined, { signal }) };
const calm = { signal: new AbortController().signal };

describe("a question", () => {
  it("is told, or untold with the reason as a clause and what to do", async () => {
    const ask = asker(runtime, calm);
    expect(await ask(() => Promise.resolve(undefined))).toEqual({ kind: "told", value: undefined });
    const denied = ask(() => Promise.reject(new BelayError("store-denied", "The bucket is closed.\nmore", "Open it.")));
    expect(await denied).toEqual({ kind: "untold", why: "the bucket is closed", remedy: "Open it." });
  });

  it("that is not answered in its time is untold, and what it still does is told to stop", async () => {
    let seen: AbortSignal | undefined;
    const ask = asker(runtime, calm, 20);
    const late = await ask(async ({ signal }) => {
      seen = signal;
      return await new Promise<never>(() => {});
    });
    expect(late).toMatchObject({ kind: "untold", why: "no answer came within 0.02 seconds" });
    expect(seen?.aborted).toBe(true);
  });

  it("ends with the command that asked it, and a bug is no answer", async () => {
    const command = new AbortController();
    const asked = asker(runtime, command)(async () => await new Promise<never>(() => {}));
    command.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    await expect(asker(runtime, calm)(() => Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
  });
});
