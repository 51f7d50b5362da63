import { describe, expect, it } from "vitest";
import { openCalDavStore } from "../../src/adapters/caldav/caldav-store.ts";
import { canonicalCalendar } from "../../src/codecs/icalendar/canonical-calendar.ts";
import { startSandbox } from "../../sandbox/start-sandbox.ts";
import { envelopeStore, eventOf, nameOf } from "./calendar-envelope.ts";
import { describeStore, type StoreUnderTest } from "./store-contract.ts";

async function calendarOnSandbox(isNormalising: boolean): Promise<StoreUnderTest> {
  const sandbox = await startSandbox({ calendars: [{ name: "trips", isNormalising }] });
  const store = openCalDavStore({
    url: `${sandbox.endpoint}/_caldav/home/trips/`,
    user: sandbox.accessKeyId,
    password: sandbox.secretAccessKey,
    canonical: canonicalCalendar,
  });
  return {
    store: envelopeStore(store),
    forceStranger: async (key, bytes) => await Promise.resolve(sandbox.caldav.force("trips", nameOf(key), bytes && eventOf(key, bytes))),
    close: async () => await sandbox.close(),
  };
}

describeStore("a CalDAV calendar of the sandbox", async () => await calendarOnSandbox(false));

describe("a CalDAV calendar that keeps events in its own form", () => {
  it("gives back what was written, in the canonical form", async () => {
    const { store, close } = await calendarOnSandbox(true);
    const { signal } = new AbortController();
    const body = new TextEncoder().encode("x".repeat(500));
    const { sha256 } = await import("../../src/adapters/shared/sha256.ts");
    const { bodyOf } = await import("../../src/core/body.ts");
    const outcome = await store.write(
      { key: "a.txt", expect: { kind: "absent" }, body: bodyOf(body, sha256(body)), headers: {} },
      { signal },
    );
    const reading = await store.read("a.txt", { signal });
    expect(outcome).toEqual({ kind: "written", revision: reading?.observed.revision });
    expect(reading?.observed.digest).toBe(sha256(body));
    await close();
  });
});
