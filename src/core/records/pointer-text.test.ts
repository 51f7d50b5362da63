import { expect, test } from "vitest";
import { keyMeant, names, sameForm } from "./pointer-text.ts";

test("a pointer means a key by its last part, with and without host, folder, query and ending", () => {
  for (const raw of ["knot26", " knot26.html ", "/g/knot26", "https://sail.example/g/knot26.html"])
    expect([raw, names(raw, "g/knot26.html")]).toEqual([raw, true]);
  expect(keyMeant("knot27", "g/knot26.html")).toBe("g/knot27.html");
  expect(keyMeant("https://sail.example/g/knot27.htm?x=1", "g/knot26.html")).toBe("g/knot27.htm");
});

test("another key is written in the form that the pointer has", () => {
  expect(sameForm("knot26", "g/knot27.html")).toBe("knot27");
  expect(sameForm("/g/knot26", "g/knot27.html")).toBe("/g/knot27");
  expect(sameForm("https://sail.example/g/knot26.html?a=1#b", "g/knot27.html")).toBe("https://sail.example/g/knot27.html?a=1#b");
  expect(sameForm(" knot26.html \n", "g/knot27.html")).toBe(" knot27.html");
});

test("spaces of any number are a pointer like any other: their run is passed once", () => {
  const text = `${" ".repeat(200_000)}x${" ".repeat(200_000)}y`;
  expect(sameForm(text, "g/knot27.html").trim()).toBe("knot27");
  expect(keyMeant(`a${" ".repeat(400_000)}b`, "g/k.html")).toMatch(/^g\/a +b\.html$/u);
});

test("slashes and question marks of any number are passed once too", () => {
  expect(names(`${"/".repeat(200_000)}knot26`, "g/knot26.html")).toBe(true);
  expect(names(`a${"/".repeat(200_000)}b`, "g/knot26.html")).toBe(false);
  expect(names(`knot26${"?".repeat(200_000)}\nx`, "g/knot26.html")).toBe(true);
});
