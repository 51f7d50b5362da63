import { describe, expect, it } from "vitest";
import type { GuardScope } from "../scope.ts";
import { lostGuard } from "./scope-includes.ts";

const site = {
  name: "default",
  root: "/w/public",
  liveTargets: ["production"],
  targets: ["staging", "production"],
  guardedTargets: ["production"],
};
const bucket = { name: "harbor-prod", label: "production", target: "production", prefix: "site/", except: ["site/tmp/"] };
const scope: GuardScope = {
  folder: "/w",
  buckets: [bucket],
  distributions: [{ name: "E1HARBOR", label: "production" }],
  tables: [{ name: "rides", label: "rides table" }],
  urls: [{ name: "https://cal.example/boats", label: "boats calendar" }],
  folders: [{ name: "/mnt/harbor", label: "production" }],
  sites: [site],
  stateFolders: ["/w/.belay"],
  hasRecords: true,
};

describe("an edited belay.yaml", () => {
  it("may guard the same and more", () => {
    const more: GuardScope = {
      ...scope,
      buckets: [
        { ...bucket, prefix: "", except: ["site/tmp/old/", "elsewhere/"] },
        { ...bucket, name: "spare" },
      ],
      tables: [...scope.tables, { name: "boats", label: "boats table" }],
      sites: [{ ...site, liveTargets: ["production", "mirror"], guardedTargets: ["production", "mirror", "staging"] }],
    };
    expect(lostGuard(scope, scope)).toBeUndefined();
    expect(lostGuard(scope, more)).toBeUndefined();
  });

  it.each<readonly [string, Partial<GuardScope>]>([
    ["harbor-prod", { buckets: [] }],
    ["harbor-prod", { buckets: [{ ...bucket, prefix: "site/pages/" }] }],
    ["harbor-prod", { buckets: [{ ...bucket, except: ["site/tmp/", "site/menu/"] }] }],
    ["harbor-prod", { buckets: [{ ...bucket, prefix: "", except: ["s"] }] }],
    ["E1HARBOR", { distributions: [] }],
    ["rides", { tables: [] }],
    ["https://cal.example/boats", { urls: [] }],
    ["/mnt/harbor", { folders: [] }],
    ["/w/.belay", { stateFolders: ["/w/elsewhere"] }],
    ["the site default", { sites: [] }],
    ["the site default", { sites: [{ ...site, root: "/w/www" }] }],
    ["production", { sites: [{ ...site, liveTargets: ["staging"] }] }],
    ["production", { sites: [{ ...site, guardedTargets: [] }] }],
    ["what **/*.html matches", { sites: [{ ...site, ignore: ["**/*.html"] }] }],
    ["the records", { hasRecords: false }],
  ])("that loses %s says so", (lost, change) => {
    expect(lostGuard(scope, { ...scope, ...change })).toBe(lost);
  });
});
