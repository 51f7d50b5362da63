import { describe, expect, test } from "vitest";
import { applySaved, type DeployResult } from "../../../src/operations/deploy.ts";
import { savePlan } from "../../../src/operations/plan.ts";
import { planPromotion, promote, type PromoteRequest } from "../../../src/operations/promote/promote.ts";
import { verify } from "../../../src/operations/verify/verify.ts";
import { MemoryWorld, toldOf, type MemoryCopy, type Told } from "../memory-bench.ts";

const go = async (): Promise<"go"> => await Promise.resolve("go");
const page = (...lines: readonly string[]): string => ["<!doctype html>", "<title>Harbour</title>", ...lines, ""].join("\n");
const staged = (): MemoryWorld => new MemoryWorld({ production: { after: "staging" } });

async function promoted(copy: MemoryCopy, more: Partial<PromoteRequest> = {}): Promise<Told> {
  const request = { target: copy.world.production, change: undefined, emergency: undefined, waitMs: 0, ...more };
  return told(await promote(copy.bench, request, go, copy.context));
}

const told = (raw: DeployResult): Told =>
  raw.kind === "unverified"
    ? { ...toldOf({ kind: "refused", identified: raw.identified }), kind: `unverified ${raw.outcome}` }
    : toldOf(raw);

async function publish(copy: MemoryCopy, files: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [key, text] of Object.entries(files)) copy.edit(key, text);
  expect(await copy.deploy(copy.world.staging, { title: "a change", selection: Object.keys(files) })).toMatchObject({ kind: "applied" });
}

const lookAt = async (copy: MemoryCopy, path: string): Promise<string> => {
  const { world, bench, context } = copy;
  const request = { target: world.staging, selection: [path], isAll: false, withinMs: 0, wantsBrowser: false };
  return (await verify(bench, request, context)).verification.outcome;
};

describe("what is not verified stays off production:", () => {
  test.each([
    ["rolled back on staging", async (copy: MemoryCopy): Promise<void> => void (await copy.rollback(copy.world.staging))],
    [
      "overwritten on staging by another hand",
      async (copy: MemoryCopy): Promise<void> => await Promise.resolve(copy.world.stranger("staging", "app.js", "theirs")),
    ],
  ])("an asset that was %s after the plan was made", async (_, meanwhile) => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1"), "app.js": "one" });
    await promoted(ines);
    await publish(ines, { "app.js": "two" });
    const request = { target: world.production, change: undefined, emergency: undefined };
    const plan = await planPromotion(ines.bench, request, ines.context);
    await savePlan(ines.bench, plan, ines.context);
    await meanwhile(ines);
    const result = await applySaved(ines.bench, { id: plan.id, waitMs: 0 }, go, ines.context);
    expect(told(result).kind).toBe("unverified bad");
    expect(await world.liveText("production", "app.js")).toBe("one");
  });

  test("headers that belay.yaml has asked for since staging was written", async () => {
    const world = staged();
    let asked: Readonly<Record<string, string>> = { "cache-control": "no-cache" };
    const ines = world.copy("ines", { headersFor: () => asked });
    const headersOn = async (target: "staging" | "production"): Promise<unknown> =>
      (await world.live[target].read("index.html", ines.context))?.observed.headers;
    await publish(ines, { "index.html": page("1") });
    asked = { "cache-control": "max-age=99", "content-encoding": "gzip" };
    expect((await promoted(ines)).kind).toBe("applied");
    expect(await headersOn("production")).toEqual({ "cache-control": "no-cache" });
    expect((await promoted(ines)).kind).toBe("nothing-to-do");
    await ines.deploy();
    expect((await promoted(ines)).kind).toBe("applied");
    expect(await headersOn("production")).toEqual(asked);
    expect((await promoted(ines)).kind).toBe("nothing-to-do");
  });

  test("a bad look at one file is settled by a good look at it, and by none at another", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1"), "app.js": "one", "other.js": "two" });
    world.stranger("staging", "app.js", "theirs");
    expect(await lookAt(ines, "app.js")).toBe("bad");
    world.stranger("staging", "app.js", "one");
    expect((await promoted(ines)).refused).toEqual(["D2 not-verified app.js"]);
    for (let looks = 0; looks < 40; looks += 1) expect(await lookAt(ines, "other.js")).toBe("good");
    expect((await promoted(ines)).refused).toEqual(["D2 not-verified app.js"]);
    expect(await lookAt(ines, "app.js")).toBe("good");
    expect((await promoted(ines)).kind).toBe("applied");
  });

  test("a look that found something bad stands also where its document is gone", async () => {
    const world = staged();
    const ines = world.copy("ines");
    await publish(ines, { "index.html": page("1"), "app.js": "one" });
    world.stranger("staging", "app.js", "theirs");
    await lookAt(ines, "app.js");
    world.stranger("staging", "app.js", "one");
    const ledger = await ines.ledger();
    const document = ledger.targets["default/staging"]?.verified?.document ?? "";
    for await (const { key } of world.state.list("", ines.context)) if (key.includes(document)) world.state.force(key, undefined);
    expect((await promoted(ines)).refused).toEqual(["D2 not-verified app.js", "D2 not-verified index.html"]);
  });
});
