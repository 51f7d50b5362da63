import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSandbox, type Sandbox } from "../../sandbox/start-sandbox.ts";
import { canonicalCalendar } from "../../src/codecs/icalendar/canonical-calendar.ts";
import { bodyOf } from "../../src/core/body.ts";
import { asRevision } from "../../src/core/brand.ts";
import type { CallOptions, WriteOutcome } from "../../src/ports/store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { openCalDavStore, type CalDavSetup, type CalDavStore } from "../../src/adapters/caldav/caldav-store.ts";

const live: CallOptions = { signal: new AbortController().signal };
const absent = { kind: "absent" } as const;
const ics = (uid: string, start = "20260530T233000Z", ...more: readonly string[]): string =>
  [
    "BEGIN:VCALENDAR",
    "PRODID:-//harbour//EN",
    "VERSION:2.0",
    "BEGIN:VEVENT",
    ...more,
    `DTSTART:${start}`,
    `UID:${uid}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");

let sandbox: Sandbox;
let store: CalDavStore;
const open = (more: Partial<CalDavSetup> = {}): CalDavStore =>
  openCalDavStore({
    url: `${sandbox.endpoint}/_caldav/home/trips/`,
    user: sandbox.accessKeyId,
    password: sandbox.secretAccessKey,
    canonical: canonicalCalendar,
    ...more,
  });
const write = async (key: string, text: string, was?: string): Promise<WriteOutcome> => {
  const bytes = new TextEncoder().encode(text);
  const expectation = was === undefined ? absent : ({ kind: "unchanged", revision: asRevision(was) } as const);
  return await store.write({ key, expect: expectation, body: bodyOf(bytes, sha256(bytes)), headers: {} }, live);
};
const keys = async (): Promise<string[]> => {
  const all: string[] = [];
  for await (const { key } of store.list("", live)) all.push(key);
  return all;
};
const revisionAt = async (key: string): Promise<string> => (await store.read(key, live))?.observed.revision ?? "";

beforeEach(async () => {
  sandbox = await startSandbox({ calendars: [{ name: "trips", displayName: "Trips" }] });
  store = open();
});
afterEach(async () => await sandbox.close());

describe("finding a calendar", () => {
  it.each(["", "/", "/_caldav/", "/_caldav/home/"])("begins at %s and ends at the user's one calendar", async (path) => {
    sandbox.caldav.force("trips", "a.ics", ics("a"));
    store = open({ url: `${sandbox.endpoint}${path}` });
    expect(await keys()).toEqual(["a.ics"]);
  });

  it("asks which one is meant where there are several, and takes it by name", async () => {
    sandbox.caldav.createCalendar("crew", { displayName: "Crew" });
    store = open({ url: sandbox.endpoint });
    await expect(keys()).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining("Trips (/_caldav/home/trips/), Crew"),
    });
    sandbox.caldav.force("crew", "b.ics", ics("b"));
    store = open({ url: sandbox.endpoint, calendar: "Crew" });
    expect(await keys()).toEqual(["b.ics"]);
  });

  it("says so where the password is wrong, and sends none in the clear", async () => {
    store = open({ password: "wrong" });
    await expect(keys()).rejects.toMatchObject({ code: "store-denied" });
    expect(() => open({ url: "http://calendar.example.org/" })).toThrow("in the clear");
  });

  it("tells a collection that is gone from one without events", async () => {
    store = open({ url: `${sandbox.endpoint}/_caldav/home/gone/` });
    await expect(keys()).rejects.toMatchObject({ code: "config-invalid" });
  });
});

describe("writing", () => {
  it("leaves no trace of the trial, which is done once", async () => {
    await write("a.ics", ics("a"));
    await write("b.ics", ics("b"));
    expect(await keys()).toEqual(["a.ics", "b.ics"]);
    expect(sandbox.caldav.calendars()).toMatchObject([{ events: 2 }]);
    expect(await store.guarantees(live)).toEqual({ create: "checked", replace: "checked", delete: "checked" });
    expect(sandbox.log.snapshot().operations["CalDAV DELETE"]).toBe(2);
  });

  it("is refused where the server ignores conditions, and changes nothing", async () => {
    sandbox.faults.add({ action: { kind: "ignore-preconditions" } });
    sandbox.caldav.force("trips", "a.ics", ics("a"));
    await expect(write("a.ics", ics("a", "20260530T223000Z"), await revisionAt("a.ics"))).rejects.toMatchObject({
      code: "store-unguarded",
    });
    await expect(store.remove({ key: "a.ics", expect: { kind: "unchanged", revision: asRevision("x") } }, live)).rejects.toMatchObject({
      code: "store-unguarded",
    });
    expect(sandbox.caldav.event("trips", "a.ics")?.ics).toBe(ics("a"));
    expect(await keys()).toEqual(["a.ics"]);
  });

  it.each([
    ["whose answer is lost has landed", { kind: "lose-reply" }],
    ["that never arrived is sent again", { kind: "lose-request", isSent: true }],
    ["that was answered with 500 is sent again", { kind: "status", status: 500 }],
    ["that was answered with 503 is sent again", { kind: "status", status: 503 }],
    ["that was answered with 409 is looked at and sent again", { kind: "status", status: 409 }],
    ["that was answered with 429 is sent again", { kind: "status", status: 429 }],
  ] as const)("%s", async (_, action) => {
    await store.guarantees(live);
    sandbox.faults.add({ operation: "CalDAV PUT", times: 1, action });
    const outcome = await write("a.ics", ics("a"));
    expect(outcome).toEqual({ kind: "written", revision: await revisionAt("a.ics") });
    sandbox.faults.add({ operation: "CalDAV DELETE", times: 1, action });
    expect(
      await store.remove({ key: "a.ics", expect: { kind: "unchanged", revision: asRevision(await revisionAt("a.ics")) } }, live),
    ).toEqual({ kind: "removed" });
  });

  it("whose answer is lost while somebody else writes is a conflict, and theirs stands", async () => {
    await store.guarantees(live);
    sandbox.caldav.force("trips", "a.ics", ics("a"));
    const was = await revisionAt("a.ics");
    sandbox.faults.add({ operation: "CalDAV PUT", times: 1, action: { kind: "lose-request", isSent: true } });
    sandbox.faults.add({ operation: "CalDAV GET", times: 1, action: { kind: "delay", ms: 150 } });
    const outcome = write("a.ics", ics("a", "20260530T223000Z"), was);
    await new Promise((resolve) => setTimeout(resolve, 60));
    sandbox.caldav.force("trips", "a.ics", ics("a", "20260530T210000Z"));
    expect(await outcome).toMatchObject({ kind: "conflict", found: { revision: await revisionAt("a.ics") } });
    expect(sandbox.caldav.event("trips", "a.ics")?.ics).toContain("T210000Z");
  });

  it("that nothing is known of, since the server answers no more, is unknown", async () => {
    await store.guarantees(live);
    sandbox.faults.add({ action: { kind: "lose-request", isSent: true } });
    expect(await write("a.ics", ics("a"))).toMatchObject({ kind: "unknown" });
  });

  it("a second event with the same UID is refused", async () => {
    await write("a.ics", ics("a"));
    await expect(write("b.ics", ics("a"))).rejects.toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining("already holds an event"),
    });
  });

  it("an event with attendees is left to a person where the server would write to them", async () => {
    sandbox.caldav.announceScheduling(true);
    store = open();
    const invited = ics("a", "20260530T233000Z", "ATTENDEE:mailto:ada@example.org");
    await expect(write("a.ics", invited)).rejects.toMatchObject({ code: "person-needed" });
    store = open({ isNotifying: true });
    expect(await write("a.ics", invited)).toMatchObject({ kind: "written" });
  });

  it("takes names of events, and no folders", async () => {
    await expect(write("a/b.ics", ics("a"))).rejects.toMatchObject({ code: "key-invalid" });
    await expect(store.read("../a.ics", live)).rejects.toMatchObject({ code: "key-invalid" });
    await write("4:30 PM & more@example.org.ics", ics("a"));
    expect(await keys()).toEqual(["4:30 PM & more@example.org.ics"]);
  });
});

describe("reading", () => {
  it("several at once is one request, with the digests that reading each alone gives", async () => {
    for (const uid of ["a", "b", "c"])
      sandbox.caldav.force("trips", `${uid}.ics`, ics(uid, "20260530T233000Z", `SUMMARY:${"é & <b> ".repeat(20)}`));
    const alone = await store.read("a.ics", live);
    sandbox.log.reset();
    const [a, b, gone] = await Promise.all(["a.ics", "b.ics", "gone.ics"].map(async (key) => await store.read(key, live)));
    expect(a?.observed.digest).toBe(alone?.observed.digest);
    expect(b?.observed.key).toBe("b.ics");
    expect(gone).toBeUndefined();
    expect(sandbox.log.snapshot().operations).toEqual({ "CalDAV REPORT": 1 });
  });

  it("a listing that broke off throws, and is tried again before", async () => {
    sandbox.caldav.force("trips", "a.ics", ics("a"));
    await keys();
    sandbox.faults.add({ operation: "CalDAV PROPFIND", times: 1, action: { kind: "break-body" } });
    expect(await keys()).toEqual(["a.ics"]);
    sandbox.faults.add({ operation: "CalDAV PROPFIND", action: { kind: "break-body" } });
    await expect(keys()).rejects.toMatchObject({ code: "store-unreachable" });
  });
});

describe("changes since a token", () => {
  it("are told once, with what is gone, over answers that the server cuts", async () => {
    for (const uid of ["a", "b", "c", "d"]) sandbox.caldav.force("trips", `${uid}.ics`, ics(uid));
    const first = await store.changesSince(undefined, live);
    if (first.kind !== "changes") throw new Error(first.why);
    expect(first.changed.map(({ key }) => key)).toEqual(["a.ics", "b.ics", "c.ics", "d.ics"]);
    expect(await store.changesSince(first.token, live)).toMatchObject({ kind: "changes", changed: [], removed: [] });
    sandbox.caldav.limitChanges(1);
    sandbox.caldav.force("trips", "b.ics", undefined);
    sandbox.caldav.force("trips", "c.ics", ics("c", "20260530T223000Z"));
    expect(await store.changesSince(first.token, live)).toMatchObject({
      kind: "changes",
      changed: [{ key: "c.ics", revision: await revisionAt("c.ics") }],
      removed: ["b.ics"],
    });
  });

  it("ask for a full listing where the server has forgotten the token", async () => {
    const first = await store.changesSince(undefined, live);
    sandbox.caldav.forgetTokens();
    expect(await store.changesSince(first.kind === "changes" ? first.token : "", live)).toMatchObject({ kind: "resync" });
  });
});
