import { describe, expect, test } from "vitest";
import { asDigest, asRevision, asStoreName } from "../brand.ts";
import { invertChange } from "./invert-change.ts";
import type { Change, Content } from "./plan.ts";

const at = { store: asStoreName("dir:/srv/staging"), key: "index.html" };
const content: Content = { digest: asDigest("b".repeat(64)), sizeBytes: 2, headers: { "cache-control": "no-cache" } };
const prior: Content = { digest: asDigest("a".repeat(64)), sizeBytes: 1, headers: { "cache-control": "max-age=60" } };
const landed = asRevision("landed");
const unchanged = { kind: "unchanged", revision: asRevision("before") } as const;

const create: Change = { kind: "create", at, expect: { kind: "absent" }, content };
const replace: Change = { kind: "replace", at, expect: unchanged, content, prior };
const remove: Change = { kind: "delete", at, expect: unchanged, prior };

describe("invertChange", () => {
  test("a replaced file gets its bytes and headers back, over the landed revision alone", () => {
    expect(invertChange(replace, landed, false)).toEqual({
      kind: "replace",
      at,
      expect: { kind: "unchanged", revision: landed },
      content: prior,
      prior: content,
    });
  });

  test("a deleted file is created again, only where nothing stands", () => {
    expect(invertChange(remove, undefined, true)).toEqual({ kind: "create", at, expect: { kind: "absent" }, content: prior });
  });

  test("a created page goes, and a created asset stays", () => {
    expect(invertChange(create, landed, true)).toEqual({
      kind: "delete",
      at,
      expect: { kind: "unchanged", revision: landed },
      prior: content,
    });
    expect(invertChange(create, landed, false)).toBeUndefined();
  });

  test("without the revision that landed nothing is written over", () => {
    expect(invertChange(replace, undefined, true)).toBeUndefined();
    expect(invertChange(create, undefined, true)).toBeUndefined();
  });

  test("taken back twice, a replacement is what it was", () => {
    const back = invertChange(replace, landed, true);
    expect(back && invertChange(back, asRevision("before"), true)).toEqual(replace);
  });
});
