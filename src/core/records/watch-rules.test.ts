import { expect, test } from "vitest";
import { asDigest, asRevision, asStoreName } from "../brand.ts";
import type { Change, Plan, Wave } from "../plan/plan.ts";
import { flapIn } from "./flap.ts";
import type { Authority, RecordKind } from "./kind.ts";
import type { RecordEdit } from "./records-part.ts";
import { whyNotAlone } from "./watch-rules.ts";

const store = asStoreName("s3://example");
const at = { store, key: "g/a.html" };
const content = { digest: asDigest("1".repeat(64)), sizeBytes: 1, headers: {} };
const unchanged = { kind: "unchanged", revision: asRevision("r") } as const;
const replace: Change = { kind: "replace", at, expect: unchanged, prior: content, content };
const edit: RecordEdit = { at, system: "pages", field: "end", where: "a line", before: "7:30", after: "6:30" };

const kindWith = (start: Authority): RecordKind => ({
  name: "booking",
  zone: "UTC",
  fields: [
    { name: "start", type: "datetime", authority: start, words: [] },
    { name: "end", type: "datetime", authority: { kind: "ask" }, words: [], derivation: { kind: "offset", from: "start", minutes: 180 } },
  ],
  systems: [],
  pointers: [],
  identity: { keys: [], match: [], oneToOne: [] },
  features: [],
  watch: { everyMs: 1, perHourMax: 1, flapsMax: 2 },
});

function planWith(change: Change, name: Wave["name"] = "corrections"): Plan {
  const value = { kind: "moment", time: "18:30" } as const;
  return {
    format: 1,
    intent: "reconcile",
    site: "default",
    target: "production",
    store,
    title: "a",
    basis: null,
    waves: [{ name, steps: [{ change, because: "a" }], purge: [], checks: [] }],
    refusals: [],
    proof: {
      local: "nothing",
      live: "nothing",
      diff: { added: 0, removed: 0, files: 0, binary: 0 },
      tokens: [],
      stagingInvalidation: "",
      productionInvalidation: "",
    },
    policy: content.digest,
    records: {
      kind: "booking",
      record: "A",
      decisions: [{ field: "end", value, how: "derived", because: "start + 3h" }],
      survivors: [],
      edits: [edit],
      rewrites: [],
      mentions: [],
      tasks: [],
      reach: [],
    },
  };
}

test("what follows from a field is written alone only where an authority decides that field", () => {
  const plan = planWith(replace);
  expect(whyNotAlone({ kind: kindWith({ kind: "system", system: "record" }), plan, questions: [] })).toEqual([]);
  expect(whyNotAlone({ kind: kindWith({ kind: "newest" }), plan, questions: [] })).toEqual([]);
  expect(whyNotAlone({ kind: kindWith({ kind: "ask" }), plan, questions: [] })).toEqual(["belay.yaml names no authority for its end"]);
});

test("nothing is made, deleted or pointed elsewhere alone", () => {
  const kind = kindWith({ kind: "newest" });
  const why = (change: Change, name?: Wave["name"]): readonly string[] =>
    whyNotAlone({ kind, plan: planWith(change, name), questions: [] });
  expect(why({ kind: "create", at, expect: { kind: "absent" }, content })).toEqual(["g/a.html would be made"]);
  expect(why({ kind: "delete", at, expect: unchanged, prior: content })).toEqual(["g/a.html would be deleted"]);
  expect(why(replace, "pointers")).toEqual(["g/a.html would point elsewhere"]);
});

test("a text that was put back is fought over, another new one at the same place is not", () => {
  const past = { last: [edit], hour: [[edit]], flapsMax: 2 };
  expect(flapIn([edit], past)).toMatchObject({ field: "end" });
  expect(flapIn([{ ...edit, before: "6:30", after: "5:30" }], past)).toBeUndefined();
  expect(flapIn([{ ...edit, before: "6:30", after: "5:30" }], { ...past, hour: [[edit], [edit]] })).toMatchObject({ field: "end" });
});
