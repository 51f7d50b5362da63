import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";

import { BelayError } from "../core/belay-error.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { parseConfig } from "./load-config.ts";
import { policyOf } from "./policy-of.ts";

const file = "/work/site/belay.yaml";
const whole = `version: 1
state: s3://tide-state/belay
site:
  root: public
  ignore: ["**/*.map"]
  include: [.well-known/**]
  unit: commit
  except: { staging: [robots.txt] }
  headers:
    - { match: "assets/**", cache-control: "public, max-age=31536000, immutable" }
  targets:
    staging:
      store: s3://tide-sites/staging/
      cdn: cloudfront:E1STAGING
      url: https://Staging.Example.com/
      guard: false
    production: { store: "dir:../live/tide/", url: "http://example.com/club", after: staging, approvals: 2 }
  tokens:
    TIDE_TABLE: { file: index.html, contains: "data-tides" }
    OLD_FERRY: { file: times/index.html, absent: "Ferry at 9" }
limits: { deletes: 0, bytes: 1.5GB }
notify: { webhook: "https://hooks.example.com/a", slack: env:SLACK_HOOK }
signers: keys/allowed_signers
guard:
  access-points: { "arn:aws:s3:eu-west-1:111122223333:accesspoint/tide": tide-sites }
  mounts: { /mnt/tide/: s3://tide-sites/staging }
`;

const site = (body: string): string => `version: 1\nsite:\n${body.replace(/^/gmu, "  ")}\n`;
const oneTarget = "root: public\ntargets: { staging: { store: s3://tide-staging } }";

const two = (name: string, more: string): string =>
  `  ${name}: { root: ${name}, targets: { live: { store: "s3://tide-${name}" } }${more} }\n`;

const policy = (text: string, at = file): string => {
  const config = parseConfig(text, at);
  return config.sites.map((one) => canonicalJson(policyOf(config, one))).join("\n");
};

/** The message of the `config-invalid` error that a text must give, without the file's name. */
function problemsOf(text: string): string {
  try {
    parseConfig(text, file);
  } catch (error) {
    if (error instanceof BelayError && error.code === "config-invalid") return error.message.replaceAll(`${file}:`, "");
    throw error;
  }
  return "no problem";
}

describe("a whole belay.yaml", () => {
  const config = parseConfig(whole, file);
  const [only] = config.sites;

  test("is read with every key resolved and every default filled in", () => {
    expect(config).toMatchObject({
      folder: "/work/site",
      state: "s3://tide-state/belay",
      stateStore: "s3://tide-state/belay",
      signers: "keys/allowed_signers",
      notify: { webhook: "https://hooks.example.com/a", slack: "env:SLACK_HOOK" },
    });
    expect(only).toEqual({
      name: "default",
      root: "/work/site/public",
      ignore: ["**/*.map"],
      include: [".well-known/**"],
      unit: "commit",
      except: { staging: ["robots.txt"] },
      headers: [{ match: "assets/**", headers: { "cache-control": "public, max-age=31536000, immutable" } }],
      targets: [
        {
          name: "staging",
          store: "s3://tide-sites/staging",
          cdn: "cloudfront:E1STAGING",
          url: "https://staging.example.com",
          approvals: 0,
          keys: "security-key",
          approvers: "anyone",
          guard: false,
        },
        {
          name: "production",
          store: "dir:/work/live/tide",
          url: "http://example.com/club",
          after: "staging",
          approvals: 2,
          keys: "security-key",
          approvers: "anyone",
          guard: true,
        },
      ],
      tokens: [
        { name: "TIDE_TABLE", file: "index.html", rule: "contains", text: "data-tides" },
        { name: "OLD_FERRY", file: "times/index.html", rule: "absent", text: "Ferry at 9" },
      ],
      limits: { deletesMax: 0, filesMax: 20_000, bytesMax: 1_500_000_000 },
    });
  });

  test("gives the guard every other name as the address of a store", () => {
    expect([...config.guard.accessPoints]).toEqual([["arn:aws:s3:eu-west-1:111122223333:accesspoint/tide", "s3://tide-sites"]]);
    expect([...config.guard.mounts]).toEqual([["/mnt/tide", "s3://tide-sites/staging"]]);
  });

  test("reads the same with a byte order mark and with CRLF", () => {
    expect(parseConfig(`\uFEFF${whole}`, file)).toEqual(config);
    expect(parseConfig(whole.replaceAll("\n", "\r\n"), file)).toEqual(config);
  });
});

