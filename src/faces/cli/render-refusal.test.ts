import picocolors from "picocolors";
import { describe, expect, test } from "vitest";
import { asDigest, asStoreName } from "../../core/brand.ts";
import type { PageLoss, TermKind } from "../../core/page-terms.ts";
import type { Plan, Refusal, StalePath } from "../../core/plan/plan.ts";
import { refusalLines } from "./render-refusal.ts";
import type { View } from "./screen.ts";

const view: View = { columns: 80, paint: picocolors.createColors(false), nowMs: new Date(2026, 4, 22, 14, 0).getTime(), isVerbose: false };
const digest = (digit: string): ReturnType<typeof asDigest> => asDigest(digit.repeat(64));

const planWith = (refusals: readonly Refusal[]): Plan => ({
  format: 1,
  intent: "deploy",
  site: "default",
  target: "production",
  store: asStoreName("dir:/srv/production"),
  title: "hours",
  basis: null,
  waves: [],
  refusals,
  proof: {
    local: "nothing",
    live: "nothing",
    diff: { added: 0, removed: 0, files: 0, binary: 0 },
    tokens: [],
    stagingInvalidation: "none",
    productionInvalidation: "none",
  },
  policy: digest("0"),
});

const stale = (path: string, more: Partial<StalePath> = {}): Refusal => ({
  rule: "D8",
  code: "live-is-ahead",
  paths: [path],
  message: "live is 2 versions ahead of this copy",
  remedy: `belay pull production ${path}`,
  stale: [{ path, lineage: "behind", versionsBehind: 2, local: digest("7"), live: digest("9"), base: digest("7"), ...more }],
});
const other = (rule: Refusal["rule"], paths: readonly string[], remedy: string): Refusal => ({
  rule,
  code: `some-${rule}`,
  paths,
  message: "because",
  remedy,
});
const told = (...refusals: readonly Refusal[]): string => refusalLines(planWith(refusals), view).join("\n");

const terms = (kind: TermKind, count: number): PageLoss["vanishes"] =>
  Array.from({ length: count }, (_, at) => ({ kind, text: `${kind} ${at + 1}`, line: at + 1 }));
const loss = (more: Partial<PageLoss>): PageLoss => ({
  vanishes: [],
  returns: [],
  appears: [],
  tokens: [],
  lines: { added: 0, removed: 0 },
  ...more,
});

describe("a refusal", () => {
  test("puts what would be lost before how it is done", () => {
    const text = told(
      other("D3", ["a.html"], "split"),
      other("D2", ["a.html"], "belay deploy staging a.html"),
      stale("a.html"),
      other("D4", ["a.html"], "ask"),
    );
    const at = ["refused D8", "refused D4", "refused D2", "refused D3"].map((mark) => text.indexOf(mark));
    expect(at).toEqual(at.toSorted((one, two) => one - two));
    expect(at).not.toContain(-1);
  });

  test("shows at most twelve terms of a page, what comes back among them, and counts the rest", () => {
    const text = told(stale("a.html", { loss: loss({ vanishes: terms("button", 20), returns: terms("text", 6) }) }));
    expect(text.match(/“/gu)).toHaveLength(12);
    expect(text).toContain("“text 4”");
    expect(text).not.toContain("“text 5”");
    expect(text).toContain("… and 14 more (belay diff production a.html)");
  });

  test("gives room to what would vanish where little comes back", () => {
    const text = told(stale("a.html", { loss: loss({ vanishes: terms("button", 20), returns: terms("text", 1) }) }));
    expect(text).toContain("“button 11”");
    expect(text).toContain("… and 9 more");
  });

  test.each([
    ["belay", "so belay's own record says"],
    ["git", "so git says"],
    ["store", "it is not proven"],
  ] as const)("says how far %s is to be trusted on who wrote live", (how, trust) => {
    const text = told(stale("a.html", { written: { by: "Wren", at: new Date(2026, 4, 20, 14, 2).toISOString(), how } }));
    expect(text).toContain("written 20 May 14:02 (1 day ago) by Wren");
    expect(text).toContain(trust);
  });

  test("does not make up a writer that nobody knows", () => {
    const text = told(stale("a.html", { written: { by: "unknown", at: new Date(2026, 4, 20, 14, 2).toISOString(), how: "store" } }));
    expect(text).not.toContain("by unknown");
    expect(text).toContain("who wrote it is not known");
  });

  test("of several stale pages ends with one pull for all of them", () => {
    expect(told(stale("a.html"), stale("b c.html")).match(/next: .*/gu)).toEqual(["next: belay pull production a.html 'b c.html'"]);
    const many = Array.from({ length: 9 }, (_, at) => stale(`${at}.html`));
    expect(told(...many).match(/next: .*/gu)).toEqual(["next: belay pull production"]);
    expect(told(...many).match(/yours/gu)).toHaveLength(3);
  });

  test("leaves a token's remedy out where the page is stale: the pull brings the feature back", () => {
    expect(told(stale("a.html"), other("D7", ["a.html"], "Put it back"))).not.toContain("Put it back");
    expect(told(stale("b.html"), other("D7", ["a.html"], "Put it back"))).toContain("next: Put it back");
  });

  test("sets a command behind a sentence on a line of its own, to be pasted", () => {
    const text = told(other("D4", ["a.html"], 'A person looks at it and runs: belay warn resolve w1 --why "…"'));
    expect(text).toMatch(/^ {8}belay warn resolve w1 --why "…"$/mu);
  });

  test("names the first of many paths and counts the others", () => {
    const text = told(other("D3", ["a", "b", "c", "d", "e", "f", "g", "h"], "split"));
    expect(text).toContain("refused D3  a and 7 more");
    expect(text).toContain("… and 2 more");
  });
});
