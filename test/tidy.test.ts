/** Small rules of the repository that no linter knows. */

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/u, "");
const neverOurs = new Set([".git", "node_modules", "dist", ".belay", ".cache", "bench/out"]);
const isText = /(?:\.(?:[cm]?[jt]s|json|ya?ml|md|txt|html|css|ics|sh|svg)|\/run|LICENSE|NOTICE|\.npmrc|\.gitignore)$/u;

const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

function filesUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((found) => {
    const path = folder === "" ? found.name : `${folder}/${found.name}`;
    if (neverOurs.has(path) || found.name === "node_modules") return [];
    if (found.isDirectory()) return filesUnder(path);
    return found.isFile() ? [path] : [];
  });
}

/** Lines that are neither blank nor comment, as the linter counts them, or nearly. */
const codeLines = (text: string): number => text.split("\n").filter((line) => !/^\s*(?:$|\/\/|\/\*|\*)/u.test(line)).length;

const codeLinesMax = (path: string): number => (/^test\/|\.test\.ts$/u.test(path) ? 500 : 300);

const emptyNames = new Set(["utils", "util", "helpers", "helper", "manager", "misc", "data", "info", "common", "stuff"]);

/** Every part of a path without its extension, and the last word of each: `store-utils.ts` counts as `utils`. */
function namesIn(path: string): string[] {
  const parts = path.split("/").map((part) => part.split(".")[0] ?? "");
  return [...parts, ...parts.map((part) => part.split("-").at(-1) ?? "")];
}

/** Relative links of a Markdown text, outside code. */
function relativeLinks(markdown: string): string[] {
  const prose = markdown.replaceAll(/^ *(```|~~~)[\s\S]*?^ *\1/gmu, "").replaceAll(/`[^`\n]*`/gu, "");
  const links = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(\S+)/gmu)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  return links.filter((link) => !/^(?:[a-z][a-z+.-]*:|#|$)/iu.test(link));
}

function packageJson(): { readonly version: string; readonly packages: readonly string[] } {
  const parsed: unknown = JSON.parse(textOf("package.json"));
  const field = (name: string): unknown =>
    typeof parsed === "object" && parsed !== null ? Object.entries(parsed).find(([key]) => key === name)?.[1] : undefined;
  const packages = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"].flatMap((name) =>
    Object.keys(field(name) ?? {}),
  );
  return { version: String(field("version")), packages };
}

const all = filesUnder("");
const code = all.filter((path) => /^(?:src|sandbox|test|bench)\/.*\.[cm]?[jt]s$/u.test(path));
const documents = all.filter((path) => /^(?:[^/]+|docs\/.+)\.md$/u.test(path));
const records = all.filter((path) => path.startsWith("docs/decisions/"));

describe("code", () => {
  test("no source file has more than 300 lines of code, and no test file more than 500", () => {
    const long = code.map((path) => ({ path, lines: codeLines(textOf(path)) })).filter(({ path, lines }) => lines > codeLinesMax(path));
    expect(long).toEqual([]);
    expect(code.length).toBeGreaterThan(20);
  });

  test("no file or folder of src has a name that says nothing", () => {
    expect(all.filter((path) => path.startsWith("src/") && namesIn(path).some((name) => emptyNames.has(name)))).toEqual([]);
  });

  test("files of src are kebab-case", () => {
    expect(
      all.filter((path) => path.startsWith("src/") && !/^[a-z0-9-]+(?:\.test|\.d)?\.[a-z]+$/u.test(path.split("/").at(-1) ?? "")),
    ).toEqual([]);
  });

  test("core, ports and codecs never read the clock for themselves", () => {
    const shipped = code.filter((path) => /^src\/(?:core|ports|codecs)\//u.test(path) && !path.endsWith(".test.ts"));
    expect(shipped.filter((path) => /\bnew Date\(\s*\)|\bDate\(\)/u.test(textOf(path)))).toEqual([]);
  });
});

describe("documents", () => {
  test("every relative link leads to a file", () => {
    const broken = documents.flatMap((path) =>
      relativeLinks(textOf(path))
        .map((link) => decodeURIComponent(link.replace(/[#?].*$/u, "")))
        .filter((link) => !existsSync(join(root, dirname(path), link)))
        .map((link) => `${path}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test("a link checker that saw no link would be noticed", () => {
    expect(relativeLinks("[a](b.md) [c](https://d.example) `[e](f)` [g](#h) ![i](j.svg#k)\n```\n[l](m)\n```\n[n]: o.md\n")).toEqual([
      "b.md",
      "j.svg#k",
      "o.md",
    ]);
  });

  test("AGENTS.md has at most 60 lines", () => {
    expect(textOf("AGENTS.md").trimEnd().split("\n").length).toBeLessThanOrEqual(60);
  });

  test("CHANGELOG.md has an entry for the version in package.json", () => {
    const versions = [...textOf("CHANGELOG.md").matchAll(/^## \[?v?(\d+\.\d+\.\d+[^\]\s]*)/gmu)].map((match) => match[1]);
    expect(versions).toContain(packageJson().version);
  });

  test("every package in package.json stands in docs/dependencies.md, and nothing else does", () => {
    const listed = [...textOf("docs/dependencies.md").matchAll(/^\| `([^`]+)`/gmu)].map((match) => match[1]);
    expect(new Set(listed)).toEqual(new Set(packageJson().packages));
  });
});

describe("decision records", () => {
  test("each has a number, a title, a status, a date, a context, a decision and consequences", () => {
    const parts = [
      /^# \d{4}\. \S.+$/mu,
      /^Status: (?:proposed|accepted|superseded by \d{4})$/mu,
      /^Date: \d{4}-\d{2}-\d{2}$/mu,
      /^## Context\n\n\S/mu,
      /^## Decision\n\n\S/mu,
      /^## Consequences\n\n\S/mu,
    ];
    expect(records.filter((path) => !parts.every((part) => part.test(textOf(path))))).toEqual([]);
    expect(records.length).toBeGreaterThan(0);
  });

  test("they are numbered without a gap, and the title's number is the file's", () => {
    const numbers = records.toSorted().map((path) => /^docs\/decisions\/(\d{4})-[a-z0-9-]+\.md$/u.exec(path)?.[1]);
    expect(numbers).toEqual(records.map((_, at) => String(at + 1).padStart(4, "0")));
    expect(records.filter((path) => !textOf(path).startsWith(`# ${path.slice("docs/decisions/".length).slice(0, 4)}. `))).toEqual([]);
  });
});

describe("what belongs to one machine", () => {
  const texts = all.filter((path) => isText.test(path) && path !== "test/tidy.test.ts");

  test("no file names a path of the machine that it was written on", () => {
    // A checkout at /app would find "/app/" in honest web addresses: only a longer path tells anything.
    const isTelling = root.split("/").length > 3;
    const foreign = /(?:^|[\s"'`(=:])\/(?:root|work\/(?:main|shared))\//mu;
    expect(texts.filter((path) => (isTelling && textOf(path).includes(`${root}/`)) || foreign.test(textOf(path)))).toEqual([]);
  });

  test("no file names a package registry's host", () => {
    const host = /https?:\/\/[^\s"'`)]*(?:registry|verdaccio|artifactory|nexus)|\bregistry\s*=/iu;
    expect(texts.filter((path) => host.test(textOf(path)))).toEqual([]);
  });

  test("package-lock.json says what is installed, never from where", () => {
    expect(textOf("package-lock.json")).not.toMatch(/"resolved":\s*"(?:https?|git|file)/u);
  });
});
