import { describe, expect, test } from "vitest";

import { parseConfig } from "./load-config.ts";

interface Parts {
  readonly first: string;
  readonly second?: string;
  readonly root?: string;
  readonly state?: string;
  readonly include?: string;
}

const yaml = ({ first, second, root = "public", state, include = "[]" }: Parts): string => `version: 1
${state === undefined ? "" : `state: "${state}"`}
site:
  root: "${root}"
  include: ${include}
  targets:
    first: { ${first} }
${second === undefined ? "" : `    second: { ${second} }`}
`;
const read = (parts: Parts): unknown => parseConfig(yaml(parts), "/work/site/belay.yaml");

describe("two targets that meet are refused", () => {
  test.each([
    ["one bucket", "store: s3://tide", "store: s3://tide/", "is the store of site.targets.first"],
    ["a prefix in the bucket of another", "store: s3://tide", "store: s3://tide/blog", "lies inside the store of site.targets.first"],
    [
      "a bucket around the prefix of another",
      "store: s3://tide/blog/2026",
      "store: s3://tide/blog",
      "contains the store of site.targets.first",
    ],
    ["one folder in two spellings", "store: dir:../live", "store: dir:/work/site/../live/", "is the store of"],
    ["one folder but for case", "store: dir:../live", "store: dir:../Live", "is the store of"],
    ["a folder in the folder of another", "store: dir:../live", "store: dir:../live/a", "lies inside the store of"],
    [
      "one distribution",
      "store: s3://tide-a, cdn: cloudfront:E1",
      "store: s3://tide-b, cdn: cloudfront:E1",
      "cdn is the distribution of site.targets.first",
    ],
    [
      "one address",
      'store: s3://tide-a, url: "https://example.com/"',
      'store: s3://tide-b, url: "https://EXAMPLE.com"',
      "url is the address of site.targets.first",
    ],
  ])("%s", (_, first, second, problem) => {
    expect(() => read({ first, second })).toThrow(problem);
  });

  test("also across sites", () => {
    const text =
      'version: 1\nsites:\n  a: { root: a, targets: { live: { store: "s3://tide" } } }\n  b: { root: b, targets: { live: { store: "s3://tide/b" } } }\n';
    expect(() => parseConfig(text, "/work/site/belay.yaml")).toThrow(
      "belay.yaml:4:43: sites.b.targets.live.store lies inside the store of sites.a.targets.live",
    );
  });

  test.each([
    ["prefixes of one bucket, one the beginning of the other's name", "store: s3://tide/blog", "store: s3://tide/blog-old"],
    ["prefixes that differ by case", "store: s3://tide/a", "store: s3://tide/A"],
    ["folders side by side", "store: dir:../live", "store: dir:../live-old"],
  ])("but not %s", (_, first, second) => {
    expect(read({ first, second })).toBeTypeOf("object");
  });
});

describe("a target apart from what is edited and recorded", () => {
  test.each([
    ["the root itself", { first: "store: dir:public" }, "store is site.root"],
    ["inside the root", { first: "store: dir:public/live" }, "store lies inside site.root"],
    ["around the root", { first: "store: dir:.." }, "store contains site.root"],
    ["around belay's own folder", { first: "store: dir:.", root: "../elsewhere" }, "store contains belay's folder .belay"],
    ["around the state", { first: "store: dir:../shared", state: "../shared/ledger" }, "store contains the state"],
    ["inside the state's prefix", { first: "store: s3://tide/state/live", state: "s3://tide/state" }, "store lies inside the state"],
    ["the bucket of the state", { first: "store: s3://tide", state: "s3://tide/state" }, "store contains the state"],
    [
      "a state that would be published",
      { first: "store: s3://tide", state: "public/ledger" },
      "root contains the state, which would be published",
    ],
    [
      "a state that `include` would publish",
      { first: "store: s3://tide", root: ".", include: '["**"]' },
      "include would publish belay's folder .belay",
    ],
    [
      "a state that a narrow `include` would publish",
      { first: "store: s3://tide", root: ".", include: '[".belay/**"]' },
      "include would publish belay's folder .belay",
    ],
    ["a root inside the state", { first: "store: s3://tide", root: ".belay/out" }, "root lies inside belay's folder"],
    [
      "a state folder but for case in the root",
      { first: "store: s3://tide", root: "Public", state: "public/ledger" },
      "root contains the state",
    ],
  ])("is refused as %s", (_, parts, problem) => {
    expect(() => read(parts)).toThrow(problem);
  });

  test("a private state folder may lie in the root", () => {
    expect(read({ first: "store: s3://tide", root: "." })).toMatchObject({ state: ".belay" });
  });
});

describe("addresses that mean no store", () => {
  test.each([
    ["gs://tide", "must be s3://bucket"],
    ["tide", "must be s3://bucket"],
    ["s3://Tide", "does not name a bucket"],
    ["s3://tide//a", "empty, `.` or `..` segment"],
    ["s3://tide/../a", "empty, `.` or `..` segment"],
    ["s3://arn:aws:s3:eu-west-1:1:accesspoint/tide", "names an access point"],
    ["s3://tide-ap-abcdefghijk-s3alias", "names an access point"],
    ["dir:", "must name a folder"],
    ["dir:~/live", "begins with `~`"],
  ])("%s", (store, problem) => {
    expect(() => read({ first: `store: "${store}"` })).toThrow(
      `site.targets.first.store ${problem}`.replace("store empty", "store has an empty"),
    );
  });

  test("a state of an unknown kind is refused", () => {
    expect(() => read({ first: "store: s3://tide", state: "gs://state" })).toThrow("state must be a folder or s3://bucket/prefix");
  });
});

const targets = (...afters: readonly (string | undefined)[]): string =>
  `version: 1\nsite:\n  root: p\n  targets:\n${afters.map((after, at) => `    t${at}: { store: "s3://tide-${at}"${after === undefined ? "" : `, after: ${after}`} }`).join("\n")}\n`;
const problem =
  (...afters: readonly (string | undefined)[]) =>
  () =>
    parseConfig(targets(...afters), "/b.yaml");

describe("the order of targets", () => {
  test("may be a chain or a tree", () => {
    expect(problem(undefined, "t0", "t1", "t0")()).toMatchObject({
      sites: [{ targets: [{}, { after: "t0" }, { after: "t1" }, { after: "t0" }] }],
    });
  });

  test("may not name a stranger, itself or a circle", () => {
    expect(problem(undefined, "staging")).toThrow('t1.after names no target: "staging"');
    expect(problem("t0")).toThrow("t0.after names its own target");
    expect(problem("t1", "t2", "t0", "t0")).toThrow("/b.yaml:5:40: site.targets.t0.after goes round in a circle: t0 → t1 → t2 → t0");
  });
});
