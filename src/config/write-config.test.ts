import { describe, expect, test } from "vitest";

import { parseConfig } from "./load-config.ts";
import { starterConfig, type Answers } from "./write-config.ts";

const answers: Answers = {
  root: "public",
  state: "s3://tide-state/belay",
  signers: "allowed_signers",
  ignore: ["**/*.map", "#notes/**", "*.bak"],
  include: [".well-known/**"],
  unit: "commit",
  targets: [
    { name: "staging", store: "dir:../srv/staging: one", guard: false },
    {
      name: "production",
      store: "s3://tide-production",
      cdn: "cloudfront:E2PROD",
      url: "https://example.com",
      after: "staging",
      approvals: 1,
    },
  ],
  tokens: [
    { name: "TIDE_TABLE", file: "index.html", rule: "contains", text: 'say "tides", #1: {yes}\n\ttwo' },
    { name: "OLD_FERRY", file: "a, b.html", rule: "absent", text: "yes" },
  ],
};

describe("the first belay.yaml", () => {
  const text = starterConfig(answers);

  test("reads back as what was answered", () => {
    const { sites, state, signers } = parseConfig(text, "/w/belay.yaml");
    const [{ name: first, ...staging } = { name: "" }, { name: second, ...production } = { name: "" }] = answers.targets;
    expect({ state, signers }).toEqual({ state: answers.state, signers: answers.signers });
    expect(sites).toMatchObject([
      {
        root: "/w/public",
        ignore: answers.ignore,
        include: answers.include,
        unit: "commit",
        tokens: answers.tokens,
        targets: [
          { ...staging, name: first, store: "dir:/srv/staging: one" },
          { ...production, name: second },
        ],
      },
    ]);
  });

  test("teaches each key in one line and tells editors where the schema is", () => {
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./.belay/belay.schema.json");
    for (const key of ["state", "root", "ignore", "include", "unit", "targets", "tokens", "signers"]) {
      expect(text).toMatch(new RegExp(`# [^\\n]+\\n *${key}:`, "u"));
    }
    expect(text).toMatch(/after: staging # takes only what was verified there/u);
  });

  test("says of the record who shares it, and how to share what is not", () => {
    const shared = "# Ledger, vault and leases. Every machine that publishes shares them;";
    expect(starterConfig({ ...answers, state: "s3://tide-state" })).toContain(shared);
    const local = starterConfig({ ...answers, state: ".belay" });
    expect(local).not.toContain(shared);
    expect(local).toContain("# Ledger, vault and leases. s3://PRIVATE-BUCKET/PREFIX");
  });

  test("is as short as its answers, with examples in place of tokens", () => {
    const least = starterConfig({ root: ".", targets: [{ name: "live", store: "dir:../live" }] });
    expect(parseConfig(least, "/w/site/belay.yaml")).toMatchObject({ state: ".belay", sites: [{ root: "/w/site", tokens: [] }] });
    expect(least).toContain("  # tokens:\n  #   HERO_FADE:");
    const uncommented = least.replace("# tokens:", "tokens:").replaceAll("#   ", "  ");
    expect(parseConfig(uncommented, "/w/site/belay.yaml").sites[0]?.tokens.map(({ name }) => name)).toEqual(["HERO_FADE", "OLD_BANNER"]);
  });

  test("keeps text that YAML would take for something else", () => {
    for (const root of ["404", "true", "~x", "- a", "a: b", "a #b", "é", " a "]) {
      const config = parseConfig(starterConfig({ ...answers, root }), "/w/belay.yaml");
      expect(config.sites[0]?.root).toBe(`/w/${root}`);
    }
  });

  test("is not written for no targets", () => {
    expect(() => starterConfig({ root: ".", targets: [] })).toThrow("at least one target");
  });
});
