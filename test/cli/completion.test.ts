import { afterAll, beforeAll, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

let world: CliWorld;

beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world.close());

test.each([
  ["verbs", ["de"], ["deploy", "demo"]],
  ["verbs below another", ["tokens", "s"], ["suggest"]],
  ["targets", ["deploy", ""], ["staging", "live"]],
  ["targets behind an option with a value", ["--by", "Wren", "pull", "l"], ["live"]],
  ["options, a verb's own first", ["pull", "live", "--t"], ["--take"]],
  ["what an option may be", ["pull", "live", "--take", ""], ["live", "mine"]],
  ["shells", ["completion", "f"], ["fish"]],
  ["nothing for paths: the shell knows files", ["deploy", "live", "pu"], []],
  ["nothing past the last word", ["snapshots", "live", ""], []],
])("completion offers %s", async (_, typed, offered) => {
  const { exit, stdout } = await world.run("studio", ["__complete", ...typed]);
  expect(exit).toBe(0);
  expect(stdout.split("\n").filter(Boolean).toSorted()).toEqual(offered.toSorted());
});

test("outside a site completion is silent and still knows the verbs", async () => {
  expect(await world.run("", ["__complete", "deploy", ""])).toEqual({ exit: 0, stdout: "", stderr: "" });
  expect((await world.run("", ["__complete", "stat"])).stdout).toBe("status\n");
});

test("each shell has its script, and no other has one", async () => {
  for (const shell of ["bash", "zsh", "fish"]) expect((await world.run("", ["completion", shell])).stdout).toContain("belay __complete");
  expect((await world.run("", ["completion", "constructor"])).exit).toBe(2);
});
