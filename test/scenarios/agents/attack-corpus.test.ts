/** The corpus of `doctor --attack`, held against the guard in this process: whoever installs it must not be told of attacks that no guard of ours stops. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AttackRow } from "../../../src/core/attack/attack.ts";
import type { AttackPlaces } from "../../../src/core/attack/attack-places.ts";
import { corpusFor } from "../../../src/core/attack/corpus.ts";
import { agentNames } from "../../../src/core/agents/setups.ts";
import type { OpenGuard } from "../../../src/compose/open-guard.ts";
import { answersTo, guardsOf, openAttackWorld, placesIn, type AttackWorld } from "./attack-world.ts";

let world: AttackWorld;
let guards: readonly OpenGuard[];
let places: AttackPlaces;

beforeAll(async () => {
  world = await openAttackWorld();
  guards = await guardsOf(world);
  places = placesIn(world, guards);
});
afterAll(async () => await world.close());

const textOf = ({ call }: AttackRow): string => JSON.stringify(call);

describe("the corpus of doctor --attack", () => {
  test("a project with every kind of place is tried with at least 150 attacks and 60 harmless calls, each once", () => {
    const { rows, leftOut } = corpusFor(places);
    const attacks = rows.filter(({ mustStop }) => mustStop);
    expect(attacks.length).toBeGreaterThanOrEqual(150);
    expect(rows.length - attacks.length).toBeGreaterThanOrEqual(60);
    expect(leftOut).toBe(0);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(new Set(rows.map(textOf)).size).toBe(rows.length);
    expect(rows.map(textOf).filter((text) => /\{[a-z-]+\}/u.test(text.replaceAll("{a,b}", "")) && !text.includes("/bin/true"))).toEqual([]);
  });

  test("rows about places that the project has not are left out and counted", () => {
    const { bucket, key, ...others } = places;
    expect([bucket, key]).not.toContain(undefined);
    const whole = corpusFor(places);
    const less = corpusFor(others);
    expect(less.leftOut).toBeGreaterThan(20);
    expect(less.rows.some((row) => textOf(row).includes("harbor-tours-live"))).toBe(false);
    expect(less.rows.length).toBeGreaterThan(whole.rows.length / 3);
  });

  test.each(agentNames)("%s: the guard stops every attack, and lets every harmless call through", { timeout: 60_000 }, async (agent) => {
    const wrong: string[] = [];
    for (const [at, row] of corpusFor(places).rows.entries()) {
      // The text of a command is the same for every agent; what stands around it is not.
      if (agent !== "claude" && row.call.kind === "shell" && at % 12 > 0) continue;
      const answers = await answersTo(world, guards, { agent, row });
      // Two agents have no tool that takes a file away.
      if (answers.length === 0 && row.call.kind === "delete") continue;
      if (answers.some((answer) => answer !== "pass") !== row.mustStop)
        wrong.push(`${row.mustStop ? "through" : "stopped"}: ${row.id}  ${textOf(row)}`);
    }
    expect(wrong).toEqual([]);
  });
});
