import { describe, expect, it } from "vitest";
import { sessionStart } from "../../../src/operations/guard/session-start.ts";
import { sessionStop } from "../../../src/operations/guard/session-stop.ts";
import { addWarning } from "../../../src/operations/warn.ts";
import { MemoryWorld } from "../../scenarios/memory-bench.ts";
import { handOffBench, nowMs, session } from "./hand-off-world.ts";

describe("a hand-off note", () => {
  it("left by one session is told to the next, and refuses its deploy on another machine until it is settled", async () => {
    const world = new MemoryWorld();
    world.nowMs = nowMs;
    const [mine, theirs] = [
      world.copy("first", { kind: "agent", isAttended: false }),
      world.copy("second", { kind: "agent", isAttended: false }),
    ];
    mine.edit("menu.html", "fish");
    await mine.deploy();
    await theirs.pull();

    mine.edit("menu.html", "half a menu");
    const open = handOffBench({ state: await mine.ledger(), unpublished: ["menu.html"] });
    const asked = await sessionStop({ session, isRepeated: false }, open);
    expect(asked.kind === "ask" && asked.text).toContain("belay warn add menu.html --note");
    await addWarning(mine.bench, { paths: ["menu.html"], text: "the desserts are missing" }, mine.context);
    const after = handOffBench({ state: await mine.ledger(), unpublished: ["menu.html"] });
    expect(await sessionStop({ session, isRepeated: false }, after)).toEqual({ kind: "silent" });

    const later = { ...session, id: "s2" };
    expect(await sessionStart(later, handOffBench({ state: await theirs.ledger() }))).toContain("on menu.html");
    theirs.edit("menu.html", "another menu");
    theirs.edit("index.html", "unrelated");
    expect((await theirs.deploy(world.staging, { selection: ["menu.html"] })).refused).toEqual(["D4 open-warning menu.html"]);
    expect((await theirs.deploy(world.staging, { selection: ["index.html"] })).kind).toBe("applied");
  });
});
