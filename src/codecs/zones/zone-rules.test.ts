import { describe, expect, it } from "vitest";
import { ianaOf } from "./iana-of.ts";
import { zoneRules } from "./zone-rules.ts";
import { windowsZones } from "./windows-zones.ts";

const zone = "America/Los_Angeles";
const utc = (text: string): number => Date.parse(text);

describe("zone rules", () => {
  it("a wall clock is one instant, later in the UTC day in winter than in summer", () => {
    expect(zoneRules.instantsOf("2026-05-30", "15:30", zone)).toEqual([utc("2026-05-30T22:30:00Z")]);
    expect(zoneRules.instantsOf("2026-01-30", "15:30:20", zone)).toEqual([utc("2026-01-30T23:30:20Z")]);
  });

  it("a time that is skipped is no instant, and one that comes twice is two, the earlier first", () => {
    expect(zoneRules.instantsOf("2026-03-08", "02:30", zone)).toEqual([]);
    expect(zoneRules.instantsOf("2026-11-01", "01:30", zone)).toEqual([utc("2026-11-01T08:30:00Z"), utc("2026-11-01T09:30:00Z")]);
    // The hours around them are as ever.
    expect(zoneRules.instantsOf("2026-03-08", "01:59", zone)).toEqual([utc("2026-03-08T09:59:00Z")]);
    expect(zoneRules.instantsOf("2026-03-08", "03:00", zone)).toEqual([utc("2026-03-08T10:00:00Z")]);
    expect(zoneRules.instantsOf("2026-11-01", "02:00", zone)).toEqual([utc("2026-11-01T10:00:00Z")]);
    // Lord Howe Island moves by half an hour.
    expect(zoneRules.instantsOf("2026-10-04", "02:15", "Australia/Lord_Howe")).toEqual([]);
  });

  it("an instant shows its date, time and offset, seconds only where there are some", () => {
    expect(zoneRules.wallOf(utc("2026-05-31T02:30:00Z"), zone)).toEqual({ date: "2026-05-30", time: "19:30", offset: "-07:00" });
    expect(zoneRules.wallOf(utc("2026-11-01T09:30:05Z"), zone)).toEqual({ date: "2026-11-01", time: "01:30:05", offset: "-08:00" });
    expect(zoneRules.wallOf(utc("2026-05-30T20:00:00Z"), "Asia/Kolkata")).toEqual({ date: "2026-05-31", time: "01:30", offset: "+05:30" });
  });

  it("wall and instant are each other's inverse on every hour around the changes of a year", () => {
    for (const name of [zone, "Europe/Berlin", "Australia/Lord_Howe", "UTC", "Pacific/Apia"]) {
      for (const day of ["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"]) {
        for (let ms = utc(`${day}T00:00:00Z`); ms < utc(`${day}T00:00:00Z`) + 3 * 86_400_000; ms += 1_800_000) {
          const { date, time } = zoneRules.wallOf(ms, name);
          expect(zoneRules.instantsOf(date, time, name)).toContain(ms);
        }
      }
    }
  });

  it("offsets and inventions are no zones", () => {
    expect(["UTC", "US/Pacific", "Europe/Berlin"].map((name) => zoneRules.isZone(name))).toEqual([true, true, true]);
    expect(["", "+07:00", "Pacific Standard Time", "Mars/Olympus"].map((name) => zoneRules.isZone(name))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("names of zones from other programs", () => {
  it.each([
    ["Pacific Standard Time", "America/Los_Angeles"],
    ["w. europe standard time", "Europe/Berlin"],
    ['"Eastern Standard Time"', "America/New_York"],
    ["(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles"],
    ["(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"],
    ["/mozilla.org/20050126_1/Europe/Paris", "Europe/Paris"],
    ["/softwarestudio.org/Tzfile/America/Argentina/Salta", "America/Argentina/Salta"],
    ["America/Los_Angeles", "America/Los_Angeles"],
    ["Customized Time Zone", undefined],
    ["", undefined],
  ])("%s", (name, iana) => {
    expect(ianaOf(name)).toBe(iana);
  });

  it("every zone of the table is one that this Node knows", () => {
    expect(Object.entries(windowsZones).filter(([, iana]) => !zoneRules.isZone(iana))).toEqual([]);
  });
});