test("what is left out gets its default, and `.` publishes the folder itself", () => {
  const config = parseConfig(site("root: .\ntargets: { staging: { store: s3://tide-staging } }"), file);
  expect(config).toMatchObject({ state: ".belay", stateStore: "dir:/work/site/.belay", sites: [{ root: "/work/site", unit: "page" }] });
  expect(config.sites[0]?.limits).toEqual({ deletesMax: 50, filesMax: 20_000, bytesMax: 10 * 1024 ** 3 });
});

test("several sites keep their names and order, and a site's limits win over those for all", () => {
  const config = parseConfig(
    `version: 1\nlimits: { files: 7, deletes: 3 }\nsites:\n${two("shop", ", limits: { files: 9 }")}${two("blog", "")}`,
    file,
  );
  expect(config.sites.map(({ name, limits }) => [name, limits.filesMax, limits.deletesMax])).toEqual([
    ["shop", 9, 3],
    ["blog", 7, 3],
  ]);
});

describe("every problem names its line, column and key path", () => {
  test.each([
    ["an unknown key with a near one", site(`rot: x\n${oneTarget}`), '3:3: site.rot is not a known key; did you mean "root"?'],
    [
      "an unknown key that is like none",
      `zzzzzzzz: 1\n${site(oneTarget)}`,
      "1:1: zzzzzzzz is not a known key; known here: version, state, site, sites, limits, notify, signers, guard, records",
    ],
    ["a key of the site at the top", `${site(oneTarget)}tokens: {}\n`, "5:1: tokens is not a known key here; it belongs under site"],
    ["a key that every object inherits", site(`toString: 1\n${oneTarget}`), "3:3: site.toString is not a known key; known here: root,"],
    ["a missing key", site("root: public"), "2:1: site.targets is missing"],
    ["a wrong type", site("root: 404\ntargets: { a: { store: s3://tide-a } }"), "3:9: site.root must be text, but is 404"],
    ["a wrong choice", site(`unit: pages\n${oneTarget}`), '3:9: site.unit must be one of "page", "commit", "any", but is "pages"'],
    ["an empty list", site(`ignore:\n${oneTarget}`), "site.ignore must be a list, but is empty"],
    ["another version", site(oneTarget).replace("1", "2"), "1:10: version must be 1, the only version that this belay reads, but is 2"],
    ["a version in quotes", site(oneTarget).replace("1", '"1"'), 'version must be 1, the only version that this belay reads, but is "1"'],
    ["no target", site("root: public\ntargets: {}"), "4:12: site.targets must be a map of at least one target, but is empty"],
    [
      "a target's name",
      site("root: public\ntargets: { Prod: { store: s3://tide-a } }"),
      "4:14: site.targets.Prod must be a name of lower-case letters",
    ],
    [
      "a token's name",
      site(`${oneTarget}\ntokens: { hero: { file: a, contains: b } }`),
      "site.tokens.hero must be a token's name, in capitals",
    ],
    [
      "a token with both rules",
      site(`${oneTarget}\ntokens: { A: { file: a, contains: b, absent: c } }`),
      "5:16: site.tokens.A must have exactly one of contains and absent",
    ],
    [
      "a token with no rule",
      site(`${oneTarget}\ntokens: { A: { file: a } }`),
      "site.tokens.A must have exactly one of contains and absent",
    ],
    [
      "a token of nothing",
      site(`${oneTarget}\ntokens: { A: { file: a, contains: "" } }`),
      'site.tokens.A.contains must be text, not empty, but is ""',
    ],
    [
      "a token of spaces",
      site(`${oneTarget}\ntokens: { A: { file: a, absent: "  " } }`),
      "site.tokens.A.absent must hold more than white space",
    ],
    [
      "a token's file",
      site(`${oneTarget}\ntokens: { A: { file: ../a, contains: b } }`),
      "site.tokens.A.file cannot be the path of a file, because it has a",
    ],
    ["a glob", site(`ignore: ["a[b"]\n${oneTarget}`), "3:12: site.ignore[0] is not a glob"],
    [
      "an unknown target in except",
      site(`except: { stagin: [a] }\n${oneTarget}`),
      '3:13: site.except.stagin names no target; did you mean "staging"?',
    ],
    [
      "an unknown header",
      site(`headers: [{ match: a, cache-contrl: x }]\n${oneTarget}`),
      'site.headers[0].cache-contrl is not a known key; did you mean "cache-control"?',
    ],
    [
      "a header of two lines",
      site(`headers: [{ match: a, cache-control: "x\\ny" }]\n${oneTarget}`),
      'site.headers[0].cache-control must be one line of printable ASCII without spaces at its ends, but is "x\\u000ay"',
    ],
    [
      "a rule without headers",
      site(`headers: [{ match: a }]\n${oneTarget}`),
      "site.headers[0] must be a map with `match` and at least one header",
    ],
    [
      "an expiry that is no date",
      site(`headers: [{ match: a, expires: soon }]\n${oneTarget}`),
      "site.headers[0].expires must be an HTTP date",
    ],
    [
      "a size",
      `${site(oneTarget)}limits: { bytes: 10 gigs }`,
      '5:18: limits.bytes must be a whole number of bytes, or a size such as 500MB or 2GiB, but is "10 gigs"',
    ],
    ["a size of nothing", `${site(oneTarget)}limits: { bytes: 0.4B }`, "limits.bytes must be at least one byte"],
    ["a limit of no files", `${site(oneTarget)}limits: { files: 0 }`, "limits.files must be 1 or more, but is 0"],
    [
      "half an approval",
      site("root: p\ntargets: { a: { store: s3://tide-a, approvals: 0.5 } }"),
      "site.targets.a.approvals must be a whole number, but is 0.5",
    ],
    ["no site at all", "version: 1\n", "1:1: needs a site"],
    [
      "site and sites",
      `${site(oneTarget)}sites: { b: { root: b, targets: { live: { store: s3://tide-b } } } }`,
      "5:1: sites stands beside site; use one of them",
    ],
    ["a list for the whole", "- 1\n", "1:1: must be a map, but is a list"],
    ["a list for a map of names", site("root: p\ntargets: [staging, production]"), "4:12: site.targets must be a map, but is a list"],
    ["an empty list for a map", `${site(oneTarget)}limits: []`, "5:9: limits must be a map, but is a list"],
    ["an empty file", "", "1:1: is empty"],
    [
      "a misspelt bucket in guard",
      `${site(oneTarget)}guard: { aliases: { tide: tide-stagin } }`,
      '5:27: guard.aliases.tide leads to "tide-stagin", which is no bucket of a target, of a system or of the state; did you mean "tide-staging"?',
    ],
    ["a relative mount", `${site(oneTarget)}guard: { mounts: { mnt: tide-staging } }`, "guard.mounts.mnt must be an absolute path"],
  ])("%s", (_, text, problem) => {
    const found = problemsOf(text);
    expect(found).toContain(problem);
    expect(found).not.toContain("problems");
  });
});

