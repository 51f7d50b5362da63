/** The contract of a store, changes since a token and what becomes of an event's form, on a CalDAV server that others wrote. */

import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openCalDavStore, type CalDavStore } from "../../src/adapters/caldav/caldav-store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { canonicalCalendar } from "../../src/codecs/icalendar/canonical-calendar.ts";
import { icalendarCodec } from "../../src/codecs/icalendar/icalendar-codec.ts";
import { bodyOf, bytesOf } from "../../src/core/body.ts";
import type { CallOptions, WriteOutcome } from "../../src/ports/store.ts";
import { envelopeStore, eventOf, nameOf } from "../contract/calendar-envelope.ts";
import { describeStore } from "../contract/store-contract.ts";
import { server, skipDepartures } from "./support/server.ts";

skipDepartures();

const user = "harbor";
const live: CallOptions = { signal: new AbortController().signal };
const allow = { authorization: `Basic ${Buffer.from(`${user}:quay`).toString("base64")}` };
const endpoint = server.env["AWS_ENDPOINT_URL"] ?? "";

interface Ground {
  readonly url: string;
  readonly store: CalDavStore;
}

async function openGround(): Promise<Ground> {
  const url = `${endpoint}/${user}/${randomUUID()}/`;
  const made = await fetch(url, { method: "MKCALENDAR", headers: allow });
  if (made.status !== 201) throw new Error(`no calendar could be made: ${made.status}`);
  return { url, store: openCalDavStore({ url, user, password: "quay", canonical: canonicalCalendar }) };
}

async function asStranger(url: string, name: string, ics: string | undefined): Promise<void> {
  const headers = { ...allow, "content-type": "text/calendar; charset=utf-8" };
  const sent = await fetch(`${url}${name}`, ics === undefined ? { method: "DELETE", headers } : { method: "PUT", headers, body: ics });
  if (!sent.ok) throw new Error(`the stranger was answered with ${sent.status}`);
}

const create = async (store: CalDavStore, key: string, ics: string): Promise<WriteOutcome> => {
  const bytes = Buffer.from(ics, "utf8");
  return await store.write({ key, expect: { kind: "absent" }, body: bodyOf(bytes, sha256(bytes)), headers: {} }, live);
};

describeStore(`${server.title}, a calendar`, async () => {
  const { url, store } = await openGround();
  return {
    store: envelopeStore(store),
    forceStranger: async (key, bytes) => await asStranger(url, nameOf(key), bytes && eventOf(key, bytes)),
    close: async () => await Promise.resolve(),
  };
});

const booking = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//harbour//EN",
  "BEGIN:VTIMEZONE",
  "TZID:Our coast",
  "BEGIN:STANDARD",
  "DTSTART:19700101T000000",
  "TZOFFSETFROM:-0800",
  "TZOFFSETTO:-0800",
  "END:STANDARD",
  "END:VTIMEZONE",
  "BEGIN:VEVENT",
  "UID:4711@example.org",
  "DTSTAMP:20260501T100000Z",
  "SUMMARY:Sunset sail\\, for two",
  "DTSTART;TZID=Our coast:20260530T163000",
  "DURATION:PT3H",
  `DESCRIPTION:${"Arrive at 4:00 PM \u2014 caf\u00e9\\; then sail. ".repeat(6)}`,
  "X-BERTH;X-SIDE=port;X-ROW=2:7",
  "ATTENDEE;ROLE=REQ-PARTICIPANT;CN=Ada Moor:mailto:ada@example.org",
  "CATEGORIES:sail,sunset",
  "BEGIN:VALARM",
  "TRIGGER:-PT1H",
  "ACTION:DISPLAY",
  "DESCRIPTION:Soon",
  "END:VALARM",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

describe(`${server.title}, events`, () => {
  it("an event has the same digest however the server keeps it", async () => {
    const { store } = await openGround();
    await create(store, "a.ics", booking);
    const reading = await store.read("a.ics", live);
    const form = Buffer.from(canonicalCalendar(Buffer.from(booking))).toString("utf8");
    expect(reading && Buffer.from(await bytesOf(reading.body)).toString("utf8")).toBe(form);
  });

  it("a changed event keeps every property that belay does not own", async () => {
    const { store } = await openGround();
    await create(store, "a.ics", booking);
    const reading = await store.read("a.ics", live);
    if (!reading) throw new Error("it is gone");
    const read = icalendarCodec.read(await bytesOf(reading.body), {});
    if (read.kind === "unreadable") throw new Error(read.why);
    const { document } = read;
    const segment = document.segments.find(({ place }) => place.name === "DTSTART");
    const [span] = segment?.spans(0, segment.text.length) ?? [];
    const bytes = segment?.encode("20260530T153000");
    if (!span || !bytes) throw new Error("no DTSTART");
    const edits = [{ span, bytes }, ...(document.upkeep?.("4711@example.org", "2026-05-22T17:58:00Z") ?? [])].toSorted(
      (left, right) => right.span.start - left.span.start,
    );
    let edited = Buffer.from(document.bytes);
    for (const edit of edits) edited = Buffer.concat([edited.subarray(0, edit.span.start), edit.bytes, edited.subarray(edit.span.end)]);
    const sealed = document.seal(edited);
    const outcome = await store.write(
      {
        key: "a.ics",
        expect: { kind: "unchanged", revision: reading.observed.revision },
        body: bodyOf(sealed, sha256(sealed)),
        headers: {},
      },
      live,
    );
    const after = await store.read("a.ics", live);
    expect(outcome).toEqual({ kind: "written", revision: after?.observed.revision });
    expect(after?.observed.digest).toBe(sha256(sealed));
    const text = after ? Buffer.from(await bytesOf(after.body)).toString("utf8") : "";
    const before = Buffer.from(document.bytes).toString("utf8");
    expect(text).toBe(
      before.replace("T163000", "T153000").replace("20260501T100000Z", "20260522T175800Z").replace("SUMMARY:", "SEQUENCE:1\r\nSUMMARY:"),
    );
  });

  it("changes since a token are told once, with what is gone", async () => {
    const { url, store } = await openGround();
    const first = await store.changesSince(undefined, live);
    if (first.kind !== "changes") throw new Error(first.why);
    await create(store, nameOf("a"), eventOf("a", Buffer.from("a")));
    await create(store, nameOf("b"), eventOf("b", Buffer.from("b")));
    const second = await store.changesSince(first.token, live);
    if (second.kind !== "changes") throw new Error(second.why);
    expect(second.changed.map(({ key }) => key).toSorted()).toEqual([nameOf("a"), nameOf("b")].toSorted());
    await asStranger(url, nameOf("a"), undefined);
    expect(await store.changesSince(second.token, live)).toMatchObject({ changed: [], removed: [nameOf("a")] });
  });

  it("a token that the server does not know asks for a full listing", async () => {
    const { store } = await openGround();
    expect(await store.changesSince("http://radicale.org/ns/sync/unknown", live)).toMatchObject({ kind: "resync" });
  });

  it("the calendar is found from the server's address alone, by its name", async () => {
    const { url } = await openGround();
    const store = openCalDavStore({
      url: endpoint,
      user,
      password: "quay",
      calendar: url.split("/").at(-2) ?? "",
      canonical: canonicalCalendar,
    });
    expect(await store.guarantees(live)).toEqual({ create: "checked", replace: "checked", delete: "checked" });
  });
});
