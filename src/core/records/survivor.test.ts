import { expect, test } from "vitest";
import { asRevision, asStoreName } from "../brand.ts";
import type { Sighting } from "./claim.ts";
import { chooseSurvivor, duplicatesIn, type UseFacts } from "./survivor.ts";

function sighting(system: string, key: string, extra: Partial<Sighting> = {}): Sighting {
  const at = { store: asStoreName(`dir:${system}`), key };
  return {
    id: `${system} ${key}${extra.part ?? ""}`,
    system,
    at,
    part: "",
    revision: asRevision("1"),
    claims: [],
    unexplained: [],
    ...extra,
  };
}

const sunset = "g/2026-06-06-paula-sunset.html";
const noon = "g/2026-06-06-paula-noon.html";
const pages = [sighting("pages", sunset), sighting("pages", noon)];
const inventories = new Map([
  [sunset, new Set(["form: upload", "spam guard", "gallery"])],
  [noon, new Set(["gallery"])],
]);
const group = { sightings: pages, inventories, facts: {} };

test("duplicates are several objects of one system; templates and parts of one object are none", () => {
  const sightings = [
    ...pages,
    sighting("pages", "g/template.html", { isTemplate: true }),
    sighting("calendar", "a.ics", { part: "1" }),
    sighting("calendar", "a.ics", { part: "2" }),
  ];
  expect(duplicatesIn({ sightings }).map((found) => found.map(({ at }) => at.key))).toEqual([[sunset, noon]]);
});

test("without a rule a person is asked, with what each alone has, what would be lost, and who uses which or unknown", () => {
  const facts: UseFacts = {
    pointedAt: new Map([[noon, ["record K4TZ9QW"]]]),
    fetchedBy: new Map([
      [sunset, ["12 visitors"]],
      [noon, []],
    ]),
    createdAt: new Map([[noon, "2026-05-20T10:00:00Z"]]),
  };
  const question = chooseSurvivor({ ...group, facts });
  expect(question).toEqual({
    about: "survivor",
    name: "pages",
    ask: `--keep ${sunset}`,
    choices: [
      {
        answer: sunset,
        says: [
          "has alone: form: upload, spam guard",
          "keeping it loses: nothing",
          "pointed at by: unknown",
          "linked by: unknown",
          "fetched by: 12 visitors",
          "created: unknown",
        ],
      },
      {
        answer: noon,
        says: [
          "has alone: nothing",
          "keeping it loses: form: upload, spam guard",
          "pointed at by: record K4TZ9QW",
          "linked by: unknown",
          "fetched by: nobody",
          "created: 2026-05-20T10:00:00Z",
        ],
      },
    ],
  });
});

test("what a person keeps stays, the others are redirected unless deletion was asked for, and the loss is named", () => {
  const rule = { kind: "keep", key: noon, because: "the guest has this link" } as const;
  expect(chooseSurvivor(group, rule)).toEqual({
    system: "pages",
    keep: noon,
    replace: [sunset],
    how: "redirect",
    loses: ["form: upload", "spam guard"],
    because: "the guest has this link",
  });
  expect(chooseSurvivor(group, rule, true)).toMatchObject({ how: "delete" });
});

test("the richest stays by itself only where it has all that the others have, and all were looked at", () => {
  expect(chooseSurvivor(group, { kind: "richest" })).toMatchObject({ keep: sunset, replace: [noon], loses: [] });
  const crossed = new Map([...inventories, [noon, new Set(["map"])] as const]);
  expect(chooseSurvivor({ ...group, inventories: crossed }, { kind: "richest" })).toMatchObject({ about: "survivor" });
  const alike = new Map([...inventories, [noon, inventories.get(sunset) ?? new Set<string>()] as const]);
  expect(chooseSurvivor({ ...group, inventories: alike }, { kind: "richest" })).toMatchObject({ about: "survivor" });
  const unseen = new Map([[sunset, new Set(["gallery"])]]);
  expect(chooseSurvivor({ ...group, inventories: unseen }, { kind: "richest" })).toMatchObject({ about: "survivor" });
});

test("a page that was not looked at may lose anything, and a key that is none of the duplicates decides nothing", () => {
  const unseen = new Map([[sunset, new Set(["gallery"])]]);
  const kept = chooseSurvivor({ ...group, inventories: unseen }, { kind: "keep", key: sunset, because: "said so" });
  expect(kept).toMatchObject({ loses: [`unknown: ${noon} was not looked at`] });
  expect(chooseSurvivor(group, { kind: "keep", key: "g/other.html", because: "said so" })).toMatchObject({ about: "survivor" });
});
