import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { edited, lostFeatures } from "./demo-case.ts";
import { laterVersions } from "./later-versions.ts";

const page = `<!doctype html>
<title>Tide table</title>
<body class="a">
<h1>Tides</h1>
<p>High water is read at the pier.</p>
<p>Low water is not.</p>
<p>Times are given in local time.</p>
<p>Springs fall after the full moon.</p>
<p>Neaps fall a week later.</p>
<hr>
<hr>
<p>Printed by the harbour office.</p>
</body>
`;

describe("laterVersions", () => {
  test("the third version has every feature and the first has none", () => {
    const later = laterVersions(page);
    expect(later?.features.map((feature) => feature.name)).toEqual(["WEEKEND_BANNER", "VISIT_COUNTER", "REMOVED_LINE"]);
    const [first = "", , third = ""] = later?.versions ?? [];
    expect(first).toBe(page);
    expect(lostFeatures(third, later?.features ?? [])).toEqual([]);
    expect(lostFeatures(first, later?.features ?? [])).toHaveLength(3);
  });

  test("the edited line lies two lines or more from every later change", () => {
    const later = laterVersions(page);
    expect(later?.edit.find).toBe("<p>Neaps fall a week later.</p>");
    expect(later?.edit.replace).toBe("<p>Neaps fall a week later. (corrected)</p>");
    expect(later?.features[2]?.text).toBe("<p>High water is read at the pier.</p>");
    expect(later?.versions[1]).not.toContain("High water");
  });

  test("line ends and a byte order mark stay as the page has them", () => {
    const windows = `\u{feff}${page.replaceAll("\n", "\r\n")}`;
    for (const version of laterVersions(windows)?.versions ?? []) {
      expect(version.startsWith("\u{feff}<!doctype html>\r\n")).toBe(true);
      expect(version.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/u);
    }
  });

  test("text in comments, scripts and styles is no visible text", () => {
    expect(laterVersions("<!-- <p>note</p> --><script>'<p>no</p>'</script><style>p::after{content:'<b>x</b>'}</style>")).toBeUndefined();
  });

  test("a page that already holds the demo's marks gets others", () => {
    const marked = page.replace("<hr>", '<hr data-demo="counter">');
    const later = laterVersions(marked);
    expect(later?.features[1]?.text).toBe('data-demo-2="counter"');
  });

  test("whatever the page, the edit changes the first and the third version, and only its own words", () => {
    const pieces = fc.constantFrom(
      "<body>",
      "</body>",
      "<p>one</p>",
      "<p>two</p>",
      "<li>three</li>",
      "\n",
      "\r\n",
      "<!--",
      "-->",
      "<script>",
      "</script>",
      "é",
      "<",
      ">",
      "text",
      "</head>",
    );
    let told = 0;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join("");
        const later = laterVersions(text);
        told += later === undefined ? 0 : 1;
        if (later === undefined) return;
        const [first, , third] = later.versions;
        expect(first).toBe(text);
        for (const version of [first, third]) {
          expect(version.split(later.edit.find)).toHaveLength(2);
          expect(edited(version, later.edit)).not.toBe(version);
        }
        expect(lostFeatures(third, later.features)).toEqual([]);
        expect(lostFeatures(first, later.features)).toEqual([...later.features]);
      }),
      { numRuns: 2000 },
    );
    expect(told).toBeGreaterThan(200);
  });
});
