import { describe, expect, test } from "vitest";
import { isPrivate, isPublished } from "./publishable.ts";

const none = (): boolean => false;
const isMap = (key: string): boolean => key.endsWith(".map");

describe("isPublished", () => {
  test.each([
    ".env",
    "a/.git/config",
    ".belay/base.json",
    ".belay-canary/x",
    "belay.yaml",
    "docs/CLAUDE.md",
    "AGENTS.md",
    "node_modules/x.js",
  ])("%s is never published unless it is named", (key) => {
    expect(isPrivate(key)).toBe(true);
    expect(isPublished(key, none, none)).toBe(false);
    expect(isPublished(key, none, (one) => one === key)).toBe(true);
  });

  test.each(["index.html", "a.b/c.css", "claude.html", "my.belay.yaml.txt", "agents/AGENTS.md.html"])("%s is published", (key) => {
    expect(isPublished(key, none, none)).toBe(true);
  });

  test("what belay.yaml ignores is left out, unless it names it as well", () => {
    expect(isPublished("app.js.map", isMap, none)).toBe(false);
    expect(isPublished("app.js", isMap, none)).toBe(true);
    expect(isPublished("app.js.map", isMap, isMap)).toBe(true);
  });
});
