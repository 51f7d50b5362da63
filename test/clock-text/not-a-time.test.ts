import { describe, expect, it } from "vitest";
import { zoneRules } from "../../src/codecs/zones/zone-rules.ts";
import type { ClockContext } from "../../src/core/records/clock-text/clock-mention.ts";
import { findClockText } from "../../src/core/records/clock-text/find-clock-text.ts";

const about: ClockContext = { zones: zoneRules, zone: "America/Los_Angeles", today: "2026-05-20" };

/** Why each mention is none; `time` where it is one. */
const read = (text: string, heads?: string): readonly string[] =>
  findClockText(text, { ...about, ...(heads !== undefined && { heads: ["Time", heads] }) }).map(
    ({ justification }) => justification ?? "time",
  );

const tide = ["a tide time"];
const sun = ["the time of sunrise or sunset"];
const recurs = ["a time that recurs"];
const time = ["time"];

describe("what nature keeps the time of is no booking's", () => {
  it.each([
    "Low water 4:30 PM",
    "High water: 4:30 PM",
    "HW 4:30 PM 5.2 ft",
    "High tide is at 4:30 PM",
    "4:30 PM – high tide",
    "4:30 PM (low water)",
    "Ebbe: 16:30 Uhr",
    "Hochwasser um 16:30 Uhr",
    "16:30 Uhr Niedrigwasser",
    "Marée haute : 16h30",
    "Pleine mer à 16h30",
    "Pleamar: 16:30",
    "Bajamar a las 16:30 h",
  ])("%s", (text) => {
    expect(read(text)).toEqual(tide);
  });

  it.each([
    "Sun sets at 7:30 PM",
    "The sun goes down at 7:30 PM",
    "Golden hour begins 7:30 PM",
    "Golden hour 6:45–7:30 PM",
    "First light 5:30 AM",
    "Sunset\n7:52 PM",
    "7:52 PM – sunset",
    "7:52 PM sunset over the bay",
    "Sonnenuntergang: 19:30 Uhr",
    "Die Sonne geht um 19:30 Uhr unter",
    "Coucher du soleil à 19h30",
    "Le soleil se couche à 19h30",
    "19h30 : coucher de soleil",
    "Puesta de sol a las 19:30",
    "Atardecer 19:30 h",
  ])("%s", (text) => {
    expect(read(text)).toEqual(sun);
  });

  it.each([
    "Sunset cruise at 4:30 PM",
    "Sunset sail: 4:30–7:30 PM",
    "Sunset 4:30–7:30 PM",
    "High tide tour starts 4:30 PM",
    "4:30 PM high tide tour",
    "4:30 PM – Sunset sail",
    "Sonnenuntergangsfahrt um 16:30 Uhr",
    "Croisière au coucher du soleil, départ à 16h30",
    "We meet at 4:30 PM",
    "Sail the ebb with us. We cast off at 4:30 PM",
  ])("but %s is the booking's", (text) => {
    expect(read(text)).toEqual(time);
  });

  it("what heads a text elsewhere says it too, where nothing in the text says otherwise", () => {
    expect(read("4:30 PM", "High tide")).toEqual(tide);
    expect(read("7:30 PM", "Sunset")).toEqual(sun);
    expect(read("16:30 Uhr", "jeden Samstag")).toEqual(recurs);
    expect(read("4:30 PM", "Sunset sail")).toEqual(time);
    expect(read("Cast off 4:30 PM", "High tide")).toEqual(time);
    expect(read("4:30 PM", "Start")).toEqual(time);
  });
});

describe("what comes round every week is no booking's", () => {
  it.each([
    "Every Saturday 4:30–7:30 PM",
    "Each Saturday at 4:30 PM",
    "Every other Saturday, 4:30 PM",
    "Saturdays at 4:30 PM",
    "Saturdays\n4:30–7:30 PM",
    "4:30 PM on Saturdays",
    "4:30 PM every Saturday",
    "Weekly on Saturday 4:30 PM",
    "Every day from 4:30 to 7:30 PM",
    "daily at 4:30 PM",
    "Jeden Samstag um 16:30 Uhr",
    "samstags 16:30 Uhr",
    "täglich ab 16:30 Uhr",
    "Chaque samedi à 16h30",
    "Le samedi à 16h30",
    "Tous les samedis de 16h30 à 19h30",
    "Cada sábado a las 16:30",
    "Los sábados a las 16:30",
    "16:30 h todos los días",
    "We sail every Saturday.",
  ])("%s", (text) => {
    expect(new Set(read(text))).toEqual(new Set(recurs));
  });

  it.each([
    "Saturday at 4:30 PM",
    "Saturday, May 30, 4:30 PM",
    "Every guest arrives at 4:30 PM",
    "4:30 PM each way",
    "Le samedi 30 mai 2026 à 16h30",
    "Friday night, 8 PM",
    "Saturday Sunset Sail",
    "Saturday night",
  ])("but %s is", (text) => {
    expect(new Set(read(text))).toEqual(new Set(time));
  });

  it("a weekday that is a part of a name stays in it", () => {
    expect(read("Dance to our Saturday Night Fever playlist")).toEqual(["a part of a name"]);
    expect(read("Black Friday")).toEqual(["a part of a name"]);
  });
});
