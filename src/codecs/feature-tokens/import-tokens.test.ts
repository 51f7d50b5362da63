import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { importTokens } from "./import-tokens.ts";
import { ruleIn } from "./token-words.ts";

const names = (markdown: string): string[] => importTokens(markdown).map(({ name }) => name);

const instructions = `# Marisol site

Deploy with \`AWS_PROFILE=marisol\`; the distribution is \`PROD_DIST_ID\`. The build reads MAX_OLD_SPACE.

## Hard rules

- D2: never push to STAGING_BUCKET and PROD_BUCKET at once. See DEPLOY_CHECKLIST.
- D7: Feature-Token Registry. Before any push check that all feature tokens (e.g., \`MARISOL_HERO_FADE\`, \`STRIPE_CHECKOUT\`) are present in index.html.
- D8: escalate when LIVE_IS_AHEAD.

\`\`\`bash
export SITE_ROOT=/srv/site
grep -o "MARISOL_HERO_FADE\\|STRIPE_CHECKOUT\\|READERS_LINE" index.html | sort | uniq -c
aws s3 cp index.html s3://$TARGET_BUCKET/index.html --metadata HERO_BUILD
\`\`\`

## Feature tokens (index.html)

| Token | Pattern | Rule |
|-------|---------|------|
| MARISOL_HERO_FADE | \`data-crossfade\` | contains |
| READERS_LINE | \`For Coast &amp; Canyon readers\` | absent |
| ROUTES_TABLE | Lighthouse route | must stay |

### Other pages

- **FAQ_WEATHER** — \`id="weather"\` in faq.html must never be removed
- \`OLD_PRICE_LIST\`: the text "from $290" in \`prices.html\` was removed in May and must not come back
- HERO_VIDEO_URL (video/bay-loop.mp4)

\`\`\`yaml
MENU_BUTTON: { file: boat.html, contains: "menu-open" }
\`\`\`

## Environment

Set GITHUB_RUN_NUMBER and SITE_MODE.
`;

describe("importTokens", () => {
  const tokens = importTokens(instructions);
  const token = (name: string): unknown => tokens.find((held) => held.name === name);

  test("tokens are found in prose, tables, lists and blocks, and nothing else is", () => {
    expect(tokens.map(({ name }) => name)).toEqual([
      "MARISOL_HERO_FADE",
      "STRIPE_CHECKOUT",
      "READERS_LINE",
      "ROUTES_TABLE",
      "FAQ_WEATHER",
      "OLD_PRICE_LIST",
      "MENU_BUTTON",
    ]);
  });

  test("a first mention's line stays and later ones fill in what it left open", () => {
    expect(token("MARISOL_HERO_FADE")).toEqual({
      name: "MARISOL_HERO_FADE",
      file: "index.html",
      rule: "contains",
      text: "data-crossfade",
      line: 8,
    });
  });

  test("a row that says absent is a text that must not come back", () => {
    expect(token("READERS_LINE")).toEqual({
      name: "READERS_LINE",
      file: "index.html",
      rule: "absent",
      text: "For Coast &amp; Canyon readers",
      line: 13,
    });
  });

  test("a plain table cell below a heading that says so is the pattern", () => {
    expect(token("ROUTES_TABLE")).toEqual({
      name: "ROUTES_TABLE",
      file: "index.html",
      rule: "contains",
      text: "Lighthouse route",
      line: 23,
    });
  });

  test("what must never be removed must be contained; what was removed must be absent", () => {
    expect(token("FAQ_WEATHER")).toEqual({ name: "FAQ_WEATHER", file: "faq.html", rule: "contains", text: 'id="weather"', line: 27 });
    expect(token("OLD_PRICE_LIST")).toEqual({ name: "OLD_PRICE_LIST", file: "prices.html", rule: "absent", text: "from $290", line: 28 });
  });

  test("what a document does not say is left out", () => {
    expect(importTokens("## Feature tokens\n\n- HERO_FADE\n")).toEqual([{ name: "HERO_FADE", line: 3 }]);
  });

  test("a list that a sentence on feature tokens introduces is read, and the prose after it is not", () => {
    expect(names("These feature tokens must be there:\n\n- HERO_FADE\n- BOOK_NOW\n\nSet BUILD_MODE before.\n")).toEqual([
      "HERO_FADE",
      "BOOK_NOW",
    ]);
  });

  test("tokens that are credentials are another matter", () => {
    expect(names("## API tokens\n\n- STRIPE_LIVE\n\n## Access tokens registry\n\n- MAIL_RELAY\n")).toEqual([]);
  });

  test("shell variables and assignments are no tokens, even below a heading on tokens", () => {
    expect(names("## Feature tokens\n\nRun $HERO_FADE, ${BOOK_NOW} or SITE_MODE=1.\n")).toEqual([]);
  });

  test("no document makes it throw or find a name twice", () => {
    assert(
      property(string({ unit: "grapheme" }), (text) => {
        const found = names(`# Feature tokens\n${text}\n| A_B | \`x\` |\n${text} A_B`);
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });
});

describe("ruleIn", () => {
  test("wording decides, and a pattern in quotes is no wording", () => {
    expect(ruleIn("must not come back")).toBe("absent");
    expect(ruleIn("do not delete this")).toBe("contains");
    expect(ruleIn("`never removed` is required")).toBe("contains");
    expect(ruleIn("the hero")).toBeUndefined();
  });
});