describe("YAML with more than one meaning is refused", () => {
  test.each([
    ["an anchor", site(`root: &r public\n${oneTarget.slice(13)}`), "3:12: site.root uses an anchor or alias"],
    ["an alias", site(`root: *r\n${oneTarget.slice(13)}`), "site.root uses an anchor or alias"],
    ["a merge key", site(`<<: { root: public }\n${oneTarget}`), "3:3: site.<< is a merge key".replace("<<", '"<<"')],
    ["a custom tag", site(`root: !env ROOT\n${oneTarget.slice(13)}`), 'carries the tag "!env"'],
    ["a standard tag", site(`root: !!str public\n${oneTarget.slice(13)}`), "carries the tag"],
    ["a tag on a key", site(`!!str root: public\n${oneTarget.slice(13)}`), "3:9: site.root carries an anchor or a tag"],
    ["an older YAML", `%YAML 1.1\n---\n${site(oneTarget)}`, "1:1: directives other than %YAML 1.2 are not read"],
    ["a duplicate key", site(`root: a\n${oneTarget}`), "4:3: site.root stands here a second time"],
    ["a second document", `${site(oneTarget)}---\nversion: 1\n`, "5:1: a second document begins here"],
    ["a syntax error", site("root: [public"), "is not YAML"],
    ["a map as a key", `? { a: b }\n: 1\n${site(oneTarget)}`, "1:3: a key must be text"],
    ["a reserved key", site(`__proto__: { unit: any }\n${oneTarget}`), "3:3: site.__proto__ is a reserved word"],
    [
      "a target named like a reserved key",
      site("root: p\ntargets: { constructor: { store: s3://tide-a } }"),
      "site.targets.constructor is a reserved word",
    ],
    ["more than 1 MiB", `# ${"x".repeat(1024 * 1024)}\n${site(oneTarget)}`, "1:1: is longer than 1 MiB"],
    ["hostile nesting", `version: ${"[".repeat(50_000)}`, "is nested more than 40 levels deep"],
    ["nested sequences on one line", `${"- ".repeat(5000)}x`, "is nested more than 40 levels deep"],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  test("no text makes it do other than return or throw config-invalid", () => {
    const piece = constantFrom(
      "version: 1\n",
      "site:",
      "\n",
      "  ",
      "root: a",
      "targets: ",
      "{",
      "}",
      "[",
      "]",
      "- ",
      "? ",
      ": ",
      "&a ",
      "*a",
      "!t ",
      "|\n",
      '"',
      "'",
      "#",
      "\t",
      "%YAML 1.1\n",
      "---\n",
      "<<: ",
      "\u0000",
      "\uFEFF",
      "é",
    );
    assert(
      property(array(piece, { maxLength: 30 }), (pieces) => {
        expect(problemsOf(pieces.join(""))).toBeTypeOf("string");
      }),
      { numRuns: 500 },
    );
  });
});

test("a byte order mark takes no column", () => {
  expect(problemsOf("\uFEFFstat: a")).toContain("1:1: stat is not a known key");
  expect(problemsOf("\uFEFFversion: 2")).toContain("1:10: version must be 1");
});

test("several problems come together, in line order, ten at most", () => {
  const text = `version: 3\n${Array.from({ length: 12 }, (_, at) => `key${at}: 1`).join("\n")}\n`;
  const lines = problemsOf(text).split("\n");
  expect(lines[0]).toBe(`${file} has 13 problems`);
  expect(lines.slice(1, 11).map((line) => Number(line.trim().split(":")[0]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(lines.slice(11)).toEqual(["  …and 3 more"]);
});

test("what may be a secret, or obeyed by a terminal, is not repeated in a message", () => {
  expect(problemsOf(`${site(oneTarget)}notify: { slack: https://hooks.example.com/T0/hunter2 }`)).toMatch(
    /^5:18: notify.slack must be env:NAME/u,
  );
  expect(problemsOf(`${site(oneTarget)}notify: { slack: https://hooks.example.com/T0/hunter2 }`)).not.toContain("hunter2");
  expect(problemsOf(site("root: p\ntargets: { a: { store: s3://tide-a, url: 'https://me:hunter2@example.com' } }"))).toMatch(
    /url must not hold credentials$/u,
  );
  expect(problemsOf(site(`"\\e[2J": 1\n${oneTarget}`))).toContain('site."\\u001b[2J" is not a known key');
});

describe("the policy of a site", () => {
  test("is the same on every machine and for every order and comment", () => {
    const other = whole
      .replace('    TIDE_TABLE: { file: index.html, contains: "data-tides" }\n', "")
      .replace(
        '  tokens:\n    OLD_FERRY: { file: times/index.html, absent: "Ferry at 9" }\n',
        '  tokens:\n    OLD_FERRY: { file: times/index.html, absent: "Ferry at 9" } # gone\n    TIDE_TABLE: { contains: "data-tides", file: index.html }\n',
      );
    expect(other).not.toBe(whole);
    expect(policy(other, "/home/kim/club/belay.yaml")).toBe(policy(whole));
  });

  test.each([
    ["an approval fewer", "approvals: 2", "approvals: 1"],
    ["no stage before", "after: staging, ", ""],
    ["another store", "dir:../live/tide/", "dir:../live/other"],
    ["another distribution", "E1STAGING", "E1OTHER"],
    ["the guard on again", "guard: false", "guard: true"],
    ["other signers", "keys/allowed", "tmp/allowed"],
    ["another token text", "data-tides", "data-tide"],
    ["a token turned round", 'absent: "Ferry', 'contains: "Ferry'],
  ])("changes with %s", (_, from, to) => {
    expect(whole).toContain(from);
    expect(policy(whole.replace(from, to))).not.toBe(policy(whole));
  });
});
